"""Rules about data: it is documentation, but must make sense, and must not hold anything.

Source: BPMN 2.0.2, 10.4.1.
"""

from service.engine.dialect import BPMN
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, reference

_STORES = frozenset({"dataStore", "dataStoreReference"})
_DATA = _STORES | {
    *("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput"),
    *("inputDataItem", "outputDataItem"),
}
"""BPMN's name: item aware elements."""


def check_data(definitions: XmlNode, found: Findings) -> None:
    """Check data stores and data associations."""
    nodes = list(definitions.iter(f"{{{BPMN}}}*"))
    tags = {node.get("id", ""): local_name(node) for node in nodes if node.get("id")}
    for node in nodes:
        tag = local_name(node)
        if tag in ("dataInputAssociation", "dataOutputAssociation"):
            _check_association(node, tags, found)
        elif tag in _STORES and (node.get("itemSubjectRef") or _has_state(node)):
            _refuse_content(node, found)


def _check_association(node: XmlNode, tags: dict[str, str], found: Findings) -> None:
    sources = [reference(one.text or "") for one in node.iter(f"{{{BPMN}}}sourceRef")]
    targets = [reference(one.text or "") for one in node.iter(f"{{{BPMN}}}targetRef")]
    for end in (*sources, *targets):
        if tags.get(end, "dataObject") not in _DATA:
            found.add(
                "data-association",
                f"数据关联的一端“{end[:100]}”不是数据。",
                "请把数据关联接到数据对象或属性；只作说明时请改用普通的关联线。",
                at=node,
            )
    if len(sources) > 1 and node.find(f"{{{BPMN}}}transformation") is None:
        found.add(
            "data-association",
            f"数据关联有 {len(sources)} 个来源，没有转换时只能有一个。",
            "请为每个来源各画一条数据关联。",
            at=node,
        )
    if any(tags.get(end) in _STORES for end in (*sources, *targets)):
        _refuse_content(node, found)


def _has_state(node: XmlNode) -> bool:
    return node.find(f"{{{BPMN}}}dataState") is not None


def _refuse_content(node: XmlNode, found: Findings) -> None:
    found.add(
        "data-store",
        "数据存储只能作说明：这里不会从它读取，也不会写入。",
        "请删去它的内容和数据关联，只作说明时可改用普通的关联线；要读写的内容请用变量。",
        at=node,
    )
