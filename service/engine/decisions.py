"""Decisions: read once a version, evaluated by the helper in one round trip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from service.domain.errors import JiaoyanError
from service.domain.events import RequiredDecision
from service.domain.values import Json, Variables
from service.engine.decision_boxes import Literal
from service.engine.decision_graph import Decision, DecisionGraph
from service.engine.decision_graph_reader import read_graph
from service.engine.decision_source import (
    BOX_DEPTH_LIMIT,
    NAMESPACES,
    children,
    expressions,
    nested_too_deep,
    version_tag,
)
from service.engine.decision_tables import DecisionTable
from service.engine.diagram import label
from service.engine.errors import (
    DecisionFailed,
    DecisionInputInvalid,
    DecisionNotUnanimous,
    DecisionNotUnique,
    DecisionOutputInvalid,
    DecisionPriorityTied,
    DecisionUnknown,
    DecisionValueInvalid,
    ModelInvalid,
)
from service.engine.xml_source import XmlRefusal, namespace, read_xml
from service.feel import Budget, DecidedDecision, DecidedValue, DecisionFault, FeelPool

_FAILURES: Mapping[str, type[DecisionFailed]] = {
    "input": DecisionInputInvalid,
    "output": DecisionOutputInvalid,
    "value": DecisionValueInvalid,
    "too-deep": DecisionValueInvalid,
    "not-unique": DecisionNotUnique,
    "not-unanimous": DecisionNotUnanimous,
    "priority-tied": DecisionPriorityTied,
}


class DecisionKind(StrEnum):
    """What a decision is made of, in the spelling of the Camunda 8 API."""

    DECISION_TABLE = "DECISION_TABLE"
    LITERAL_EXPRESSION = "LITERAL_EXPRESSION"
    UNKNOWN = "UNKNOWN"
    """Another boxed expression."""


@dataclass(frozen=True)
class DecisionModel:
    """One decision of a DMN file. Cache it a version: it never changes, threads share it.

    `requirements_id` and `requirements_name` are those of the whole file (its `definitions`).
    """

    decision_id: str
    name: str
    requirements_id: str
    requirements_name: str
    kind: DecisionKind
    version_tag: str
    graph: DecisionGraph = field(repr=False, compare=False)
    """The whole file; no other room looks into it."""

    @cached_property
    def program(self) -> str:
        """What the helper is told."""
        return self.graph.program(self.decision_id)


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """What a table's input, or an output of one rule, came to; `name` is the column's label."""

    id: str
    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that met: its row counted from 1, its id in the file, and what it concluded."""

    index: int
    rule_id: str
    outputs: tuple[ColumnValue, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class EvaluatedDecision:
    """One decision on the way. `matched_rules` are those that make up its output, of every table
    in it; `inputs` are those of the table that is the decision. A failed one has no output.
    """

    decision_id: str
    name: str
    kind: DecisionKind
    output: Json
    inputs: tuple[ColumnValue, ...]
    matched_rules: tuple[MatchedRule, ...]

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Ids of the rules that met."""
        return tuple(rule.rule_id for rule in self.matched_rules)


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`output` is a value, a context when the table has several outputs, or a list of those.

    `evaluated` are all decisions in the order of their evaluation, the one that was asked at last.
    """

    output: Json
    matched_rules: tuple[MatchedRule, ...] = ()
    evaluated: tuple[EvaluatedDecision, ...] = field(default=(), compare=False)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Ids of the rules that met."""
        return tuple(rule.rule_id for rule in self.matched_rules)

    @property
    def required(self) -> tuple[RequiredDecision, ...]:
        """What the decision that was asked rests on, for the history."""
        before = self.evaluated[:-1]
        return tuple(RequiredDecision(d.decision_id, d.output, d.rule_ids) for d in before)


@dataclass(frozen=True, slots=True)
class DecisionFailure:
    """No result: which decision failed and why; `evaluated` ends with it."""

    decision_id: str
    name: str
    error: JiaoyanError
    evaluated: tuple[EvaluatedDecision, ...]


def decision_models(content: bytes) -> list[DecisionModel]:
    """Read the decisions of a DMN file, in its order.

    Raises ModelInvalid when the file cannot be read at all; what the deploy check refuses beyond
    that is not looked for again.
    """
    root = read_xml(content)
    if isinstance(root, XmlRefusal):
        raise ModelInvalid(root.message)
    if namespace(root) not in NAMESPACES:
        raise ModelInvalid("它不是 DMN 1.3 至 1.5 的文件")
    if nested_too_deep(root):
        raise ModelInvalid(f"表达式嵌套超过 {BOX_DEPTH_LIMIT} 层")
    for node in children(root, "decision"):
        if not expressions(node):
            raise ModelInvalid(f"决策 {node.get('id', '')} 没有逻辑")
    graph = read_graph(root)
    return [
        DecisionModel(
            decision_id=decision.id,
            name=decision.name,
            requirements_id=root.get("id", ""),
            requirements_name=label(root),
            kind=_kind(decision),
            version_tag=version_tag(node),
            graph=graph,
        )
        for node in children(root, "decision")
        for decision in [graph.decisions[node.get("id", "")]]
    ]


def evaluate_decision(
    model: DecisionModel,
    decision_id: str,
    variables: Variables,
    *,
    feel: FeelPool,
    now: datetime,
    budget: Budget | None = None,
) -> DecisionResult:
    """Evaluate one decision and what it requires, each once, in one round trip to FEEL.

    No rule of a table met: the default conclusions, or null (an empty list for lists). Raises
    DecisionFailed (its subclasses say why) or FeelError.
    """
    result = try_decision(model, decision_id, variables, feel=feel, now=now, budget=budget)
    if isinstance(result, DecisionFailure):
        raise result.error
    return result


def try_decision(
    model: DecisionModel,
    decision_id: str,
    variables: Variables,
    *,
    feel: FeelPool,
    now: datetime,
    budget: Budget | None = None,
) -> DecisionResult | DecisionFailure:
    """As `evaluate_decision`, but tell what went before a failure. Raises FeelUnavailable,
    and FeelError when no decision can be blamed (too late, too large, inexact variables).
    """
    if decision_id != model.decision_id:
        raise DecisionUnknown(decision_id)
    decided = feel.decide(model.program, variables, now=now, budget=budget, origin=decision_id)
    evaluated = tuple(_evaluated(one, model.graph) for one in decided.decisions)
    if decided.fault is not None:
        failed = model.graph.decisions[decided.fault.decision_id]
        return DecisionFailure(failed.id, failed.name, _error(decided.fault, failed), evaluated)
    asked = next(one for one in reversed(evaluated) if one.decision_id == decision_id)
    return DecisionResult(asked.output, asked.matched_rules, evaluated)


def _kind(decision: Decision) -> DecisionKind:
    match decision.logic:
        case DecisionTable():
            return DecisionKind.DECISION_TABLE
        case Literal():
            return DecisionKind.LITERAL_EXPRESSION
        case _:
            return DecisionKind.UNKNOWN


def _evaluated(found: DecidedDecision, graph: DecisionGraph) -> EvaluatedDecision:
    decision = graph.decisions[found.id]
    return EvaluatedDecision(
        decision_id=found.id,
        name=decision.name,
        kind=_kind(decision),
        output=found.output,
        inputs=_columns(found.inputs),
        matched_rules=tuple(
            MatchedRule(rule.index, rule.id, _columns(rule.outputs)) for rule in found.rules
        ),
    )


def _columns(values: tuple[DecidedValue, ...]) -> tuple[ColumnValue, ...]:
    return tuple(ColumnValue(one.id, one.name, one.value) for one in values)


def _error(fault: DecisionFault, failed: Decision) -> JiaoyanError:
    if fault.error is not None:
        return fault.error
    return _FAILURES[fault.problem](failed.name, fault.detail)
