"""The diagram of a case with what is finished and what is current, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.events import ElementType
from service.domain.instances import InstanceNotFound
from service.store.authorization import visible_instances
from service.store.tables import (
    ElementInstance,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Resource,
)
from service.store.tables.instances import ElementState
from service.store.tables.work import IncidentState

_SILENT = (
    ElementType.EXCLUSIVE_GATEWAY,
    ElementType.PARALLEL_GATEWAY,
    ElementType.INCLUSIVE_GATEWAY,
    ElementType.EVENT_BASED_GATEWAY,
    ElementType.AD_HOC_SUB_PROCESS_INNER_INSTANCE,
    ElementType.PROCESS,
)
"""What a person does not count as a step."""

_BODY, _ITEM = aliased(ElementInstance), aliased(ElementInstance)


@dataclass(frozen=True, slots=True)
class Items:
    """How far a repeated activity is: passes that began, and those of them that were completed."""

    begun: int
    completed: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One step that was entered; `ended_at` None while it is current.

    One that ended TERMINATED was not done: the case was ended from outside.
    """

    element_id: str
    name: str
    type: ElementType
    state: ElementState
    started_at: datetime
    ended_at: datetime | None
    stopped: bool
    """An incident holds it."""
    items: Items | None = None
    """Of a repeated activity, which is one step with all its passes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """BPMN XML with the ids of what is finished, current, and ended without being done."""

    xml: str
    done: tuple[str, ...]
    current: tuple[str, ...]
    terminated: tuple[str, ...]
    stopped: tuple[str, ...]
    """Those of `current` that an incident holds."""


def get(session: Session, *, actor: Actor, instance_key: int) -> Picture:
    """Return the picture of a case; three statements. Raises InstanceNotFound."""
    xml = session.execute(
        select(Resource.content)
        .join(ProcessDefinition, ProcessDefinition.resource_key == Resource.key)
        .join(ProcessInstance, ProcessInstance.definition_key == ProcessDefinition.key)
        .where(ProcessInstance.key == instance_key, visible_instances(actor))
    ).scalar_one_or_none()
    if xml is None:
        raise InstanceNotFound
    rows = session.execute(
        select(ElementInstance.element_id, ElementInstance.state, func.max(ElementInstance.key))
        .where(ElementInstance.instance_key == instance_key, ~_is_pass())
        .group_by(ElementInstance.element_id, ElementInstance.state)
        .order_by(func.max(ElementInstance.key))
    ).all()
    current = {row.element_id for row in rows if row.state == ElementState.ACTIVE}
    newest = {row.element_id: row.state for row in rows if row.element_id not in current}
    return Picture(
        xml=xml,
        done=_in_state(newest, ElementState.COMPLETED),
        current=_sorted(current),
        terminated=_in_state(newest, ElementState.TERMINATED),
        stopped=_sorted(current & _stopped(session, instance_key)),
    )


def passages(session: Session, *, instance_key: int, limit: int = 500) -> tuple[Passage, ...]:
    """Return the newest steps of a visible case in the order they were entered."""
    rows = session.execute(
        select(
            ElementInstance.key,
            ElementInstance.element_id,
            ElementInstance.element_name,
            ElementInstance.type,
            ElementInstance.state,
            ElementInstance.started_at,
            ElementInstance.ended_at,
        )
        .where(
            ElementInstance.instance_key == instance_key,
            ElementInstance.type.not_in(_SILENT),
            ~_is_pass(),
        )
        .order_by(ElementInstance.key.desc())
        .limit(limit)
    ).all()
    stopped = _stopped(session, instance_key)
    bodies = [row.key for row in rows if row.type == ElementType.MULTI_INSTANCE_BODY]
    items = _items(session, bodies)
    return tuple(
        Passage(
            element_id=row.element_id,
            name=row.element_name,
            type=ElementType(row.type),
            state=ElementState(row.state),
            started_at=row.started_at,
            ended_at=row.ended_at,
            stopped=row.ended_at is None and row.element_id in stopped,
            items=items.get(row.key),
        )
        for row in reversed(rows)
    )


def _is_pass() -> ColumnElement[bool]:
    """Condition on ElementInstance: it is one pass of a repeated activity."""
    return exists().where(
        _BODY.key == ElementInstance.scope_key, _BODY.type == ElementType.MULTI_INSTANCE_BODY
    )


def _items(session: Session, bodies: Sequence[int]) -> dict[int, Items]:
    """Return how far these are; no statement where there are none."""
    if not bodies:
        return {}
    completed = func.sum(case((_ITEM.state == ElementState.COMPLETED, 1), else_=0))
    rows = session.execute(
        select(_ITEM.scope_key, func.count(), completed)
        .where(_ITEM.scope_key.in_(bodies))
        .group_by(_ITEM.scope_key)
    )
    return {key: Items(begun, int(done)) for key, begun, done in rows}


def _stopped(session: Session, instance_key: int) -> set[str]:
    return set(
        session.execute(
            select(Incident.element_id).where(
                Incident.instance_key == instance_key, Incident.state == IncidentState.ACTIVE
            )
        ).scalars()
    )


def _in_state(states: Mapping[str, str], wanted: ElementState) -> tuple[str, ...]:
    return _sorted({element_id for element_id, state in states.items() if state == wanted})


def _sorted(ids: set[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))
