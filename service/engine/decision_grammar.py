"""What may stand where in a decision file; everything else is refused by its name.

Source: DMN 1.5, DMN15.xsd.
"""

from collections.abc import Iterator, Mapping

from service.engine.decision_source import EXPRESSIONS, children, expressions, model_nodes
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name

_ANYWHERE = frozenset({"description", "extensionElements"})
_TEXT = frozenset({"text"})

_INSIDE: Mapping[str, frozenset[str]] = {
    "definitions": frozenset(
        {
            *("itemDefinition", "decision", "businessKnowledgeModel", "decisionService"),
            *("inputData", "knowledgeSource", "elementCollection", "performanceIndicator"),
            *("organizationUnit", "textAnnotation", "association", "group"),
        }
    ),
    "itemDefinition": frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent"}),
    "itemComponent": frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent"}),
    "allowedValues": _TEXT,
    "typeConstraint": _TEXT,
    "inputData": frozenset({"variable"}),
    "decision": EXPRESSIONS
    | {
        *("question", "allowedAnswers", "variable", "informationRequirement"),
        *("knowledgeRequirement", "authorityRequirement", "supportedObjective"),
        *("impactedPerformanceIndicator", "decisionMaker", "decisionOwner"),
        *("usingProcess", "usingTask"),
    },
    "businessKnowledgeModel": frozenset(
        {"variable", "encapsulatedLogic", "knowledgeRequirement", "authorityRequirement"}
    ),
    "encapsulatedLogic": EXPRESSIONS | {"formalParameter"},
    "decisionService": frozenset(
        {"variable", "outputDecision", "encapsulatedDecision", "inputDecision", "inputData"}
    ),
    "informationRequirement": frozenset({"requiredDecision", "requiredInput"}),
    "knowledgeRequirement": frozenset({"requiredKnowledge"}),
    "literalExpression": _TEXT,
    "inputExpression": _TEXT,
    "inputEntry": _TEXT,
    "inputValues": _TEXT,
    "outputValues": _TEXT,
    "outputEntry": _TEXT,
    "defaultOutputEntry": _TEXT,
    "decisionTable": frozenset({"input", "output", "annotation", "rule"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "output": frozenset({"outputValues", "defaultOutputEntry"}),
    "rule": frozenset({"inputEntry", "outputEntry", "annotationEntry"}),
    "context": frozenset({"contextEntry"}),
    "contextEntry": EXPRESSIONS | {"variable"},
    "invocation": EXPRESSIONS | {"binding"},
    "binding": EXPRESSIONS | {"parameter"},
    "list": EXPRESSIONS,
    "relation": frozenset({"column", "row"}),
    "row": EXPRESSIONS,
    "functionDefinition": EXPRESSIONS | {"formalParameter"},
    "conditional": frozenset({"if", "then", "else"}),
    "filter": frozenset({"in", "match"}),
    "for": frozenset({"in", "return"}),
    "some": frozenset({"in", "satisfies"}),
    "every": frozenset({"in", "satisfies"}),
    **dict.fromkeys(("if", "then", "else", "in", "match", "return", "satisfies"), EXPRESSIONS),
}
"""Names of what may stand in an element; what is not here is documentation or a leaf."""

_ONE_EXPRESSION: Mapping[str, str] = {
    "encapsulatedLogic": "业务知识模型",
    "functionDefinition": "函数定义",
    "contextEntry": "上下文的这一条",
    "invocation": "调用的函数",
    "binding": "参数",
    "if": "条件（if）",
    "then": "成立时（then）",
    "else": "不成立时（else）",
    "in": "列表（in）",
    "match": "筛选条件（match）",
    "return": "每项的结果（return）",
    "satisfies": "条件（satisfies）",
}

_PARTS: Mapping[str, tuple[str, ...]] = {
    "businessKnowledgeModel": ("encapsulatedLogic",),
    "binding": ("parameter",),
    "conditional": ("if", "then", "else"),
    "filter": ("in", "match"),
    "for": ("in", "return"),
    "some": ("in", "satisfies"),
    "every": ("in", "satisfies"),
}

_CHINESE: Mapping[str, str] = {
    "import": "导入（import）",
    "importedValues": "导入的值（importedValues）",
    "functionItem": "函数类型（functionItem）",
}

_REMEDIES: Mapping[str, str] = {
    "import": "请把用到的决策、类型和知识模型放进同一个文件。",
    "importedValues": "请把表达式写在文件里。",
    "functionItem": "请去掉类型，改用业务知识模型。",
}


def check_grammar(definitions: XmlNode, found: Findings) -> None:
    """Check what stands where in the whole file."""
    for node in _nodes(definitions):
        name = local_name(node)
        _check_children(node, _INSIDE.get(name), found)
        _check_parts(node, name, found)
        if name == "decision":
            _check_logic(node, found)
        elif name == "literalExpression" and node.getparent() is not None:
            _check_literal(node, found)


def _nodes(definitions: XmlNode) -> Iterator[XmlNode]:
    """The elements whose children mean something, from the outside in."""
    waiting = [definitions]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(c for c in reversed(list(model_nodes(node))) if local_name(c) in _INSIDE)


def _check_children(node: XmlNode, allowed: frozenset[str] | None, found: Findings) -> None:
    for child in model_nodes(node):
        name = local_name(child)
        if allowed is not None and name not in allowed | _ANYWHERE:
            found.add(
                "dmn-supported",
                f"{_CHINESE.get(name, f'元素“{name}”')}在这里不能运行。",
                _REMEDIES.get(name, "请在决策设计器中删去它，或改用说明文字。"),
                at=child,
            )


def _check_parts(node: XmlNode, name: str, found: Findings) -> None:
    for part in _PARTS.get(name, ()):
        if len(children(node, part)) != 1:
            _note_expression(node, f"“{name}”要有且只有一个 {part}", found)
    what = _ONE_EXPRESSION.get(name)
    if what and len(expressions(node)) != 1:
        _note_expression(node, f"{what}要有且只有一个表达式", found)


def _check_logic(node: XmlNode, found: Findings) -> None:
    logics = expressions(node)
    if len(logics) != 1:
        found.add(
            "dmn-logic",
            "决策没有逻辑。" if not logics else "决策有几个逻辑，不知道用哪一个。",
            "请给决策一张决策表，或一个表达式。",
            at=node,
        )
    elif local_name(logics[0]) == "functionDefinition":
        found.add(
            "dmn-logic",
            "决策的结果是函数（function），不能保存。",
            "请改成业务知识模型，由决策调用。",
            at=node,
        )


def _check_literal(node: XmlNode, found: Findings) -> None:
    texts = children(node, "text")
    if not texts or not str(texts[0].text or "").strip():
        _note_expression(node, "文字表达式（literal expression）是空的", found)


def _note_expression(node: XmlNode, what: str, found: Findings) -> None:
    found.add("dmn-expression", f"{what}。", "请在决策设计器中补全，空值写 null。", at=node)
