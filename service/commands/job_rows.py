"""Rows of jobs: how one looks when it is written, and who is told that it is due."""

from datetime import datetime, timedelta

from service.commands.access_log import Ledger
from service.commands.rooms import JOB_DUE
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.events import JobNeeded
from service.domain.values import Json
from service.engine import DEFAULT_BACKOFF
from service.store.tables.work import JobKind, JobState

ATTEMPTS = 3
"""Of a job that is no handler's: what it does fails only where something is broken."""

LOOKS_EVERY = timedelta(seconds=30)
"""The longest a scheduler sleeps: what is due later need not be announced to other processes."""

OWN_KINDS = tuple(
    kind for kind in JobKind if kind not in (JobKind.HANDLER, JobKind.OUTSIDE, JobKind.CALENDAR)
)
"""Jobs that every runner does, whatever handlers it has."""


def job_due(now: datetime, backoff: tuple[int, ...], attempts: int) -> datetime:
    """Return when to try again after so many attempts; the last pause repeats."""
    pauses = backoff or DEFAULT_BACKOFF
    return now + timedelta(seconds=pauses[min(attempts, len(pauses)) - 1])


def announce_job(tools: Ledger, due_at: datetime) -> None:
    """Leave word of a job for whoever commits: the job runner may be in this process."""
    known = tools.session.info.get(JOB_DUE)
    tools.session.info[JOB_DUE] = due_at if known is None else min(known, due_at)


def job_row(
    tools: Ledger,
    kind: JobKind,
    *,
    instance_key: int,
    element_instance_key: int,
    element_id: str,
    now: datetime,
    due_at: datetime | None = None,
    details: dict[str, Json] | None = None,
) -> Row:
    """Make the row of a job, due at once unless said otherwise; say so, where a runner does it."""
    if kind is not JobKind.OUTSIDE:
        announce_job(tools, due_at or now)
    return {
        "key": tools.keys.next(),
        "kind": kind,
        "type": "",
        "state": JobState.WAITING,
        "instance_key": instance_key,
        "element_instance_key": element_instance_key,
        "element_id": element_id,
        "due_at": due_at or now,
        "attempts": 0,
        "retries": ATTEMPTS,
        "backoff": [],
        "headers": {},
        "details": details,
        "lock_owner": None,
        "lock_expires_at": None,
        "fencing": 0,
        "leased": False,
        "last_error": None,
        "created_at": now,
        "ended_at": None,
    }


def work_row(
    tools: Toolbox, instance_key: int, needed: JobNeeded, error: str | None, now: datetime
) -> Row:
    """Make the row of a service task's job; `error`: its first attempt has failed already."""
    attempts = 0 if error is None else 1
    ours = needed.task_type in tools.handlers.task_types
    row = job_row(
        tools,
        JobKind.HANDLER if ours else JobKind.OUTSIDE,
        instance_key=instance_key,
        element_instance_key=needed.element_instance_key,
        element_id=needed.element_id,
        now=now,
        due_at=job_due(now, needed.backoff, attempts) if attempts else now,
    )
    return {
        **row,
        "type": needed.task_type,
        "attempts": attempts,
        "retries": needed.retries - attempts,
        "backoff": list(needed.backoff),
        "headers": dict(needed.headers),
        "last_error": error,
    }


def pause_row(tools: Toolbox, instance_key: int, element_instance_key: int, now: datetime) -> Row:
    """Make the row of a job that goes on with a row of items, at once."""
    return job_row(
        tools,
        JobKind.PAUSE,
        instance_key=instance_key,
        element_instance_key=element_instance_key,
        element_id="",
        now=now,
    )
