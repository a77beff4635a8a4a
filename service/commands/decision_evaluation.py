"""Asking a decision for its answer, outside of any instance."""

from dataclasses import dataclass
from datetime import datetime

from service.commands.rooms import Rooms
from service.commands.submissions import require_storable
from service.domain.values import Json, Variables
from service.engine import DecisionFailed, evaluate_decision
from service.feel import FeelError, FeelUnavailable


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a decision came to. `failure` says why there is no output; it is None otherwise.

    `key` names this evaluation in the answer; nothing of it is kept.
    """

    key: int
    output: Json
    matched_rules: tuple[tuple[int, str], ...]
    """Row counted from 1, and id in the file, of each rule that met."""
    failure: str | None = None


def evaluate(
    rooms: Rooms, definition_key: int, *, decision_id: str, variables: Variables, now: datetime
) -> Evaluated:
    """Evaluate one version of a decision; whether the actor may is asked before.

    Raises what `submissions.require_storable` raises, ProcessNotFound, FeelUnavailable.
    """
    require_storable(variables)
    with rooms.read() as session:
        model = rooms.models.decision(session, definition_key)
    try:
        result = evaluate_decision(model, decision_id, variables, feel=rooms.feel, now=now)
    except FeelUnavailable:
        raise
    except (DecisionFailed, FeelError) as error:
        return Evaluated(rooms.keys.next(), None, (), error.message)
    rules = tuple((rule.index, rule.rule_id) for rule in result.matched_rules)
    return Evaluated(rooms.keys.next(), result.output, rules)
