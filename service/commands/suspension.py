"""Suspending an instance and resuming it: what runs by itself stands still meanwhile.

A suspended instance is still running, only its `suspended_at` says that it takes no steps. Its jobs
wait in a state of their own, so that no runner looks at them; what is brought to it later is put
beside them by the runner that would have delivered it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from service.commands import deadline_jobs, instance_lock
from service.commands.access_log import record
from service.commands.instance_lock import LockedInstance, act
from service.commands.job_rows import announce_job
from service.commands.submissions import cleaned_line, is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import InstanceEnded, InstanceForbidden, InstanceNotFound
from service.domain.suspension import (
    InstanceNotSuspended,
    InstanceSuspended,
    SuspensionReasonMissing,
    days_later,
    days_lost,
    goes_on,
)
from service.domain.values import Json
from service.engine import is_cron
from service.store.authorization import granted, visible_instances
from service.store.tables import InboxEntry, Job, Person, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind, JobState

STANDING_STILL = (JobKind.TIMER,)
"""Jobs whose time does not run while their instance is suspended; others wait, and are due then."""

_JOBS, _INSTANCES = table(Job), table(ProcessInstance)
_LONGEST_REASON = 1_000


def suspend(tools: Toolbox, instance_key: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let an instance stand still, by who has RUNNING act on the process.

    Nothing of it runs until it is resumed: timers keep what is left of their time, messages wait,
    tasks cannot be completed. Instances that it has called go on, as in Camunda 8. Raises
    InstanceNotFound, InstanceForbidden, InstanceEnded, InstanceSuspended where it is already, and
    SuspensionReasonMissing.
    """
    _require_allowed(tools, instance_key, actor)
    reason = cleaned_line(reason, _LONGEST_REASON)
    if not reason:
        raise SuspensionReasonMissing
    instance = instance_lock.lock(tools.session, instance_key)
    if instance.state != InstanceState.ACTIVE:
        raise InstanceEnded
    require_running(tools.session, instance)
    tools.session.execute(
        update(_JOBS)
        .where(_JOBS.c.instance_key == instance_key, _JOBS.c.state == JobState.WAITING)
        .values(state=JobState.SUSPENDED)
    )
    value: dict[str, Json] = {"reason": reason}
    changes: Row = {
        "suspended_at": now,
        "suspended_by": actor.username,
        "suspension_reason": reason,
    }
    _write(tools, instance, "instance.suspended", value, changes, actor, now)
    _record(tools, AccessKind.INSTANCE_SUSPENDED, instance, reason, actor, now)


def resume(
    tools: Toolbox, instance_key: int, *, reason: str = "", actor: Actor, now: datetime
) -> None:
    """Let a suspended instance go on, by who has RUNNING act on the process.

    Raises InstanceNotFound, InstanceForbidden, InstanceEnded, InstanceNotSuspended.
    """
    _require_allowed(tools, instance_key, actor)
    instance = instance_lock.lock(tools.session, instance_key)
    if instance.state != InstanceState.ACTIVE:
        raise InstanceEnded
    if instance.suspended_at is None:
        raise InstanceNotSuspended
    reason = cleaned_line(reason, _LONGEST_REASON)
    value: dict[str, Json] = {"days": days_lost(instance.suspended_at, now)}
    if reason:
        value["reason"] = reason
    lift(tools, instance, now)
    _write(tools, instance, "instance.resumed", value, {}, actor, now)
    _record(tools, AccessKind.INSTANCE_RESUMED, instance, reason, actor, now)


def lift(tools: Toolbox, instance: LockedInstance, now: datetime) -> LockedInstance:
    """Let all that stood still go on; whoever ends a suspended instance does so first.

    The instance's lock is held; its revision and history are the caller's.
    """
    suspended_at = instance.suspended_at
    if suspended_at is None:
        return instance
    session = tools.session
    _go_on(session, instance.key, suspended_at, now)
    earliest = session.scalars(
        update(_JOBS)
        .where(_JOBS.c.instance_key == instance.key, _JOBS.c.state == JobState.SUSPENDED)
        .values(state=JobState.WAITING)
        .returning(_JOBS.c.due_at)
    ).all()
    if earliest:
        announce_job(tools, max(min(earliest), now))
    _move_deadlines(tools, instance.key, days_lost(suspended_at, now), now)
    none: Row = {"suspended_at": None, "suspended_by": None, "suspension_reason": None}
    session.execute(update(_INSTANCES).where(_INSTANCES.c.key == instance.key).values(none))
    return replace(instance, suspended_at=None)


def require_running(session: Session, instance: LockedInstance) -> None:
    """Raise InstanceSuspended, with who did it and when, where the instance stands still."""
    if instance.suspended_at is not None:
        raise suspended(session, instance.key, instance.suspended_at)


def suspended(session: Session, instance_key: int, since: datetime) -> InstanceSuspended:
    """Return the refusal of what a suspended instance cannot do."""
    row = session.execute(
        select(ProcessInstance.suspended_by, Person.display_name)
        .outerjoin(Person, Person.username == ProcessInstance.suspended_by)
        .where(ProcessInstance.key == instance_key)
    ).one()
    return InstanceSuspended(who=row.display_name or row.suspended_by or "", when=since)


def hold_back(session: Session, job_key: int) -> None:
    """A runner has claimed a job of a suspended instance: it waits with the others."""
    still: Row = {"state": JobState.SUSPENDED, "lock_owner": None, "lock_expires_at": None}
    session.execute(update(_JOBS).where(_JOBS.c.key == job_key).values(still))


def _go_on(session: Session, instance_key: int, suspended_at: datetime, now: datetime) -> None:
    """Move the timers; one that goes by the calendar (cron) fires once for what it missed."""
    rows = session.execute(
        select(Job.key, Job.due_at, Job.details).where(
            Job.instance_key == instance_key,
            Job.state == JobState.SUSPENDED,
            Job.kind.in_(STANDING_STILL),
        )
    ).all()
    moved: list[Row] = []
    for key, due_at, carried in rows:
        details = carried if isinstance(carried, dict) else {}
        if is_cron(str(details.get("cycle") or "")):
            continue
        later = goes_on(due_at, suspended_at=suspended_at, resumed_at=now)
        kept: dict[str, Json] = {**details, "due": later.isoformat()}
        moved.append({"wanted": key, "due_at": later, "details": kept})
    if moved:
        session.execute(_MOVE_JOB, moved)


_MOVE_JOB = (
    update(_JOBS)
    .where(_JOBS.c.key == bindparam("wanted"))
    .values(due_at=bindparam("due_at"), details=bindparam("details"))
)


def _move_deadlines(tools: Toolbox, instance_key: int, days: int, now: datetime) -> None:
    """Open tasks are due so many days later, in the inbox too; so are their reminders."""
    if days <= 0:
        return
    session = tools.session
    rows = session.execute(
        select(
            UserTask.key,
            UserTask.due_at,
            UserTask.follow_up_at,
            UserTask.deadline,
        ).where(
            UserTask.instance_key == instance_key,
            UserTask.state == TaskState.CREATED,
            UserTask.due_at.is_not(None) | UserTask.follow_up_at.is_not(None),
        )
    ).all()
    moved: Sequence[Row] = [
        {
            "wanted": key,
            "due_at": None if due_at is None else days_later(due_at, days),
            "follow_up_at": None if follow_up_at is None else days_later(follow_up_at, days),
        }
        for key, due_at, follow_up_at, _deadline in rows
    ]
    if moved:
        session.execute(_MOVE_TASK, moved)
        session.execute(
            _MOVE_ENTRIES, [{"wanted": row["wanted"], "due_at": row["due_at"]} for row in moved]
        )
    for row in rows:
        if row.due_at is not None and row.deadline is not None:
            due = (row.due_at, days_later(row.due_at, days))
            deadline_jobs.follow_suspension(tools, row.key, due=due, now=now)


_TASKS, _ENTRIES = table(UserTask), table(InboxEntry)
_MOVE_TASK = (
    update(_TASKS)
    .where(_TASKS.c.key == bindparam("wanted"))
    .values(due_at=bindparam("due_at"), follow_up_at=bindparam("follow_up_at"))
)
_MOVE_ENTRIES = (
    update(_ENTRIES)
    # Closed ones too: they come back with the date they have, when the task is handed on again.
    .where(_ENTRIES.c.task_key == bindparam("wanted"))
    .values(due_at=bindparam("due_at"))
)


def _write(
    tools: Toolbox,
    instance: LockedInstance,
    name: str,
    value: dict[str, Json],
    changes: Row,
    actor: Actor,
    now: datetime,
) -> None:
    """The revision grows: whoever has read the instance before looks at it again."""
    instance_lock.record(
        tools,
        instance,
        act(name, actor=actor.username, now=now, value=value),
        changes={**changes, "revision": instance.revision + 1},
    )


def _record(
    tools: Toolbox,
    kind: AccessKind,
    instance: LockedInstance,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        tools,
        kind,
        actor=actor,
        subject=instance.started_by,
        reference=f"instance/{instance.key}",
        details={"process": instance.process_id, "reason": reason},
        now=now,
    )


def _require_allowed(tools: Toolbox, instance_key: int, actor: Actor) -> None:
    if not is_key(instance_key):
        raise InstanceNotFound
    may_act = granted(actor, ObjectKind.RUNNING, Action.ACT, ProcessInstance.process_id)
    row = tools.session.execute(
        select(visible_instances(actor).label("visible"), may_act.label("may_act")).where(
            ProcessInstance.key == instance_key
        )
    ).one_or_none()
    if row is None or not (row.visible or row.may_act):
        raise InstanceNotFound
    if not row.may_act:
        raise InstanceForbidden
