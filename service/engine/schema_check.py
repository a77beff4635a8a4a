"""The standard's XML schema, as SpiffWorkflow's wheel brings it."""

import threading
from collections.abc import Iterator
from functools import cache
from itertools import islice

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH

from service.engine.findings import LIMIT, Findings, owner_of
from service.engine.xml_faults import schema_words
from service.engine.xml_source import XmlNode

_LOCK = threading.Lock()
"""A schema keeps the errors of its last document: one document at a time."""


def check_schema(definitions: XmlNode, found: Findings) -> None:
    """Compare with BPMN20.xsd; elements that have an error already are left out."""
    flawed = found.flawed
    for message, line, node in _errors(definitions):
        owner = owner_of(node)
        if owner is not None and owner.get("id", "") in flawed and not node_is_root(owner):
            continue
        found.add(
            "bpmn-schema",
            f"第 {line} 行不符合 BPMN 2.0 的格式：{schema_words(message)}。",
            "请用流程设计器重新导出，或按提示改正这一处。",
            at=node,
        )


def node_is_root(node: XmlNode) -> bool:
    """True for the definitions: an error of theirs says nothing of what is in them."""
    return node.getparent() is None


def _errors(definitions: XmlNode) -> Iterator[tuple[str, int, XmlNode | None]]:
    with _LOCK:
        schema = _schema()
        schema.validate(definitions.getroottree())
        told = islice(schema.error_log, LIMIT)
        entries = [(entry.message, entry.line, entry.path) for entry in told]
    for message, line, path in entries:
        yield message, line, _node_at(definitions, path)


def _node_at(definitions: XmlNode, path: str | None) -> XmlNode | None:
    """libxml2 writes the path with the prefixes of the file."""
    prefixes = {prefix: uri for prefix, uri in definitions.nsmap.items() if prefix}
    try:
        nodes = definitions.xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        return None
    return nodes[0] if nodes else None


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD_PATH))
