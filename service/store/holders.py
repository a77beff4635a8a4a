"""Whether there is a person behind a holder of the inbox."""

from sqlalchemy import ColumnElement, exists, or_, select

from service.store.membership import TextColumn, has_member
from service.store.tables import Person
from service.store.tables.tasks import HolderKind


def anybody_behind(holder_kind: TextColumn, holder: TextColumn) -> ColumnElement[bool]:
    """Condition on InboxEntry: an open account has this name, or is in the group of this id."""
    active = select(Person.username).where(Person.active)
    person = exists().where(Person.username == holder, Person.active)
    is_group = holder_kind == HolderKind.GROUP
    return or_(is_group & has_member(holder, active), ~is_group & person)
