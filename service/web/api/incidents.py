"""Incidents: search, get, resolution."""

from dataclasses import replace
from http import HTTPStatus
from typing import Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.commands import incidents
from service.queries import incident_search
from service.queries.filter_search import Condition
from service.queries.incident_search import IncidentRow
from service.web.api.answers import TENANT, ChangeRequest, optional_key
from service.web.api.operations import Call, Operations
from service.web.api.problems import moment
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Direction,
    IncidentStateFilter,
    KeyFilter,
    MomentFilter,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    TextFilter,
    page_of,
    search_of,
)

operations = Operations("异常")


class IncidentResult(TypedDict):
    """一个异常：流程停在这一步，等人处理。"""

    processDefinitionId: str
    errorType: str
    errorMessage: str
    elementId: str
    creationTime: str
    state: str
    tenantId: str
    incidentKey: str
    processDefinitionKey: str
    processInstanceKey: str
    rootProcessInstanceKey: str
    elementInstanceKey: str
    jobKey: str | None


class IncidentSearchQueryResult(TypedDict):
    """一页异常。"""

    items: list[IncidentResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class IncidentFilter(TypedDict, total=False):
    """异常的筛选条件，全部成立才算符合。"""

    processDefinitionId: TextFilter
    errorType: TextFilter
    errorMessage: TextFilter
    elementId: TextFilter
    creationTime: MomentFilter
    state: IncidentStateFilter
    tenantId: TextFilter
    incidentKey: KeyFilter
    processDefinitionKey: KeyFilter
    processInstanceKey: KeyFilter
    elementInstanceKey: KeyFilter
    jobKey: KeyFilter


@with_config(STRICT)
class IncidentSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "incidentKey",
        "processDefinitionKey",
        "processDefinitionId",
        "processInstanceKey",
        "errorType",
        "elementId",
        "elementInstanceKey",
        "creationTime",
        "state",
        "jobKey",
        "tenantId",
    ]
    order: NotRequired[Direction]


class IncidentSearchQuery(SearchQueryRequest):
    """查询异常。"""

    filter: IncidentFilter = Field(default_factory=IncidentFilter)
    sort: Sorts[IncidentSort] = Field(default_factory=list)


@operations.post("/v2/incidents/search", "查询异常")
def search_incidents(call: Call, body: IncidentSearchQuery) -> IncidentSearchQueryResult:
    """Search the incidents that the caller may see."""
    return incident_page(call, body)


@operations.get("/v2/incidents/<incident_key>", "取一个异常", HTTPStatus.NOT_FOUND)
def get_incident(call: Call, incident_key: int) -> IncidentResult:
    """Return one incident."""
    with call.rooms.read() as session:
        return _result(incident_search.get(session, actor=call.actor, key=incident_key))


@operations.post(
    "/v2/incidents/<incident_key>/resolution",
    "处理异常：重试停住的一步",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description="重试后仍不成功时，会出现一个新的异常。",
)
def resolve_incident(call: Call, incident_key: int, body: ChangeRequest) -> None:
    """Try again what stopped."""
    with call.rooms.write() as tools:
        incidents.retry(tools, incident_key, actor=call.actor, now=call.now)


def incident_page(
    call: Call, body: IncidentSearchQuery, *within: Condition
) -> IncidentSearchQueryResult:
    """Search incidents, kept to what `within` says beside the body's filter."""
    search = search_of(body.page, body.filter, body.sort)
    search = replace(search, conditions=(*search.conditions, *within))
    with call.rooms.read() as session:
        found = incident_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(row) for row in found.items], "page": page_of(found)}


def _result(row: IncidentRow) -> IncidentResult:
    return {
        "processDefinitionId": row.process_id,
        "errorType": row.type,
        "errorMessage": row.message,
        "elementId": row.element_id,
        "creationTime": moment(row.created_at),
        "state": row.state,
        "tenantId": TENANT,
        "incidentKey": str(row.key),
        "processDefinitionKey": str(row.definition_key),
        "processInstanceKey": str(row.instance_key),
        "rootProcessInstanceKey": str(row.instance_key),
        "elementInstanceKey": str(row.element_instance_key),
        "jobKey": optional_key(row.job_key),
    }
