"""What the history keeps of an evaluated decision."""

from service.domain.events import DecisionEvaluated, RequiredDecision
from service.domain.values import Json


def note(event: DecisionEvaluated) -> dict[str, Json]:
    """The decision with its rules and output; `required` lists those it rests on, if any."""
    value = _one(event)
    if event.required:
        value["required"] = [_one(required) for required in event.required]
    return value


def _one(decided: DecisionEvaluated | RequiredDecision) -> dict[str, Json]:
    return {
        "decision_id": decided.decision_id,
        "matched_rules": list(decided.matched_rules),
        "output": decided.output,
    }
