"""Dates that a year's announcement would move, and that a person decides on, without any value."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.store.authorization import granted_any, visible_instances
from service.store.tables import (
    ElementInstance,
    ProcessDefinition,
    ProcessInstance,
    ProvisionalDate,
)
from service.store.tables.calendars import DateKind, DateState

_DECIDERS = ((ObjectKind.TASK, Action.ACT),)
_MOST = 100


@dataclass(frozen=True, slots=True)
class FlaggedDate:
    """One date: whose it is, where it stands, and where the announced calendar has it.

    `proposed_at` is None where nobody knows how the date came about. `announced_at`: since when it
    is known outside.
    """

    key: int
    kind: DateKind
    instance_key: int
    step: str
    process_name: str
    due_at: datetime
    proposed_at: datetime | None
    announced_at: datetime | None
    may_open: bool
    """Whether the actor may open the case."""


def listed(session: Session, *, actor: Actor) -> tuple[FlaggedDate, ...]:
    """Return the flagged dates of the procedures whose tasks the actor may hand out, oldest first.

    The first hundred: who decides them sees the next.
    """
    overseen = select(ProcessDefinition.process_id).where(
        granted_any(actor, _DECIDERS, ProcessDefinition.process_id)
    )
    dates, element = ProvisionalDate, ElementInstance
    rows = session.execute(
        select(
            dates,
            element.element_name,
            ProcessDefinition.name.label("process_name"),
            visible_instances(actor).label("may_open"),
        )
        .join(ProcessInstance, ProcessInstance.key == dates.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(element, element.key == dates.subject_key)
        .where(dates.state == DateState.FLAGGED, dates.process_id.in_(overseen))
        .order_by(dates.key)
        .limit(_MOST)
    )
    return tuple(
        FlaggedDate(
            key=row[0].key,
            kind=DateKind(row[0].kind),
            instance_key=row[0].instance_key,
            step=row.element_name or row[0].element_id,
            process_name=row.process_name,
            due_at=row[0].due_at,
            proposed_at=row[0].proposed_at,
            announced_at=row[0].announced_at,
            may_open=bool(row.may_open),
        )
        for row in rows
    )
