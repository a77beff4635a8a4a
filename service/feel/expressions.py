"""Expressions, what the deploy check learns of them, and the time one engine run has for them."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.values import Json


class Kind(StrEnum):
    """How a text is read: as a value, or as the test of a decision table's cell."""

    EXPRESSION = "expression"
    UNARY_TEST = "unary-test"


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL text without the leading `=`; a unary test is asked about `input` (its `?`)."""

    text: str
    kind: Kind = Kind.EXPRESSION
    input: Json = None


@dataclass(slots=True)
class Budget:
    """Seconds of expressions that one engine run has left; `evaluate` takes off what it used."""

    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Where a text stops being FEEL: `position` counts characters from 1; `message` is Chinese."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one expression takes from its context, found without running it.

    With `errors` all else is empty. `names` must exist, or the evaluation fails. `optional_names`
    are asked about by `is defined` alone. `doubtful_names` stand in a filter (`rows[amount > 5]`):
    each is an entry of the list's elements or a variable. `unknown_functions` are called and
    neither FEEL nor the text has them.
    """

    errors: tuple[SyntaxProblem, ...]
    names: frozenset[str]
    optional_names: frozenset[str]
    doubtful_names: frozenset[str]
    unknown_functions: frozenset[str]
