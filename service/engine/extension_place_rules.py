"""Rules about which extension may stand where."""

from collections import Counter

from service.engine.diagram import bpmn
from service.engine.dialect import BPMN, ZEEBE, extension_nodes
from service.engine.element_rules import foreign_dialect, is_run
from service.engine.extension_vocabulary import (
    ATTRIBUTES,
    CONTENT,
    ELSEWHERE,
    LIMITED,
    NOT_RUN,
    OUR_PROPERTIES,
    PLACES,
)
from service.engine.findings import Findings
from service.engine.identity_rules import TEXT_LIMIT
from service.engine.xml_source import XmlNode, local_name, namespace

_OURS = "jiaoyan."


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
    if name in NOT_RUN:
        found.add(
            "extension-supported",
            f"{NOT_RUN[name]}（zeebe:{name}）还不能运行。",
            "请删去这项设置。",
            at=node,
        )
    elif name not in ATTRIBUTES:
        found.add(
            "extension-known",
            f"没有名为 zeebe:{name} 的扩展。",
            "请检查拼写，或删去它。",
            at=node,
        )
    elif name not in (PLACES.get(tag, ELSEWHERE) if namespace(host) == BPMN else ELSEWHERE):
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
        if namespace(child) != ZEEBE or name not in CONTENT.get(local_name(node), set()):
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
    for attribute, value in node.attrib.items():
        if (name, attribute) in LIMITED and len(value) > TEXT_LIMIT and value[:1] != "=":
            found.add(
                "text-length",
                f"zeebe:{name} 的 {attribute} 有 {len(value)} 个字，最多 {TEXT_LIMIT} 个。",
                "请缩短它。",
                at=node,
            )
        if attribute not in ATTRIBUTES[name]:
            found.add(
                "extension-supported",
                f"zeebe:{name} 的属性“{attribute}”还不能运行或不存在。",
                "请删去它，或检查拼写。",
                at=node,
            )


def _check_property(host: XmlNode, node: XmlNode, found: Findings) -> None:
    name, allowed = node.get("name", ""), OUR_PROPERTIES.get(local_name(host), set())
    if name.startswith(_OURS) and name not in allowed:
        here = "、".join(sorted(allowed)) or "没有"
        found.add(
            "property-known",
            f"这里没有名为“{name}”的属性；本系统在此可用的属性：{here}。",
            "请检查拼写和所在的元素，或删去它。",
            at=node,
        )
