"""What a step means beyond its own instance, in the same transaction.

Called instances end and begin, the caller is told, what is waited for is written, and messages and
signals find who waits for them. Other instances take their steps later, by jobs of this
transaction; but those that a call activity called end now, each locked after its caller.
"""

from datetime import datetime

from sqlalchemy import insert, select, update

from service.commands import (
    called_instances,
    failed_jobs,
    instance_lock,
    outcome,
    suspension,
    waits,
)
from service.commands.instance_lock import LockedInstance, act
from service.commands.job_rows import job_row
from service.commands.outcome import Applied
from service.commands.resuming import resume
from service.commands.step_input import Step
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.store import history
from service.store.tables import Incident, Job, ProcessInstance
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind, JobState

_CALL_OVER = "上级流程不再需要它"
_WITH_CALLER = "随上级流程终止："


def follow(
    tools: Toolbox, instance: LockedInstance, applied: Applied, step: Step, *, now: datetime
) -> None:
    """Write what a step means for others; nothing costs a statement that the step did not ask for.

    Instances are locked before the names of messages are, which nobody who holds one waits for.
    """
    onward = applied.onward
    if onward.calls_over:
        _end_called(tools, onward.calls_over, _reason(step.reason), now)
    if onward.calls:
        called_instances.start(tools, instance, onward, step, now)
    if instance.parent_key is not None:
        _tell_caller(tools, instance, applied, now)
    waits.write(tools, instance, applied, step, now)


def cancel(
    tools: Toolbox, instance: LockedInstance, reason: str, *, actor: Actor, now: datetime
) -> None:
    """End an active instance, whose lock is held, and those that it called; suspended ones too."""
    instance = suspension.lift(tools, instance, now)
    if not instance.begun:
        _end_unbegun(tools, instance, reason, actor, now)
        return
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    resumed.execution.cancel()
    step = Step(reason=reason, stored_scopes=resumed.scopes)
    applied = outcome.apply(tools, instance, resumed, step, actor=actor, now=now)
    follow(tools, instance, applied, step, now=now)


def _reason(of_caller: str) -> str:
    """Why a called instance ends; through all levels the reason is the outermost caller's."""
    if not of_caller:
        return _CALL_OVER
    return _WITH_CALLER + of_caller.removeprefix(_WITH_CALLER)


def _end_called(tools: Toolbox, calls: list[int], reason: str, now: datetime) -> None:
    """End what these call activities have called and is still running."""
    keys = tools.session.scalars(
        select(ProcessInstance.key)
        .where(
            ProcessInstance.parent_element_instance_key.in_(calls),
            ProcessInstance.state == InstanceState.ACTIVE,
        )
        .order_by(ProcessInstance.key)
    ).all()
    for key in keys:
        called = instance_lock.lock(tools.session, key)
        if called.state == InstanceState.ACTIVE:
            cancel(tools, called, reason, actor=SYSTEM, now=now)


def _end_unbegun(
    tools: Toolbox, instance: LockedInstance, reason: str, actor: Actor, now: datetime
) -> None:
    """The job that would have begun it has nothing to do."""
    entry = act("instance.cancelled", actor=actor.username, now=now, value={"reason": reason})
    head = history.append(tools.session, instance.chain, [entry], tools.audit_key)
    changes: Row = {
        "state": InstanceState.TERMINATED,
        "ended_at": now,
        "end_event": reason,
        "revision": instance.revision + 1,
        "history_length": head.length,
        "history_head": head.state,
        "open_incidents": 0,
    }
    tools.session.execute(
        update(table(ProcessInstance)).where(ProcessInstance.key == instance.key).values(changes)
    )
    if instance.open_incidents:
        of_it = Incident.instance_key == instance.key
        failed_jobs.resolve(tools, of_it, now, by=actor.username)
    tools.session.execute(
        update(table(Job))
        .where(
            Job.instance_key == instance.key,
            Job.kind == JobKind.BEGIN,
            Job.state.in_((JobState.WAITING, JobState.FAILED)),
        )
        .values(state=JobState.CANCELLED, ended_at=now, details=None)
    )


def _tell_caller(tools: Toolbox, instance: LockedInstance, applied: Applied, now: datetime) -> None:
    """The caller goes on by a job: a called instance never locks it."""
    told: list[dict[str, Json]] = [
        {
            "what": "error" if escaped.is_error else "escalation",
            "code": escaped.code,
            "message": escaped.message,
            "variables": escaped.variables,
        }
        for escaped in applied.onward.escapes
    ]
    if applied.state is InstanceState.COMPLETED:
        told.append({"what": "completed"})
    rows = [
        job_row(
            tools,
            JobKind.CALL,
            instance_key=instance.parent_key or 0,
            element_instance_key=instance.parent_element_instance_key or 0,
            element_id="",
            now=now,
            details={"instance_key": str(instance.key), **one},
        )
        for one in told
    ]
    if rows:
        tools.session.execute(insert(table(Job)), rows)
