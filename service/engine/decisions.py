"""Decision tables: read once a version, evaluated by FEEL in at most four round trips.

Source: DMN 1.3, 8.2 (decision tables), 8.2.10 and 8.2.11 (hit policies).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.values import Json, Variables
from service.engine.decision_source import (
    NAMESPACES,
    TYPES,
    DecisionTable,
    TableRule,
    decision_nodes,
    read_table,
    table_node,
    version_tag,
)
from service.engine.diagram import label
from service.engine.errors import (
    DecisionInputInvalid,
    DecisionNotUnanimous,
    DecisionNotUnique,
    DecisionOutputInvalid,
    DecisionUnknown,
    ModelInvalid,
)
from service.engine.scopes import same
from service.engine.xml_source import XmlNode, XmlRefusal, namespace, read_xml
from service.feel import Budget, Expression, FeelPool, Kind

_Evaluate = Callable[[Sequence[Expression]], list[Json]]


class DecisionKind(StrEnum):
    """What a decision is made of."""

    TABLE = "decisionTable"


@dataclass(frozen=True, slots=True)
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
    table: DecisionTable = field(repr=False, compare=False)
    """The rules; no other room looks into them."""


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that met: its row counted from 1, and its id in the file."""

    index: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`output` is a value, a context when the table has several outputs, or a list of those."""

    output: Json
    matched_rules: tuple[MatchedRule, ...] = ()


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
    return [_model(root, node) for node in decision_nodes(root)]


def _model(definitions: XmlNode, node: XmlNode) -> DecisionModel:
    decision_id, table = node.get("id", ""), table_node(node)
    if table is None:
        raise ModelInvalid(f"决策 {decision_id} 不是决策表")
    return DecisionModel(
        decision_id=decision_id,
        name=label(node) or decision_id,
        requirements_id=definitions.get("id", ""),
        requirements_name=label(definitions),
        kind=DecisionKind.TABLE,
        version_tag=version_tag(node),
        table=read_table(table),
    )


def evaluate_decision(
    model: DecisionModel,
    decision_id: str,
    variables: Variables,
    *,
    feel: FeelPool,
    now: datetime,
    budget: Budget | None = None,
) -> DecisionResult:
    """Evaluate one decision table.

    Three round trips to FEEL (inputs, cells, conclusions), a fourth when the outputs list allowed
    values. No rule met: the default conclusions, or null (an empty list for lists). Raises
    DecisionFailed (its subclasses say why) or FeelError.
    """
    if decision_id != model.decision_id:
        raise DecisionUnknown(decision_id)

    def evaluate(expressions: Sequence[Expression]) -> list[Json]:
        return feel.evaluate(
            expressions, variables, now=now, budget=budget, origin=model.decision_id
        )

    inputs = _inputs(model, evaluate)
    met = _met(model, inputs, evaluate)
    if model.table.hit_policy == "FIRST":
        met = met[:1]
    if model.table.hit_policy == "UNIQUE" and len(met) > 1:
        raise DecisionNotUnique(model.name, _rows(met))
    conclusions = _conclusions(model, met, evaluate)
    matched = tuple(MatchedRule(rule.index, rule.id) for rule in met)
    return DecisionResult(_output(model, met, conclusions), matched)


def _inputs(model: DecisionModel, evaluate: _Evaluate) -> list[Json]:
    columns = model.table.inputs
    values = evaluate([Expression(column.expression) for column in columns])
    for column, value in zip(columns, values, strict=True):
        if value is not None and not TYPES[column.type](value):
            reason = f"“{column.label}”应为 {column.type} 类型"
            raise DecisionInputInvalid(model.name, reason)
    return values


def _met(model: DecisionModel, inputs: Sequence[Json], evaluate: _Evaluate) -> list[TableRule]:
    """The rules all of whose cells are true, in their order; equal cells are asked once."""
    table = model.table
    cells = {(i, test) for rule in table.rules for i, test in enumerate(rule.tests) if test}
    cells |= {
        (i, column.allowed)
        for i, column in enumerate(table.inputs)
        if column.allowed and inputs[i] is not None
    }
    asked = sorted(cells)
    answers = evaluate([Expression(text, Kind.UNARY_TEST, inputs[i]) for i, text in asked])
    true = {cell for cell, answer in zip(asked, answers, strict=True) if answer is True}
    for i, column in enumerate(table.inputs):
        if (i, column.allowed) in cells - true and column.allowed:
            reason = f"“{column.label}”的值不在允许的范围内"
            raise DecisionInputInvalid(model.name, reason)
    return [
        rule
        for rule in table.rules
        if all(not test or (i, test) in true for i, test in enumerate(rule.tests))
    ]


def _conclusions(
    model: DecisionModel, met: Sequence[TableRule], evaluate: _Evaluate
) -> list[list[Json]]:
    """The values of each rule that met; without one, the defaults if the table has any."""
    columns = model.table.outputs
    rows = [rule.conclusions for rule in met]
    if not met and any(column.default for column in columns):
        rows = [tuple(column.default for column in columns)]
    answers = iter(evaluate([Expression(text) for row in rows for text in row if text]))
    values = [[next(answers) if text else None for text in row] for row in rows]
    _check_types(model, values)
    _check_allowed(model, values, evaluate)
    return values


def _check_types(model: DecisionModel, values: Sequence[Sequence[Json]]) -> None:
    for row in values:
        for column, value in zip(model.table.outputs, row, strict=True):
            if value is not None and not TYPES[column.type](value):
                reason = f"“{column.label}”应为 {column.type} 类型"
                raise DecisionOutputInvalid(model.name, reason)


def _check_allowed(
    model: DecisionModel, values: Sequence[Sequence[Json]], evaluate: _Evaluate
) -> None:
    asked = [
        (column, Expression(column.allowed, Kind.UNARY_TEST, value))
        for row in values
        for column, value in zip(model.table.outputs, row, strict=True)
        if column.allowed and value is not None
    ]
    answers = evaluate([test for _, test in asked])
    for (column, _), answer in zip(asked, answers, strict=True):
        if answer is not True:
            reason = f"“{column.label}”的值不在允许的范围内"
            raise DecisionOutputInvalid(model.name, reason)


def _output(
    model: DecisionModel, met: Sequence[TableRule], conclusions: Sequence[Sequence[Json]]
) -> Json:
    """The hit policy's word on what the rules concluded."""
    names = [column.name for column in model.table.outputs]
    results: list[Json] = [
        row[0] if len(names) == 1 else dict(zip(names, row, strict=True)) for row in conclusions
    ]
    if model.table.hit_policy in ("COLLECT", "RULE ORDER"):
        return results
    if not all(same(results[0], result) for result in results):
        raise DecisionNotUnanimous(model.name, _rows(met))
    return results[0] if results else None


def _rows(rules: Sequence[TableRule]) -> str:
    return "、".join(f"第 {rule.index} 行" for rule in rules)
