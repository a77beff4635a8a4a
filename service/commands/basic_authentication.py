"""HTTP Basic: a name and a password with each request.

A password takes 50 ms to check on purpose, so one that was right is remembered for a while: in
memory, by a hash under a key of this process, together with the stored hash it was checked
against. Another password thereby makes what was remembered worthless, a closed or locked account
is seen in the row that every request reads, and guessing gains nothing from it.
"""

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.password_check import Attempt, SignInRefused, check_password
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.accounts import is_username
from service.domain.actors import Actor
from service.domain.passwords import PasswordChangeDue
from service.store.actors import AT, MemberRow, actor_of, with_groups
from service.store.tables import Person

REMEMBERED = timedelta(minutes=5)
_MOST = 1000

_PERSON = with_groups(
    select(
        Person.username,
        Person.display_name,
        Person.kind,
        Person.must_change_password,
        Person.active,
        Person.password_hash,
        Person.locked_until,
    ).where(Person.username == bindparam("wanted"))
)


class CheckedPasswords:
    """The passwords that were right of late, one memory a process; threads share it."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, username: str, password_hash: str, password: str, now: datetime) -> bool:
        """Tell whether this password was right for this stored hash within five minutes."""
        with self._lock:
            until = self._until.get(self._digest(username, password_hash, password))
        return until is not None and until - REMEMBERED <= now < until

    def remember(self, username: str, password_hash: str, password: str, now: datetime) -> None:
        """Note that this password is right; the oldest note makes room where there are many."""
        digest = self._digest(username, password_hash, password)
        with self._lock:
            self._until[digest] = now + REMEMBERED
            self._until.move_to_end(digest)
            while len(self._until) > _MOST:
                self._until.popitem(last=False)

    def _digest(self, *parts: str) -> bytes:
        content = b"".join(
            len(encoded).to_bytes(8, "big") + encoded
            for encoded in (part.encode("utf-8", "surrogatepass") for part in parts)
        )
        return hmac.digest(self._key, content, "sha256")


class _AccountRow(MemberRow, Protocol):
    @property
    def active(self) -> bool: ...
    @property
    def password_hash(self) -> str | None: ...
    @property
    def locked_until(self) -> datetime | None: ...


def basic_actor(
    rooms: Rooms,
    checked: CheckedPasswords,
    *,
    username: str,
    password: str,
    address: str,
    now: datetime,
) -> Actor:
    """Return the person of this name and password, with the groups they are in now.

    One statement where the password is remembered. Raises SignInRefused, Locked and Limited, by
    the rules of a sign-in, and PasswordChangeDue.
    """
    with rooms.read() as session:
        rows = _rows(session, username, now)
        if _is_open(rows, now) and checked.knows(username, _hash(rows), password, now):
            return _actor(session, rows, now)
    attempt = Attempt(username, password, address, now, way="basic")
    password_hash = check_password(rooms, attempt)
    checked.remember(username, password_hash, password, now)
    with rooms.read() as session:
        rows = _rows(session, username, now)
        if not _is_open(rows, now):
            raise SignInRefused
        actor = replace(_actor(session, rows, now), address=address)
    with rooms.write() as tools:
        record(tools, AccessKind.SIGN_IN, actor=actor, details={"way": attempt.way}, now=now)
    return actor


def _actor(session: Session, rows: Sequence[_AccountRow], now: datetime) -> Actor:
    if rows[0].must_change_password:
        raise PasswordChangeDue
    return actor_of(session, rows, now)


def _rows(session: Session, username: str, now: datetime) -> Sequence[_AccountRow]:
    if not is_username(username):
        return ()
    return session.execute(_PERSON, {"wanted": username, AT: now}).all()


def _is_open(rows: Sequence[_AccountRow], now: datetime) -> bool:
    if not rows or not rows[0].active:
        return False
    until = rows[0].locked_until
    return until is None or now >= until


def _hash(rows: Sequence[_AccountRow]) -> str:
    return rows[0].password_hash or ""
