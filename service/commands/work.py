"""Job rows: claiming those that are due, and doing one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import or_, select, true, update
from sqlalchemy.orm import Session

from service.commands import deliveries, handler_calls, instance_lock, start_events, step
from service.commands.deliveries import Delivery
from service.commands.handler_calls import CallFailed
from service.commands.instance_lock import LockedInstance
from service.commands.job_rows import OWN_KINDS, announce_job, job_due
from service.commands.resuming import Resumed, resume
from service.commands.step_input import Step
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM
from service.domain.values import Json, Variables
from service.engine import HandlerDue
from service.store.tables import Job
from service.store.tables.work import JobKind, JobState


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job whose lock is held: who holds an older `fencing` number may write nothing."""

    key: int
    fencing: int
    kind: str = ""

    @property
    def is_message(self) -> bool:
        """Whether it sends a message, which no transaction waits for."""
        return self.kind == JobKind.SEND

    @property
    def is_notification(self) -> bool:
        """Whether it tells people what happened."""
        return self.kind == JobKind.NOTIFY


Kinds: TypeAlias = "Collection[JobKind]"

RUN_HERE: Kinds = (JobKind.HANDLER, *OWN_KINDS)
"""What a runner does; the rest waits for outside workers."""

MESSAGES: Kinds = (JobKind.SEND,)
"""What no transaction waits for."""

ALL_BUT_MESSAGES: Kinds = tuple(kind for kind in RUN_HERE if kind not in MESSAGES)


def next_due(
    session: Session, *, types: Collection[str], kinds: Kinds = RUN_HERE
) -> datetime | None:
    """Return when the next job of these kinds is due that nobody holds; it may lie in the past.

    Of handlers those of these types. Each kind is looked up by itself, so that what waits for years
    costs nothing.
    """
    soonest = [
        select(Job.due_at)
        .where(Job.state == JobState.WAITING, Job.kind == kind, Job.lock_owner.is_(None), ours)
        .order_by(Job.due_at)
        .limit(1)
        .scalar_subquery()
        for kind, ours in (
            (kind, Job.type.in_(types) if kind is JobKind.HANDLER else true()) for kind in kinds
        )
    ]
    found = session.execute(select(*soonest)).one()
    return min((due_at for due_at in found if due_at is not None), default=None)


def claim(
    session: Session,
    *,
    types: Collection[str],
    owner: str,
    now: datetime,
    hold: timedelta,
    limit: int,
    kinds: Kinds = RUN_HERE,
) -> Sequence[ClaimedJob]:
    """Lock up to `limit` due jobs of these kinds for `owner` until `now + hold`, the oldest first.

    Those of handlers only of these types.

    A job whose lock has expired is due again: its holder is taken for dead. On PostgreSQL rows
    that somebody else is just locking are passed over; on SQLite there is one writer at a time.
    """
    free = or_(Job.lock_owner.is_(None), Job.lock_expires_at <= now)
    due = (
        select(Job.key)
        .where(
            Job.state == JobState.WAITING,
            Job.due_at <= now,
            Job.kind.in_(kinds),
            or_(Job.kind != JobKind.HANDLER, Job.type.in_(types)),
            free,
        )
        .order_by(Job.due_at, Job.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = session.execute(
        update(table(Job))
        .where(Job.key.in_(due.scalar_subquery()))
        .values(lock_owner=owner, lock_expires_at=now + hold, fencing=Job.fencing + 1)
        .returning(Job.due_at, Job.key, Job.fencing, Job.kind)
    )
    rows = sorted((due_at, key, fencing, kind) for due_at, key, fencing, kind in claimed)
    return [ClaimedJob(key, fencing, kind) for _, key, fencing, kind in rows]


def give_back(
    session: Session, job: ClaimedJob, *, due_at: datetime, error: str | None = None
) -> None:
    """Let go of a job that could not be tried; nothing happens where the lock is lost."""
    changes: dict[str, object] = {"lock_owner": None, "lock_expires_at": None, "due_at": due_at}
    if error is not None:
        changes["last_error"] = error
    session.execute(
        update(table(Job))
        .where(Job.key == job.key, Job.fencing == job.fencing, Job.state == JobState.WAITING)
        .values(changes)
    )


def run_job(tools: Toolbox, job_key: int, *, fencing: int, now: datetime) -> bool:
    """Do a claimed job; False when the lock was lost meanwhile, and nothing is written.

    A failed attempt is written down and tried again after its pause; the last one makes an
    incident. Raises FeelUnavailable and Busy: then nothing was written and the job waits.
    """
    held = _held(tools.session, job_key, fencing)
    if held is None:
        return False
    if held.kind == JobKind.START:
        _end(tools.session, held, JobState.DONE, now)
        start_events.fire(tools, held.delivery, now=now)
        return True
    instance = instance_lock.lock(tools.session, held.instance_key)
    held = _held(tools.session, job_key, fencing, lock=True)
    if held is None:
        return False
    if held.kind != JobKind.HANDLER:
        _end(tools.session, held, JobState.DONE, now)
        _deliver(tools, instance, held.delivery, now)
        return True
    return _call_handler(tools, instance, held, now)


def _deliver(tools: Toolbox, instance: LockedInstance, job: Delivery, now: datetime) -> None:
    if job.kind is JobKind.CALL:
        for earlier in deliveries.earlier_calls(tools, job, now):
            deliveries.deliver(tools, instance, earlier, now=now)
            instance = instance_lock.lock(tools.session, instance.key)
    deliveries.deliver(tools, instance, job, now=now)


def _call_handler(
    tools: Toolbox, instance: LockedInstance, held: "_HeldJob", now: datetime
) -> bool:
    handler = tools.handlers.get(held.type)
    if handler is None:
        return False
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    due = held.due(resumed.execution.visible(held.element_instance_key))
    answer = handler_calls.call(tools, handler.function, instance, due, actor=SYSTEM, now=now)
    if isinstance(answer, CallFailed):
        _fail(tools, instance, resumed, held, due, answer, now)
        return True
    _end(tools.session, held, JobState.DONE, now)
    resumed.execution.complete(due.element_instance_key, answer.variables)
    taken = Step(stored_scopes=resumed.scopes, notes=list(answer.notes))
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)
    return True


@dataclass(frozen=True, slots=True)
class _HeldJob:
    """A job as its holder reads it; `retries` are the attempts that are left."""

    key: int
    kind: str
    type: str
    instance_key: int
    element_instance_key: int
    element_id: str
    attempts: int
    retries: int
    backoff: list[int]
    headers: dict[str, str]
    details: dict[str, Json] | None

    @property
    def delivery(self) -> Delivery:
        """What the row stands for, where it is no handler's."""
        kind, details = JobKind(self.kind), self.details or {}
        return Delivery(self.key, kind, self.element_instance_key, self.element_id, details)

    def due(self, variables: Variables) -> HandlerDue:
        """Return the call that the row stands for."""
        return HandlerDue(
            element_instance_key=self.element_instance_key,
            element_id=self.element_id,
            task_type=self.type,
            headers=tuple(self.headers.items()),
            retries=self.retries,
            backoff=tuple(self.backoff),
            asynchronous=True,
            variables=dict(variables),
        )


_COLUMNS = tuple(getattr(Job, one.name) for one in fields(_HeldJob))


def _held(session: Session, job_key: int, fencing: int, *, lock: bool = False) -> _HeldJob | None:
    """Return the job while it is held by this number; locked, nobody else claims it meanwhile."""
    statement = select(*_COLUMNS).where(
        Job.key == job_key, Job.fencing == fencing, Job.state == JobState.WAITING
    )
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else _HeldJob(*row)


def _fail(
    tools: Toolbox,
    instance: LockedInstance,
    resumed: Resumed,
    job: _HeldJob,
    due: HandlerDue,
    answer: CallFailed,
    now: datetime,
) -> None:
    if answer.code is not None:
        _throw(tools, instance, resumed, job, due, answer, now)
        return
    attempts, left = job.attempts + 1, job.retries - 1
    entry = step.failed_attempt(due, answer, attempt=attempts, now=now)
    failure = step.final_failure(answer, attempts=attempts, left=left)
    changes = _failed(job, answer, left)
    if failure is None:
        due_at = job_due(now, due.backoff, attempts)
        changes["due_at"] = due_at
        tools.session.execute(update(table(Job)).where(Job.key == job.key).values(changes))
        announce_job(tools, due_at)
        instance_lock.record(tools, instance, entry)
        return
    _end(tools.session, job, JobState.FAILED, now, **changes)
    resumed.execution.fail(due.element_instance_key, failure)
    taken = Step(
        acts=[entry],
        stored_scopes=resumed.scopes,
        failed_jobs={due.element_instance_key: job.key},
    )
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)


def _throw(
    tools: Toolbox,
    instance: LockedInstance,
    resumed: Resumed,
    job: _HeldJob,
    due: HandlerDue,
    answer: CallFailed,
    now: datetime,
) -> None:
    """A BPMN error: an event of the diagram catches it, or an incident holds the task at once."""
    taken = Step(stored_scopes=resumed.scopes)
    if step.throw(resumed.execution, due, answer):
        _end(tools.session, job, JobState.DONE, now)
    else:
        changes = _failed(job, answer, job.retries - 1)
        _end(tools.session, job, JobState.FAILED, now, **changes)
        taken.acts = [step.failed_attempt(due, answer, attempt=job.attempts + 1, now=now)]
        taken.failed_jobs = {due.element_instance_key: job.key}
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)


def _failed(job: _HeldJob, answer: CallFailed, left: int) -> dict[str, object]:
    return {
        "attempts": job.attempts + 1,
        "retries": left,
        "last_error": answer.text,
        "lock_owner": None,
        "lock_expires_at": None,
    }


def _end(
    session: Session, job: _HeldJob, state: JobState, now: datetime, **changes: object
) -> None:
    values = {"lock_owner": None, "lock_expires_at": None, "details": None, **changes}
    session.execute(
        update(table(Job)).where(Job.key == job.key).values(state=state, ended_at=now, **values)
    )
