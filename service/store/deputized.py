"""What a deputy may act on: entries of the inbox that are open for somebody they stand in for.

Live: it begins and ends with the agreement, whatever was written when the task arrived. A deputy
never acts at a step that forbids it, nor in a case that they started themselves, nor for somebody
who must keep out of the task, nor in a closed procedure by an agreement for all of them.
"""

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, literal, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.domain.actors import Actor, Principal
from service.store.granted import closed
from service.store.holders import held_by_groups, held_by_name
from service.store.recusal import KeyColumn, not_barred
from service.store.tables import InboxEntry, ProcessInstance, UserTask
from service.store.tables.tasks import EntryState

# Made once: an alias made for each statement costs more time than the database takes.
_TASK, _INSTANCE = aliased(UserTask), aliased(ProcessInstance)


def deputized_entries(actor: Actor, *, since_over: bool = False) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is open, and the actor's to act on as somebody's deputy.

    `since_over`: entries that were open at some time of the agreement count too, to tell who was
    quicker.
    """
    return or_(
        *(
            and_(_held_by(principal, actor), deputized(principal, actor, since_over=since_over))
            for principal in actor.principals
        )
    )


def deputized(
    principal: Principal, actor: Actor, *, since_over: bool = False
) -> ColumnElement[bool]:
    """Condition on an entry of the principal's: their deputy, the actor, may act on it."""
    entry, task, instance = InboxEntry, _TASK, _INSTANCE
    allowed = (
        select(task.key)
        .join(instance, instance.key == task.instance_key)
        .where(
            task.key == entry.task_key,
            ~task.no_deputy,
            instance.started_by != actor.username,
        )
        .correlate(entry)
    )
    is_open = entry.state == EntryState.OPEN
    if since_over:
        is_open = or_(entry.ended_at.is_(None), entry.ended_at >= principal.begun_at)
    unbarred = not_barred(principal.username, entry.task_key)
    conditions = [is_open, unbarred, allowed.exists()]
    if principal.process_ids is not None:
        conditions.append(_one_of(entry.process_id, principal.process_ids))
    if principal.by_all or principal.process_ids is None:
        conditions.append(~closed(entry.process_id))
    if not principal.covers_open:
        conditions.append(entry.created_at >= principal.begun_at)
    return and_(*conditions)


def _one_of(column: InstrumentedAttribute[str], values: frozenset[str]) -> ColumnElement[bool]:
    """Of a single value the order of an index that begins with it is known to a database."""
    if len(values) == 1:
        return column == next(iter(values))
    return column.in_(sorted(values))


def principal_of(actor: Actor, task_key: KeyColumn) -> ColumnElement[str | None]:
    """Give for whom the actor may act on this open task; NULL where it is their own, or nobody's.

    Of several the first by user name: the record names one.
    """
    if not actor.principals:
        return cast(null(), Text)
    here = (InboxEntry.task_key == task_key, InboxEntry.state == EntryState.OPEN)
    own = exists().where(*here, or_(held_by_name(actor.username), held_by_groups(actor.groups)))
    by_principal = [
        (
            exists().where(*here, _held_by(principal, actor), deputized(principal, actor)),
            literal(principal.username),
        )
        for principal in actor.principals
    ]
    return case((own, null()), *by_principal, else_=null())


def _held_by(principal: Principal, actor: Actor) -> ColumnElement[bool]:
    """Their own tasks, and what they may claim beside the actor's own groups."""
    beside = principal.groups - actor.groups
    return or_(held_by_name(principal.username), held_by_groups(beside))
