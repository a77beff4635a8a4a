"""Rows of what is done by the calendar, for the whole service: one a piece of work, for good.

Its row is claimed like any job's, so of many workers one does it, and what came due while none ran
is done when one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.commands.job_rows import ATTEMPTS, job_due, job_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, dialect_of, table
from service.commands.work import ClaimedJob
from service.store.row_locks import locked_keys
from service.store.tables import Job
from service.store.tables.work import NO_INSTANCE, JobKind, JobState


@dataclass(frozen=True, slots=True)
class Appointment:
    """A piece of calendar work, and when it comes first.

    `key` is that of its row and never changes: numbers that no clock gives any more.
    """

    key: int
    name: str
    due_at: datetime


def plan(tools: Toolbox, appointments: Sequence[Appointment], *, now: datetime) -> None:
    """Write the rows that are missing; those that are there keep their time."""
    rows = [_row(tools, one, now) for one in appointments]
    dialect = postgresql if dialect_of(tools.session) == "postgresql" else sqlite
    if rows:
        statement = dialect.insert(table(Job)).on_conflict_do_nothing()
        tools.session.execute(statement, rows)


def _row(tools: Toolbox, one: Appointment, now: datetime) -> Row:
    row = job_row(
        tools,
        JobKind.CALENDAR,
        instance_key=NO_INSTANCE,
        element_instance_key=0,
        element_id="",
        now=now,
        due_at=one.due_at,
    )
    return {**row, "key": one.key, "type": one.name}


@dataclass(frozen=True, slots=True)
class ClaimedWork:
    """A piece of calendar work whose row is held; see `ClaimedJob`."""

    job: ClaimedJob
    name: str


def claim(session: Session, *, owner: str, now: datetime, hold: timedelta) -> ClaimedWork | None:
    """Lock the piece that is due longest for `owner` until `now + hold`; None when none is due."""
    jobs = table(Job)
    due = (
        select(Job.key)
        .where(
            Job.kind == JobKind.CALENDAR,
            Job.state == JobState.WAITING,
            Job.due_at <= now,
            or_(Job.lock_owner.is_(None), Job.lock_expires_at <= now),
        )
        .order_by(Job.due_at, Job.key)
        .limit(1)
    )
    row = session.execute(
        update(jobs)
        .where(jobs.c.key.in_(locked_keys(due)))
        .values(lock_owner=owner, lock_expires_at=now + hold, fencing=jobs.c.fencing + 1)
        .returning(jobs.c.key, jobs.c.fencing, jobs.c.type)
    ).one_or_none()
    return None if row is None else ClaimedWork(ClaimedJob(row.key, row.fencing), row.type)


def done(tools: Toolbox, job: ClaimedJob, *, due_at: datetime) -> bool:
    """It was done, and comes again then; False where the lock was lost meanwhile."""
    changes: Row = {"due_at": due_at, "attempts": 0, "retries": ATTEMPTS, "last_error": None}
    return _let_go(tools, job, changes)


def failed(tools: Toolbox, job: ClaimedJob, *, error: str, now: datetime, due_at: datetime) -> bool:
    """It failed: it is tried again after its pause, and after the last attempt at its next time.

    False where the lock was lost meanwhile.
    """
    held = tools.session.execute(
        select(Job.attempts, Job.retries).where(Job.key == job.key, Job.fencing == job.fencing)
    ).one_or_none()
    if held is None:
        return False
    attempts, left = held.attempts + 1, held.retries - 1
    changes: Row = {"last_error": error, "attempts": attempts, "retries": left}
    if left > 0:
        changes["due_at"] = min(job_due(now, (), attempts), due_at)
    else:
        changes |= {"due_at": due_at, "attempts": 0, "retries": ATTEMPTS}
    return _let_go(tools, job, changes)


def _let_go(tools: Toolbox, job: ClaimedJob, changes: Row) -> bool:
    found = tools.session.scalars(
        update(table(Job))
        .where(Job.key == job.key, Job.fencing == job.fencing, Job.state == JobState.WAITING)
        .values(**changes, lock_owner=None, lock_expires_at=None)
        .returning(Job.key)
    ).first()
    return found is not None
