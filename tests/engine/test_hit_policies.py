"""Every hit policy at its borders: DMN 1.3, 8.2.10 and 8.2.11. The tables: hit_policies.dmn."""

import pytest

from service.domain.values import Json
from service.engine.errors import (
    DecisionNotUnanimous,
    DecisionNotUnique,
    DecisionOutputInvalid,
    DecisionPriorityTied,
)
from service.feel import FeelPool
from tests.engine.tables import asked, column, table
from tests.engine.test_decisions import ask

NONE, ONE, TWO, THREE, NULL = 0, 60, 90, 95, None
"""Scores that so many rules meet; null meets a rule of its own."""

ANSWERS: list[tuple[str, Json, Json, list[int]]] = [
    ("unique", NONE, None, []),
    ("unique", ONE, "合格", [1]),
    ("unique", NULL, "未填", [4]),
    ("any", NONE, None, []),
    ("any", ONE, "合格", [1]),
    ("first", NONE, None, []),
    ("first", ONE, "合格", [1]),
    ("first", THREE, "合格", [1]),
    ("priority", NONE, None, []),
    ("priority", ONE, "合格", [1]),
    ("priority", TWO, "优", [2]),
    ("priority", NULL, "未填", [4]),
    ("rule_order", NONE, [], []),
    ("rule_order", TWO, ["合格", "优"], [1, 2]),
    ("output_order", NONE, [], []),
    ("output_order", ONE, ["合格"], [1]),
    ("output_order", THREE, ["优", "优", "合格"], [2, 3, 1]),
    ("collect", NONE, [], []),
    ("collect", ONE, ["合格"], [1]),
    ("collect", THREE, ["合格", "优", "优"], [1, 2, 3]),
    ("sum", NONE, None, []),
    ("sum", ONE, 60, [1]),
    ("sum", THREE, 245, [1, 2, 3]),
    ("sum", NULL, 0, [4]),
    ("min", NONE, None, []),
    ("min", THREE, 60, [1, 2, 3]),
    ("max", NONE, None, []),
    ("max", THREE, 95, [1, 2, 3]),
    ("count", NONE, 0, []),
    ("count", ONE, 1, [1]),
    ("count", THREE, 3, [1, 2, 3]),
    ("unique_default", NONE, "无", []),
    ("unique_default", ONE, "合格", [1]),
    ("collect_default", NONE, ["无"], []),
    ("collect_default", TWO, ["合格", "优"], [1, 2]),
    ("sum_default", NONE, 7, []),
    ("sum_default", TWO, 150, [1, 2]),
    ("priority_default", NONE, "未填", []),
]


@pytest.mark.parametrize(("policy", "score", "output", "rows"), ANSWERS)
def test_a_policy_makes_one_answer_of_the_rules_that_meet(
    feel: FeelPool, policy: str, score: Json, output: Json, rows: list[int]
) -> None:
    result = asked(feel, "hit_policies.dmn", policy, {"score": score})

    assert result.output == output
    assert [rule.index for rule in result.matched_rules] == rows


def test_a_violated_unique_names_the_rules_that_met(feel: FeelPool) -> None:
    with pytest.raises(DecisionNotUnique, match="第 1 行、第 2 行、第 3 行"):
        asked(feel, "hit_policies.dmn", "unique", {"score": THREE})


def test_a_violated_any_names_the_rules_that_met(feel: FeelPool) -> None:
    with pytest.raises(DecisionNotUnanimous, match="第 1 行、第 2 行"):
        asked(feel, "hit_policies.dmn", "any", {"score": TWO})


def ranked(*rules: tuple[str, str], policy: str = "PRIORITY", second: str = "") -> str:
    """A table of two outputs whose first has an order, the second perhaps too."""
    columns = column("input", 1, "score") + column("output", 1, name="a", allowed='"高", "低"')
    columns += column("output", 2, name="b", **({"allowed": second} if second else {}))
    return table([(["-"], list(rule)) for rule in rules], columns=columns, policy=policy)


def test_priorities_are_compared_column_by_column(feel: FeelPool) -> None:
    rules = [('"低"', "1"), ('"高"', "2"), ('"高"', "1")]

    result = ask(feel, ranked(*rules, second="1, 2", policy="OUTPUT ORDER"), score=0)

    assert [(rule.index) for rule in result.matched_rules] == [3, 2, 1]
    assert ask(feel, ranked(*rules, second="1, 2"), score=0).output == {"a": "高", "b": 1}


def test_a_tie_with_different_conclusions_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(DecisionPriorityTied, match="第 1 行、第 2 行"):
        ask(feel, ranked(('"高"', "1"), ('"高"', "2"), ('"低"', "3")), score=0)


def test_a_tie_with_equal_conclusions_is_none(feel: FeelPool) -> None:
    result = ask(feel, ranked(('"低"', "3"), ('"高"', "1"), ('"高"', "1")), score=0)

    assert result.output == {"a": "高", "b": 1}


@pytest.mark.parametrize("aggregation", ["SUM", "MIN"])
def test_a_null_is_not_summed_nor_compared(feel: FeelPool, aggregation: str) -> None:
    logic = table(
        [(["-"], ["1"]), (["-"], [""])], policy="COLLECT", more=f' aggregation="{aggregation}"'
    )

    with pytest.raises(DecisionOutputInvalid):
        ask(feel, logic, score=0)


def test_the_earliest_of_dates_is_a_date(feel: FeelPool) -> None:
    rules = [(["-"], ['date("2026-03-01")']), (["-"], ['date("2026-02-01")'])]
    logic = table(rules, policy="COLLECT", more=' aggregation="MIN"')

    assert ask(feel, logic, score=0).output == "2026-02-01"


def test_conclusions_and_inputs_of_the_rules_are_told(feel: FeelPool) -> None:
    result = asked(feel, "hit_policies.dmn", "collect", {"score": TWO})

    [evaluated] = result.evaluated
    assert [(one.id, one.name, one.value) for one in evaluated.inputs] == [
        ("collect_score", "分数", 90)
    ]
    assert [[one.value for one in rule.outputs] for rule in evaluated.matched_rules] == [
        ["合格"],
        ["优"],
    ]
