"""Decision tables. Source: DMN 1.5, 8.2 and 8.3."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.decision_boxes import Encoded, Names, Place, SeenText, Text
from service.feel import Kind

UNIQUE = "UNIQUE"
PRIORITIES = frozenset({"PRIORITY", "OUTPUT ORDER"})
AGGREGATIONS = frozenset({"COLLECT SUM", "COLLECT MIN", "COLLECT MAX", "COLLECT COUNT"})
POLICIES = PRIORITIES | AGGREGATIONS | {UNIQUE, "FIRST", "ANY", "RULE ORDER", "COLLECT"}
"""Hit policies, with their aggregation."""


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions; `allowed` is a unary test or empty."""

    id: str
    label: str
    text: str
    type: str
    allowed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Output:
    """A column of conclusions; `default` stands when no rule meets.

    `order` lists the values by priority: the allowed ones, or those of the type.
    """

    id: str
    label: str
    name: str
    type: str
    allowed: str
    order: str
    default: str
    place: Place


@dataclass(frozen=True, slots=True)
class TableRule:
    """A row: a unary test an input (empty: any value), an expression an output (empty: null).

    A row without an id goes by its number, counted from 1.
    """

    id: str
    index: int
    tests: tuple[str, ...]
    conclusions: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table."""

    label: str
    type: str
    policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "table",
            "label": self.label,
            "type": self.type,
            "policy": self.policy,
            "inputs": [
                {"id": c.id, "label": c.label, "text": c.text, "type": c.type, "allowed": c.allowed}
                for c in self.inputs
            ],
            "outputs": [
                {
                    "id": c.id,
                    "label": c.label,
                    "name": c.name,
                    "type": c.type,
                    "allowed": c.allowed,
                    "order": c.order if self.policy in PRIORITIES else "",
                    "default": c.default,
                }
                for c in self.outputs
            ],
            "rules": [
                {
                    "id": r.id,
                    "index": r.index,
                    "tests": list(r.tests),
                    "conclusions": list(r.conclusions),
                }
                for r in self.rules
            ],
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of columns and cells that say something."""
        for text in self._texts():
            if text.text:
                yield SeenText(text, names)

    def _texts(self) -> Iterator[Text]:
        for column in self.inputs:
            yield Text(column.text, f"输入列“{column.label}”", column.place)
            yield _test(column.allowed, f"“{column.label}”的允许值", column.place)
        for output in self.outputs:
            yield _test(output.allowed, f"“{output.label}”的允许值", output.place)
            yield Text(output.default, f"“{output.label}”的默认结论", output.place)
        for rule in self.rules:
            row = f"第 {rule.index} 行"
            for i, text in enumerate(rule.tests, start=1):
                yield _test(text, f"{row}第 {i} 个条件", rule.place)
            for i, text in enumerate(rule.conclusions, start=1):
                yield Text(text, f"{row}第 {i} 个结论", rule.place)


def _test(text: str, what: str, place: Place) -> Text:
    return Text(text, what, place, Kind.UNARY_TEST)
