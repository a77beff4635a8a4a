"""What the helper found when it evaluated the decisions of one program."""

from dataclasses import dataclass

from service.domain.values import Json
from service.feel.errors import FeelError


@dataclass(frozen=True, slots=True)
class DecidedValue:
    """The value of a table's column: of an input, or of an output of one rule."""

    id: str
    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class DecidedRule:
    """A rule that met, its row counted from 1."""

    id: str
    index: int
    outputs: tuple[DecidedValue, ...]


@dataclass(frozen=True, slots=True)
class DecidedDecision:
    """What one decision came to; null when it is the one that failed."""

    id: str
    output: Json
    inputs: tuple[DecidedValue, ...]
    rules: tuple[DecidedRule, ...]


@dataclass(frozen=True, slots=True)
class DecisionFault:
    """Why a decision has no result: an expression has none (`error`), or `problem` says what else.

    `problem` is one of `input`, `output`, `value`, `not-unique`, `not-unanimous`, `priority-tied`
    and `too-deep`; `detail` says it in Chinese, without values.
    """

    decision_id: str
    error: FeelError | None = None
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions in the order of their evaluation; with a `fault` the last one failed."""

    decisions: tuple[DecidedDecision, ...]
    fault: DecisionFault | None
