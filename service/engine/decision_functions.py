"""Boxed expressions that make functions and call them. Source: DMN 1.5, 10.2.1.5 and 10.2.1.8."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.decision_boxes import Box, Encoded, Names, SeenText, Typed


@dataclass(frozen=True, slots=True)
class Function:
    """A function over named parameters; its body sees what is around it."""

    label: str
    type: str
    parameters: tuple[Typed, ...]
    body: Box

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "function",
            "label": self.label,
            "type": "",
            "parameters": [parameter.encoded() for parameter in self.parameters],
            "body": self.body.encoded(),
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The texts of the body."""
        yield from self.body.texts(names.plus(parameter.name for parameter in self.parameters))


@dataclass(frozen=True, slots=True)
class Binding:
    """What one parameter is given."""

    name: str
    type: str
    value: Box


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function by the names of its parameters."""

    label: str
    type: str
    called: Box
    bindings: tuple[Binding, ...]

    def encoded(self) -> Encoded:
        """What the helper is told."""
        return {
            "box": "invocation",
            "label": self.label,
            "type": self.type,
            "called": self.called.encoded(),
            "bindings": [
                {"name": b.name, "type": b.type, "value": b.value.encoded()} for b in self.bindings
            ],
        }

    def texts(self, names: Names) -> Iterator[SeenText]:
        """The name of the function, and the texts of what it is given."""
        yield from self.called.texts(names)
        for binding in self.bindings:
            yield from binding.value.texts(names)
