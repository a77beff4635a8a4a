"""Holders of the inbox: what is whose, and whether there is a person behind one."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select

from service.store.membership import TextColumn, has_member
from service.store.recusal import KeyColumn, barred_from
from service.store.tables import InboxEntry, Person
from service.store.tables.tasks import HolderKind


def anybody_behind(
    holder_kind: TextColumn, holder: TextColumn, task_key: KeyColumn, *, but: str = ""
) -> ColumnElement[bool]:
    """Condition on InboxEntry: an open account has this name, or is in the group of this id.

    Who must keep out of the task does not count, nor does `but`.
    """
    counts = and_(Person.active, Person.username.not_in(barred_from(task_key)))
    if but:
        counts = and_(counts, Person.username != but)
    active = select(Person.username).where(counts)
    person = exists().where(Person.username == holder, counts)
    is_group = holder_kind == HolderKind.GROUP
    return or_(is_group & has_member(holder, active), ~is_group & person)


def held_by_name(username: str) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is this person's to do, or theirs to claim by name."""
    kinds = (HolderKind.PERSON, HolderKind.CANDIDATE)
    return and_(InboxEntry.holder_kind.in_(kinds), InboxEntry.holder == username)


def held_by_groups(groups: Collection[str]) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is for who is in one of these groups to claim."""
    # In one order, so that logs of statements can be compared.
    return and_(InboxEntry.holder_kind == HolderKind.GROUP, InboxEntry.holder.in_(sorted(groups)))
