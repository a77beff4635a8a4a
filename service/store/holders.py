"""Whether there is a person behind a holder of the inbox."""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from service.store.membership import TextColumn, has_member
from service.store.tables import Person
from service.store.tables.tasks import HolderKind


def anybody_behind(
    holder_kind: TextColumn, holder: TextColumn, *, but: str = ""
) -> ColumnElement[bool]:
    """Condition on InboxEntry: an open account has this name, or is in the group of this id.

    `but`: somebody who does not count.
    """
    counts = and_(Person.active, Person.username != but) if but else Person.active
    active = select(Person.username).where(counts)
    person = exists().where(Person.username == holder, counts)
    is_group = holder_kind == HolderKind.GROUP
    return or_(is_group & has_member(holder, active), ~is_group & person)
