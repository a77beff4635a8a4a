"""Process definitions: what can be started, and its files."""

from http import HTTPStatus
from typing import Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.queries import element_statistics_search, form_search, process_definition_search
from service.queries.process_definition_search import DefinitionRow
from service.web.api.answers import TENANT, FormResult, form_result
from service.web.api.bodies import Body
from service.web.api.operations import Call, Operations, Xml
from service.web.api.process_instances import (
    ElementStatisticsResult,
    InstanceFilterFields,
    step_result,
)
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Direction,
    Key,
    SearchQueryPageRequest,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    Tenant,
    Text,
    TextFilter,
    Whole,
    page_of,
    search_of,
)

operations = Operations("流程定义")

_DEFINITION = "/v2/process-definitions/<process_definition_key>"


class ProcessDefinitionResult(TypedDict):
    """一个流程定义的一个版本。"""

    name: str | None
    resourceName: str
    version: int
    versionTag: str | None
    processDefinitionId: str
    tenantId: str
    processDefinitionKey: str
    hasStartForm: bool
    state: Literal["ACTIVE", "DELETED"]


class ProcessDefinitionSearchQueryResult(TypedDict):
    """一页流程定义。"""

    items: list[ProcessDefinitionResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class ProcessDefinitionFilter(TypedDict, total=False):
    """流程定义的筛选条件，全部成立才算符合。"""

    name: TextFilter
    isLatestVersion: bool
    resourceName: Text
    version: Whole
    versionTag: Text
    processDefinitionId: TextFilter
    tenantId: Tenant
    processDefinitionKey: Key
    hasStartForm: bool
    state: Literal["ACTIVE", "DELETED", "DRAINING"]


@with_config(STRICT)
class ProcessDefinitionSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "processDefinitionKey",
        "name",
        "resourceName",
        "version",
        "versionTag",
        "processDefinitionId",
        "tenantId",
    ]
    order: NotRequired[Direction]


class ProcessDefinitionSearchQuery(SearchQueryRequest):
    """查询流程定义。"""

    filter: ProcessDefinitionFilter = Field(default_factory=ProcessDefinitionFilter)
    sort: Sorts[ProcessDefinitionSort] = Field(default_factory=list)


class ProcessDefinitionElementStatisticsQuery(Body):
    """统计哪些流程实例，条件全部成立才算。"""

    filter: InstanceFilterFields = Field(default_factory=InstanceFilterFields)


@operations.post("/v2/process-definitions/search", "查询流程定义")
def search_process_definitions(
    call: Call, body: ProcessDefinitionSearchQuery
) -> ProcessDefinitionSearchQueryResult:
    """Search the definitions that the caller may see."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = process_definition_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(row) for row in found.items], "page": page_of(found)}


@operations.get(_DEFINITION, "取一个流程定义", HTTPStatus.NOT_FOUND)
def get_process_definition(call: Call, process_definition_key: int) -> ProcessDefinitionResult:
    """Return one definition."""
    with call.rooms.read() as session:
        return _result(
            process_definition_search.get(session, actor=call.actor, key=process_definition_key)
        )


@operations.get(f"{_DEFINITION}/xml", "取流程图的 BPMN 文件", HTTPStatus.NOT_FOUND)
def get_process_definition_xml(call: Call, process_definition_key: int) -> Xml:
    """Return the diagram as it was deployed."""
    with call.rooms.read() as session:
        return Xml(
            process_definition_search.xml(session, actor=call.actor, key=process_definition_key)
        )


@operations.get(f"{_DEFINITION}/form", "取开始表单；没有时回答 204", HTTPStatus.NOT_FOUND)
def get_start_process_form(call: Call, process_definition_key: int) -> FormResult | None:
    """Return the form that a start goes through."""
    with call.rooms.read() as session:
        process_definition_search.get(session, actor=call.actor, key=process_definition_key)
        model = call.rooms.models.process(session, process_definition_key)
        form = form_search.start_form(
            session,
            actor=call.actor,
            key=process_definition_key,
            binding=model.start_form_binding,
        )
    return None if form is None else form_result(form)


@operations.post(
    f"{_DEFINITION}/statistics/element-instances",
    "一个流程定义各步骤的实例数",
    HTTPStatus.NOT_FOUND,
)
def get_process_definition_statistics(
    call: Call, process_definition_key: int, body: ProcessDefinitionElementStatisticsQuery
) -> ElementStatisticsResult:
    """Count the element instances of a definition's instances by step."""
    search = search_of(SearchQueryPageRequest(), body.filter)
    with call.rooms.read() as session:
        process_definition_search.get(session, actor=call.actor, key=process_definition_key)
        counts = element_statistics_search.of_definition(
            session, actor=call.actor, definition_key=process_definition_key, search=search
        )
    return {"items": [step_result(count) for count in counts]}


def _result(row: DefinitionRow) -> ProcessDefinitionResult:
    return {
        "name": row.name or None,
        "resourceName": row.resource_name,
        "version": row.version,
        "versionTag": row.version_tag,
        "processDefinitionId": row.process_id,
        "tenantId": TENANT,
        "processDefinitionKey": str(row.key),
        "hasStartForm": row.has_start_form,
        "state": "DELETED" if row.deleted else "ACTIVE",
    }
