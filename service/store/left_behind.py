"""Which open tasks would be left undone without one person."""

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.store.holders import anybody_behind
from service.store.membership import groups_of
from service.store.tables import InboxEntry
from service.store.tables.tasks import EntryState, HolderKind


def left_behind(username: str) -> Select[int]:
    """Return the keys of open tasks that are assigned to the person or that they alone can claim.

    As candidates and groups are now.
    """
    groups = groups_of(literal(username))
    held = and_(InboxEntry.holder_kind == HolderKind.PERSON, InboxEntry.holder == username)
    offered = or_(
        and_(InboxEntry.holder_kind == HolderKind.CANDIDATE, InboxEntry.holder == username),
        and_(InboxEntry.holder_kind == HolderKind.GROUP, InboxEntry.holder.in_(groups)),
    )
    alone = ~claimable_by_others(InboxEntry.task_key, username)
    return select(InboxEntry.task_key).where(
        InboxEntry.state == EntryState.OPEN, or_(held, and_(offered, alone))
    )


def claimable_by_others(
    task_key: ColumnElement[int] | InstrumentedAttribute[int], username: str
) -> ColumnElement[bool]:
    """Condition: among those who may claim the task is another person with an open account."""
    entry = aliased(InboxEntry)
    others = select(entry.task_key).where(
        entry.task_key == task_key,
        entry.holder_kind.in_((HolderKind.CANDIDATE, HolderKind.GROUP)),
        entry.state.in_((EntryState.OPEN, EntryState.TAKEN)),
        anybody_behind(entry.holder_kind, entry.holder, entry.task_key, but=username),
    )
    return others.exists()
