"""Types of decision files: FEEL's own and item definitions. Source: DMN 1.5, 7.3.2 and 10.3.2."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.values import Json

BASES: Mapping[str, str] = {
    "": "",
    "Any": "",
    "string": "string",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
    "context": "context",
    "list": "list",
}
"""FEEL's types by the names that files give them; empty is any value."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """An item definition, or a component of one.

    `of` is the type of its values, or of its elements with `collection`; `components` stands
    instead. `allowed` are unary tests of each element, `constraint` of the whole value.
    """

    name: str
    of: str
    collection: bool
    components: tuple["ItemType", ...]
    allowed: str
    constraint: str

    def encoded(self) -> dict[str, Json]:
        """What the helper is told."""
        components: Json = None
        if self.components:
            components = {component.name: component.encoded() for component in self.components}
        return {
            "of": self.of,
            "collection": self.collection,
            "components": components,
            "allowed": self.allowed,
            "constraint": self.constraint,
        }


@dataclass(frozen=True, slots=True)
class Types:
    """The item definitions of a file by name."""

    items: Mapping[str, ItemType]

    def known(self, name: str) -> bool:
        """Whether a reference names a type."""
        return name in BASES or name in self.items

    def named(self, name: str) -> str:
        """A reference as the helper reads it; an unknown one is any type."""
        return name if name in self.items else BASES.get(name, "")

    def base(self, name: str) -> str:
        """FEEL's type behind a reference: empty for any, `list` and `context` for structures."""
        for _ in range(len(self.items) + 1):
            item = self.items.get(name)
            if item is None:
                return BASES.get(name, "")
            if item.collection or item.components:
                return "list" if item.collection else "context"
            name = item.of
        return ""

    def allowed(self, name: str) -> str:
        """The allowed values behind a reference, the nearest that are there."""
        for _ in range(len(self.items) + 1):
            item = self.items.get(name)
            if item is None or item.allowed:
                return item.allowed if item else ""
            name = item.of
        return ""

    def circular(self, name: str) -> bool:
        """Whether a definition refers to nothing but itself."""
        seen = {name}
        while (item := self.items.get(name)) and not item.components:
            name = item.of
            if name in seen:
                return True
            seen.add(name)
        return False

    def encoded(self) -> dict[str, Json]:
        """What the helper is told."""
        return {name: item.encoded() for name, item in self.items.items()}
