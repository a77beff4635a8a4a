"""Decisions: search, get, file, evaluation."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Literal, NotRequired

from pydantic import Field, model_validator, with_config
from typing_extensions import TypedDict

from service.commands import decision_evaluation
from service.commands.decision_evaluation import Evaluated, EvaluatedDecision, MatchedRule
from service.domain.values import Json
from service.queries import decision_search
from service.queries.decision_search import DecisionRow
from service.web.api.answers import TENANT, VariableMap
from service.web.api.bodies import Body, FieldWrong
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

_DECISION = "/v2/decision-definitions/<decision_definition_key>"


class DecisionDefinitionResult(TypedDict):
    """一个决策的一个版本。"""

    decisionDefinitionId: str
    decisionDefinitionKey: str
    decisionRequirementsId: str
    decisionRequirementsKey: str
    decisionRequirementsName: str
    decisionRequirementsVersion: int
    name: str
    tenantId: str
    version: int


class DecisionDefinitionSearchQueryResult(TypedDict):
    """一页决策。"""

    items: list[DecisionDefinitionResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class DecisionDefinitionFilter(TypedDict, total=False):
    """决策的筛选条件，全部成立才算符合。"""

    decisionDefinitionId: Text
    name: Text
    isLatestVersion: bool
    version: Whole
    decisionRequirementsId: Text
    tenantId: Tenant
    decisionDefinitionKey: Key
    decisionRequirementsKey: Key
    decisionRequirementsName: Text
    decisionRequirementsVersion: Whole


@with_config(STRICT)
class DecisionDefinitionSort(TypedDict):
    """按一个字段排序。"""

    field: Literal[
        "decisionDefinitionKey",
        "decisionDefinitionId",
        "name",
        "version",
        "decisionRequirementsId",
        "decisionRequirementsKey",
        "decisionRequirementsName",
        "decisionRequirementsVersion",
        "tenantId",
    ]
    order: NotRequired[Direction]


class DecisionDefinitionSearchQuery(SearchQueryRequest):
    """查询决策。"""

    filter: DecisionDefinitionFilter = Field(default_factory=DecisionDefinitionFilter)
    sort: Sorts[DecisionDefinitionSort] = Field(default_factory=list)


class DecisionEvaluationInstruction(Body):
    """求一个决策的结论：按编号（用最新版本）或按键。"""

    decision_definition_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    decision_definition_key: Key | None = None
    variables: VariableMap | None = None
    tenant_id: Tenant | None = None

    @model_validator(mode="after")
    def _names_one_decision(self) -> "DecisionEvaluationInstruction":
        if (self.decision_definition_id is None) is (self.decision_definition_key is None):
            raise FieldWrong("decisionDefinitionId 和 decisionDefinitionKey 要给一个，也只能给一个")
        return self


class EvaluatedDecisionInputItem(TypedDict):
    """决策表一个输入列的值（JSON 写法）。"""

    inputId: str
    inputName: str
    inputValue: str


class EvaluatedDecisionOutputItem(TypedDict):
    """一条规则在一个输出列的结论（JSON 写法）。"""

    outputId: str
    outputName: str
    outputValue: str
    ruleId: str | None
    ruleIndex: int | None


class MatchedDecisionRuleItem(TypedDict):
    """一条成立的规则。"""

    ruleId: str
    ruleIndex: int
    evaluatedOutputs: list[EvaluatedDecisionOutputItem]


class EvaluatedDecisionResult(TypedDict):
    """一个决策的结论。"""

    decisionDefinitionId: str
    decisionDefinitionName: str
    decisionDefinitionVersion: int
    decisionDefinitionType: str
    output: str
    tenantId: str
    matchedRules: list[MatchedDecisionRuleItem]
    evaluatedInputs: list[EvaluatedDecisionInputItem]
    decisionDefinitionKey: str
    decisionEvaluationInstanceKey: str


class EvaluateDecisionResult(TypedDict):
    """结论；`output` 是 JSON 写法，没有得出时 `failureMessage` 说明原因。

    `evaluatedDecisions` 按计算次序列出用到的每个决策；没有得出时最后一个是出错的决策。
    """

    decisionDefinitionId: str
    decisionDefinitionKey: str
    decisionDefinitionName: str
    decisionDefinitionVersion: int
    decisionEvaluationKey: str
    decisionInstanceKey: str
    decisionRequirementsId: str
    decisionRequirementsKey: str
    evaluatedDecisions: list[EvaluatedDecisionResult]
    failedDecisionDefinitionId: str | None
    failureMessage: str | None
    output: str
    tenantId: str


@operations.post("/v2/decision-definitions/search", "查询决策")
def search_decision_definitions(
    call: Call, body: DecisionDefinitionSearchQuery
) -> DecisionDefinitionSearchQueryResult:
    """Search the decisions that the caller may read."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = decision_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(row) for row in found.items], "page": page_of(found)}


@operations.get(_DECISION, "取一个决策", HTTPStatus.NOT_FOUND)
def get_decision_definition(call: Call, decision_definition_key: int) -> DecisionDefinitionResult:
    """Return one decision."""
    with call.rooms.read() as session:
        return _result(decision_search.get(session, actor=call.actor, key=decision_definition_key))


@operations.get(f"{_DECISION}/xml", "取决策所在的 DMN 文件", HTTPStatus.NOT_FOUND)
def get_decision_definition_xml(call: Call, decision_definition_key: int) -> Xml:
    """Return the file of a decision as it was deployed."""
    with call.rooms.read() as session:
        return Xml(decision_search.xml(session, actor=call.actor, key=decision_definition_key))


@operations.post(
    "/v2/decision-definitions/evaluation",
    "求一个决策的结论",
    HTTPStatus.NOT_FOUND,
    description="只计算，不留记录。没有得出结论也回答 200，原因在 failureMessage。",
)
def evaluate_decision(call: Call, body: DecisionEvaluationInstruction) -> EvaluateDecisionResult:
    """Evaluate a decision that the caller may read."""
    with call.rooms.read() as session:
        if body.decision_definition_key is not None:
            decision = decision_search.get(
                session, actor=call.actor, key=body.decision_definition_key
            )
        else:
            decision = decision_search.latest(
                session, actor=call.actor, decision_id=body.decision_definition_id or ""
            )
        file = decision_search.of_file(session, requirements_key=decision.requirements_key)
    evaluated = decision_evaluation.evaluate(
        call.rooms,
        decision.key,
        decision_id=decision.decision_id,
        variables=body.variables or {},
        now=call.now,
    )
    return _evaluation(decision, file, evaluated)


def _evaluation(
    decision: DecisionRow, file: Mapping[str, DecisionRow], evaluated: Evaluated
) -> EvaluateDecisionResult:
    return {
        "decisionDefinitionId": decision.decision_id,
        "decisionDefinitionKey": str(decision.key),
        "decisionDefinitionName": decision.name,
        "decisionDefinitionVersion": decision.version,
        "decisionEvaluationKey": str(evaluated.key),
        "decisionInstanceKey": str(evaluated.key),
        "decisionRequirementsId": decision.requirements_id,
        "decisionRequirementsKey": str(decision.requirements_key),
        "evaluatedDecisions": [
            _one(file[one.decision_id], one, f"{evaluated.key}-{i}")
            for i, one in enumerate(evaluated.decisions, start=1)
        ],
        "failedDecisionDefinitionId": evaluated.failed_id,
        "failureMessage": evaluated.failure,
        "output": _json(evaluated.output),
        "tenantId": TENANT,
    }


def _one(row: DecisionRow, evaluated: EvaluatedDecision, key: str) -> EvaluatedDecisionResult:
    return {
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionName": row.name,
        "decisionDefinitionVersion": row.version,
        "decisionDefinitionType": evaluated.kind,
        "output": _json(evaluated.output),
        "tenantId": TENANT,
        "matchedRules": [_rule(rule) for rule in evaluated.matched_rules],
        "evaluatedInputs": [
            {"inputId": one.id, "inputName": one.name, "inputValue": _json(one.value)}
            for one in evaluated.inputs
        ],
        "decisionDefinitionKey": str(row.key),
        "decisionEvaluationInstanceKey": key,
    }


def _rule(rule: MatchedRule) -> MatchedDecisionRuleItem:
    return {
        "ruleId": rule.rule_id,
        "ruleIndex": rule.index,
        "evaluatedOutputs": [
            {
                "outputId": one.id,
                "outputName": one.name,
                "outputValue": _json(one.value),
                "ruleId": rule.rule_id,
                "ruleIndex": rule.index,
            }
            for one in rule.outputs
        ],
    }


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _result(row: DecisionRow) -> DecisionDefinitionResult:
    return {
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionKey": str(row.key),
        "decisionRequirementsId": row.requirements_id,
        "decisionRequirementsKey": str(row.requirements_key),
        "decisionRequirementsName": row.requirements_name,
        "decisionRequirementsVersion": row.requirements_version,
        "name": row.name,
        "tenantId": TENANT,
        "version": row.version,
    }
