"""Incidents as the API lists them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.filter_search import TENANT, Condition, Operator, compare
from service.queries.keyset_search import Found, Search, SearchTable, run
from service.queries.selects import AnyRow
from service.store.authorization import visible_incidents
from service.store.tables import Incident


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident; its message names variables, never their values."""

    key: int
    instance_key: int
    definition_key: int
    process_id: str
    element_id: str
    element_instance_key: int
    job_key: int | None
    type: str
    message: str
    state: str
    created_at: datetime


def search(session: Session, *, actor: Actor, search: Search) -> Found[IncidentRow]:
    """Search the incidents that the actor may see."""
    statement = _STATEMENT.where(visible_incidents(actor))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> IncidentRow:
    """Return one incident. Raises NotFound."""
    one = _STATEMENT.where(Incident.key == key, visible_incidents(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def of_instance(instance_key: int) -> Condition:
    """Keep to the incidents of one instance."""
    return Condition("processInstanceKey", Operator.EQ, instance_key)


def of_element_instance(element_instance_key: int) -> Condition:
    """Keep to the incidents of one element instance."""
    return Condition("elementInstanceKey", Operator.EQ, element_instance_key)


_STATEMENT = select(
    Incident.key,
    Incident.instance_key,
    Incident.definition_key,
    Incident.process_id,
    Incident.element_id,
    Incident.element_instance_key,
    Incident.job_key,
    Incident.type,
    Incident.message,
    Incident.state,
    Incident.created_at,
)

_TABLE = SearchTable(
    key=Incident.key,
    filters={
        "incidentKey": compare(Incident.key),
        "processDefinitionId": compare(Incident.process_id),
        "processDefinitionKey": compare(Incident.definition_key),
        "processInstanceKey": compare(Incident.instance_key),
        "elementInstanceKey": compare(Incident.element_instance_key),
        "elementId": compare(Incident.element_id),
        "jobKey": compare(Incident.job_key),
        "errorType": compare(Incident.type),
        "errorMessage": compare(Incident.message),
        "creationTime": compare(Incident.created_at),
        "state": compare(Incident.state),
        "tenantId": TENANT,
    },
    sorts={
        "incidentKey": Incident.key,
        "processDefinitionId": Incident.process_id,
        "processDefinitionKey": Incident.definition_key,
        "processInstanceKey": Incident.instance_key,
        "elementInstanceKey": Incident.element_instance_key,
        "elementId": Incident.element_id,
        "jobKey": Incident.job_key,
        "errorType": Incident.type,
        "creationTime": Incident.created_at,
        "state": Incident.state,
    },
)


def _row(row: AnyRow) -> IncidentRow:
    return IncidentRow(
        key=row.key,
        instance_key=row.instance_key,
        definition_key=row.definition_key,
        process_id=row.process_id,
        element_id=row.element_id,
        element_instance_key=row.element_instance_key,
        job_key=row.job_key,
        type=row.type,
        message=row.message,
        state=row.state,
        created_at=row.created_at,
    )
