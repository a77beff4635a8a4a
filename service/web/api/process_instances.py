"""Process instances: create, search, get, cancellation, incidents, statistics."""

from http import HTTPStatus
from typing import Annotated, Literal, NotRequired

from pydantic import Field, model_validator, with_config
from typing_extensions import TypedDict

from service.commands import process_instances, starting
from service.queries import element_statistics_search, incident_search, process_instance_search
from service.queries.element_statistics_search import StepCount
from service.queries.process_instance_search import InstanceRow
from service.web.api.answers import (
    TENANT,
    ChangeRequest,
    VariableMap,
    optional_key,
    optional_moment,
)
from service.web.api.bodies import FieldWrong
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
    InstanceStateFilter,
    Key,
    KeyFilter,
    MomentFilter,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    Tenant,
    TextFilter,
    VariableFilters,
    WholeFilter,
    page_of,
    search_of,
)

operations = Operations("流程实例")

_CANCELLED_HERE = "经接口终止"
"""The Camunda 8 call carries no reason; the history is to have one."""

_INSTANCE = "/v2/process-instances/<process_instance_key>"


class ProcessInstanceResult(TypedDict):
    """一个流程实例。"""

    processDefinitionId: str
    processDefinitionName: str | None
    processDefinitionVersion: int
    processDefinitionVersionTag: str | None
    startDate: str
    endDate: str | None
    suspendedDate: str | None
    state: str
    hasIncident: bool
    tenantId: str
    processInstanceKey: str
    processDefinitionKey: str
    parentProcessInstanceKey: str | None
    parentElementInstanceKey: str | None
    rootProcessInstanceKey: str
    tags: list[str]
    businessId: str | None


class ProcessInstanceSearchQueryResult(TypedDict):
    """一页流程实例。"""

    items: list[ProcessInstanceResult]
    page: SearchQueryPageResponse


class CreateProcessInstanceResult(TypedDict):
    """已经发起的流程实例。"""

    processDefinitionId: str
    processDefinitionVersion: int
    tenantId: str
    variables: dict[str, object]
    processDefinitionKey: str
    processInstanceKey: str
    tags: list[str]
    businessId: str | None


class ProcessElementStatisticsResult(TypedDict):
    """一个步骤的实例各有多少。"""

    elementId: str
    active: int
    canceled: int
    incidents: int
    completed: int


class ElementStatisticsResult(TypedDict):
    """各个步骤的实例各有多少。"""

    items: list[ProcessElementStatisticsResult]


@with_config(FILTER)
class InstanceFilterFields(TypedDict, total=False):
    """流程实例自身的筛选条件，全部成立才算符合。"""

    startDate: MomentFilter
    endDate: MomentFilter
    state: InstanceStateFilter
    hasIncident: bool
    tenantId: TextFilter
    variables: VariableFilters
    processInstanceKey: KeyFilter
    parentProcessInstanceKey: KeyFilter
    parentElementInstanceKey: KeyFilter
    errorMessage: TextFilter
    elementId: TextFilter


@with_config(FILTER)
class ProcessInstanceFilterFields(InstanceFilterFields, total=False):
    """流程实例的筛选条件，全部成立才算符合。"""

    processDefinitionId: TextFilter
    processDefinitionName: TextFilter
    processDefinitionVersion: WholeFilter
    processDefinitionVersionTag: TextFilter
    processDefinitionKey: KeyFilter


@with_config(FILTER)
class ProcessInstanceFilter(ProcessInstanceFilterFields, total=False):
    """流程实例的筛选条件；`$or` 里的各组至少一组成立。"""

    or_: Alternatives[ProcessInstanceFilterFields]


@with_config(STRICT)
class ProcessInstanceSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "processInstanceKey",
        "processDefinitionId",
        "processDefinitionName",
        "processDefinitionVersion",
        "processDefinitionVersionTag",
        "processDefinitionKey",
        "startDate",
        "endDate",
        "state",
        "hasIncident",
        "tenantId",
    ]
    order: NotRequired[Direction]


class ProcessInstanceSearchQuery(SearchQueryRequest):
    """查询流程实例。"""

    filter: ProcessInstanceFilter = Field(default_factory=ProcessInstanceFilter)
    sort: Sorts[ProcessInstanceSort] = Field(default_factory=list)


class ProcessInstanceCreationInstruction(ChangeRequest):
    """发起流程：按定义的键，或按编号和版本（-1 或不写为最新版本）。

    有开始表单时，表单没有的变量会被拒绝。标签、业务编号、指定起点和等待结束都还没有，只能不写或为空。
    """

    process_definition_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    process_definition_version: Annotated[int, Field(ge=-1, le=2**31 - 1)] = -1
    process_definition_key: Key | None = None
    variables: VariableMap | None = None
    tenant_id: Tenant | None = None
    await_completion: Literal[False] | None = None
    request_timeout: int | None = None
    fetch_variables: Annotated[list[str], Field(max_length=0)] | None = None
    start_instructions: Annotated[list[object], Field(max_length=0)] | None = None
    runtime_instructions: Annotated[list[object], Field(max_length=0)] | None = None
    tags: Annotated[list[str], Field(max_length=0)] | None = None
    business_id: None = None

    @model_validator(mode="after")
    def _names_one_process(self) -> "ProcessInstanceCreationInstruction":
        if (self.process_definition_id is None) is (self.process_definition_key is None):
            raise FieldWrong("processDefinitionId 和 processDefinitionKey 要给一个，也只能给一个")
        return self


@operations.post(
    "/v2/process-instances",
    "发起一个流程实例",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def create_process_instance(
    call: Call, body: ProcessInstanceCreationInstruction
) -> CreateProcessInstanceResult:
    """Start an instance."""
    version = body.process_definition_version
    by_key = body.process_definition_key
    started = starting.start(
        call.rooms,
        process_id=body.process_definition_id,
        version=None if version < 0 or by_key is not None else version,
        definition_key=by_key,
        variables=body.variables or {},
        actor=call.actor,
        now=call.now,
        through_form=False,
    )
    return {
        "processDefinitionId": started.process_id,
        "processDefinitionVersion": started.version,
        "tenantId": TENANT,
        "variables": {},
        "processDefinitionKey": str(started.definition_key),
        "processInstanceKey": str(started.instance_key),
        "tags": [],
        "businessId": None,
    }


@operations.post("/v2/process-instances/search", "查询流程实例")
def search_process_instances(
    call: Call, body: ProcessInstanceSearchQuery
) -> ProcessInstanceSearchQueryResult:
    """Search the instances that the caller may see."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = process_instance_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(row) for row in found.items], "page": page_of(found)}


@operations.get(_INSTANCE, "取一个流程实例", HTTPStatus.NOT_FOUND)
def get_process_instance(call: Call, process_instance_key: int) -> ProcessInstanceResult:
    """Return one instance."""
    with call.rooms.read() as session:
        return _result(
            process_instance_search.get(session, actor=call.actor, key=process_instance_key)
        )


@operations.post(
    f"{_INSTANCE}/cancellation",
    "终止一个流程实例",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def cancel_process_instance(call: Call, process_instance_key: int, body: ChangeRequest) -> None:
    """End an instance from outside; its open tasks end with it."""
    with call.rooms.write() as tools:
        process_instances.cancel(
            tools, process_instance_key, reason=_CANCELLED_HERE, actor=call.actor, now=call.now
        )


@operations.post(f"{_INSTANCE}/incidents/search", "查询一个流程实例的异常", HTTPStatus.NOT_FOUND)
def search_process_instance_incidents(
    call: Call, process_instance_key: int, body: IncidentSearchQuery
) -> IncidentSearchQueryResult:
    """Search the incidents of an instance that the caller may see."""
    with call.rooms.read() as session:
        process_instance_search.require_visible(session, actor=call.actor, key=process_instance_key)
    return incident_page(call, body, incident_search.of_instance(process_instance_key))


@operations.get(
    f"{_INSTANCE}/statistics/element-instances",
    "一个流程实例各步骤的实例数",
    HTTPStatus.NOT_FOUND,
)
def get_process_instance_statistics(
    call: Call, process_instance_key: int
) -> ElementStatisticsResult:
    """Count the element instances of one instance by step."""
    with call.rooms.read() as session:
        process_instance_search.require_visible(session, actor=call.actor, key=process_instance_key)
        counts = element_statistics_search.of_instance(
            session, actor=call.actor, instance_key=process_instance_key
        )
    return {"items": [step_result(count) for count in counts]}


def step_result(count: StepCount) -> ProcessElementStatisticsResult:
    """Write the counts of one step."""
    return {
        "elementId": count.element_id,
        "active": count.active,
        "canceled": count.canceled,
        "incidents": count.incidents,
        "completed": count.completed,
    }


def _result(row: InstanceRow) -> ProcessInstanceResult:
    return {
        "processDefinitionId": row.process_id,
        "processDefinitionName": row.process_name or None,
        "processDefinitionVersion": row.version,
        "processDefinitionVersionTag": row.version_tag,
        "startDate": moment(row.started_at),
        "endDate": optional_moment(row.ended_at),
        "suspendedDate": optional_moment(row.suspended_at),
        "state": row.state,
        "hasIncident": row.has_incident,
        "tenantId": TENANT,
        "processInstanceKey": str(row.key),
        "processDefinitionKey": str(row.definition_key),
        "parentProcessInstanceKey": optional_key(row.parent_key),
        "parentElementInstanceKey": optional_key(row.parent_element_instance_key),
        "rootProcessInstanceKey": str(row.root_key),
        "tags": [],
        "businessId": None,
    }
