"""The cases of a built-in function: what it answers, and for what it answers nothing."""

from dataclasses import dataclass

from service.domain.values import Json

Answers = tuple[tuple[str, Json], ...]


@dataclass(frozen=True)
class Builtin:
    """A row of the standard's tables of functions.

    `answers` are usual and border cases, `named` calls by the names of the parameters; `nulls`
    are calls that are null without an error, `refused` those that are an error.
    """

    name: str
    answers: Answers
    named: Answers = ()
    nulls: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
