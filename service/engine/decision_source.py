"""Decision tables as they are written in a DMN file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.domain.values import Json
from service.engine.diagram import label
from service.engine.dialect import ZEEBE
from service.engine.xml_source import XmlNode, local_name, namespace

NAMESPACES = frozenset(
    {
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)

DEFAULT_HIT_POLICY = "UNIQUE"

_ANY_CELL = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions; `allowed` is a unary test or empty."""

    id: str
    label: str
    expression: str
    type: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Output:
    """A column of conclusions; `default` stands when no rule meets."""

    id: str
    label: str
    name: str
    type: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True)
class TableRule:
    """A row: a unary test an input (empty: any value), an expression an output.

    A row without an id goes by its number, counted from 1.
    """

    id: str
    index: int
    tests: tuple[str, ...]
    conclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table."""

    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]


def decision_nodes(definitions: XmlNode) -> list[XmlNode]:
    """The decisions of a file, in its order."""
    return children(definitions, "decision")


def table_node(decision: XmlNode) -> XmlNode | None:
    """The decision's table, if that is its logic."""
    tables = children(decision, "decisionTable")
    return tables[0] if tables else None


def read_table(node: XmlNode) -> DecisionTable:
    """Read a table without judging it."""
    return DecisionTable(
        hit_policy=node.get("hitPolicy", DEFAULT_HIT_POLICY),
        aggregation=node.get("aggregation", ""),
        inputs=tuple(_input(child) for child in children(node, "input")),
        outputs=tuple(_output(child) for child in children(node, "output")),
        rules=tuple(_rule(child, i) for i, child in enumerate(children(node, "rule"), start=1)),
    )


def version_tag(decision: XmlNode) -> str:
    """Camunda 8's version tag of a decision."""
    for holder in children(decision, "extensionElements"):
        tag = holder.find(f"{{{ZEEBE}}}versionTag")
        if tag is not None:
            return str(tag.get("value", ""))
    return ""


def children(node: XmlNode, name: str) -> list[XmlNode]:
    """The children of this local name in any DMN namespace."""
    return [c for c in node if local_name(c) == name and namespace(c) in NAMESPACES]


def text_of(node: XmlNode, path: str = "") -> str:
    """The `text` of an expression below the node, or empty."""
    holders = children(node, path) if path else [node]
    texts = children(holders[0], "text") if holders else []
    return str(texts[0].text or "").strip() if texts else ""


def _input(node: XmlNode) -> Input:
    expressions = children(node, "inputExpression")
    expression = text_of(node, "inputExpression")
    return Input(
        id=node.get("id", ""),
        label=" ".join(node.get("label", "").split()) or expression,
        expression=expression,
        type=expressions[0].get("typeRef", "") if expressions else "",
        allowed=text_of(node, "inputValues"),
    )


def _output(node: XmlNode) -> Output:
    return Output(
        id=node.get("id", ""),
        label=" ".join(node.get("label", "").split()) or label(node),
        name=node.get("name", "").strip(),
        type=node.get("typeRef", ""),
        allowed=text_of(node, "outputValues"),
        default=text_of(node, "defaultOutputEntry"),
    )


def _rule(node: XmlNode, index: int) -> TableRule:
    tests = (text_of(cell) for cell in children(node, "inputEntry"))
    return TableRule(
        id=node.get("id") or str(index),
        index=index,
        tests=tuple("" if test in _ANY_CELL else test for test in tests),
        conclusions=tuple(text_of(cell) for cell in children(node, "outputEntry")),
    )


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_boolean(value: Json) -> bool:
    return isinstance(value, bool)


def _is_anything(_: Json) -> bool:
    return True


TYPES: Mapping[str, Callable[[Json], bool]] = {
    "": _is_anything,
    "Any": _is_anything,
    "string": _is_text,
    "number": _is_number,
    "integer": _is_number,
    "long": _is_number,
    "double": _is_number,
    "boolean": _is_boolean,
    "date": _is_text,
    "time": _is_text,
    "dateTime": _is_text,
    "date and time": _is_text,
    "days and time duration": _is_text,
    "dayTimeDuration": _is_text,
    "years and months duration": _is_text,
    "yearMonthDuration": _is_text,
}
"""What a column's type admits, beside null. Dates and durations travel as ISO 8601 text."""
