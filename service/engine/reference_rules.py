"""Rules about references: what one element names must exist, and be what is meant."""

from collections.abc import Iterator, Mapping

from service.domain.problems import Severity
from service.engine.diagram import FLOW_NODES
from service.engine.dialect import BPMN
from service.engine.findings import Findings
from service.engine.triggers import TriggerKind
from service.engine.xml_source import XmlNode, local_name, namespace, reference

_BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"

_ANY = frozenset[str]()

_ATTRIBUTES: dict[tuple[str, str], frozenset[str]] = {
    ("association", "sourceRef"): _ANY,
    ("association", "targetRef"): _ANY,
    ("dataObjectReference", "dataObjectRef"): frozenset({"dataObject"}),
    ("participant", "processRef"): frozenset({"process"}),
    ("process", "definitionalCollaborationRef"): frozenset({"collaboration"}),
    ("group", "categoryValueRef"): frozenset({"categoryValue"}),
    ("lane", "partitionElementRef"): _ANY,
    ("messageFlow", "messageRef"): frozenset({"message"}),
    ("messageEventDefinition", "messageRef"): frozenset({"message"}),
    ("receiveTask", "messageRef"): frozenset({"message"}),
    ("sendTask", "messageRef"): frozenset({"message"}),
    ("signalEventDefinition", "signalRef"): frozenset({"signal"}),
    ("errorEventDefinition", "errorRef"): frozenset({"error"}),
    ("escalationEventDefinition", "escalationRef"): frozenset({"escalation"}),
}
"""Attributes that name an element, and what it may be; types of data are not looked into."""

_CONTENT: dict[str, frozenset[str]] = {
    "flowNodeRef": FLOW_NODES,
    "categoryValueRef": frozenset({"categoryValue"}),
    "eventDefinitionRef": frozenset(TriggerKind),
    "sourceRef": _ANY,
    "targetRef": _ANY,
}
"""Elements whose text names another element."""

_LINKS = frozenset({"source", "target"})


def check_references(definitions: XmlNode, found: Findings) -> None:
    """Check that what is referred to exists."""
    nodes = [node for node in definitions.iter(f"{{{BPMN}}}*") if namespace(node) == BPMN]
    tags = {node.get("id"): local_name(node) for node in nodes if node.get("id")}
    shared = {node.get("id") for node in definitions}
    """What stands by itself: an event's own definition belongs to that event (10.5.1)."""
    for node in nodes:
        for written, allowed in _references(node):
            target = reference(written)
            fits = target in tags and (not allowed or tags[target] in allowed)
            if local_name(node) == "eventDefinitionRef":
                fits = fits and target in shared
            if not fits:
                _tell(node, written, exists=target in tags, found=found)
    _check_drawing(definitions, tags, found)


def _references(node: XmlNode) -> Iterator[tuple[str, frozenset[str]]]:
    tag = local_name(node)
    for name, value in node.attrib.items():
        if (tag, name) in _ATTRIBUTES:
            yield value, _ATTRIBUTES[tag, name]
    if tag in _CONTENT:
        yield node.text or "", _CONTENT[tag]
    elif tag in _LINKS and local_name(node.getparent()) == TriggerKind.LINK:
        yield node.text or "", frozenset({TriggerKind.LINK})


def _tell(node: XmlNode, written: str, *, exists: bool, found: Findings) -> None:
    what = "不是这里能引用的元素" if exists else "不存在"
    found.add(
        "reference",
        f"引用的“{written.strip()[:100]}”{what}。",
        "请在设计器中重新选择，或删去这个引用。",
        at=node,
    )


def _check_drawing(definitions: XmlNode, tags: Mapping[str | None, str], found: Findings) -> None:
    loose = [
        node.get("bpmnElement", "")
        for node in definitions.iter(f"{{{_BPMNDI}}}*")
        if reference(node.get("bpmnElement", "")) not in tags and node.get("bpmnElement")
    ]
    if loose:
        found.note(
            "reference-drawing",
            f"图上有 {len(loose)} 个图形没有对应的元素，第一个是“{loose[0][:100]}”。",
            "请在设计器中打开并重新保存这个文件。",
            severity=Severity.WARNING,
        )
