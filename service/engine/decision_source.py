"""DMN files as trees: which namespaces there are, and how to reach what an element holds."""

from collections.abc import Iterator

from lxml import etree

from service.engine.decision_boxes import Place
from service.engine.diagram import label
from service.engine.dialect import ZEEBE
from service.engine.findings import owner_of
from service.engine.xml_source import XmlNode, local_name, namespace

NAMESPACES = frozenset(
    {
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)

EXPRESSIONS = frozenset(
    {
        *("literalExpression", "decisionTable", "context", "invocation", "list", "relation"),
        *("functionDefinition", "conditional", "filter", "for", "some", "every"),
    }
)
"""The boxed expressions of DMN 1.5, by their local names."""


BOX_DEPTH_LIMIT = 50
"""Boxed expressions within each other."""


def model_nodes(node: XmlNode) -> Iterator[XmlNode]:
    """The children that belong to DMN; what tools keep beside them is none of ours."""
    return (child for child in node if namespace(child) in NAMESPACES)


def children(node: XmlNode, name: str) -> list[XmlNode]:
    """The children of this local name in any DMN namespace."""
    return [child for child in model_nodes(node) if local_name(child) == name]


def child(node: XmlNode, name: str) -> XmlNode | None:
    """The first child of this local name."""
    return next(iter(children(node, name)), None)


def nested_too_deep(definitions: XmlNode) -> bool:
    """Whether boxed expressions stand deeper within each other than a reader follows."""
    depth = 0
    for event, node in etree.iterwalk(definitions, events=("start", "end")):
        if local_name(node) in EXPRESSIONS:
            depth += 1 if event == "start" else -1
            if depth > BOX_DEPTH_LIMIT:
                return True
    return False


def expressions(node: XmlNode) -> list[XmlNode]:
    """The boxed expressions directly in an element."""
    return [found for found in model_nodes(node) if local_name(found) in EXPRESSIONS]


def text_of(node: XmlNode, name: str = "") -> str:
    """The `text` of an expression in the node, or of the node itself; or empty."""
    holder = child(node, name) if name else node
    text = None if holder is None else child(holder, "text")
    return "" if text is None else str(text.text or "").strip()


def attribute(node: XmlNode | None, name: str) -> str:
    """An attribute without the blanks around it, or empty."""
    return "" if node is None else str(node.get(name, "")).strip()


def type_of(node: XmlNode | None) -> str:
    """The type reference of an element, as written; in a prefix `feel:` nothing is meant."""
    return attribute(node, "typeRef").removeprefix("feel:")


def reference(node: XmlNode) -> str:
    """The id that a reference into the same file means, or empty when it means anything else.

    The file's own namespace may stand before the `#` (DMN 1.5, 13.3.2).
    """
    file, mark, id_ = attribute(node, "href").rpartition("#")
    own = attribute(node.getroottree().getroot(), "namespace")
    return id_ if mark and file in {"", own} else ""


def place_of(node: XmlNode) -> Place:
    """Where a designer finds this node."""
    owner = owner_of(node)
    return Place("", "") if owner is None else Place(str(owner.get("id", "")), label(owner))


def version_tag(decision: XmlNode) -> str:
    """Camunda 8's version tag of a decision."""
    for holder in children(decision, "extensionElements"):
        tag = holder.find(f"{{{ZEEBE}}}versionTag")
        if tag is not None:
            return str(tag.get("value", ""))
    return ""
