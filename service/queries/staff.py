"""The members of staff, by name: each of them may know the names of all."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.store.tables import Person


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff with an open account."""

    username: str
    name: str


def require_staff(actor: Actor) -> None:
    """Raise NotFound for somebody from outside."""
    if actor.public:
        raise NotFound


def choices(session: Session, *, actor: Actor, limit: int = 1000) -> tuple[StaffRow, ...]:
    """Return the members of staff by name, to choose from. Raises NotFound for outsiders."""
    require_staff(actor)
    rows = session.execute(_STAFF.order_by(Person.sort_name, Person.username).limit(limit))
    return tuple(StaffRow(row.username, row.display_name) for row in rows)


def named(session: Session, *, actor: Actor, text: str, limit: int = 10) -> tuple[StaffRow, ...]:
    """Return whom a text names: by user name, else all of that display name."""
    require_staff(actor)
    wanted = text.strip().replace("\0", "")
    rows = session.execute(_STAFF.where(_is(wanted)).order_by(Person.username).limit(limit)).all()
    exact = [row for row in rows if row.username == wanted]
    return tuple(StaffRow(row.username, row.display_name) for row in exact or rows)


_STAFF = select(Person.username, Person.display_name).where(
    and_(Person.active, Person.kind == PersonKind.STAFF)
)


def _is(wanted: str) -> ColumnElement[bool]:
    return or_(Person.username == wanted, Person.display_name == wanted)
