"""Rules of accounts: user names, when wrong passwords lock, how long a sign-in lasts.

Grown from GB/T 22239-2019 (等级保护), 8.1.4.1 身份鉴别: unique names, a limit to failed log-ins,
an exit when the connection idles.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actors import SYSTEM, Actor

IDLE = timedelta(minutes=30)
"""A session nobody uses for so long is over."""
ABSOLUTE = timedelta(hours=12)
"""A session is over then at the latest, however busy it is."""
SEEN_STEP = timedelta(minutes=1)
"""How exactly it is noted when a session was last used."""

TRIES = 5
"""Wrong passwords in a row that lock an account."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=12)

ADDRESS_TRIES = 20
"""Failed tries from one address within `ADDRESS_WINDOW`, whatever the names."""
ADDRESS_WINDOW = timedelta(minutes=5)

PUBLIC_APPLICANTS = "public-applicants"
"""Id of the group of those who apply from outside: what they may, it is given."""


OUTSIDER = Actor("", "公众", frozenset({PUBLIC_APPLICANTS}), public=True)
"""Stands for whoever comes from outside, registered or not: what their group may, and no more."""


class PersonKind(StrEnum):
    """Whose account it is."""

    STAFF = "staff"
    PUBLIC = "public"
    """An applicant from outside, who registered by themselves."""


class AccountState(StrEnum):
    """What keeps somebody from signing in, or that nothing does."""

    OPEN = "open"
    INVITED = "invited"
    """There is no password yet."""
    PAUSED = "paused"
    """Locked for a while by wrong passwords."""
    LOCKED = "locked"
    """Locked by an administrator."""
    LEFT = "left"
    """The person left the house."""


_USERNAME = re.compile(r"[^\W_][\w.@-]{0,63}")
_GROUP_ID = _USERNAME
_RESERVED = frozenset({SYSTEM.username, "*"})


def is_username(text: str) -> bool:
    """Letters (Chinese ones too) and digits, then also `.`, `_`, `@` and `-`; 64 at most."""
    return _USERNAME.fullmatch(text) is not None and text.casefold() not in _RESERVED


def is_display_name(text: str) -> bool:
    """1 to 100 printable characters."""
    return 1 <= len(text) <= 100 and text.isprintable()


def is_group_id(text: str) -> bool:
    """The same form as a user name."""
    return _GROUP_ID.fullmatch(text) is not None


def locked_until(failures: int, last_failure: datetime) -> datetime | None:
    """Return until when so many wrong passwords in a row lock, the last at this moment.

    Each fifth one locks: a quarter of an hour, then double the time before, 12 hours at most.
    """
    if failures == 0 or failures % TRIES:
        return None
    rounds = min(failures // TRIES - 1, 10)
    return last_failure + min(FIRST_LOCK * (1 << rounds), LONGEST_LOCK)


def sort_name(display_name: str) -> str:
    """Return a key that sorts names as people expect: Latin first, then Chinese by pinyin.

    GB 2312 orders its 3,755 common characters by pinyin, and GB 18030 keeps that order; rarer
    ones follow, by radical. The key is hexadecimal, so every database sorts it alike.
    """
    return display_name.casefold().encode("gb18030", "replace").hex()
