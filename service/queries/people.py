"""Accounts as their administrators see them: the list, and one with all that is known of it.

Nothing here shows a case, nor personal data in clear.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import AccountState, PersonKind, is_username
from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.personal_data import PersonalKind
from service.queries import cursor
from service.queries.administration import require_reader
from service.queries.inbox import Page
from service.queries.names import display_name
from service.queries.organization import PostRow, posts_of_each
from service.queries.selects import AnyRow
from service.store.personal_data import Masked, masked_values
from service.store.sealing import DataKeys
from service.store.tables import (
    ApiToken,
    CandidateGroup,
    Membership,
    PasswordLink,
    Person,
    SignInAttempt,
)

_ORDER = "people"
_RECENT = 10
"""Tries to sign in that the page of a person shows."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list is narrowed to; `q` is part of a name or a user name."""

    q: str = ""
    state: AccountState | None = None
    kind: PersonKind | None = None
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account in the list; times in UTC."""

    username: str
    display_name: str
    kind: PersonKind
    state: AccountState
    locked_until: datetime | None
    groups: tuple[str, ...]
    """Names of the groups they were put into, sorted by their ids."""
    posts: tuple[PostRow, ...]
    """In force."""
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """A group that somebody is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkState:
    """The newest link by which a person may set a password."""

    purpose: str
    created_at: datetime
    created_by: str
    """Display name."""
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInTry:
    """One try to sign in."""

    at: datetime
    address: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """One account; times in UTC."""

    row: PersonRow
    created_at: datetime
    left_at: datetime | None
    locked_at: datetime | None
    locked_by: str
    """Display name of the administrator who locked it."""
    lock_reason: str
    groups: tuple[GroupMembership, ...]
    personal_data: Mapping[PersonalKind, str]
    """Masked."""
    link: LinkState | None
    tokens: int
    """Of programs, not revoked and not expired."""
    tries: tuple[SignInTry, ...]
    """To sign in, newest first."""


def page(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    wanted: PeopleFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[PersonRow]:
    """Return a page of the accounts by name; raises NotFound for outsiders, BadCursor."""
    require_reader(session, actor)
    place = tuple_(Person.sort_name, Person.username)
    statement = (
        select(Person, _state(now).label("state"))
        .where(*_narrowed(wanted or PeopleFilter(), now))
        .order_by(Person.sort_name, Person.username)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(place > tuple(cursor.read(after, _ORDER, (str, str))))
    found = session.execute(statement).all()
    rows = _rows(session, [(person, state) for person, state in found[:limit]])
    if len(found) <= limit:
        return Page(rows, None)
    last: Person = found[limit - 1][0]
    return Page(rows, cursor.write(_ORDER, [last.sort_name, last.username]))


def person(
    session: Session, data_keys: DataKeys, *, actor: Actor, username: str, now: datetime
) -> PersonDetail:
    """Return one account; raises NotFound for outsiders and for who is not there."""
    require_reader(session, actor)
    locker = aliased(Person)
    found = None
    if is_username(username):
        found = session.execute(
            select(Person, _state(now).label("state"), locker.display_name.label("locker"))
            .outerjoin(locker, locker.username == Person.locked_by)
            .where(Person.username == username)
        ).one_or_none()
    if found is None:
        raise NotFound
    one: Person = found[0]
    groups = _groups_of(session, [username])[username]
    (row,) = _rows(session, [(one, found.state)])
    return PersonDetail(
        row=row,
        created_at=one.created_at,
        left_at=one.left_at,
        locked_at=one.locked_at,
        locked_by=found.locker or one.locked_by or "",
        lock_reason=one.lock_reason or "",
        groups=tuple(groups),
        personal_data=_personal_data(session, data_keys, username),
        link=_link(session, username),
        tokens=_tokens(session, username, now),
        tries=_tries(session, username),
    )


def groups(session: Session, *, actor: Actor) -> tuple[GroupMembership, ...]:
    """Return every group, by name, to choose from; raises NotFound for outsiders."""
    require_reader(session, actor)
    rows = select(CandidateGroup.id, CandidateGroup.name).order_by(
        CandidateGroup.name, CandidateGroup.id
    )
    return tuple(GroupMembership(row.id, row.name) for row in session.execute(rows))


def _state(now: datetime) -> ColumnElement[str]:
    """The state as SQL, so that the list can be narrowed by what it shows."""
    return case(
        (Person.left_at.is_not(None), AccountState.LEFT),
        (~Person.active, AccountState.LOCKED),
        (Person.locked_until > now, AccountState.PAUSED),
        (
            and_(Person.password_hash.is_(None), Person.kind == PersonKind.STAFF),
            AccountState.INVITED,
        ),
        else_=AccountState.OPEN,
    )


def _narrowed(wanted: PeopleFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if q := wanted.q.strip().replace("\0", ""):
        conditions.append(
            or_(
                Person.display_name.icontains(q, autoescape=True),
                Person.username.icontains(q, autoescape=True),
            )
        )
    if wanted.state is not None:
        conditions.append(_state(now) == wanted.state)
    if wanted.kind is not None:
        conditions.append(Person.kind == wanted.kind)
    if wanted.group_id:
        inside = select(Membership.username).where(Membership.group_id == wanted.group_id)
        conditions.append(Person.username.in_(inside))
    return conditions


def _rows(session: Session, found: list[tuple[Person, str]]) -> tuple[PersonRow, ...]:
    usernames = [one.username for one, _state in found]
    groups = _groups_of(session, usernames)
    posts = posts_of_each(session, usernames)
    return tuple(
        PersonRow(
            username=one.username,
            display_name=one.display_name,
            kind=PersonKind(one.kind),
            state=AccountState(state),
            locked_until=one.locked_until,
            groups=tuple(group.name for group in groups[one.username]),
            posts=tuple(posts[one.username]),
            must_change_password=one.must_change_password,
        )
        for one, state in found
    )


def _groups_of(session: Session, usernames: list[str]) -> dict[str, list[GroupMembership]]:
    found: dict[str, list[GroupMembership]] = {username: [] for username in usernames}
    rows = (
        select(Membership.username, CandidateGroup.id, CandidateGroup.name)
        .join(CandidateGroup, CandidateGroup.id == Membership.group_id)
        .where(Membership.username.in_(usernames))
        .order_by(CandidateGroup.id)
    )
    for row in session.execute(rows):
        found[row.username].append(GroupMembership(row.id, row.name))
    return found


def _personal_data(session: Session, data_keys: DataKeys, username: str) -> Masked:
    return masked_values(session, data_keys, [username])[username]


def _link(session: Session, username: str) -> LinkState | None:
    row: AnyRow | None = session.execute(
        select(PasswordLink, display_name(PasswordLink.created_by).label("maker"))
        .outerjoin(Person, Person.username == PasswordLink.created_by)
        .where(PasswordLink.username == username)
    ).one_or_none()
    if row is None:
        return None
    link: PasswordLink = row[0]
    return LinkState(link.purpose, link.created_at, row.maker, link.expires_at, link.used_at)


def _tokens(session: Session, username: str, now: datetime) -> int:
    alive = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now)
    counted = select(func.count()).where(
        ApiToken.username == username, ApiToken.revoked_at.is_(None), alive
    )
    return session.scalar(counted) or 0


def _tries(session: Session, username: str) -> tuple[SignInTry, ...]:
    rows = (
        select(SignInAttempt.at, SignInAttempt.address, SignInAttempt.outcome)
        .where(SignInAttempt.username == username)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.key.desc())
        .limit(_RECENT)
    )
    return tuple(SignInTry(row.at, row.address, row.outcome) for row in session.execute(rows))
