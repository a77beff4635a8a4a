"""Whether there is a person behind a holder of the inbox."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from service.store.tables import Membership, Person
from service.store.tables.tasks import HolderKind

TextColumn = ColumnElement[str] | InstrumentedAttribute[str]


def anybody_behind(holder_kind: TextColumn, holder: TextColumn) -> ColumnElement[bool]:
    """Condition on InboxEntry: an open account has this name, or is in the group of this id."""
    active = select(Person.username).where(Person.active)
    person = exists().where(Person.username == holder, Person.active)
    members = exists().where(Membership.group_id == holder, Membership.username.in_(active))
    is_group = holder_kind == HolderKind.GROUP
    return or_(is_group & members, ~is_group & person)
