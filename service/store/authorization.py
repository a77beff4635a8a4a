"""The authorization filter: who may see which row, as conditions for any statement.

Pages, the API, search, incidents and files all use these. Each function gives a condition on the
columns of the table it names, so a list stays one statement, is paged in SQL and can never come up
short. Whoever may not see a row must be answered as if it did not exist. What follows from rights
alone, and what they reach of closed procedures, is `service.store.granted`.

What a person holds or has held is read from the inbox: entries of their own, entries by name among
the candidates, entries of the groups they are in now, open entries of those they stand in for. A
closed entry no longer counts: whoever might have taken a task that another has finished is a
stranger to it.
"""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.store.deputized import deputized_entries
from service.store.granted import (
    ProcessIdColumn,
    closed,
    designable,
    designs_something,
    given_to,
    granted,
    granted_any,
    granted_by_name,
    granted_somewhere_to,
    granted_to,
    holds,
    kinds_held,
    named_to,
    reaching,
)
from service.store.holders import held_by_groups, held_by_name, overseen_by
from service.store.recusal import not_barred
from service.store.tables import (
    Document,
    InboxEntry,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)
from service.store.tables.tasks import EntryState

__all__ = [
    "ProcessIdColumn",
    "assignable_tasks",
    "closed",
    "designable",
    "designs_something",
    "given_to",
    "granted",
    "granted_any",
    "granted_by_name",
    "granted_somewhere_to",
    "granted_to",
    "holds",
    "kinds_held",
    "may_start",
    "named_to",
    "only_called",
    "overseen_entries",
    "own_entries",
    "reaching",
    "readable_values",
    "seen_entries",
    "urgeable_tasks",
    "visible_definitions",
    "visible_documents",
    "visible_incidents",
    "visible_instances",
    "visible_tasks",
]

_OTHER, _ITS_FILE = aliased(ProcessDefinition), aliased(Resource)


def visible_instances(
    actor: Actor, instance: type[ProcessInstance] = ProcessInstance, *, throughout: bool = False
) -> ColumnElement[bool]:
    """Condition on ProcessInstance, or an alias of it: the actor may see it and how far it is.

    `throughout`, here and below: for a statement that looks through all rows. What the actor holds
    is then read once, else each row's own few entries are asked: for one page of somebody who may
    claim 100,000 tasks nobody wants to read them all.
    """
    rights = ((ObjectKind.CASE, Action.READ), (ObjectKind.RUNNING, Action.READ))
    own = _own_instance(actor, instance, throughout)
    return or_(granted_any(actor, rights, instance.process_id), own)


def readable_values(actor: Actor, *, throughout: bool = False) -> ColumnElement[bool]:
    """Condition on ProcessInstance: the actor may read its variables, opinions and files."""
    return or_(
        _own_instance(actor, ProcessInstance, throughout),
        granted(actor, ObjectKind.CASE, Action.READ, ProcessInstance.process_id),
    )


def visible_tasks(actor: Actor, *, throughout: bool = False) -> ColumnElement[bool]:
    """Condition on UserTask: the actor may open it with its form."""
    held = _held(actor, InboxEntry.task_key, throughout)
    its_own = held.where(InboxEntry.task_key == UserTask.key).correlate(UserTask).exists()
    return or_(
        UserTask.key.in_(held) if throughout else its_own,
        granted(actor, ObjectKind.CASE, Action.READ, UserTask.process_id),
    )


def assignable_tasks(actor: Actor) -> ColumnElement[bool]:
    """Condition on UserTask: the actor may give it to anybody, whoever holds it.

    By a right, or while it is late and was brought before them: see `overseen_entries`.
    """
    late = select(InboxEntry.task_key).where(
        InboxEntry.task_key == UserTask.key, overseen_entries(actor)
    )
    return or_(
        granted(actor, ObjectKind.TASK, Action.ACT, UserTask.process_id),
        late.correlate(UserTask).exists(),
    )


def urgeable_tasks(actor: Actor) -> ColumnElement[bool]:
    """Condition on UserTask and its ProcessInstance: the actor may urge its holder.

    Who started the case, who oversees its running (RUNNING act), and who was told that the task is
    late; but nobody urges themselves.
    """
    of_task = InboxEntry.task_key == UserTask.key
    above = exists().where(of_task, overseen_entries(actor))
    own = exists().where(of_task, InboxEntry.state == EntryState.OPEN, own_entries(actor))
    return and_(
        or_(
            ProcessInstance.started_by == actor.username,
            granted(actor, ObjectKind.RUNNING, Action.ACT, ProcessInstance.process_id),
            above.correlate(UserTask),
        ),
        ~own.correlate(UserTask),
    )


def visible_documents(actor: Actor) -> ColumnElement[bool]:
    """Condition on Document: the actor uploaded it, or may read its instance's values."""
    readable = select(ProcessInstance.key).where(
        ProcessInstance.key == Document.instance_key, readable_values(actor)
    )
    return or_(Document.uploaded_by == actor.username, readable.exists())


def visible_definitions(actor: Actor) -> ColumnElement[bool]:
    """Condition on ProcessDefinition: the actor may start it, read it, or is in a case of it."""
    rights = (
        (ObjectKind.PROCEDURE, Action.ACT),
        (ObjectKind.DEPLOYMENT, Action.READ),
        (ObjectKind.CASE, Action.READ),
        (ObjectKind.RUNNING, Action.READ),
    )
    started = select(ProcessInstance.definition_key).where(
        ProcessInstance.started_by == actor.username
    )
    held = select(UserTask.definition_key).where(
        UserTask.key.in_(_held(actor, InboxEntry.task_key, throughout=True))
    )
    return or_(
        granted_any(actor, rights, ProcessDefinition.process_id),
        ProcessDefinition.key.in_(started),
        ProcessDefinition.key.in_(held),
    )


def may_start(actor: Actor) -> ColumnElement[bool]:
    """Condition on ProcessDefinition: the actor may start an instance of it.

    No right starts what only call activities start; the system may.
    """
    right = granted(actor, ObjectKind.PROCEDURE, Action.ACT, ProcessDefinition.process_id)
    return right if actor == SYSTEM else and_(right, ~only_called())


def only_called() -> ColumnElement[bool]:
    """Condition on ProcessDefinition: its newest version says that nothing but a call starts it.

    For all versions: an old one without the mark is no way around.
    """
    newest = (
        select(_OTHER.called_only)
        .join(_ITS_FILE, _ITS_FILE.key == _OTHER.resource_key)
        .where(_OTHER.process_id == ProcessDefinition.process_id, _ITS_FILE.deleted_at.is_(None))
        .order_by(_OTHER.version.desc())
        .limit(1)
    )
    return func.coalesce(newest.correlate(ProcessDefinition).scalar_subquery(), false())


def visible_incidents(actor: Actor) -> ColumnElement[bool]:
    """Condition on Incident: the actor oversees the running, or reads the cases, of the procedure.

    Who merely started the instance learns from the instance that it is being looked after.
    """
    rights = ((ObjectKind.RUNNING, Action.READ), (ObjectKind.CASE, Action.READ))
    return granted_any(actor, rights, Incident.process_id)


def own_entries(actor: Actor, *, since_over: bool = False) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is the actor's, by name, by a group they are in now, as deputy.

    What was open to them as a deputy counts only while it is; `since_over`: also behind that. Not
    what they must keep out of: see `service.domain.recusal`.
    """
    return and_(or_(*_ways(actor, since_over)), not_barred(actor.username, InboxEntry.task_key))


def seen_entries(actor: Actor, *, throughout: bool = False) -> ColumnElement[bool]:
    """Condition on InboxEntry: `own_entries`, and what was brought before them as it is late."""
    seen = or_(*_ways(actor), overseen_by(actor.username))
    return and_(seen, not_barred(actor.username, InboxEntry.task_key, throughout=throughout))


def _ways(actor: Actor, since_over: bool = False) -> list[ColumnElement[bool]]:
    own = [held_by_name(actor.username)]
    if actor.groups:
        own.append(held_by_groups(actor.groups))
    if actor.principals:
        own.append(deputized_entries(actor, since_over=since_over))
    return own


def overseen_entries(actor: Actor) -> ColumnElement[bool]:
    """Condition on InboxEntry: its holder is late, and the actor is above them (逾期上报)."""
    told = and_(overseen_by(actor.username), InboxEntry.state == EntryState.OPEN)
    return and_(told, not_barred(actor.username, InboxEntry.task_key))


def _own_instance(
    actor: Actor, instance: type[ProcessInstance], throughout: bool
) -> ColumnElement[bool]:
    held = _held(actor, InboxEntry.instance_key, throughout)
    its_own = held.where(InboxEntry.instance_key == instance.key).correlate(instance).exists()
    return or_(
        instance.started_by == actor.username,
        instance.key.in_(held) if throughout else its_own,
    )


def _held(actor: Actor, column: InstrumentedAttribute[int], throughout: bool) -> Select[int]:
    seen = seen_entries(actor, throughout=throughout)
    return select(column).where(seen, InboxEntry.state != EntryState.CLOSED)
