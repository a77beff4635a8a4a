"""Service tasks that an outside worker answers: the jobs of the Camunda 8 API.

Who took a job with a lease answers with the token of that lease, so a worker that comes back late
changes nothing. Without a lease, as in Camunda 8, whoever answers first is heard and the other
finds no job.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from service.commands import instance_lock, job_answers, suspension
from service.commands.event_texts import require_variables
from service.commands.handler_calls import CallFailed
from service.commands.instance_lock import act
from service.commands.job_activation import LONGEST_HOLD
from service.commands.job_answers import Attempt, HeldJob
from service.commands.scrubbing import mask
from service.commands.submissions import cleaned_line, is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import InstanceEnded
from service.domain.jobs import (
    JobFailed,
    JobLeaseLost,
    JobNotFound,
    JobNotHeld,
    lease_token,
)
from service.domain.values import Json, Variables
from service.store.authorization import granted
from service.store.tables import Job, ProcessInstance
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind, JobState

MOST_RETRIES = 1_000
"""Attempts at a job in all, however many retries its worker says are left."""


def complete(
    tools: Toolbox,
    job_key: int,
    *,
    variables: Variables,
    lease: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """The worker has done the task. By who has JOB act on the process.

    Raises JobNotFound, JobFailed, JobLeaseLost, VariablesReserved, InstanceNotBegun, and Invalid
    for what no variable can hold.
    """
    require_variables(variables)
    made = _attempt(tools, job_key, lease, actor, now)
    value: Json = {"type": made.job.type, "names": [*sorted(variables)]}
    entry = act(
        "job.completed",
        actor=actor.username,
        now=now,
        element_id=made.job.element_id,
        element_instance_key=made.job.element_instance_key,
        value=value,
    )
    job_answers.done(made, variables, acts=[entry])


def fail(
    tools: Toolbox,
    job_key: int,
    *,
    retries: int,
    message: str,
    pause: timedelta,
    variables: Variables,
    lease: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """The attempt failed: another may follow after the pause; without retries left, an incident.

    `message` is kept without the values that the task sees. `variables` become the task's own.
    Raises as `complete` does.
    """
    require_variables(variables)
    made = _attempt(tools, job_key, lease, actor, now)
    text = _safe(made, message, variables)
    # A worker that never runs out of retries would ask for ever.
    left = min(retries, MOST_RETRIES - made.job.attempts - 1)
    due_at = now + min(pause, LONGEST_HOLD)
    job_answers.failed(made, text, left=left, due_at=due_at, variables=variables)


def throw_error(
    tools: Toolbox,
    job_key: int,
    *,
    code: str,
    message: str,
    variables: Variables,
    lease: str | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """The task ended in a BPMN error; True when an event of the diagram catches it.

    An incident holds it otherwise. Raises as `complete` does.
    """
    require_variables(variables)
    made = _attempt(tools, job_key, lease, actor, now)
    answer = CallFailed(_safe(made, message or code, variables), code, variables)
    return job_answers.thrown(made, answer)


def change(
    tools: Toolbox,
    job_key: int,
    *,
    retries: int | None,
    hold: timedelta | None,
    lease: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Give the job other retries, or its worker more or less time from now on.

    By who has JOB act on the process, or RUNNING act: operators do so too. Retries of a job that
    has none left count once its incident is retried. Raises JobNotFound, JobLeaseLost, JobNotHeld.
    """
    rights = ((ObjectKind.JOB, Action.ACT), (ObjectKind.RUNNING, Action.ACT))
    instance_key = _find(tools, job_key, actor, rights)
    instance_lock.lock(tools.session, instance_key)
    job = _open(tools, job_key)
    if lease is not None and lease != _lease(job):
        raise JobLeaseLost
    changes: Row = {}
    if retries is not None:
        changes["retries"] = min(retries, MOST_RETRIES)
    if hold is not None:
        held = job.state == JobState.WAITING and _is_held(tools, job_key, now)
        if not held:
            raise JobNotHeld
        changes["lock_expires_at"] = now + min(hold, LONGEST_HOLD)
    if changes:
        tools.session.execute(update(table(Job)).where(Job.key == job_key).values(changes))


def _attempt(
    tools: Toolbox, job_key: int, lease: str | None, actor: Actor, now: datetime
) -> Attempt:
    """Lock the instance, then the job that the worker answers."""
    instance_key = _find(tools, job_key, actor, ((ObjectKind.JOB, Action.ACT),))
    instance = instance_lock.lock(tools.session, instance_key)
    job = _open(tools, job_key)
    if job.state == JobState.FAILED:
        raise JobFailed
    if job.leased and lease != _lease(job):
        raise JobLeaseLost
    if instance.state != InstanceState.ACTIVE:
        raise InstanceEnded
    suspension.require_running(tools.session, instance)
    return job_answers.attempt(tools, instance, job, actor=actor, now=now)


def _find(
    tools: Toolbox, job_key: int, actor: Actor, rights: Collection[tuple[ObjectKind, Action]]
) -> int:
    """Return the key of the job's instance; a stranger and a wrong key are answered alike."""
    if not is_key(job_key):
        raise JobNotFound
    found = tools.session.scalars(
        select(Job.instance_key)
        .join(ProcessInstance, ProcessInstance.key == Job.instance_key)
        .where(Job.key == job_key, Job.kind == JobKind.OUTSIDE, _granted(actor, rights))
    ).one_or_none()
    if found is None:
        raise JobNotFound
    return found


def _granted(actor: Actor, rights: Collection[tuple[ObjectKind, Action]]) -> ColumnElement[bool]:
    return or_(*(granted(actor, *right, ProcessInstance.process_id) for right in rights))


def _open(tools: Toolbox, job_key: int) -> HeldJob:
    """The job under its lock; one that is over is none, as in Camunda 8. Raises JobNotFound."""
    job = job_answers.read(tools.session, job_key, lock=True)
    if job is None or job.state in (JobState.DONE, JobState.CANCELLED):
        raise JobNotFound
    return job


def _is_held(tools: Toolbox, job_key: int, now: datetime) -> bool:
    held = and_(Job.lock_owner.is_not(None), Job.lock_expires_at > now)
    found = select(Job.key).where(Job.key == job_key, held)
    return tools.session.execute(found).first() is not None


def _lease(job: HeldJob) -> str | None:
    return lease_token(job.key, job.fencing) if job.leased else None


def _safe(made: Attempt, message: str, variables: Variables) -> str:
    return mask(cleaned_line(message, 2_000), {**made.visible, **_renamed(variables)})


def _renamed(variables: Variables) -> dict[str, Json]:
    """The worker's own values beside the task's, whatever their names."""
    return {f"/{name}": value for name, value in variables.items()}
