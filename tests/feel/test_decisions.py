"""Programs of decisions at the room's door; what they may hold is tried in tests/engine."""

import json
from datetime import UTC, datetime

import pytest

from service.domain.values import Json
from service.feel import Budget, Decided, FeelBudgetSpent, FeelNameMissing, FeelPool, FeelTooDeep

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def text(feel_text: str) -> Json:
    """A box of one text."""
    return {"box": "text", "label": "盒", "type": "", "text": feel_text}


def decide(feel: FeelPool, feel_text: str, functions: Json = None, **variables: Json) -> Decided:
    """What the decision `d` of one text comes to; it may call all functions."""
    known = functions if isinstance(functions, dict) else {}
    decision: Json = {
        "label": "决策",
        "type": "",
        "logic": text(feel_text),
        "inputs": [],
        "decisions": [],
        "functions": list(known),
    }
    program = {"types": {}, "order": ["d"], "decisions": {"d": decision}, "functions": known}
    return feel.decide(json.dumps(program), variables, now=NOW)


def test_a_decision_has_its_value_in_one_call(feel: FeelPool) -> None:
    decided = decide(feel, "today() = date(day)", day="2026-03-02")

    assert decided.fault is None
    assert [(one.id, one.output) for one in decided.decisions] == [("d", True)]


def test_an_expression_without_a_value_is_told_with_its_decision(feel: FeelPool) -> None:
    decided = decide(feel, "missing + 1")

    assert decided.fault is not None
    assert decided.fault.decision_id == "d"
    assert isinstance(decided.fault.error, FeelNameMissing)


def test_what_failed_before_a_call_of_itself_is_not_lost(feel: FeelPool) -> None:
    body = text('if n = 0 then [] else [if n = 3 then 1 + "x" else 0, f(n - 1)]')
    function: Json = {
        "name": "f",
        "type": "",
        "service": False,
        "parameters": [{"name": "n", "type": ""}],
        "body": body,
        "functions": [],
    }

    sound = decide(feel, "f(2)", {"f": function})
    failed = decide(feel, "f(3)", {"f": function})

    assert [one.output for one in sound.decisions] == [[0, [0, []]]]
    assert failed.fault is not None


def test_variables_that_no_decision_could_read_are_an_error(feel: FeelPool) -> None:
    deep: Json = 1
    for _ in range(70):
        deep = [deep]

    with pytest.raises(FeelTooDeep):
        decide(feel, "deep", deep=deep)


def test_a_spent_budget_asks_nothing(feel: FeelPool) -> None:
    with pytest.raises(FeelBudgetSpent, match="决策"):
        feel.decide("{}", {}, now=NOW, budget=Budget(seconds=0))
