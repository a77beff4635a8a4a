"""Outside workers take service tasks that no handler of ours does.

A worker takes jobs of a type for a while; one that it has not answered by then (`outside_jobs`)
goes to whoever asks next.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update

from service.commands.access_log import record_reading
from service.commands.resuming import resume
from service.commands.rooms import Rooms
from service.commands.submissions import cleaned_line
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import JiaoyanError
from service.domain.jobs import JobsForbidden, lease_token
from service.domain.values import Variables
from service.store.authorization import granted
from service.store.row_locks import locked_keys
from service.store.tables import AuthorizationGrant, Job, ProcessDefinition, ProcessInstance
from service.store.tables.work import JobKind, JobState

MOST_AT_ONCE = 100
"""Jobs that one call takes at most, however many it asks for."""

LONGEST_HOLD = timedelta(days=30)
"""A worker that wants to hold a job for longer holds it for so long."""

_NAME_LIMIT = 200
_WHAT = "系统步骤的数据，由外部程序领取"


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that a worker took; `lease` is the token it answers with, None without a lease."""

    key: int
    type: str
    process_id: str
    version: int
    definition_key: int
    instance_key: int
    root_key: int
    element_id: str
    element_instance_key: int
    headers: Mapping[str, str]
    worker: str
    retries: int
    deadline: datetime
    lease: str | None
    started_by: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker asks for: jobs of a type, each to hold for `hold`.

    `names` are the variables it needs, none: all that each task sees.
    """

    type: str
    worker: str
    hold: timedelta
    most: int
    names: Collection[str] = ()
    leased: bool = False


def require_worker(rooms: Rooms, actor: Actor) -> None:
    """Whoever may take the jobs of no process at all is told so. Raises JobsForbidden."""
    if actor == SYSTEM:
        return
    right = granted(actor, ObjectKind.JOB, Action.ACT, AuthorizationGrant.process_id)
    with rooms.read() as session:
        if session.execute(select(AuthorizationGrant.key).where(right).limit(1)).first() is None:
            raise JobsForbidden


def take(rooms: Rooms, wish: Wish, *, actor: Actor, now: datetime) -> Sequence[TakenJob]:
    """Take jobs that wait, the oldest first; none when none waits.

    Only of processes on which the actor has JOB act. What the tasks see is read after the jobs are
    held, in a transaction of its own: no lock is waited for. That it is read is recorded. Raises
    Busy: what was taken by then is due again once its hold is over.
    """
    # Who only looks disturbs nobody who writes.
    with rooms.read() as session:
        if session.execute(_due(wish, actor, now).limit(1)).first() is None:
            return []
    with rooms.write() as tools:
        keys = _claim(tools, wish, actor, now)
    with rooms.reading() as tools:
        read = [_read(tools, key, wish, now) for key in keys]
    taken = [one for one in read if one is not None]
    for one in taken:
        record_reading(
            rooms,
            actor=actor,
            subject=one.started_by,
            reference=f"instance/{one.instance_key}",
            details={"what": _WHAT},
            now=now,
        )
    return taken


def _claim(tools: Toolbox, wish: Wish, actor: Actor, now: datetime) -> list[int]:
    jobs, due = table(Job), _due(wish, actor, now)
    most = due.limit(min(wish.most, MOST_AT_ONCE))
    claimed = tools.session.execute(
        update(jobs)
        .where(jobs.c.key.in_(locked_keys(most, of=Job)))
        .values(
            lock_owner=_owner(wish, actor),
            lock_expires_at=now + min(wish.hold, LONGEST_HOLD),
            fencing=jobs.c.fencing + 1,
            leased=wish.leased,
        )
        .returning(jobs.c.due_at, jobs.c.key)
    )
    return [key for _, key in sorted((due_at, key) for due_at, key in claimed)]


def _due(wish: Wish, actor: Actor, now: datetime) -> Select[int]:
    """The keys of the jobs that are free for this worker, the oldest first."""
    due = (
        select(Job.key)
        .join(ProcessInstance, ProcessInstance.key == Job.instance_key)
        .where(
            Job.kind == JobKind.OUTSIDE,
            Job.state == JobState.WAITING,
            Job.type == wish.type,
            Job.due_at <= now,
            Job.retries > 0,
            or_(Job.lock_owner.is_(None), Job.lock_expires_at <= now),
            granted(actor, ObjectKind.JOB, Action.ACT, ProcessInstance.process_id),
        )
        .order_by(Job.due_at, Job.key)
    )
    # What was taken with a lease once goes to workers with leases only, as in Camunda 8.
    return due if wish.leased else due.where(Job.leased.is_(False))


def _owner(wish: Wish, actor: Actor) -> str:
    return f"{actor.username}/{cleaned_line(wish.worker, _NAME_LIMIT)}"


def _read(tools: Toolbox, job_key: int, wish: Wish, now: datetime) -> TakenJob | None:
    """What the worker gets of a job; None where the task is over meanwhile, or cannot be read.

    Such a job is not lost: it is due again once its hold is over.
    """
    row = tools.session.execute(
        select(
            *table(Job).columns,
            ProcessInstance.process_id,
            ProcessInstance.definition_key,
            ProcessInstance.engine_state,
            ProcessInstance.root_key,
            ProcessInstance.started_by,
            ProcessDefinition.version,
        )
        .join(ProcessInstance, ProcessInstance.key == Job.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .where(Job.key == job_key)
    ).one()
    try:
        resumed = resume(
            tools,
            instance_key=row.instance_key,
            definition_key=row.definition_key,
            engine_state=row.engine_state,
            now=now,
        )
        variables = resumed.execution.visible(row.element_instance_key)
    except JiaoyanError:
        return None
    if wish.names:
        variables = {name: variables[name] for name in wish.names if name in variables}
    return TakenJob(
        key=row.key,
        type=row.type,
        process_id=row.process_id,
        version=row.version,
        definition_key=row.definition_key,
        instance_key=row.instance_key,
        root_key=row.root_key or row.instance_key,
        element_id=row.element_id,
        element_instance_key=row.element_instance_key,
        headers=row.headers,
        worker=wish.worker,
        retries=row.retries,
        deadline=row.lock_expires_at,
        lease=lease_token(row.key, row.fencing) if row.leased else None,
        started_by=row.started_by,
        variables=variables,
    )
