"""Rules about decision files: what does not run is refused by name, every text is read by FEEL."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.decision_source import (
    NAMESPACES,
    TYPES,
    DecisionTable,
    children,
    decision_nodes,
    read_table,
    table_node,
)
from service.engine.findings import Findings
from service.engine.identity_rules import TEXT_LIMIT
from service.engine.xml_source import XmlNode, local_name, namespace
from service.feel import (
    PLAIN_NAME,
    Analysis,
    Expression,
    FeelError,
    FeelPool,
    FeelUnavailable,
    Kind,
)

RULE_LIMIT = 1_000
"""Rows of one table."""

_POLICIES = frozenset({"UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"})

_LOGICS = {
    "literalExpression": "文字表达式（literal expression）",
    "context": "上下文（context）",
    "invocation": "调用（invocation）",
    "list": "列表（list）",
    "relation": "关系表（relation）",
    "functionDefinition": "函数定义（function）",
    "conditional": "条件式（conditional）",
    "filter": "筛选（filter）",
    "for": "循环（for）",
    "every": "全称（every）",
    "some": "存在（some）",
}
_ELEMENTS = {
    "businessKnowledgeModel": "业务知识模型",
    "decisionService": "决策服务",
    "import": "导入",
}
_RELIANCES = {"requiredDecision": "其他决策", "requiredKnowledge": "业务知识模型"}
_CAMUNDA_7 = "{http://camunda.org/schema/1.0/dmn}inputVariable"


@dataclass(frozen=True, slots=True)
class _Text:
    """One FEEL text of a table."""

    node: XmlNode
    what: str
    expression: Expression


def check_decisions(definitions: XmlNode, feel: FeelPool, found: Findings) -> None:
    """Check a decision file. Raises FeelUnavailable."""
    if namespace(definitions) not in NAMESPACES or local_name(definitions) != "definitions":
        found.note(
            "dmn-definitions",
            "这不是 DMN 1.3 至 1.5 文件。",
            "请用决策设计器新建或导出，保存为 DMN 1.3。",
        )
        return
    _check_languages(definitions, found)
    for name, chinese in _ELEMENTS.items():
        for node in children(definitions, name):
            _refuse("dmn-supported", node, chinese, found)
    decisions = decision_nodes(definitions)
    _check_ids(decisions, found)
    for decision in decisions:
        _check_decision(decision, feel, found)


def _check_ids(decisions: list[XmlNode], found: Findings) -> None:
    ids = [decision.get("id", "") for decision in decisions]
    if not decisions:
        found.note("dmn-decision", "文件中没有决策。", "请加上一个决策。")
    for decision, decision_id in zip(decisions, ids, strict=True):
        if not decision_id or len(decision_id) > TEXT_LIMIT or ids.count(decision_id) > 1:
            found.add(
                "dmn-decision",
                f"决策编号“{decision_id[:TEXT_LIMIT]}”是空的、太长或有重复。",
                f"请让每个决策有自己的编号，不超过 {TEXT_LIMIT} 个字。",
                at=decision,
            )


def _check_languages(definitions: XmlNode, found: Findings) -> None:
    for node in definitions.iter():
        language = node.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            found.add(
                "dmn-language",
                f"表达式语言“{language}”不支持，这里只支持 FEEL。",
                "请改用 FEEL。",
                at=node,
            )
        if node.get(_CAMUNDA_7):
            _refuse("dmn-supported", node, "Camunda 7 的输入变量名（inputVariable）", found)


def _check_decision(decision: XmlNode, feel: FeelPool, found: Findings) -> None:
    for name, chinese in _RELIANCES.items():
        for requirement in decision:
            for _ in children(requirement, name):
                _refuse("dmn-requirement", requirement, f"对{chinese}的依赖", found)
    table = table_node(decision)
    if table is None:
        logic = next((local_name(c) for c in decision if local_name(c) in _LOGICS), "")
        _refuse("dmn-logic", decision, _LOGICS.get(logic, "没有决策表的决策"), found)
        return
    source = read_table(table)
    _check_table(table, source, found)
    _check_columns(table, source, found)
    if _check_rules(table, source, found):
        _check_texts(list(_texts(table, source)), feel, found)


def _refuse(rule: str, node: XmlNode, what: str, found: Findings) -> None:
    found.add(rule, f"{what}还不能运行。", "请改用一张独立的决策表。", at=node)


def _check_table(node: XmlNode, table: DecisionTable, found: Findings) -> None:
    policy = table.hit_policy
    if table.aggregation:
        policy = f"{policy} {table.aggregation}"
    if policy not in _POLICIES:
        found.add(
            "dmn-hit-policy",
            f"命中策略“{policy}”还不能运行。",
            "请改用 UNIQUE、FIRST、ANY、RULE ORDER 或不汇总的 COLLECT。",
            at=node,
        )
    if not table.outputs or not table.rules:
        found.add("dmn-rule", "决策表没有输出列或没有规则。", "请补上输出列和规则。", at=node)
    if len(table.rules) > RULE_LIMIT:
        found.add(
            "dmn-rule",
            f"决策表有 {len(table.rules)} 条规则，最多 {RULE_LIMIT} 条。",
            "请拆成几张决策表。",
            at=node,
        )


def _check_columns(node: XmlNode, table: DecisionTable, found: Findings) -> None:
    for i, column in enumerate(table.inputs, start=1):
        at = children(node, "input")[i - 1]
        if not column.expression:
            found.add("dmn-input", f"第 {i} 个输入列没有表达式。", "请填写输入表达式。", at=at)
        _check_type(at, column.type, found)
    names = [column.name for column in table.outputs]
    for i, output in enumerate(table.outputs, start=1):
        at = children(node, "output")[i - 1]
        _check_type(at, output.type, found)
        named = PLAIN_NAME.fullmatch(output.name) and names.count(output.name) == 1
        if len(names) > 1 and not named:
            found.add(
                "dmn-output",
                f"第 {i} 个输出列的名称“{output.name}”是空的、重复或不合要求。",
                "有多个输出列时，每列都要有自己的名称：只用汉字、字母、数字和下划线。",
                at=at,
            )


def _check_type(node: XmlNode, name: str, found: Findings) -> None:
    if name not in TYPES:
        found.add(
            "dmn-type",
            f"类型“{name}”不支持。",
            "请改用 string、number、boolean、date、time、dateTime 或 Any。",
            at=node,
        )


def _check_rules(node: XmlNode, table: DecisionTable, found: Findings) -> bool:
    whole = True
    for rule, at in zip(table.rules, children(node, "rule"), strict=True):
        counts = (len(rule.tests), len(rule.conclusions))
        if counts != (len(table.inputs), len(table.outputs)):
            whole = False
            found.add(
                "dmn-rule",
                f"第 {rule.index} 行的单元格数与列数不一致。",
                "请在决策设计器中重新编辑这一行。",
                at=at,
            )
    return whole


def _texts(node: XmlNode, table: DecisionTable) -> Iterator[_Text]:
    for column, at in zip(table.inputs, children(node, "input"), strict=True):
        yield _Text(at, f"输入列“{column.label}”", Expression(column.expression))
        yield _Text(at, f"“{column.label}”的允许值", _cell(column.allowed))
    for output, at in zip(table.outputs, children(node, "output"), strict=True):
        yield _Text(at, f"“{output.label}”的允许值", _cell(output.allowed))
        yield _Text(at, f"“{output.label}”的默认结论", Expression(output.default))
    for rule, at in zip(table.rules, children(node, "rule"), strict=True):
        for i, text in enumerate(rule.tests, start=1):
            yield _Text(at, f"第 {rule.index} 行第 {i} 个条件", _cell(text))
        for i, text in enumerate(rule.conclusions, start=1):
            yield _Text(at, f"第 {rule.index} 行第 {i} 个结论", Expression(text))


def _cell(text: str) -> Expression:
    return Expression(text, Kind.UNARY_TEST)


def _check_texts(texts: list[_Text], feel: FeelPool, found: Findings) -> None:
    written = [text for text in texts if text.expression.text]
    try:
        analyses = feel.analyse([text.expression for text in written])
    except FeelUnavailable:
        raise
    except FeelError as error:
        found.note("feel-syntax", error.message, "请简化决策表的表达式。")
        return
    for text, analysis in zip(written, analyses, strict=True):
        _check_analysis(text, analysis, found)


def _check_analysis(text: _Text, analysis: Analysis, found: Findings) -> None:
    for error in analysis.errors[:1]:
        found.add(
            "feel-syntax",
            f"{text.what}写法有误：第 {error.position} 个字符处，{error.message}。",
            "请改正表达式；文字要写在英文双引号里。",
            at=text.node,
        )
    for name in sorted(analysis.unknown_functions):
        found.add(
            "feel-function",
            f"{text.what}用到的函数“{name}”不存在。",
            "请检查函数名的拼写。",
            at=text.node,
        )
