"""Process instances as the API lists them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.case_state import STATE
from service.queries.filter_search import TENANT, Column, Predicate, compare, flag, related
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.selects import AnyRow, AnySelect
from service.queries.variable_search import has_variable
from service.store.authorization import readable_values, visible_instances
from service.store.tables import ElementInstance, Incident, ProcessDefinition, ProcessInstance
from service.store.tables.work import IncidentState


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance with what its definition is called."""

    key: int
    definition_key: int
    process_id: str
    process_name: str
    version: int
    version_tag: str | None
    state: str
    suspended_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    has_incident: bool
    parent_key: int | None
    parent_element_instance_key: int | None
    root_key: int
    """As far as the actor may see them; an instance whose caller is hidden looks like a root."""


def search(session: Session, *, actor: Actor, search: Search) -> Found[InstanceRow]:
    """Search the instances that the actor may see."""
    statement = _statement(actor).where(visible_instances(actor, throughout=True))
    table = SearchTable(_KEY, instance_filters(actor), _SORTS)
    return run(session, statement, table=table, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> InstanceRow:
    """Return one instance. Raises NotFound."""
    one = _statement(actor).where(ProcessInstance.key == key, visible_instances(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def require_visible(session: Session, *, actor: Actor, key: int) -> None:
    """Raise NotFound unless the actor may see this instance."""
    one = select(ProcessInstance.key).where(ProcessInstance.key == key, visible_instances(actor))
    if session.execute(one).one_or_none() is None:
        raise NotFound


def instance_filters(actor: Actor) -> dict[str, Predicate]:
    """Return what instances (joined with their definition) can be filtered by."""
    return _FILTERS | {
        "variables": has_variable(ProcessInstance.key, readable_values(actor)),
        "parentProcessInstanceKey": _of_caller(actor, ProcessInstance.parent_key),
        "parentElementInstanceKey": _of_caller(actor, ProcessInstance.parent_element_instance_key),
    }


def _of_caller(actor: Actor, column: InstrumentedAttribute[int | None]) -> Predicate:
    """Compare something of the caller; one that the actor may not see is none."""
    caller = aliased(ProcessInstance)
    seen = exists().where(
        caller.key == ProcessInstance.parent_key, visible_instances(actor, caller)
    )
    return compare(case((seen, column), else_=null()))


_KEY = ProcessInstance.key
_HAS_INCIDENT = ProcessInstance.open_incidents > 0


def root_seen(actor: Actor, root: type[ProcessInstance]) -> ColumnElement[int]:
    """Key of the outermost caller (joined as `root`), or of the instance where that is hidden."""
    seen = case((visible_instances(actor, root), root.key))
    return func.coalesce(seen, ProcessInstance.key)


_PARENT, _ROOT = aliased(ProcessInstance), aliased(ProcessInstance)

_STATEMENT = select(
    ProcessInstance.key,
    ProcessInstance.definition_key,
    ProcessInstance.process_id,
    ProcessDefinition.name.label("process_name"),
    ProcessDefinition.version,
    ProcessDefinition.version_tag,
    STATE.label("state"),
    ProcessInstance.suspended_at,
    ProcessInstance.started_at,
    ProcessInstance.ended_at,
    _HAS_INCIDENT.label("has_incident"),
).join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)


def _statement(actor: Actor) -> AnySelect:
    parent_seen = visible_instances(actor, _PARENT)
    columns = [
        case((parent_seen, ProcessInstance.parent_key)).label("parent_key"),
        case((parent_seen, ProcessInstance.parent_element_instance_key)).label(
            "parent_element_instance_key"
        ),
        root_seen(actor, _ROOT).label("root_key"),
    ]
    return (
        _STATEMENT.add_columns(*columns)
        .outerjoin(_PARENT, _PARENT.key == ProcessInstance.parent_key)
        .outerjoin(_ROOT, _ROOT.key == ProcessInstance.root_key)
    )


_FILTERS: dict[str, Predicate] = {
    "processDefinitionId": compare(ProcessInstance.process_id),
    "processDefinitionName": compare(ProcessDefinition.name),
    "processDefinitionVersion": compare(ProcessDefinition.version),
    "processDefinitionVersionTag": compare(ProcessDefinition.version_tag),
    "processDefinitionKey": compare(ProcessInstance.definition_key),
    "processInstanceKey": compare(ProcessInstance.key),
    "startDate": compare(ProcessInstance.started_at),
    "endDate": compare(ProcessInstance.ended_at),
    "state": compare(STATE),
    "hasIncident": flag(_HAS_INCIDENT),
    "elementId": related(
        ElementInstance.element_id,
        lambda matching: (
            select(ElementInstance.key)
            .where(ElementInstance.instance_key == ProcessInstance.key, matching)
            .exists()
        ),
    ),
    "errorMessage": related(
        Incident.message,
        lambda matching: (
            select(Incident.key)
            .where(
                Incident.instance_key == ProcessInstance.key,
                Incident.state == IncidentState.ACTIVE,
                matching,
            )
            .exists()
        ),
    ),
    "tenantId": TENANT,
}

_SORTS: dict[str, Column] = {
    "processInstanceKey": ProcessInstance.key,
    "processDefinitionId": ProcessInstance.process_id,
    "processDefinitionName": brief(ProcessDefinition.name),
    "processDefinitionVersion": ProcessDefinition.version,
    "processDefinitionVersionTag": ProcessDefinition.version_tag,
    "processDefinitionKey": ProcessInstance.definition_key,
    "startDate": ProcessInstance.started_at,
    "endDate": ProcessInstance.ended_at,
    "state": STATE,
    "hasIncident": case((_HAS_INCIDENT, 1), else_=0),
}


def _row(row: AnyRow) -> InstanceRow:
    return InstanceRow(
        key=row.key,
        definition_key=row.definition_key,
        process_id=row.process_id,
        process_name=row.process_name,
        version=row.version,
        version_tag=row.version_tag,
        state=row.state,
        suspended_at=row.suspended_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        has_incident=row.has_incident,
        parent_key=row.parent_key,
        parent_element_instance_key=row.parent_element_instance_key,
        root_key=row.root_key,
    )
