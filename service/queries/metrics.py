"""The numbers of what waits and what goes on, for a monitoring system: no person, no case.

Every number is read by an index and counted up to `MOST`, so asking costs the same however much
there is. They are the whole service's: each process of it gives the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from service.domain.keys import first_key_of
from service.queries.selects import AnySelect, count_of, written
from service.store.authorization import closed
from service.store.tables import Incident, Job, ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState
from service.store.tables.work import IncidentState, JobKind, JobState

MOST = 10_000
"""A number stops here: whoever is alarmed by it was so long before."""

CLOSED = "(closed)"
"""In the place of a process's id."""

WINDOW = timedelta(minutes=5)
"""What is counted as recent."""

_CLOCKS_APART = timedelta(minutes=1)
"""By so much the machines of one service may disagree about the time."""


@dataclass(frozen=True, slots=True)
class JobFigures:
    """Jobs of one kind. `lateness`: seconds since the one was due that waits longest."""

    kind: str
    due: int
    later: int
    suspended: int
    failed: int
    done: int
    """Done, and due within `WINDOW`."""
    lateness: float


@dataclass(frozen=True, slots=True)
class InstanceFigures:
    """Instances of one process that have not ended, and its open incidents.

    Closed procedures are counted together, under `CLOSED`: whoever watches the machine is told how
    many wait there, not of what.
    """

    process_id: str
    active: int
    suspended: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; the last two within `WINDOW`."""

    jobs: tuple[JobFigures, ...]
    instances: tuple[InstanceFigures, ...]
    tasks_open: int
    tasks_overdue: int
    tasks_completed: int
    instances_started: int


def measure(session: Session, *, now: datetime) -> Figures:
    """Count; five statements."""
    since = now - WINDOW
    is_open = UserTask.state == written(TaskState.CREATED)
    completed = UserTask.state == written(TaskState.COMPLETED)
    first_key = first_key_of(since - _CLOCKS_APART)
    started = select(ProcessInstance.key).where(
        ProcessInstance.key >= first_key, ProcessInstance.started_at >= since
    )
    counts = session.execute(
        select(
            _count(select(UserTask.key).where(is_open)),
            _count(select(UserTask.key).where(is_open, UserTask.due_at < now)),
            _count(select(UserTask.key).where(completed, UserTask.ended_at >= since)),
            _count(started),
        )
    ).one()
    return Figures(_jobs(session, now), _instances(session), *counts)


def _count(keys: AnySelect) -> ColumnElement[int]:
    return count_of(keys, MOST)


def _jobs(session: Session, now: datetime) -> tuple[JobFigures, ...]:
    rows = session.execute(union_all(*(_of_kind(kind, now) for kind in JobKind)))
    return tuple(
        JobFigures(kind, due, later, suspended, failed, done, _seconds(oldest, now))
        for kind, due, later, suspended, failed, done, oldest in rows
    )


def _of_kind(kind: JobKind, now: datetime) -> AnySelect:
    def jobs(state: JobState, *which: ColumnElement[bool]) -> ColumnElement[int]:
        return _count(select(Job.key).where(Job.kind == kind, Job.state == state, *which))

    waiting = select(Job.due_at).where(Job.kind == kind, Job.state == JobState.WAITING)
    return select(
        literal(kind.value),
        jobs(JobState.WAITING, Job.due_at <= now),
        jobs(JobState.WAITING, Job.due_at > now),
        jobs(JobState.SUSPENDED),
        jobs(JobState.FAILED),
        jobs(JobState.DONE, Job.due_at > now - WINDOW, Job.due_at <= now),
        waiting.order_by(Job.due_at).limit(1).scalar_subquery(),
    )


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _instances(session: Session) -> tuple[InstanceFigures, ...]:
    process_id = ProcessDefinition.process_id
    known = session.execute(select(process_id, closed(process_id)).distinct().order_by(process_id))
    label = {one: CLOSED if is_closed else one for one, is_closed in known}
    if not label:
        return ()
    incidents = _incidents(session)
    found: dict[str, tuple[int, int, int]] = {}
    for row in session.execute(union_all(*map(_of_process, label))):
        figures = (row.open - row.suspended, row.suspended, incidents.get(row.process_id, 0))
        so_far = found.get(label[row.process_id], (0, 0, 0))
        active, suspended, stuck = (min(a + b, MOST) for a, b in zip(so_far, figures, strict=True))
        found[label[row.process_id]] = (active, suspended, stuck)
    return tuple(InstanceFigures(one, *figures) for one, figures in found.items())


def _of_process(process_id: str) -> AnySelect:
    is_open = (
        ProcessInstance.process_id == process_id,
        ProcessInstance.state == InstanceState.ACTIVE,
    )
    found = select(ProcessInstance.suspended_at).where(*is_open).limit(MOST).subquery()
    return select(
        literal(process_id).label("process_id"),
        func.count().label("open"),
        func.count(found.c.suspended_at).label("suspended"),
    ).select_from(found)


def _incidents(session: Session) -> dict[str, int]:
    is_open = Incident.state == IncidentState.ACTIVE
    found = select(Incident.process_id).where(is_open).limit(MOST).subquery()
    rows = session.execute(select(found.c.process_id, func.count()).group_by(found.c.process_id))
    return {process_id: count for process_id, count in rows}
