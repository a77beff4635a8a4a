"""The administrator's list of accounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import NotFound
from service.store.authorization import holds
from service.store.membership import groups_of_each
from service.store.tables import Person


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
    for username, group_id in session.execute(groups_of_each(groups)):
        groups[username].append(group_id)
    return [
        AccountRow(
            username=person.username,
            display_name=person.display_name,
            active=person.active,
            has_password=person.password_hash is not None,
            locked_until=person.locked_until,
            groups=tuple(sorted(set(groups[person.username]))),
        )
        for person in found
    ]


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
