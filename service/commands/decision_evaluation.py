"""Asking a decision for its answer, outside of any instance."""

from dataclasses import dataclass
from datetime import datetime

from service.commands.rooms import Rooms
from service.commands.submissions import require_storable
from service.domain.values import Json, Variables
from service.engine import (
    DecisionFailed,
    DecisionFailure,
    EvaluatedDecision,
    MatchedRule,
    try_decision,
)
from service.feel import FeelError, FeelUnavailable

__all__ = ["Evaluated", "EvaluatedDecision", "MatchedRule", "evaluate"]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a decision came to. `failure` says why there is no output; it is None otherwise.

    `key` names this evaluation in the answer; nothing of it is kept. `decisions` are all that were
    evaluated, in their order, up to the one that failed.
    """

    key: int
    output: Json
    decisions: tuple[EvaluatedDecision, ...] = ()
    failure: str | None = None
    failed_id: str | None = None


def evaluate(
    rooms: Rooms, definition_key: int, *, decision_id: str, variables: Variables, now: datetime
) -> Evaluated:
    """Evaluate one version of a decision; whether the actor may is asked before.

    Raises what `submissions.require_storable` raises, ProcessNotFound, FeelUnavailable.
    """
    require_storable(variables)
    with rooms.read() as session:
        model = rooms.models.decision(session, definition_key)
    key = rooms.keys.next()
    try:
        result = try_decision(model, decision_id, variables, feel=rooms.feel, now=now)
    except FeelUnavailable:
        raise
    except (DecisionFailed, FeelError) as error:
        return Evaluated(key, None, (), error.message, decision_id)
    if isinstance(result, DecisionFailure):
        failure = result.error.message
        return Evaluated(key, None, result.evaluated, failure, result.decision_id)
    return Evaluated(key, result.output, result.evaluated)
