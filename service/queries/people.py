"""People and groups: names for what is shown, candidates for an assignment, the accounts' list.

Names of colleagues are no secret inside the bureau and go with whatever a person may see anyway;
lists of people are for those whose work they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.domain.accounts import is_username
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import NotFound
from service.store.authorization import holds
from service.store.tables import ApiToken, CandidateGroup, Membership, Person


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a task can be given to."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as its administrator sees it; times in UTC."""

    username: str
    display_name: str
    active: bool
    has_password: bool
    locked_until: datetime | None
    groups: tuple[str, ...]
    """Ids of groups, sorted."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner sees it; times in UTC."""

    key: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def display_names(session: Session, usernames: Collection[str]) -> Mapping[str, str]:
    """Return the names to show of these people; whoever is not known is missing."""
    wanted = sorted(set(usernames))
    if not wanted:
        return {}
    rows = session.execute(
        select(Person.username, Person.display_name).where(Person.username.in_(wanted))
    )
    return {SYSTEM.username: SYSTEM.display_name} | {username: name for username, name in rows}


def group_names(session: Session, group_ids: Collection[str]) -> Mapping[str, str]:
    """Return the names to show of these groups; what is not known is missing."""
    wanted = sorted(set(group_ids))
    if not wanted:
        return {}
    rows = session.execute(
        select(CandidateGroup.id, CandidateGroup.name).where(CandidateGroup.id.in_(wanted))
    )
    return {group_id: name for group_id, name in rows}


def colleagues(
    session: Session, *, actor: Actor, process_id: str, q: str = "", limit: int = 20
) -> list[Colleague]:
    """Return the active people whose name or user name holds `q`, in the order of their names.

    For whoever may give tasks of this procedure to others; an empty list for anybody else.
    """
    if not holds(session, actor, ObjectKind.TASK, Action.ACT, process_id):
        return []
    rows = session.execute(
        select(Person.username, Person.display_name)
        .where(Person.active, _named(q))
        .order_by(Person.sort_name, Person.username)
        .limit(limit)
    )
    return [Colleague(username, name) for username, name in rows]


def accounts(
    session: Session, *, actor: Actor, q: str = "", after: str = "", limit: int = 50
) -> list[AccountRow]:
    """Return accounts by user name, from behind `after` on; raises NotFound for outsiders."""
    _require_reader(session, actor)
    people = (
        select(Person)
        .where(Person.username > after, _named(q))
        .order_by(Person.username)
        .limit(limit)
    )
    found = session.scalars(people).all()
    groups: dict[str, list[str]] = {person.username: [] for person in found}
    memberships = select(Membership.username, Membership.group_id).where(
        Membership.username.in_(groups)
    )
    for username, group_id in session.execute(memberships):
        groups[username].append(group_id)
    return [
        AccountRow(
            username=person.username,
            display_name=person.display_name,
            active=person.active,
            has_password=person.password_hash is not None,
            locked_until=person.locked_until,
            groups=tuple(sorted(groups[person.username])),
        )
        for person in found
    ]


def tokens(session: Session, *, actor: Actor, username: str) -> list[TokenRow]:
    """Return the tokens of a person, the newest first; raises NotFound for outsiders."""
    if actor.username != username:
        _require_reader(session, actor)
    rows = session.execute(
        select(
            ApiToken.key,
            ApiToken.name,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
        )
        .where(ApiToken.username == username)
        .order_by(ApiToken.key.desc())
    )
    return [TokenRow(*row) for row in rows]


def actor_named(session: Session, username: str) -> Actor | None:
    """Return an active person as one who acts, for the command line and for tests."""
    if not is_username(username):
        return None
    person = session.get(Person, username)
    if person is None or not person.active:
        return None
    groups = session.scalars(select(Membership.group_id).where(Membership.username == username))
    return Actor(person.username, person.display_name, frozenset(groups))


def _require_reader(session: Session, actor: Actor) -> None:
    if not any(
        holds(session, actor, ObjectKind.ACCOUNT, action, ALL)
        for action in (Action.READ, Action.ACT)
    ):
        raise NotFound


def _named(q: str) -> ColumnElement[bool]:
    wanted = q.strip().replace("\0", "")
    return or_(
        Person.display_name.icontains(wanted, autoescape=True),
        Person.username.icontains(wanted, autoescape=True),
    )
