"""What waits for an operator: open incidents, without any value of a variable."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.queries import cursor
from service.queries.inbox import Page
from service.store.authorization import granted, visible_incidents
from service.store.tables import ElementInstance, Incident, ProcessDefinition
from service.store.tables.work import IncidentState

_ORDER = "incidents-newest"


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One open incident; `message` names variables, never their values.

    `instance_key` is 0 for the timer of a start event: it has no instance.
    """

    key: int
    instance_key: int
    process_id: str
    process_name: str
    version: int
    element_id: str
    element_name: str
    type: str
    message: str
    created_at: datetime
    may_retry: bool


def open_page(
    session: Session, *, actor: Actor, after: str | None = None, limit: int = 20
) -> Page[IncidentRow]:
    """Return a page of the open incidents the actor oversees, newest first. Raises BadCursor."""
    statement = (
        select(
            Incident.key,
            Incident.instance_key,
            Incident.process_id,
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            Incident.element_id,
            func.coalesce(ElementInstance.element_name, Incident.element_id).label("element_name"),
            Incident.type,
            Incident.message,
            Incident.created_at,
            granted(actor, ObjectKind.RUNNING, Action.ACT, Incident.process_id).label("may_retry"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == Incident.definition_key)
        .outerjoin(ElementInstance, ElementInstance.key == Incident.element_instance_key)
        .where(Incident.state == IncidentState.ACTIVE, visible_incidents(actor))
        .order_by(Incident.key.desc())
        .limit(limit + 1)
    )
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        statement = statement.where(Incident.key < last)
    rows = [
        IncidentRow(**{**row._mapping, "may_retry": bool(row.may_retry)})
        for row in session.execute(statement)
    ]
    following = cursor.write(_ORDER, [rows[limit - 1].key]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), following)
