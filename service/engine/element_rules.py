"""Rules about what a diagram may hold: whatever does not run here is refused by its name."""

from service.engine.constructs import CHILDREN, FOREIGN, NAMES, OWN_RULES, REMEDIES
from service.engine.dialect import BPMN, ZEEBE
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, flag, local_name, namespace

_FIXED_ATTRIBUTES = {
    "startQuantity": ("1", "quantity", "起始数量（startQuantity）不为 1"),
    "completionQuantity": ("1", "quantity", "完成数量（completionQuantity）不为 1"),
    "behavior": ("All", "multi-instance-behavior", "多实例的完成事件（behavior）不是 All"),
    "oneBehaviorEventRef": ("", "multi-instance-behavior", "多实例的完成事件"),
    "noneBehaviorEventRef": ("", "multi-instance-behavior", "多实例的完成事件"),
    "ordering": ("Parallel", "ad-hoc-sequential", "依次进行的自由子流程（ordering）"),
    "eventGatewayType": ("Exclusive", "parallel-multiple", "并行的事件网关"),
    "operationRef": ("", "attribute-supported", "操作引用（operationRef）"),
    "method": ("##Compensate", "attribute-supported", "补偿以外的事务方法（method）"),
}
"""Attributes that run with one value only, and what another would mean."""

_HARMLESS = "modelerTemplate"
"""How the attributes begin that a modeler notes of the template an element was made from."""


def foreign_dialect(namespace_uri: str) -> str | None:
    """The engine whose dialect this namespace is."""
    return FOREIGN.get(namespace_uri)


def check_elements(definitions: XmlNode, found: Findings) -> None:
    """Check every element that means something, from the definitions down."""
    stack = [definitions]
    while stack:
        node = stack.pop()
        tag = local_name(node)
        allowed = CHILDREN.get(tag)
        if allowed is None:
            continue
        _check_attributes(node, found)
        for child in node:
            if namespace(child) != BPMN:
                continue
            if _stands(node, child):
                stack.append(child)
            else:
                _refuse(child, found)


def is_run(node: XmlNode) -> bool:
    """True when an element and everything around it means something here."""
    return local_name(node) in CHILDREN and all(
        local_name(outer) in CHILDREN for outer in node.iterancestors()
    )


def check_languages(definitions: XmlNode, found: Findings) -> None:
    """Expressions in another language than FEEL are refused, not read as FEEL."""
    for node in definitions.iter(f"{{{BPMN}}}*"):
        language = node.get("language", "")
        if language and "FEEL" not in language.upper():
            found.add(
                "attribute-supported",
                f"表达式使用了语言“{language}”，这里只支持 FEEL。",
                "请删去 language 属性，并改写为以 = 开头的 FEEL 表达式。",
                at=node,
            )


def _stands(node: XmlNode, child: XmlNode) -> bool:
    tag = local_name(child)
    if tag == "extension":
        return not flag(child, "mustUnderstand")
    if tag == "script":
        return not "".join(child.itertext()).strip() and len(child) == 0
    return tag in CHILDREN[local_name(node)] and tag not in OWN_RULES


def _refuse(node: XmlNode, found: Findings) -> None:
    tag = local_name(node)
    name = NAMES.get(tag, f"bpmn:{tag}")
    found.add(
        OWN_RULES.get(tag, "element-supported"),
        f"{name}在这里不能运行。",
        REMEDIES.get(tag, "请删去它，或换成能运行的元素。"),
        at=node,
    )


def _check_attributes(node: XmlNode, found: Findings) -> None:
    for name, value in node.attrib.items():
        if name.startswith("{"):
            _check_extension_attribute(node, name, found)
            continue
        expected, rule, meaning = _FIXED_ATTRIBUTES.get(name, (value, "", ""))
        if value.strip() != expected.strip():
            _refuse_attribute(rule, meaning, node, found)
    if flag(node, "parallelMultiple"):
        _refuse_attribute("parallel-multiple", "并行多重事件", node, found)
    if local_name(node) == "receiveTask" and flag(node, "instantiate"):
        rule, meaning = "receive-task-instantiates", "启动流程的接收任务（instantiate）"
        _refuse_attribute(rule, meaning, node, found)


def _refuse_attribute(rule: str, meaning: str, node: XmlNode, found: Findings) -> None:
    found.add(rule, f"{meaning}不能运行。", "请删去这项设置，或换一种画法。", at=node)


def _check_extension_attribute(node: XmlNode, name: str, found: Findings) -> None:
    uri, _, plain = name[1:].partition("}")
    if foreign_dialect(uri):
        found.add(
            "attribute-foreign",
            f"属性“{plain}”属于 {foreign_dialect(uri)}，这里不会起作用。",
            "请删去它，改用 Camunda 8（zeebe）的对应设置。",
            at=node,
        )
    elif uri == ZEEBE and not plain.startswith(_HARMLESS):
        found.add(
            "extension-known",
            f"没有名为 zeebe:{plain} 的属性。",
            "请检查拼写，或删去它。",
            at=node,
        )
