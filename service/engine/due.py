"""Work that the engine hands out: it stops there until the work is answered."""

from dataclasses import dataclass
from typing import TypeAlias

from service.domain.values import Json
from service.engine.elements import Binding


@dataclass(frozen=True, slots=True)
class HandlerDue:
    """A service task waits for its handler: answer with `complete`, `park` or `fail`.

    `variables` is what the task sees, by name; `headers` in the diagram's order; `retries` the
    attempts in all; `backoff` the seconds before each further attempt, the last one repeating;
    `asynchronous` asks for a job row from the start.
    """

    element_instance_key: int
    element_id: str
    task_type: str
    headers: tuple[tuple[str, str], ...]
    retries: int
    backoff: tuple[int, ...]
    asynchronous: bool
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class DecisionDue:
    """A business rule task waits for its decision: answer with `decide` or `fail`.

    `binding` says which version to ask; the output becomes the variable `result_variable`.
    """

    element_instance_key: int
    element_id: str
    decision_id: str
    binding: Binding
    result_variable: str
    variables: dict[str, Json]


Due: TypeAlias = HandlerDue | DecisionDue
