"""Incidents: what waits for an operator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from service.commands import failed_jobs, instance_lock, step, suspension
from service.commands.access_log import record
from service.commands.instance_lock import LockedInstance, act
from service.commands.resuming import resume
from service.commands.step_input import Step
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.events import Failure, IncidentType
from service.domain.instances import (
    IncidentNotFound,
    IncidentResolvedAlready,
    InstanceForbidden,
)
from service.engine import Execution, NotWaiting
from service.store.authorization import granted, visible_incidents
from service.store.tables import Incident, Job, Person, ProcessInstance
from service.store.tables.work import NO_INSTANCE, IncidentState


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry came to: `resolved` when the element got past what stopped it.

    `instance_key` is NO_INSTANCE for the timer of a start event, which a job tries again.
    """

    incident_key: int
    instance_key: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class _Found:
    instance_key: int
    process_id: str
    element_instance_key: int
    message: str
    job_key: int | None


def retry(tools: Toolbox, incident_key: int, *, actor: Actor, now: datetime) -> Retried:
    """Try again what stopped: by who has RUNNING act on the process.

    A handler is called at once; when it fails and has attempts left, a job calls it again later.
    What a job of the service's own was to bring, that job brings right after.
    Raises IncidentNotFound, InstanceForbidden, IncidentResolvedAlready, and StateUnreadable while
    nobody has mended what the engine saved.
    """
    found = _find(tools, incident_key, actor)
    if found.instance_key == NO_INSTANCE:
        return _start_again(tools, incident_key, found, actor, now)
    instance = instance_lock.lock(tools.session, found.instance_key)
    _require_active(tools, incident_key)
    suspension.require_running(tools.session, instance)
    if found.job_key is not None and failed_jobs.wake(tools, found.job_key, now=now):
        _resolve(tools, instance, incident_key, found, actor, now)
        _record_retry(tools, instance, incident_key, actor, now)
        return Retried(incident_key, instance.key, resolved=True)
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    _try_again(resumed.execution, found)
    taken = Step(stored_scopes=resumed.scopes, retries=_retries(tools, found))
    applied = step.run(tools, resumed, instance, taken, actor=actor, now=now)
    _record_retry(tools, instance, incident_key, actor, now)
    return Retried(
        incident_key=incident_key,
        instance_key=instance.key,
        resolved=found.element_instance_key not in applied.incidents,
    )


def _retries(tools: Toolbox, found: _Found) -> dict[int, int]:
    """The attempts that somebody gave a job which had none left (`outside_jobs.change`)."""
    if found.job_key is None:
        return {}
    given = tools.session.scalar(select(Job.retries).where(Job.key == found.job_key))
    return {found.element_instance_key: given} if given else {}


def _record_retry(
    tools: Toolbox, instance: LockedInstance, incident_key: int, actor: Actor, now: datetime
) -> None:
    record(
        tools,
        AccessKind.INCIDENT_RETRIED,
        actor=actor,
        subject=instance.started_by,
        reference=f"instance/{instance.key}",
        details={"incident": str(incident_key), "process": instance.process_id},
        now=now,
    )


def _record_start(
    tools: Toolbox, incident_key: int, process_id: str, actor: Actor, now: datetime
) -> None:
    """A timer that was to start an instance belongs to nobody's case."""
    record(
        tools,
        AccessKind.INCIDENT_RETRIED,
        actor=actor,
        subject=process_id,
        details={"incident": str(incident_key), "process": process_id},
        now=now,
    )


def _find(tools: Toolbox, incident_key: int, actor: Actor) -> _Found:
    if not is_key(incident_key):
        raise IncidentNotFound
    may_retry = granted(actor, ObjectKind.RUNNING, Action.ACT, Incident.process_id)
    row = tools.session.execute(
        select(
            Incident.instance_key,
            Incident.process_id,
            Incident.element_instance_key,
            Incident.message,
            Incident.job_key,
            visible_incidents(actor).label("visible"),
            may_retry.label("may_retry"),
        ).where(Incident.key == incident_key)
    ).one_or_none()
    if row is None or not (row.visible or row.may_retry):
        raise IncidentNotFound
    if not row.may_retry:
        raise InstanceForbidden
    return _Found(
        row.instance_key, row.process_id, row.element_instance_key, row.message, row.job_key
    )


def _start_again(
    tools: Toolbox, incident_key: int, found: _Found, actor: Actor, now: datetime
) -> Retried:
    """The timer of a start event runs again: no instance's lock keeps two operators apart."""
    this = Incident.key == incident_key
    if not failed_jobs.resolve(tools, this, now, by=actor.username):
        _require_active(tools, incident_key)
    if found.job_key is not None:
        failed_jobs.wake(tools, found.job_key, now=now)
    _record_start(tools, incident_key, found.process_id, actor, now)
    return Retried(incident_key, found.instance_key, resolved=True)


def _resolve(
    tools: Toolbox,
    instance: LockedInstance,
    incident_key: int,
    found: _Found,
    actor: Actor,
    now: datetime,
) -> None:
    """The engine knows nothing of this incident: it is the job's alone."""
    failed_jobs.resolve(tools, Incident.key == incident_key, now, by=actor.username)
    tools.session.execute(
        update(table(ProcessInstance))
        .where(ProcessInstance.key == instance.key)
        .values(open_incidents=instance.open_incidents - 1)
    )
    key = found.element_instance_key
    entry = act(
        "incident.resolved", actor=actor.username, now=now, element_instance_key=key, value=None
    )
    instance_lock.record(tools, instance, entry)


def _try_again(execution: Execution, found: _Found) -> None:
    try:
        execution.retry(found.element_instance_key)
    except NotWaiting:
        # The job could not even be tried (`job_faults`), and the engine could not be told of the
        # incident. It is told now; the row is there already, so what it says of it is dropped.
        failure = Failure(IncidentType.JOB_NO_RETRIES, found.message)
        execution.fail(found.element_instance_key, failure)
        execution.take_events()
        execution.retry(found.element_instance_key)


def _require_active(tools: Toolbox, incident_key: int) -> None:
    """Under the lock: somebody else may have been faster."""
    state, who, name = tools.session.execute(
        select(Incident.state, Incident.resolved_by, Person.display_name)
        .outerjoin(Person, Person.username == Incident.resolved_by)
        .where(Incident.key == incident_key)
    ).one()
    if state != IncidentState.ACTIVE:
        raise IncidentResolvedAlready(who=name or who or "他人")
