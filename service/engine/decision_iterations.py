"""Boxed expressions that choose and repeat: conditional, filter, for, some, every.

Source: DMN 1.5, 10.2.1.9 to 10.2.1.12.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.decision_boxes import Box, Encoded, Names, SeenText


@dataclass(frozen=True, slots=True)
class Conditional:
    """One of two expressions; the other is not evaluated."""

    label: str
    type: str
    condition: Box
    then: Box
    otherwise: Box

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "conditional",
            "label": self.label,
            "type": self.type,
            "condition": self.condition.encoded(),
            "then": self.then.encoded(),
            "otherwise": self.otherwise.encoded(),
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of all three parts."""
        for part in (self.condition, self.then, self.otherwise):
            yield from part.texts(names)


@dataclass(frozen=True, slots=True)
class Filter:
    """The elements of a list for which `match` is true; it sees `item` and the item's entries."""

    label: str
    type: str
    list: Box
    match: Box

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "filter",
            "label": self.label,
            "type": self.type,
            "list": self.list.encoded(),
            "match": self.match.encoded(),
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of both parts."""
        yield from self.list.texts(names)
        yield from self.match.texts(names.plus(["item"], guess=True))


@dataclass(frozen=True, slots=True)
class For:
    """A list of results, one an element; `partial` are the results before it."""

    label: str
    type: str
    variable: str
    list: Box
    result: Box

    def encoded(self) -> Encoded:
        """What the helper is told."""
        seen = self.result.texts(Names(frozenset()))
        return {
            "box": "for",
            "label": self.label,
            "type": self.type,
            "variable": self.variable,
            "list": self.list.encoded(),
            "result": self.result.encoded(),
            "partial": any("partial" in one.text.text for one in seen),
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of both parts."""
        yield from self.list.texts(names)
        yield from self.result.texts(names.plus([self.variable, "partial"]))


@dataclass(frozen=True, slots=True)
class Quantified:
    """Whether `satisfies` is true for some or for every element; `box` says which."""

    box: str
    label: str
    type: str
    variable: str
    list: Box
    satisfies: Box

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": self.box,
            "label": self.label,
            "type": self.type,
            "variable": self.variable,
            "list": self.list.encoded(),
            "satisfies": self.satisfies.encoded(),
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of both parts."""
        yield from self.list.texts(names)
        yield from self.satisfies.texts(names.plus([self.variable]))
