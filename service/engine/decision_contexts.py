"""Boxed expressions that put values together: contexts, lists and relations.

Source: DMN 1.5, 10.2.1.4, 10.2.1.6 and 10.2.1.7.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.decision_boxes import Box, Encoded, Names, SeenText, Typed


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a context; the result has no name."""

    name: str | None
    type: str
    value: Box


@dataclass(frozen=True, slots=True)
class Context:
    """Entries, each of which sees those before it, and perhaps a result at the end."""

    label: str
    type: str
    entries: tuple[Entry, ...]

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "context",
            "label": self.label,
            "type": self.type,
            "entries": [
                {"name": e.name, "type": e.type, "value": e.value.encoded()} for e in self.entries
            ],
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of the entries in their order."""
        for entry in self.entries:
            yield from entry.value.texts(names)
            if entry.name is not None:
                names = names.plus([entry.name])


@dataclass(frozen=True, slots=True)
class ListBox:
    """A list, an expression an element."""

    label: str
    type: str
    items: tuple[Box, ...]

    def encoded(self) -> Encoded:
        """What the helper is told."""
        items = [item.encoded() for item in self.items]
        return {"box": "list", "label": self.label, "type": self.type, "items": list(items)}

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of the elements."""
        for item in self.items:
            yield from item.texts(names)


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts with the same entries, written as rows and columns."""

    label: str
    type: str
    columns: tuple[Typed, ...]
    rows: tuple[tuple[Box, ...], ...]

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "relation",
            "label": self.label,
            "type": self.type,
            "columns": [column.encoded() for column in self.columns],
            "rows": [[cell.encoded() for cell in row] for row in self.rows],
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of the cells."""
        for row in self.rows:
            for cell in row:
                yield from cell.texts(names)
