"""Rules about decision tables, wherever in a file they stand."""

from service.engine.decision_names import NAME_REMEDY, is_name, plain_name
from service.engine.decision_reader import BoxReader
from service.engine.decision_source import NAMESPACES, attribute, children, expressions, type_of
from service.engine.decision_tables import AGGREGATIONS, POLICIES, PRIORITIES, DecisionTable
from service.engine.decision_types import Types
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, namespace

RULE_LIMIT = 1_000
"""Rows of one table."""


def check_tables(definitions: XmlNode, reader: BoxReader, types: Types, found: Findings) -> bool:
    """Check every decision table of a file. Whether all are short enough to read their texts."""
    short = True
    for node in definitions.iter():
        if namespace(node) in NAMESPACES and local_name(node) == "decisionTable":
            table = reader.table(node, "")
            _check_policy(node, table, found)
            _check_aggregation(node, table, types, found)
            short = _check_size(node, table, found) and short
            _check_inputs(node, table, found)
            _check_outputs(node, found)
            _check_rules(node, table, found)
        elif local_name(node) == "relation":
            _check_relation(node, found)
    return short


def _check_policy(node: XmlNode, table: DecisionTable, found: Findings) -> None:
    if table.policy not in POLICIES:
        found.add(
            "dmn-hit-policy",
            f"命中策略“{table.policy}”不能运行。",
            "请改用 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER 或 COLLECT；"
            "只有 COLLECT 可以汇总（SUM、MIN、MAX、COUNT）。",
            at=node,
        )
    if table.policy in PRIORITIES and not any(column.order for column in table.outputs):
        found.add(
            "dmn-priority",
            f"命中策略“{table.policy}”按输出值的次序选规则，但没有一个输出列列出允许值。",
            "请在输出列的允许值里从高到低列出各个结论。",
            at=node,
        )
    for column, at in zip(table.outputs, children(node, "output"), strict=True):
        if table.policy in PRIORITIES and column.order.replace(" ", "").startswith(("not(", "-")):
            found.add(
                "dmn-priority",
                f"“{column.label}”的允许值没有逐个列出，排不出优先级。",
                "请从高到低逐个列出允许值。",
                at=at,
            )


def _check_aggregation(node: XmlNode, table: DecisionTable, types: Types, found: Findings) -> None:
    if table.policy not in AGGREGATIONS:
        return
    if len(table.outputs) > 1:
        found.add(
            "dmn-hit-policy",
            f"“{table.policy}”只能汇总一个输出列，这里有 {len(table.outputs)} 个。",
            "请只留一个输出列，或改用不汇总的 COLLECT。",
            at=node,
        )
    for output, at in zip(table.outputs, children(node, "output"), strict=True):
        base = types.base(type_of(at))
        if table.policy == "COLLECT SUM" and base not in ("", "number"):
            found.add(
                "dmn-hit-policy",
                f"“COLLECT SUM”只能汇总数字，输出列的类型是 {base}。",
                "请把输出列的类型改成 number。",
                at=at,
            )
        if table.policy == "COLLECT COUNT" and output.default:
            found.add(
                "dmn-hit-policy",
                "“COLLECT COUNT”数的是成立的规则，没有规则成立时是 0，不用默认结论。",
                "请删去默认结论。",
                at=at,
            )


def _check_size(node: XmlNode, table: DecisionTable, found: Findings) -> bool:
    if not table.outputs or not table.rules:
        found.add("dmn-rule", "决策表没有输出列或没有规则。", "请补上输出列和规则。", at=node)
    if len(table.rules) > RULE_LIMIT:
        found.add(
            "dmn-rule",
            f"决策表有 {len(table.rules)} 条规则，最多 {RULE_LIMIT} 条。",
            "请拆成几张决策表。",
            at=node,
        )
    return len(table.rules) <= RULE_LIMIT


def _check_inputs(node: XmlNode, table: DecisionTable, found: Findings) -> None:
    for i, (column, at) in enumerate(
        zip(table.inputs, children(node, "input"), strict=True), start=1
    ):
        if not column.text:
            found.add("dmn-input", f"第 {i} 个输入列没有表达式。", "请填写输入表达式。", at=at)


def _check_outputs(node: XmlNode, found: Findings) -> None:
    outputs = children(node, "output")
    names = [plain_name(attribute(output, "name")) for output in outputs]
    for i, output in enumerate(outputs, start=1):
        name = attribute(output, "name")
        if len(names) > 1 and not (is_name(name) and names.count(plain_name(name)) == 1):
            found.add(
                "dmn-output",
                f"第 {i} 个输出列的名称“{name}”是空的、重复或不合要求。",
                f"有多个输出列时，每列都要有自己的名称。{NAME_REMEDY}",
                at=output,
            )


def _check_rules(node: XmlNode, table: DecisionTable, found: Findings) -> None:
    for rule, at in zip(table.rules, children(node, "rule"), strict=True):
        counts = (len(rule.tests), len(rule.conclusions))
        if counts != (len(table.inputs), len(table.outputs)):
            found.add(
                "dmn-rule",
                f"第 {rule.index} 行的单元格数与列数不一致。",
                "请在决策设计器中重新编辑这一行。",
                at=at,
            )


def _check_relation(node: XmlNode, found: Findings) -> None:
    columns = len(children(node, "column"))
    for i, row in enumerate(children(node, "row"), start=1):
        if len(expressions(row)) != columns or not columns:
            found.add(
                "dmn-relation",
                f"关系表第 {i} 行的单元格数与列数不一致。",
                "请在决策设计器中重新编辑这一行。",
                at=row,
            )
