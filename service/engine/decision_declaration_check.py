"""Rules about what a decision file declares: languages, ids, types and names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from service.engine.decision_names import NAME_REMEDY, is_name, plain_name
from service.engine.decision_source import NAMESPACES, attribute, child, children, type_of
from service.engine.decision_types import BASES, Types
from service.engine.findings import Findings
from service.engine.identity_rules import TEXT_LIMIT
from service.engine.xml_source import XmlNode, local_name, namespace

_CAMUNDA_7 = "{http://camunda.org/schema/1.0/dmn}inputVariable"

_GRAPH = ("decision", "businessKnowledgeModel", "decisionService", "inputData")

_NAMED: Mapping[str, str] = {
    "itemComponent": "类型的组成部分",
    "formalParameter": "参数",
    "parameter": "参数",
    "column": "列",
    "businessKnowledgeModel": "业务知识模型",
    "decisionService": "决策服务",
}
_ITERATED = frozenset({"for", "some", "every"})

_TYPE_REMEDY = (
    "请改用 string、number、boolean、date、time、dateTime、Any，"
    "或文件里定义的类型（itemDefinition）。"
)


def check_declarations(definitions: XmlNode, types: Types, found: Findings) -> None:
    """Check languages, ids, types and names of the whole file."""
    _check_ids(definitions, found)
    for node in _model(definitions):
        _check_language(node, found)
        _check_type(node, type_of(node), types, found)
        _check_name(node, found)
        _check_kind(node, found)
    _check_items(definitions, types, found)
    for holder, name in (("relation", "column"), ("context", "contextEntry")):
        for node in _model(definitions, holder):
            _check_twice(node, name, found)
    for node in _model(definitions, "context"):
        _check_result(node, found)


def _model(definitions: XmlNode, name: str = "") -> Iterator[XmlNode]:
    nodes = (node for node in definitions.iter() if namespace(node) in NAMESPACES)
    return (node for node in nodes if not name or local_name(node) == name)


def _check_ids(definitions: XmlNode, found: Findings) -> None:
    nodes = [node for name in _GRAPH for node in children(definitions, name)]
    counts = Counter(node.get("id", "") for node in nodes)
    if not children(definitions, "decision"):
        found.note("dmn-decision", "文件中没有决策。", "请加上一个决策。")
    for node in nodes:
        node_id = node.get("id", "")
        if not node_id or len(node_id) > TEXT_LIMIT or counts[node_id] > 1:
            found.add(
                "dmn-decision",
                f"编号“{node_id[:TEXT_LIMIT]}”是空的、太长或有重复。",
                f"请让每个决策、输入和知识模型有自己的编号，不超过 {TEXT_LIMIT} 个字。",
                at=node,
            )


def _check_language(node: XmlNode, found: Findings) -> None:
    for name in ("expressionLanguage", "typeLanguage"):
        language = attribute(node, name)
        if language and "feel" not in language.lower():
            found.add(
                "dmn-language",
                f"表达式语言“{language}”不支持，这里只支持 FEEL。",
                "请改用 FEEL。",
                at=node,
            )
    if node.get(_CAMUNDA_7):
        found.add(
            "dmn-supported",
            "Camunda 7 的输入变量名（inputVariable）在这里不能运行。",
            "请在输入列的表达式里写变量名。",
            at=node,
        )


def _check_kind(node: XmlNode, found: Findings) -> None:
    kind = attribute(node, "kind")
    if local_name(node) in ("functionDefinition", "encapsulatedLogic") and kind not in ("", "FEEL"):
        found.add(
            "dmn-supported",
            f"用 {kind} 写的函数在这里不能运行。",
            "请改用 FEEL 表达式，或由服务任务计算。",
            at=node,
        )


def _check_type(node: XmlNode, name: str, types: Types, found: Findings) -> None:
    if not types.known(name):
        found.add("dmn-type", f"类型“{name}”不支持。", _TYPE_REMEDY, at=node)


def _check_name(node: XmlNode, found: Findings) -> None:
    tag = local_name(node)
    if tag in _ITERATED:
        _require_name(node, "循环变量", attribute(node, "iteratorVariable"), found)
    elif tag == "contextEntry" and (variable := child(node, "variable")) is not None:
        _require_name(node, "上下文的条目", attribute(variable, "name"), found)
    elif tag in _NAMED:
        _require_name(node, _NAMED[tag], attribute(node, "name"), found)


def _require_name(node: XmlNode, what: str, name: str, found: Findings) -> None:
    if not is_name(name):
        found.add("dmn-name", f"{what}的名称“{name}”不能用在表达式里。", NAME_REMEDY, at=node)


def _check_items(definitions: XmlNode, types: Types, found: Findings) -> None:
    nodes = children(definitions, "itemDefinition")
    counts = Counter(attribute(node, "name") for node in nodes)
    for node in nodes:
        name = attribute(node, "name")
        if not name or name in BASES or counts[name] > 1 or types.circular(name):
            found.add(
                "dmn-item",
                f"类型“{name}”没有名称、重名、与 FEEL 的类型同名，或只引用自己。",
                "请给每个类型自己的名称，并让它落到 FEEL 的类型上。",
                at=node,
            )
        _check_item(node, types, found)


def _check_item(node: XmlNode, types: Types, found: Findings) -> None:
    reference = child(node, "typeRef")
    if reference is not None:
        name = str(reference.text or "").strip().removeprefix("feel:")
        _check_type(node, name, types, found)
    components = children(node, "itemComponent")
    if components and reference is not None:
        found.add(
            "dmn-item",
            f"类型“{attribute(node, 'name')}”既引用别的类型，又有组成部分。",
            "请只留一种。",
            at=node,
        )
    _note_twice(node, (attribute(one, "name") for one in components), found)
    for component in components:
        _check_item(component, types, found)


def _check_twice(node: XmlNode, name: str, found: Findings) -> None:
    holders = children(node, name)
    variables = (child(one, "variable") if name == "contextEntry" else one for one in holders)
    _note_twice(node, (attribute(one, "name") for one in variables), found)


def _note_twice(node: XmlNode, names: Iterable[str], found: Findings) -> None:
    for name, count in Counter(plain_name(one) for one in names if one).items():
        if count > 1:
            found.add(
                "dmn-name",
                f"名称“{name}”在同一处出现 {count} 次。",
                "请改成不同的名称；名称里的空格和下划线算作相同。",
                at=node,
            )


def _check_result(node: XmlNode, found: Findings) -> None:
    unnamed = [child(one, "variable") is None for one in children(node, "contextEntry")]
    if any(unnamed[:-1]):
        found.add(
            "dmn-expression",
            "上下文中只有最后一条可以没有名称。",
            "请给其他条目名称，或把结果移到最后。",
            at=node,
        )
