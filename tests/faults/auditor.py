"""Compares what was acknowledged with what the database holds, and trusts nothing."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.commands import auditing
from service.domain.actors import SYSTEM
from service.store.tables import (
    ElementInstance,
    HistoryEntry,
    InboxEntry,
    Incident,
    Job,
    Notification,
    ProcessInstance,
    UserTask,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import EntryState, TaskState
from service.store.tables.work import IncidentState, JobKind, JobState
from tests.faults.office import ENTRIES
from tests.faults.stand import Scene

_ONCE = ("user-task.completed", "timer.fired", "user-task.created", "instance.completed")
"""Acts that each element (or case) has once, there being no loop in these diagrams."""


def audit(scene: Scene, acknowledged: Collection[int] = ()) -> list[str]:
    """Every fault that is found, in words; an empty list is what must come out."""
    scene.rooms.database.dispose()  # of its connections some may have been cut
    with scene.rooms.read() as session:
        found = [
            *_lost(session, acknowledged),
            *_doubled(session),
            *_halves(session),
            *_stuck(session, scene.rooms.clock()),
        ]
    done = auditing.verify(scene.rooms, actor=SYSTEM, now=datetime.now(UTC))
    return [*found, *(f"record: {finding.label}" for finding in done.findings)]


def _lost(session: Session, acknowledged: Collection[int]) -> Iterator[str]:
    states = dict(session.execute(select(UserTask.key, UserTask.state)).all())
    recorded = _recorded(session)
    for key in acknowledged:
        if states.get(key) != TaskState.COMPLETED or key not in recorded:
            yield f"lost: task {key} was acknowledged and is {states.get(key)}"


def _doubled(session: Session) -> Iterator[str]:
    for act in _ONCE:
        for key, times in _acts(session, act).items():
            if times > 1:
                yield f"doubled: {act} of {key[1]} in case {key[0]}, {times} times"
    entered = session.execute(
        text(f"SELECT element_instance_key, count(*) FROM {ENTRIES} GROUP BY 1")  # noqa: S608
    )
    yield from (f"doubled: entry of {key}, {times} times" for key, times in entered if times > 1)
    elements = session.execute(
        select(ElementInstance.instance_key, ElementInstance.element_id)
        .group_by(ElementInstance.instance_key, ElementInstance.element_id)
        .having(func.count() > 1)
        .where(ElementInstance.type != "PARALLEL_GATEWAY")
    )
    yield from (f"doubled: {element} of case {key}" for key, element in elements)
    told = session.execute(
        select(Notification.task_key, Notification.kind)
        .where(Notification.task_key.is_not(None))
        .group_by(Notification.task_key, Notification.username, Notification.kind)
        .having(func.count() > 1)
    )
    yield from (f"doubled: notification {kind} of task {key}" for key, kind in told)


def _halves(session: Session) -> Iterator[str]:
    """What one transaction writes is all there, or nothing of it."""
    done = set(session.scalars(select(UserTask.key).where(UserTask.state == TaskState.COMPLETED)))
    recorded = _recorded(session)
    yield from (f"half: task {key} and its history differ" for key in done ^ recorded)
    open_entries = session.scalars(
        select(InboxEntry.task_key)
        .join(UserTask, UserTask.key == InboxEntry.task_key)
        .where(InboxEntry.state == EntryState.OPEN, UserTask.state == TaskState.COMPLETED)
    )
    yield from (f"half: task {key} is done and still in an inbox" for key in open_entries)
    entered = set(
        session.execute(text(f"SELECT element_instance_key FROM {ENTRIES}")).scalars()  # noqa: S608
    )
    services = dict(
        session.execute(
            select(ElementInstance.key, ElementInstance.state).where(
                ElementInstance.type == "SERVICE_TASK"
            )
        ).all()
    )
    for key, state in services.items():
        if (state == "COMPLETED") != (key in entered):
            yield f"half: service task {key} is {state}, its entry {key in entered}"
    yield from (f"half: entry of {key}, which is no step" for key in entered - set(services))


def _stuck(session: Session, now: datetime) -> Iterator[str]:
    """Who is active waits for something, and nothing that is due is left undone."""
    waits = set(session.scalars(
        select(UserTask.instance_key).where(UserTask.state == TaskState.CREATED)
    ))  # fmt: skip
    waits |= set(session.scalars(
        select(Job.instance_key).where(Job.state == JobState.WAITING)
    ))  # fmt: skip
    active = set(session.scalars(
        select(ProcessInstance.key).where(ProcessInstance.state == InstanceState.ACTIVE)
    ))  # fmt: skip
    yield from (f"stuck: case {key} waits for nothing" for key in active - waits)
    late = session.execute(
        select(Job.key, Job.kind).where(
            Job.state == JobState.WAITING, Job.kind != JobKind.CALENDAR, Job.due_at <= now
        )
    )
    yield from (f"stuck: job {key} ({kind}) is due and not done" for key, kind in late)
    for message in session.scalars(
        select(Incident.message).where(Incident.state == IncidentState.ACTIVE)
    ):
        yield f"incident: {message}"


def _acts(session: Session, act: str) -> "Counter[tuple[int, str | None]]":
    """How often each element of each case did this."""
    rows = session.execute(
        select(HistoryEntry.instance_key, HistoryEntry.element_id).where(HistoryEntry.act == act)
    )
    return Counter(rows)


def _recorded(session: Session) -> set[int]:
    """The tasks whose completion is in the history."""
    completed = HistoryEntry.act == "user-task.completed"
    rows = session.scalars(select(HistoryEntry.element_instance_key).where(completed))
    return {key for key in rows if key is not None}
