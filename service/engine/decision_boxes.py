"""Boxed expressions: what all share, and the plain text. Source: DMN 1.5, 10.2."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from service.domain.values import Json
from service.feel import Kind

Encoded = dict[str, Json]
"""A boxed expression as the helper reads it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The nearest element with an id: what a designer can select."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """One FEEL text with plain names; `what` says in Chinese which."""

    text: str
    what: str
    place: Place
    kind: Kind = Kind.EXPRESSION


@dataclass(frozen=True, slots=True)
class Names:
    """The names an expression sees; with `guess` there may be others, entries of a list's rows."""

    known: frozenset[str]
    guess: bool = False

    def plus(self, names: Iterable[str], *, guess: bool = False) -> "Names":
        """These names and more."""
        return Names(self.known | frozenset(names), self.guess or guess)


@dataclass(frozen=True, slots=True)
class SeenText:
    """A text and the names it sees."""

    text: Text
    names: Names


class Box(Protocol):
    """A boxed expression; `label` says in Chinese where it stands."""

    @property
    def label(self) -> str: ...

    def encoded(self) -> Encoded:
        """What the helper is told."""

    def texts(self, names: Names) -> Iterator[SeenText]:
        """Every FEEL text within, with what it sees of these names."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A name with a type: a parameter, a column."""

    name: str
    type: str

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {"name": self.name, "type": self.type}


@dataclass(frozen=True, slots=True)
class Literal:
    """A FEEL text."""

    label: str
    type: str
    text: Text

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {"box": "text", "label": self.label, "type": self.type, "text": self.text.text}

    def texts(self, names: Names) -> Iterator[SeenText]:
        """Its one text."""
        yield SeenText(self.text, names)
