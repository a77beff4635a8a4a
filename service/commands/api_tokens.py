"""Tokens for programs: `Authorization: Bearer`. Shown once, kept as a hash, revoked at any time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import lock_person, require_administrator
from service.commands.tokens import new_token, token_hash
from service.commands.upserts import rows_changed
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.errors import Invalid, NotFound
from service.domain.passwords import PasswordChangeDue, seal_of
from service.store.actors import AT, actor_of, with_groups
from service.store.base import UtcDateTime
from service.store.chain import moment_text
from service.store.tables import ApiToken, Person

PREFIX = "jiaoyan_"
"""So that a token that got into a file or a log can be searched for."""

# Asked by every request of a program: built once.
_PERSON_OF = with_groups(
    select(Person.username, Person.display_name, Person.kind, Person.must_change_password)
    .select_from(ApiToken)
    .join(Person, Person.username == ApiToken.username)
    .where(
        ApiToken.token_hash == bindparam("hash"),
        ApiToken.revoked_at.is_(None),
        or_(
            ApiToken.expires_at.is_(None),
            ApiToken.expires_at > bindparam("now", type_=UtcDateTime),
        ),
        Person.active,
    )
)


class TokenNameInvalid(Invalid):
    """令牌的用途应有 1 至 100 个字符，且不能换行；没有生成令牌。"""

    code = "api-tokens.name-invalid"


class TokenOver(Invalid):
    """令牌的失效时间应晚于现在；没有生成令牌。"""

    code = "api-tokens.expiry-past"


class TokenNotFound(NotFound):
    """没有这个令牌，或者它不属于你。"""

    code = "api-tokens.not-found"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `plain` is nowhere kept and cannot be shown again."""

    key: int
    plain: str


def create_token(
    tools: Ledger,
    *,
    username: str,
    name: str,
    actor: Actor,
    now: datetime,
    expires_at: datetime | None = None,
) -> NewToken:
    """Make a token with which a program acts as this person; `name` says what for.

    A person makes their own, an administrator anybody's. Raises PersonNotFound, PersonIsGone,
    TokenNameInvalid, TokenOver, AccountsForbidden.
    """
    session = tools.session
    if actor.username != username:
        require_administrator(session, actor)
    lock_person(session, username)
    if not 1 <= len(name.strip()) <= 100 or not name.isprintable():
        raise TokenNameInvalid
    if expires_at is not None and expires_at <= now:
        raise TokenOver
    token = NewToken(tools.keys.next(), PREFIX + new_token())
    session.execute(
        insert(ApiToken).values(
            key=token.key,
            token_hash=token_hash(token.plain),
            username=username,
            name=name.strip(),
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
        )
    )
    record(
        tools,
        AccessKind.TOKEN_CREATED,
        actor=actor,
        subject=username,
        reference=f"token/{token.key}",
        details={
            "name": name.strip(),
            "seal": seal_of(token_hash(token.plain)),
            "expires": "" if expires_at is None else moment_text(expires_at),
        },
        now=now,
    )
    return token


def revoke_token(tools: Ledger, *, key: int, actor: Actor, now: datetime) -> None:
    """Make a token worthless from now on; nothing happens where it is already.

    Raises TokenNotFound, AccountsForbidden.
    """
    session = tools.session
    owner = session.scalar(select(ApiToken.username).where(ApiToken.key == key))
    if owner is None:
        raise TokenNotFound
    if owner != actor.username:
        require_administrator(session, actor)
    revoked = update(ApiToken).where(ApiToken.key == key, ApiToken.revoked_at.is_(None))
    if rows_changed(session, revoked.values(revoked_at=now)):
        _record_end(tools, key, owner, actor=actor, now=now)


def revoke_all_of(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """Make all tokens of a person worthless; the caller has asked who does."""
    its = update(ApiToken).where(ApiToken.username == username, ApiToken.revoked_at.is_(None))
    revoked = tools.session.scalars(its.values(revoked_at=now).returning(ApiToken.key))
    for key in sorted(revoked):
        _record_end(tools, key, username, actor=actor, now=now)


def _record_end(tools: Ledger, key: int, owner: str, *, actor: Actor, now: datetime) -> None:
    record(
        tools,
        AccessKind.TOKEN_REVOKED,
        actor=actor,
        subject=owner,
        reference=f"token/{key}",
        now=now,
    )


def token_actor(session: Session, *, token: str, now: datetime) -> Actor | None:
    """Return the person a token speaks for, with the groups they are in now; else None.

    One statement, one more for who stands in for somebody. A token counts until it expires, is
    revoked, or its person is deactivated. Raises PasswordChangeDue.
    """
    found = {"hash": token_hash(token), "now": now, AT: now}
    rows = session.execute(_PERSON_OF, found).all()
    if rows and rows[0].must_change_password:
        raise PasswordChangeDue
    return actor_of(session, rows, now) if rows else None
