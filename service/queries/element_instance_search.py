"""Element instances as the API lists them: one row a passage of a token through a node."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.filter_search import TENANT, compare, flag
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.process_instance_search import root_seen
from service.queries.selects import AnyRow, AnySelect
from service.store.authorization import visible_instances
from service.store.tables import ElementInstance, Incident, ProcessInstance
from service.store.tables.work import IncidentState


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element instance; `incident_key` of its open incident."""

    key: int
    instance_key: int
    definition_key: int
    process_id: str
    element_id: str
    element_name: str
    type: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    incident_key: int | None
    root_key: int
    """Of the outermost caller that the actor may see."""


def search(session: Session, *, actor: Actor, search: Search) -> Found[ElementRow]:
    """Search the element instances of the instances that the actor may see."""
    statement = _statement(actor).where(visible_instances(actor, throughout=True))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> ElementRow:
    """Return one element instance. Raises NotFound."""
    one = _statement(actor).where(ElementInstance.key == key, visible_instances(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


_incident = (
    select(func.max(Incident.key))
    .where(
        Incident.element_instance_key == ElementInstance.key,
        Incident.state == IncidentState.ACTIVE,
    )
    .scalar_subquery()
)

_ROOT = aliased(ProcessInstance)

_STATEMENT = select(
    ElementInstance.key,
    ElementInstance.instance_key,
    ProcessInstance.definition_key,
    ProcessInstance.process_id,
    ElementInstance.element_id,
    ElementInstance.element_name,
    ElementInstance.type,
    ElementInstance.state,
    ElementInstance.started_at,
    ElementInstance.ended_at,
    _incident.label("incident_key"),
).join(ProcessInstance, ProcessInstance.key == ElementInstance.instance_key)


def _statement(actor: Actor) -> AnySelect:
    root = root_seen(actor, _ROOT)
    joined = _STATEMENT.outerjoin(_ROOT, _ROOT.key == ProcessInstance.root_key)
    return joined.add_columns(root.label("root_key"))


_TABLE = SearchTable(
    key=ElementInstance.key,
    filters={
        "processDefinitionId": compare(ProcessInstance.process_id),
        "processDefinitionKey": compare(ProcessInstance.definition_key),
        "processInstanceKey": compare(ElementInstance.instance_key),
        "elementInstanceKey": compare(ElementInstance.key),
        "elementInstanceScopeKey": compare(ElementInstance.scope_key),
        "elementId": compare(ElementInstance.element_id),
        "elementName": compare(ElementInstance.element_name),
        "type": compare(ElementInstance.type),
        "state": compare(ElementInstance.state),
        "startDate": compare(ElementInstance.started_at),
        "endDate": compare(ElementInstance.ended_at),
        "hasIncident": flag(_incident.is_not(None)),
        "incidentKey": compare(_incident),
        "tenantId": TENANT,
    },
    sorts={
        "elementInstanceKey": ElementInstance.key,
        "processInstanceKey": ElementInstance.instance_key,
        "processDefinitionKey": ProcessInstance.definition_key,
        "processDefinitionId": ProcessInstance.process_id,
        "elementId": ElementInstance.element_id,
        "elementName": brief(ElementInstance.element_name),
        "type": ElementInstance.type,
        "state": ElementInstance.state,
        "startDate": ElementInstance.started_at,
        "endDate": ElementInstance.ended_at,
        "incidentKey": _incident,
    },
)


def _row(row: AnyRow) -> ElementRow:
    return ElementRow(
        key=row.key,
        instance_key=row.instance_key,
        definition_key=row.definition_key,
        process_id=row.process_id,
        element_id=row.element_id,
        element_name=row.element_name,
        type=row.type,
        state=row.state,
        started_at=row.started_at,
        ended_at=row.ended_at,
        incident_key=row.incident_key,
        root_key=row.root_key,
    )
