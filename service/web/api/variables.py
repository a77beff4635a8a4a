"""Variables: search, get."""

from http import HTTPStatus
from typing import Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, with_config
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from service.commands.access_log import record_case_readings
from service.queries import variable_search
from service.queries.keyset_search import Found
from service.queries.variable_search import VariableRow
from service.web.api.answers import TENANT
from service.web.api.operations import Call, Operations
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Direction,
    KeyFilter,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    Tenant,
    TextFilter,
    page_of,
    search_of,
)

operations = Operations("变量")


class TruncateQuery(BaseModel):
    """`truncateValues=false` 给出完整的值，否则最多 8191 个字。"""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, defer_build=True)

    truncate_values: Literal["true", "false"] = "true"

    @property
    def truncate(self) -> bool:
        """Whether long values are cut."""
        return self.truncate_values == "true"


class VariableResult(TypedDict):
    """一个变量；`value` 是值的 JSON 写法。"""

    value: str
    name: str
    tenantId: str
    variableKey: str
    scopeKey: str
    processInstanceKey: str
    rootProcessInstanceKey: str


class VariableSearchResult(VariableResult):
    """查询得到的一个变量；`isTruncated` 表示值没有给全。"""

    isTruncated: bool


class VariableSearchQueryResult(TypedDict):
    """一页变量。"""

    items: list[VariableSearchResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class VariableFilter(TypedDict, total=False):
    """变量的筛选条件；`value` 是值的 JSON 写法，文字要带引号。"""

    name: TextFilter
    value: TextFilter
    tenantId: Tenant
    isTruncated: bool
    variableKey: KeyFilter
    scopeKey: KeyFilter
    processInstanceKey: KeyFilter


@with_config(FILTER)
class UserTaskVariableFilter(TypedDict, total=False):
    """任务变量的筛选条件。"""

    name: TextFilter


@with_config(STRICT)
class VariableSort(TypedDict):
    """按一个字段排序。"""

    field: Literal["name", "value", "variableKey", "scopeKey", "processInstanceKey", "tenantId"]
    order: NotRequired[Direction]


class VariableSearchQuery(SearchQueryRequest):
    """查询变量。"""

    filter: VariableFilter = Field(default_factory=VariableFilter)
    sort: Sorts[VariableSort] = Field(default_factory=list)


class UserTaskVariableSearchQuery(SearchQueryRequest):
    """查询一项任务的变量。"""

    filter: UserTaskVariableFilter = Field(default_factory=UserTaskVariableFilter)
    sort: Sorts[VariableSort] = Field(default_factory=list)


@operations.post("/v2/variables/search", "查询变量")
def search_variables(
    call: Call, body: VariableSearchQuery, query: TruncateQuery
) -> VariableSearchQueryResult:
    """Search the variables that the caller may read."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = variable_search.search(
            session, actor=call.actor, search=search, truncate=query.truncate
        )
    return read_variables(call, found)


@operations.get("/v2/variables/<variable_key>", "取一个变量", HTTPStatus.NOT_FOUND)
def get_variable(call: Call, variable_key: int) -> VariableResult:
    """Return one variable with its whole value."""
    with call.rooms.read() as session:
        found = variable_search.get(session, actor=call.actor, key=variable_key)
    record_case_readings(call.rooms, [found.instance_key], actor=call.actor, now=call.now)
    return _result(found)


def read_variables(call: Call, found: Found[VariableRow]) -> VariableSearchQueryResult:
    """Write a page of variables, and record whose cases the caller has read with it."""
    keys = {row.instance_key for row in found.items}
    record_case_readings(call.rooms, keys, actor=call.actor, now=call.now)
    return {
        "items": [{**_result(row), "isTruncated": row.truncated} for row in found.items],
        "page": page_of(found),
    }


def _result(row: VariableRow) -> VariableResult:
    return {
        "value": row.value,
        "name": row.name,
        "tenantId": TENANT,
        "variableKey": str(row.key),
        "scopeKey": str(row.scope_key),
        "processInstanceKey": str(row.instance_key),
        "rootProcessInstanceKey": str(row.instance_key),
    }
