"""Files with decisions ("decision requirements" in the API): search, get, file."""

from http import HTTPStatus
from typing import Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.queries import decision_search
from service.queries.decision_search import RequirementsRow
from service.web.api.answers import TENANT
from service.web.api.operations import Call, Operations, Xml
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Direction,
    Key,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    Tenant,
    Text,
    Whole,
    page_of,
    search_of,
)

operations = Operations("决策")

_REQUIREMENTS = "/v2/decision-requirements/<decision_requirements_key>"


class DecisionRequirementsResult(TypedDict):
    """一个决策文件的一个版本。"""

    decisionRequirementsId: str
    decisionRequirementsKey: str
    decisionRequirementsName: str
    resourceName: str
    tenantId: str
    version: int


class DecisionRequirementsSearchQueryResult(TypedDict):
    """一页决策文件。"""

    items: list[DecisionRequirementsResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class DecisionRequirementsFilter(TypedDict, total=False):
    """决策文件的筛选条件，全部成立才算符合。"""

    decisionRequirementsName: Text
    decisionRequirementsId: Text
    decisionRequirementsKey: Key
    version: Whole
    tenantId: Tenant
    resourceName: Text


@with_config(STRICT)
class DecisionRequirementsSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "decisionRequirementsKey",
        "decisionRequirementsName",
        "decisionRequirementsId",
        "version",
        "tenantId",
    ]
    order: NotRequired[Direction]


class DecisionRequirementsSearchQuery(SearchQueryRequest):
    """查询决策文件。"""

    filter: DecisionRequirementsFilter = Field(default_factory=DecisionRequirementsFilter)
    sort: Sorts[DecisionRequirementsSort] = Field(default_factory=list)


@operations.post("/v2/decision-requirements/search", "查询决策文件")
def search_decision_requirements(
    call: Call, body: DecisionRequirementsSearchQuery
) -> DecisionRequirementsSearchQueryResult:
    """Search the files with decisions that the caller may read."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = decision_search.search_requirements(session, actor=call.actor, search=search)
    return {"items": [_requirements(row) for row in found.items], "page": page_of(found)}


@operations.get(_REQUIREMENTS, "取一个决策文件的信息", HTTPStatus.NOT_FOUND)
def get_decision_requirements(
    call: Call, decision_requirements_key: int
) -> DecisionRequirementsResult:
    """Return one file with decisions."""
    with call.rooms.read() as session:
        return _requirements(
            decision_search.get_requirements(
                session, actor=call.actor, key=decision_requirements_key
            )
        )


@operations.get(f"{_REQUIREMENTS}/xml", "取 DMN 文件", HTTPStatus.NOT_FOUND)
def get_decision_requirements_xml(call: Call, decision_requirements_key: int) -> Xml:
    """Return a file with decisions as it was deployed."""
    with call.rooms.read() as session:
        return Xml(
            decision_search.requirements_xml(
                session, actor=call.actor, key=decision_requirements_key
            )
        )


def _requirements(row: RequirementsRow) -> DecisionRequirementsResult:
    return {
        "decisionRequirementsId": row.requirements_id,
        "decisionRequirementsKey": str(row.key),
        "decisionRequirementsName": row.name,
        "resourceName": row.resource_name,
        "tenantId": TENANT,
        "version": row.version,
    }
