"""Element instances: search, get, incidents, variables; activities of ad-hoc subprocesses."""

from http import HTTPStatus
from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.commands import element_instances
from service.commands.element_instances import Activity
from service.queries import element_instance_search, incident_search
from service.queries.element_instance_search import ElementRow
from service.web.api.answers import (
    TENANT,
    ChangeRequest,
    VariableMap,
    optional_key,
    optional_moment,
)
from service.web.api.bodies import Body
from service.web.api.incidents import (
    IncidentSearchQuery,
    IncidentSearchQueryResult,
    incident_page,
)
from service.web.api.operations import Call, Operations
from service.web.api.problems import moment
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Alternatives,
    Direction,
    ElementStateFilter,
    Key,
    MomentFilter,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    Tenant,
    Text,
    TextFilter,
    page_of,
    search_of,
)

operations = Operations("步骤实例")


class ElementInstanceResult(TypedDict):
    """流程的一次经过：哪一步，何时开始和结束。"""

    processDefinitionId: str
    startDate: str
    endDate: str | None
    elementId: str
    elementName: str
    type: str
    state: str
    hasIncident: bool
    tenantId: str
    elementInstanceKey: str
    processInstanceKey: str
    rootProcessInstanceKey: str
    processDefinitionKey: str
    incidentKey: str | None


class ElementInstanceSearchQueryResult(TypedDict):
    """一页步骤实例。"""

    items: list[ElementInstanceResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class ElementInstanceFilterFields(TypedDict, total=False):
    """步骤实例的筛选条件，全部成立才算符合。"""

    processDefinitionId: Text
    state: ElementStateFilter
    type: Text
    elementId: TextFilter
    elementName: TextFilter
    hasIncident: bool
    tenantId: Tenant
    elementInstanceKey: Key
    processInstanceKey: Key
    processDefinitionKey: Key
    incidentKey: Key
    startDate: MomentFilter
    endDate: MomentFilter
    elementInstanceScopeKey: Key


@with_config(FILTER)
class ElementInstanceFilter(ElementInstanceFilterFields, total=False):
    """步骤实例的筛选条件；`$or` 里的各组至少一组成立。"""

    or_: Alternatives[ElementInstanceFilterFields]


@with_config(STRICT)
class ElementInstanceSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "elementInstanceKey",
        "processInstanceKey",
        "processDefinitionKey",
        "processDefinitionId",
        "startDate",
        "endDate",
        "elementId",
        "elementName",
        "type",
        "state",
        "incidentKey",
        "tenantId",
    ]
    order: NotRequired[Direction]


class ElementInstanceSearchQuery(SearchQueryRequest):
    """查询步骤实例。"""

    filter: ElementInstanceFilter = Field(default_factory=ElementInstanceFilter)
    sort: Sorts[ElementInstanceSort] = Field(default_factory=list)


class SetVariableRequest(ChangeRequest):
    """要写的变量；`local` 为 true 只写在这一步自己的范围，否则写在各变量所在的范围。"""

    variables: VariableMap
    local: bool = False


class AdHocSubProcessActivateActivityReference(Body):
    """要开始的一项活动和它的变量。"""

    element_id: Annotated[str, Field(min_length=1, max_length=255)]
    variables: VariableMap | None = None


class AdHocSubProcessActivateActivitiesInstruction(Body):
    """要开始的活动；`cancelRemainingInstances` 为 true 时结束其中正在进行的活动。"""

    elements: Annotated[
        list[AdHocSubProcessActivateActivityReference], Field(min_length=1, max_length=100)
    ]
    cancel_remaining_instances: bool = False


@operations.post("/v2/element-instances/search", "查询步骤实例")
def search_element_instances(
    call: Call, body: ElementInstanceSearchQuery
) -> ElementInstanceSearchQueryResult:
    """Search the element instances of the instances that the caller may see."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = element_instance_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(row) for row in found.items], "page": page_of(found)}


@operations.get(
    "/v2/element-instances/<element_instance_key>", "取一个步骤实例", HTTPStatus.NOT_FOUND
)
def get_element_instance(call: Call, element_instance_key: int) -> ElementInstanceResult:
    """Return one element instance."""
    with call.rooms.read() as session:
        return _result(
            element_instance_search.get(session, actor=call.actor, key=element_instance_key)
        )


@operations.post(
    "/v2/element-instances/<element_instance_key>/incidents/search",
    "查询一个步骤实例的异常",
    HTTPStatus.NOT_FOUND,
)
def search_element_instance_incidents(
    call: Call, element_instance_key: int, body: IncidentSearchQuery
) -> IncidentSearchQueryResult:
    """Search the incidents of an element instance that the caller may see."""
    with call.rooms.read() as session:
        element_instance_search.get(session, actor=call.actor, key=element_instance_key)
    return incident_page(call, body, incident_search.of_element_instance(element_instance_key))


@operations.put(
    "/v2/element-instances/<element_instance_key>/variables",
    "写一个步骤实例或流程实例的变量",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def create_element_instance_variables(
    call: Call, element_instance_key: int, body: SetVariableRequest
) -> None:
    """Write variables; conditions that wait for them are asked again."""
    with call.rooms.write() as tools:
        element_instances.set_variables(
            tools,
            element_instance_key,
            body.variables,
            local=body.local,
            actor=call.actor,
            now=call.now,
        )


@operations.post(
    "/v2/element-instances/ad-hoc-activities/<ad_hoc_sub_process_instance_key>/activation",
    "开始自由子流程中的活动",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def activate_ad_hoc_sub_process_activities(
    call: Call,
    ad_hoc_sub_process_instance_key: int,
    body: AdHocSubProcessActivateActivitiesInstruction,
) -> None:
    """Begin activities of an ad-hoc subprocess."""
    with call.rooms.write() as tools:
        element_instances.activate(
            tools,
            ad_hoc_sub_process_instance_key,
            [Activity(one.element_id, one.variables or {}) for one in body.elements],
            cancel_remaining=body.cancel_remaining_instances,
            actor=call.actor,
            now=call.now,
        )


def _result(row: ElementRow) -> ElementInstanceResult:
    return {
        "processDefinitionId": row.process_id,
        "startDate": moment(row.started_at),
        "endDate": optional_moment(row.ended_at),
        "elementId": row.element_id,
        "elementName": row.element_name or row.element_id,
        "type": row.type,
        "state": row.state,
        "hasIncident": row.incident_key is not None,
        "tenantId": TENANT,
        "elementInstanceKey": str(row.key),
        "processInstanceKey": str(row.instance_key),
        "rootProcessInstanceKey": str(row.root_key),
        "processDefinitionKey": str(row.definition_key),
        "incidentKey": optional_key(row.incident_key),
    }
