"""What an operator does to one element instance: write its variables, begin ad-hoc activities.

Nothing of the kind is done to a sealed procedure, by anybody: its own people and steps alone say
what its cases hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.commands import instance_lock, step, suspension
from service.commands.access_log import record
from service.commands.event_texts import require_variables
from service.commands.instance_lock import LockedInstance, act
from service.commands.resuming import Resumed, resume
from service.commands.step_input import Step
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import (
    ActivityNotInside,
    ElementInstanceNotFound,
    InstanceEnded,
    InstanceForbidden,
    InstanceSealed,
)
from service.domain.values import Json, Variables
from service.engine import ElementFailed
from service.store.authorization import granted, visible_instances
from service.store.sealed import sealed
from service.store.tables import ElementInstance, ProcessInstance
from service.store.tables.instances import ElementState, InstanceState


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of an ad-hoc subprocess that is to begin, with variables of its own."""

    element_id: str
    variables: Variables


def set_variables(
    tools: Toolbox, key: int, values: Variables, *, local: bool, actor: Actor, now: datetime
) -> None:
    """Write variables from outside: into this very scope (`local`), or where each name is seen.

    `key` is that of an open element instance, or of a running instance for its root. By who has
    RUNNING act on the process. What waits for a condition goes on where it has become true. Raises
    ElementInstanceNotFound, InstanceForbidden, InstanceSealed, InstanceEnded, NotWaiting,
    VariablesReserved, and Invalid for what no variable can hold.
    """
    instance_key = _find(tools, key, actor)
    require_variables(values)
    instance, resumed = lock_running(tools, instance_key, now)
    resumed.execution.set_variables(key, values, local=local)
    value: dict[str, Json] = {"names": [*sorted(values)], "values": dict(values)}
    taken = _step(resumed, instance, key, "variables.set", value, actor, now)
    step.run(tools, resumed, instance, taken, actor=actor, now=now)
    details: dict[str, Json] = {"names": value["names"]}
    _record(tools, AccessKind.VARIABLES_SET, instance, details, actor, now)


def activate(
    tools: Toolbox,
    key: int,
    activities: Sequence[Activity],
    *,
    cancel_remaining: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Begin activities of an open ad-hoc subprocess; `cancel_remaining` ends what runs in it.

    By who has RUNNING act on the process. Raises ElementInstanceNotFound, InstanceForbidden,
    InstanceSealed, InstanceEnded, NotWaiting, InstanceFull, ActivityNotInside, VariablesReserved,
    and Invalid for what no variable can hold.
    """
    instance_key = _find(tools, key, actor)
    for one in activities:
        require_variables(one.variables)
    instance, resumed = lock_running(tools, instance_key, now)
    running = _inside(tools, key) if cancel_remaining else []
    try:
        for one in activities:
            resumed.execution.activate_ad_hoc(key, [one.element_id], one.variables)
    except ElementFailed as failed:
        raise ActivityNotInside(reason=failed.failure.message) from failed
    for inner in running:
        resumed.execution.terminate(inner)
    value: dict[str, Json] = {"elements": [one.element_id for one in activities]}
    taken = _step(resumed, instance, key, "ad-hoc.activated", value, actor, now)
    step.run(tools, resumed, instance, taken, actor=actor, now=now)
    _record(tools, AccessKind.ACTIVITY_BEGUN, instance, value, actor, now)


def _record(
    tools: Toolbox,
    kind: AccessKind,
    instance: LockedInstance,
    details: Mapping[str, Json],
    actor: Actor,
    now: datetime,
) -> None:
    record(
        tools,
        kind,
        actor=actor,
        subject=instance.started_by,
        reference=f"instance/{instance.key}",
        details={"process": instance.process_id, **details},
        now=now,
    )


def _find(tools: Toolbox, key: int, actor: Actor) -> int:
    """Return the instance of an element instance, or the instance itself, if the actor may act."""
    if not is_key(key):
        raise ElementInstanceNotFound
    of_element = select(ElementInstance.instance_key).where(ElementInstance.key == key)
    may_act = granted(actor, ObjectKind.RUNNING, Action.ACT, ProcessInstance.process_id)
    row = tools.session.execute(
        select(
            ProcessInstance.key,
            visible_instances(actor).label("visible"),
            may_act.label("may_act"),
            sealed(ProcessInstance.process_id).label("sealed"),
        ).where((ProcessInstance.key == key) | (ProcessInstance.key.in_(of_element)))
    ).one_or_none()
    if row is None or not (row.visible or row.may_act):
        raise ElementInstanceNotFound
    if not row.may_act:
        raise InstanceForbidden
    if row.sealed:
        raise InstanceSealed
    return int(row.key)


def lock_running(
    tools: Toolbox, instance_key: int, now: datetime
) -> tuple[LockedInstance, Resumed]:
    """Lock an instance and bring it back to where it waits, to change something of it from outside.

    Raises InstanceNotFound, InstanceEnded, InstanceSuspended, InstanceNotBegun.
    """
    instance = instance_lock.lock(tools.session, instance_key)
    if instance.state != InstanceState.ACTIVE:
        raise InstanceEnded
    suspension.require_running(tools.session, instance)
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    return instance, resumed


def _inside(tools: Toolbox, key: int) -> list[int]:
    """The activities that run in an ad-hoc subprocess, each in an inner instance."""
    statement = select(ElementInstance.key).where(
        ElementInstance.scope_key == key, ElementInstance.state == ElementState.ACTIVE
    )
    return list(tools.session.scalars(statement.order_by(ElementInstance.key)))


def _step(
    resumed: Resumed,
    instance: LockedInstance,
    key: int,
    name: str,
    value: dict[str, Json],
    actor: Actor,
    now: datetime,
) -> Step:
    entry = act(
        name,
        actor=actor.username,
        now=now,
        element_instance_key=None if key == instance.key else key,
        value=value,
    )
    return Step(acts=[entry], stored_scopes=resumed.scopes)
