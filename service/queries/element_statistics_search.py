"""How many element instances of each step are in which state."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.queries.keyset_search import Search, conditions_of
from service.queries.process_instance_search import instance_filters
from service.store.authorization import visible_instances
from service.store.tables import ElementInstance, Incident, ProcessDefinition, ProcessInstance
from service.store.tables.instances import ElementState
from service.store.tables.work import IncidentState


@dataclass(frozen=True, slots=True)
class StepCount:
    """Counts of one step over many instances."""

    element_id: str
    active: int
    canceled: int
    incidents: int
    completed: int


def of_definition(
    session: Session, *, actor: Actor, definition_key: int, search: Search
) -> list[StepCount]:
    """Count over the instances of a definition that the actor may see and the search finds."""
    return _counts(
        session,
        visible_instances(actor, throughout=True),
        ProcessInstance.definition_key == definition_key,
        *conditions_of(instance_filters(actor), search),
    )


def of_instance(session: Session, *, actor: Actor, instance_key: int) -> list[StepCount]:
    """Count within one instance; empty when the actor may not see it."""
    return _counts(session, visible_instances(actor), ProcessInstance.key == instance_key)


def _counts(session: Session, *where: ColumnElement[bool]) -> list[StepCount]:
    stuck = (
        select(Incident.key)
        .where(
            Incident.element_instance_key == ElementInstance.key,
            Incident.state == IncidentState.ACTIVE,
        )
        .exists()
    )
    statement = (
        select(
            ElementInstance.element_id,
            _count(ElementInstance.state == ElementState.ACTIVE),
            _count(ElementInstance.state == ElementState.TERMINATED),
            _count(stuck),
            _count(ElementInstance.state == ElementState.COMPLETED),
        )
        .join(ProcessInstance, ProcessInstance.key == ElementInstance.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .where(*where)
        .group_by(ElementInstance.element_id)
        .order_by(ElementInstance.element_id)
    )
    return [StepCount(*row) for row in session.execute(statement)]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
