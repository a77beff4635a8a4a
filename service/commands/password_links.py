"""One-time links by which people give themselves a password: invitation, and reset.

An administrator makes a link and hands it over; the token in it is 256 random bits, kept as a hash,
good once and for a limited time. The newest link of a person counts alone. Until a link is used
nothing changes: a forgotten password that is found again still serves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.accounts import PersonNotFound, end_sessions, require_administrator
from service.commands.password_hashing import hashed
from service.commands.rooms import Rooms
from service.commands.tokens import new_token, token_hash
from service.commands.toolbox import Toolbox
from service.commands.upserts import rows_changed, upsert
from service.domain.access_events import AccessKind
from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.errors import Conflict
from service.domain.password_links import LinkExpired, LinkPurpose, LinkUnknown, LinkUsed
from service.domain.passwords import require_fit, seal_of
from service.store.tables import PasswordLink, Person

_LONGEST_TOKEN = 100


class LinkForClosedAccount(Conflict):
    """账号 {username} 已锁定或者已离岗，没有生成链接。请先启用账号。"""

    code: ClassVar[str] = "password-link.account-closed"


class LinkForOutsider(Conflict):
    """{username} 是公众账号，用验证码登录，没有密码链接。"""

    code: ClassVar[str] = "password-link.outsider"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made; `token` is kept nowhere and cannot be shown again."""

    token: str
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedLink:
    """Whose password a link would set."""

    username: str
    display_name: str
    purpose: LinkPurpose
    expires_at: datetime


def make(
    tools: Toolbox, *, username: str, expires_at: datetime, actor: Actor, now: datetime
) -> NewLink:
    """Make a link for a person in the place of the one before: an invitation for who has no
    password yet, else a reset.

    Raises PersonNotFound, LinkForClosedAccount, LinkForOutsider, AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    person = tools.session.execute(
        select(Person.active, Person.kind, Person.password_hash).where(Person.username == username)
    ).one_or_none()
    if person is None:
        raise PersonNotFound(username=username)
    if not person.active:
        raise LinkForClosedAccount(username=username)
    if person.kind == PersonKind.PUBLIC:
        raise LinkForOutsider(username=username)
    has_password = person.password_hash is not None
    purpose = LinkPurpose.RESET if has_password else LinkPurpose.INVITATION
    link = NewLink(new_token(), purpose, expires_at)
    row: dict[str, object] = {
        "username": username,
        "token_hash": token_hash(link.token),
        "purpose": purpose,
        "created_at": now,
        "created_by": actor.username,
        "expires_at": expires_at,
        "used_at": None,
    }
    upsert(tools.session, PasswordLink, [row], [name for name in row if name != "username"])
    record(
        tools,
        AccessKind.ACCOUNT_CHANGED,
        actor=actor,
        subject=username,
        details={"change": f"password-link-{purpose}", "until": expires_at.isoformat()},
        now=now,
    )
    return link


def offered(session: Session, *, token: str, now: datetime) -> OfferedLink:
    """Return whose password the link of this token sets; looking at it does not use it up.

    Raises LinkUnknown, LinkUsed, LinkExpired.
    """
    row = session.execute(
        select(
            Person.username,
            Person.display_name,
            PasswordLink.purpose,
            PasswordLink.expires_at,
            PasswordLink.used_at,
        )
        .join(Person, Person.username == PasswordLink.username)
        .where(PasswordLink.token_hash == token_hash(token[:_LONGEST_TOKEN]), Person.active)
    ).one_or_none()
    if row is None:
        raise LinkUnknown
    if row.used_at is not None:
        raise LinkUsed(row.used_at)
    if row.expires_at <= now:
        raise LinkExpired(row.expires_at)
    return OfferedLink(row.username, row.display_name, LinkPurpose(row.purpose), row.expires_at)


def accept(rooms: Rooms, *, token: str, password: str, address: str, now: datetime) -> str:
    """Give the person of the link this password, and return their user name.

    The link is used up, wrong tries are forgotten, all sessions end: whoever held the account
    before is out of it. Hashing takes about 50 ms, outside the transaction. Raises PasswordUnfit,
    LinkUnknown, LinkUsed, LinkExpired.
    """
    with rooms.read() as session:
        link = offered(session, token=token, now=now)
    require_fit(password, username=link.username)
    password_hash = hashed(password)
    with rooms.write() as tools:
        # Of two who send it at once the second finds it used.
        use = update(PasswordLink).where(
            PasswordLink.token_hash == token_hash(token),
            PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > now,
        )
        if not rows_changed(tools.session, use.values(used_at=now)):
            offered(tools.session, token=token, now=now)
            raise LinkUnknown
        tools.session.execute(
            update(Person)
            .where(Person.username == link.username, Person.active)
            .values(
                password_hash=password_hash,
                must_change_password=False,
                failed_sign_ins=0,
                locked_until=None,
            )
        )
        end_sessions(tools.session, link.username)
        record(
            tools,
            AccessKind.PASSWORD_CHANGED,
            actor=Actor(link.username, link.display_name),
            subject=link.username,
            details={"by": f"password-link-{link.purpose}", "seal": seal_of(password_hash)},
            now=now,
            address=address,
        )
    return link.username
