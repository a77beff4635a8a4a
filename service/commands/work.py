"""Job rows: claiming those that are due, and doing one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.orm import Session

from service.commands import (
    deliveries,
    handler_calls,
    instance_lock,
    job_answers,
    start_events,
    suspension,
)
from service.commands.deliveries import Delivery
from service.commands.handler_calls import CallFailed
from service.commands.instance_lock import LockedInstance
from service.commands.job_answers import HeldJob
from service.commands.job_rows import OWN_KINDS, job_due
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM
from service.store.row_locks import locked_keys
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
    session: Session, *, types: Collection[str], kinds: Kinds = RUN_HERE, now: datetime
) -> datetime | None:
    """Return when the next job of these kinds is due that nobody holds; it may lie in the past.

    Of handlers those of these types. What is held is due when its holder is taken for dead. Each
    kind is looked up by itself, and of what is held that which is due alone, so that what waits for
    years costs nothing.
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
    given_up = (
        select(func.min(Job.lock_expires_at))
        .where(
            Job.state == JobState.WAITING,
            Job.kind.in_(kinds),
            Job.due_at <= now,
            Job.lock_owner.is_not(None),
            or_(Job.kind != JobKind.HANDLER, Job.type.in_(types)),
        )
        .scalar_subquery()
    )
    found = session.execute(select(*soonest, given_up)).one()
    return min((moment for moment in found if moment is not None), default=None)


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
    )
    claimed = session.execute(
        update(table(Job))
        .where(Job.key.in_(locked_keys(due)))
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
    incident. A job whose instance is suspended waits until that is resumed. Raises FeelUnavailable
    and Busy: then nothing was written and the job waits.
    """
    held = _held(tools.session, job_key, fencing)
    if held is None:
        return False
    if held.kind == JobKind.START:
        job_answers.end(tools.session, held, JobState.DONE, now)
        start_events.fire(tools, _delivery(held), now=now)
        return True
    instance = instance_lock.lock(tools.session, held.instance_key)
    held = _held(tools.session, job_key, fencing, lock=True)
    if held is None:
        return False
    if instance.suspended_at is not None:
        suspension.hold_back(tools.session, job_key)
        return False
    if held.kind == JobKind.HANDLER:
        return _call_handler(tools, instance, held, now)
    job_answers.end(tools.session, held, JobState.DONE, now)
    _deliver(tools, instance, _delivery(held), now)
    return True


def _held(session: Session, job_key: int, fencing: int, *, lock: bool = False) -> HeldJob | None:
    """Return the job while it is held by this number."""
    job = job_answers.read(session, job_key, lock=lock)
    if job is None or job.fencing != fencing or job.state != JobState.WAITING:
        return None
    return job


def _delivery(job: HeldJob) -> Delivery:
    kind, details = JobKind(job.kind), job.details or {}
    return Delivery(job.key, kind, job.element_instance_key, job.element_id, details)


def _deliver(tools: Toolbox, instance: LockedInstance, job: Delivery, now: datetime) -> None:
    if job.kind is JobKind.CALL:
        for earlier in deliveries.earlier_calls(tools, job, now):
            deliveries.deliver(tools, instance, earlier, now=now)
            instance = instance_lock.lock(tools.session, instance.key)
    deliveries.deliver(tools, instance, job, now=now)


def _call_handler(tools: Toolbox, instance: LockedInstance, held: HeldJob, now: datetime) -> bool:
    handler = tools.handlers.get(held.type)
    if handler is None:
        return False
    made = job_answers.attempt(tools, instance, held, now=now)
    due = held.due(made.visible)
    answer = handler_calls.call(tools, handler.function, instance, due, actor=SYSTEM, now=now)
    if not isinstance(answer, CallFailed):
        job_answers.done(made, answer.variables, notes=answer.notes)
    elif answer.code is not None:
        job_answers.thrown(made, answer)
    else:
        due_at = job_due(now, due.backoff, held.attempts + 1)
        job_answers.failed(made, answer.text, left=held.retries - 1, due_at=due_at)
    return True
