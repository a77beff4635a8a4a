"""BPMN and DMN files as trees: what is not plain, bounded XML is refused before it is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from service.engine.xml_faults import syntax_words

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes of one file."""

DEPTH_LIMIT = 200
"""Levels of elements: every reader after this one may follow them down."""

XmlNode: TypeAlias = etree._Element

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class XmlRefusal:
    """Why a file is not read: a rule's id, and what a designer is told."""

    rule: str
    message: str
    remedy: str


def read_xml(content: bytes) -> "XmlNode | XmlRefusal":
    """Parse a file without comments and processing instructions; entities are never resolved."""
    if len(content) > SIZE_LIMIT:
        return XmlRefusal(
            "xml-size",
            f"文件有 {len(content) / 1024 / 1024:.1f} MB，最多 5 MB。",
            "请删去不需要的内容，或拆成几个流程。",
        )
    if _DOCTYPE.search(content):
        return _doctype_refusal()
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        return _syntax_refusal(error)
    if root.getroottree().docinfo.doctype:
        return _doctype_refusal()
    if max(_depths(root)) > DEPTH_LIMIT:
        return _depth_refusal()
    return root


def _depths(root: XmlNode) -> Iterator[int]:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        yield depth


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _doctype_refusal() -> XmlRefusal:
    return XmlRefusal(
        "xml-doctype",
        "文件中有 DOCTYPE 或实体声明，出于安全不予读取。",
        "请用流程设计器重新导出，或删去 <!DOCTYPE …> 一段。",
    )


def _depth_refusal() -> XmlRefusal:
    return XmlRefusal(
        "xml-depth",
        f"元素嵌套太深，最多 {DEPTH_LIMIT} 层。",
        "请用流程设计器重新导出这个文件。",
    )


def _syntax_refusal(error: etree.XMLSyntaxError) -> XmlRefusal:
    if "Excessive depth" in str(error.msg):
        return _depth_refusal()
    line, column = error.position
    return XmlRefusal(
        "xml-well-formed",
        f"文件不是完整的 XML：第 {line} 行第 {column} 列附近有误，{syntax_words(error)}。",
        "请用流程设计器重新导出，或改正该处的标签。",
    )


def flag(node: XmlNode, name: str, *, default: bool = False) -> bool:
    """An attribute of the type `xsd:boolean`: `true` and `1` mean the same."""
    written = str(node.get(name, "")).strip()
    return written in ("true", "1") if written else default


def local_name(node: XmlNode) -> str:
    """The tag without its namespace."""
    return str(etree.QName(node).localname)


def reference(written: str) -> str:
    """The id that is referred to, without the prefix that some modelers write."""
    return written.strip().rpartition(":")[2]


def namespace(node: XmlNode) -> str:
    """The namespace of the tag, or empty."""
    return str(etree.QName(node).namespace or "")
