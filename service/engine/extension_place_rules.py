"""Rules about which extension may stand where."""

from collections import Counter

from service.engine.diagram import bpmn
from service.engine.dialect import (
    ASYNC,
    BPMN,
    CATEGORY,
    COMMENT_REQUIRED,
    OUTCOMES,
    RETRY,
    TITLE,
    ZEEBE,
    extension_nodes,
)
from service.engine.element_rules import foreign_dialect, is_run
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, namespace

_OURS = "jiaoyan."

_PLACES = {
    "process": {"versionTag", "properties"},
    "startEvent": {"formDefinition", "ioMapping", "properties"},
    "endEvent": {"ioMapping", "properties"},
    "userTask": {
        "userTask",
        "formDefinition",
        "assignmentDefinition",
        "taskSchedule",
        "priorityDefinition",
        "ioMapping",
        "taskHeaders",
        "properties",
    },
    "serviceTask": {"taskDefinition", "taskHeaders", "ioMapping", "properties"},
    "businessRuleTask": {"calledDecision", "ioMapping", "properties"},
    "scriptTask": {"script", "ioMapping", "properties"},
}
_ELSEWHERE = {"properties"}

_ATTRIBUTES = {
    "userTask": set[str](),
    "formDefinition": {"formId", "bindingType"},
    "assignmentDefinition": {"assignee", "candidateUsers", "candidateGroups"},
    "taskSchedule": {"dueDate", "followUpDate"},
    "priorityDefinition": {"priority"},
    "ioMapping": set[str](),
    "input": {"source", "target"},
    "output": {"source", "target"},
    "taskHeaders": set[str](),
    "header": {"key", "value"},
    "properties": set[str](),
    "property": {"name", "value"},
    "taskDefinition": {"type", "retries"},
    "calledDecision": {"decisionId", "resultVariable", "bindingType"},
    "script": {"expression", "resultVariable"},
    "versionTag": {"value"},
}

_CONTENT = {
    "ioMapping": {"input", "output"},
    "taskHeaders": {"header"},
    "properties": {"property"},
}

_KNOWN = {
    "executionListeners": "执行监听器",
    "taskListeners": "任务监听器",
    "loopCharacteristics": "多实例",
    "calledElement": "调用活动",
    "subscription": "消息订阅",
    "publishMessage": "消息发布",
    "linkedResources": "关联资源",
    "adHoc": "自由子流程",
    "userTaskForm": "嵌入的用户任务表单",
    "conditionalFilter": "条件过滤",
}
"""Extensions of Camunda 8 that do not run here, with their Chinese names."""

_OUR_PROPERTIES = {
    "process": {TITLE, CATEGORY},
    "userTask": {OUTCOMES, COMMENT_REQUIRED},
    "serviceTask": {ASYNC, RETRY},
}


def check_extension_places(definitions: XmlNode, found: Findings) -> None:
    """Check the extensions of everything that runs; what does not run is refused as a whole."""
    for holder in definitions.iter(bpmn("extensionElements")):
        host = holder.getparent()
        if host is not None and is_run(host):
            _check_host(host, found)


def _check_host(host: XmlNode, found: Findings) -> None:
    nodes = extension_nodes(host)
    for node in nodes:
        if namespace(node) == ZEEBE:
            _check_zeebe(host, node, found)
        else:
            _refuse_foreign(node, found)
    counts = Counter(local_name(node) for node in nodes)
    for name, count in counts.items():
        if count > 1:
            found.add(
                "extension-once",
                f"扩展 zeebe:{name} 写了 {count} 次，只能写一次。",
                "请合并成一个。",
                at=host,
            )


def _refuse_foreign(node: XmlNode, found: Findings) -> None:
    uri = namespace(node)
    owner = foreign_dialect(uri) or uri or "没有命名空间"
    found.add(
        "extension-known",
        f"扩展“{local_name(node)}”（{owner}）不属于 Camunda 8，这里不会起作用。",
        "请删去它，改用 Camunda 8（zeebe）的对应设置。",
        at=node,
    )


def _check_zeebe(host: XmlNode, node: XmlNode, found: Findings) -> None:
    name, tag = local_name(node), local_name(host)
    if name in _KNOWN:
        found.add(
            "extension-supported",
            f"{_KNOWN[name]}（zeebe:{name}）还不能运行。",
            "请删去这项设置。",
            at=node,
        )
    elif name not in _ATTRIBUTES:
        found.add(
            "extension-known",
            f"没有名为 zeebe:{name} 的扩展。",
            "请检查拼写，或删去它。",
            at=node,
        )
    elif name not in (_PLACES.get(tag, _ELSEWHERE) if namespace(host) == BPMN else _ELSEWHERE):
        found.add(
            "extension-place",
            f"扩展 zeebe:{name} 写在 {tag} 上不起作用。",
            "请删去它，或写到它适用的元素上。",
            at=node,
        )
    else:
        _check_content(host, node, found)


def _check_content(host: XmlNode, node: XmlNode, found: Findings) -> None:
    _check_attributes(node, found)
    for child in node:
        name = local_name(child)
        if namespace(child) != ZEEBE or name not in _CONTENT.get(local_name(node), set()):
            found.add(
                "extension-known",
                f"zeebe:{local_name(node)} 里不能有“{name}”。",
                "请检查拼写，或删去它。",
                at=child,
            )
            continue
        _check_attributes(child, found)
        if name == "property":
            _check_property(host, child, found)


def _check_attributes(node: XmlNode, found: Findings) -> None:
    name = local_name(node)
    for attribute in node.attrib:
        if attribute not in _ATTRIBUTES[name]:
            found.add(
                "extension-supported",
                f"zeebe:{name} 的属性“{attribute}”还不能运行或不存在。",
                "请删去它，或检查拼写。",
                at=node,
            )


def _check_property(host: XmlNode, node: XmlNode, found: Findings) -> None:
    name, allowed = node.get("name", ""), _OUR_PROPERTIES.get(local_name(host), set())
    if name.startswith(_OURS) and name not in allowed:
        here = "、".join(sorted(allowed)) or "没有"
        found.add(
            "property-known",
            f"这里没有名为“{name}”的属性；本系统在此可用的属性：{here}。",
            "请检查拼写和所在的元素，或删去它。",
            at=node,
        )
