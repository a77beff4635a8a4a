"""Incidents: what waits for an operator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.commands import instance_lock, step
from service.commands.outcome import Step
from service.commands.resuming import resume
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
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
from service.store.tables import Incident, Person
from service.store.tables.work import IncidentState


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry came to: `resolved` when the element got past what stopped it."""

    incident_key: int
    instance_key: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class _Found:
    instance_key: int
    element_instance_key: int
    message: str


def retry(tools: Toolbox, incident_key: int, *, actor: Actor, now: datetime) -> Retried:
    """Try again what stopped: by who has RUNNING act on the process.

    A handler is called at once; when it fails and has attempts left, a job calls it again later.
    Raises IncidentNotFound, InstanceForbidden, IncidentResolvedAlready, and StateUnreadable while
    nobody has mended what the engine saved.
    """
    found = _find(tools, incident_key, actor)
    instance = instance_lock.lock(tools.session, found.instance_key)
    _require_active(tools, incident_key)
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    _try_again(resumed.execution, found)
    taken = Step(stored_scopes=resumed.scopes)
    applied = step.run(tools, resumed, instance, taken, actor=actor, now=now)
    return Retried(
        incident_key=incident_key,
        instance_key=instance.key,
        resolved=found.element_instance_key not in applied.incidents,
    )


def _find(tools: Toolbox, incident_key: int, actor: Actor) -> _Found:
    if not is_key(incident_key):
        raise IncidentNotFound
    may_retry = granted(actor, ObjectKind.RUNNING, Action.ACT, Incident.process_id)
    row = tools.session.execute(
        select(
            Incident.instance_key,
            Incident.element_instance_key,
            Incident.message,
            visible_incidents(actor).label("visible"),
            may_retry.label("may_retry"),
        ).where(Incident.key == incident_key)
    ).one_or_none()
    if row is None or not (row.visible or row.may_retry):
        raise IncidentNotFound
    if not row.may_retry:
        raise InstanceForbidden
    return _Found(row.instance_key, row.element_instance_key, row.message)


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
