"""A job that could not even be tried: its attempts are counted, and the last one is an incident."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.commands import instance_lock, step_news
from service.commands.instance_lock import LockedInstance, act
from service.commands.job_rows import job_due
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.commands.work import ClaimedJob
from service.domain.actors import SYSTEM
from service.domain.events import IncidentType
from service.engine import InstanceFull
from service.store.tables import (
    ElementInstance,
    Incident,
    Job,
    ProcessInstance,
    StartSubscription,
)
from service.store.tables.work import NO_INSTANCE, IncidentState, JobKind, JobState

MOST_ATTEMPTS = 10
"""Attempts before the operators are told, however many the diagram allows."""


def count(tools: Toolbox, claimed: ClaimedJob, *, error: Exception, now: datetime) -> None:
    """Count an attempt that could not even be made, and let go of the job.

    It is due again after its pause; without attempts left it is FAILED, with all that it carries,
    and an incident JOB_NO_RETRIES tells the operators. The engine's state stays as it is, since it
    may be what cannot be read; `incidents.retry` tells the engine later. No text of the error is
    kept, which may quote values, but of an instance that is full. Nothing happens where the lock is
    lost. Raises Busy, InstanceNotFound.
    """
    job = _held(tools.session, claimed)
    if job is None:
        return
    attempts, left = job.attempts + 1, job.retries - 1
    changes: Row = {
        "attempts": attempts,
        "retries": max(left, 0),
        "last_error": type(error).__name__,
        "lock_owner": None,
        "lock_expires_at": None,
    }
    if left > 0 and attempts < MOST_ATTEMPTS:
        changes["due_at"] = job_due(now, tuple(job.backoff), attempts)
        _write(tools.session, claimed, changes)
        return
    # The instance is always locked before its job; both may have ended meanwhile.
    starts = job.kind == JobKind.START
    instance = None if starts else instance_lock.lock(tools.session, job.instance_key)
    if _held(tools.session, claimed, lock=True) is None:
        return
    _write(tools.session, claimed, {**changes, "state": JobState.FAILED, "ended_at": now})
    if instance is None:
        _tell_of_start(tools, claimed.key, job, _start_message(attempts, error), now)
    else:
        _raise_incident(tools, instance, claimed.key, job, _message(attempts, error), now)


def _message(attempts: int, error: Exception) -> str:
    if isinstance(error, InstanceFull):
        return f"等待的事件到了 {attempts} 次都没能送达：{error.message}事件没有丢，办完后请重试。"
    return (
        f"执行 {attempts} 次都没能进行（{type(error).__name__}）。"
        "实例没有改动；请管理员查看日志，排除原因后再重试。"
    )


def _start_message(attempts: int, error: Exception) -> str:
    return (
        f"定时启动试了 {attempts} 次都没能进行（{type(error).__name__}），没有发起新的事项，"
        "此后的周期也停在这里。请管理员查看日志，排除原因后再重试。"
    )


@dataclass(frozen=True, slots=True)
class _FaultyJob:
    """A job as its holder reads it; `retries` are the attempts that are left."""

    kind: str
    instance_key: int
    element_instance_key: int
    element_id: str
    attempts: int
    retries: int
    backoff: list[int]


_COLUMNS = tuple(getattr(Job, one.name) for one in fields(_FaultyJob))


def _held(session: Session, claimed: ClaimedJob, *, lock: bool = False) -> _FaultyJob | None:
    statement = select(*_COLUMNS).where(
        Job.key == claimed.key, Job.fencing == claimed.fencing, Job.state == JobState.WAITING
    )
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else _FaultyJob(*row)


def _write(session: Session, claimed: ClaimedJob, changes: Row) -> None:
    session.execute(
        update(table(Job))
        .where(
            Job.key == claimed.key, Job.fencing == claimed.fencing, Job.state == JobState.WAITING
        )
        .values(changes)
    )


def _raise_incident(
    tools: Toolbox,
    instance: LockedInstance,
    job_key: int,
    job: _FaultyJob,
    message: str,
    now: datetime,
) -> None:
    """Write row, history and count: what an engine step would have done."""
    session, key = tools.session, tools.keys.next()
    element_id, name = _element(session, job)
    row = _incident(key, instance.key, instance.definition_key, instance.process_id, message, now)
    row |= {
        "element_id": element_id,
        "element_instance_key": job.element_instance_key,
        "job_key": job_key,
    }
    session.execute(insert(table(Incident)), [row])
    news = step_news.of_incident(
        tools, instance.process_id, name, instance_key=instance.key, now=now
    )
    session.execute(insert(table(Job)), [news])
    session.execute(
        update(table(ProcessInstance))
        .where(ProcessInstance.key == instance.key)
        .values(open_incidents=instance.open_incidents + 1)
    )
    entry = act(
        "incident.raised",
        actor=SYSTEM.username,
        now=now,
        element_id=element_id,
        element_instance_key=job.element_instance_key,
        value={
            "name": name,
            "incident_key": str(key),
            "type": IncidentType.JOB_NO_RETRIES,
            "message": message,
        },
    )
    instance_lock.record(tools, instance, entry)


def _tell_of_start(
    tools: Toolbox, job_key: int, job: _FaultyJob, message: str, now: datetime
) -> None:
    """The timer of a start event belongs to no instance; a new version may have ended it."""
    start = tools.session.get(StartSubscription, job.element_instance_key)
    if start is None:
        return
    key = tools.keys.next()
    row = _incident(key, NO_INSTANCE, start.definition_key, start.process_id, message, now)
    row |= {"element_id": start.element_id, "element_instance_key": start.key, "job_key": job_key}
    tools.session.execute(insert(table(Incident)), [row])
    news = step_news.of_incident(tools, start.process_id, start.element_id, now=now)
    tools.session.execute(insert(table(Job)), [news])


def _incident(
    key: int, instance_key: int, definition_key: int, process_id: str, message: str, now: datetime
) -> Row:
    return {
        "key": key,
        "instance_key": instance_key,
        "definition_key": definition_key,
        "process_id": process_id,
        "type": IncidentType.JOB_NO_RETRIES,
        "message": message,
        "state": IncidentState.ACTIVE,
        "created_at": now,
        "resolved_at": None,
        "resolved_by": None,
    }


def _element(session: Session, job: _FaultyJob) -> tuple[str, str]:
    """The id and name of the element; a job that goes on with a row of items knows neither."""
    row = session.execute(
        select(ElementInstance.element_id, ElementInstance.element_name).where(
            ElementInstance.key == job.element_instance_key
        )
    ).one_or_none()
    if row is None:
        return job.element_id, job.element_id
    return job.element_id or row.element_id, row.element_name or row.element_id
