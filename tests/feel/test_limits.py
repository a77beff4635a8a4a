"""What a designer or a submission can do to a helper, and that the next call is answered."""

import json
import time

import pytest

from service.domain.values import Json
from service.feel import (
    Budget,
    Expression,
    FeelBudgetSpent,
    FeelError,
    FeelPool,
    FeelResultTooLarge,
    FeelSyntaxInvalid,
    FeelTimedOut,
    FeelTooLong,
)
from tests.feel.builders import form, text
from tests.feel.conftest import MOMENT
from tests.feel.hostile import BACKTRACKING

SOON = 15.0
"""Seconds, on a busy machine: without a limit it would take minutes."""


def one(pool: FeelPool, expression: str, **context: Json) -> Json:
    return pool.evaluate([Expression(expression)], context, now=MOMENT)[0]


def test_a_late_helper_is_killed_in_time(hasty_pool: FeelPool) -> None:
    one(hasty_pool, "1")
    began = time.monotonic()

    with pytest.raises(FeelTimedOut):
        one(hasty_pool, BACKTRACKING)

    assert 0.3 <= time.monotonic() - began < SOON


def test_losses_are_counted_by_where_they_came_from(hasty_pool: FeelPool) -> None:
    for n, origin in enumerate(["流程一", "流程一", "流程二"]):
        endless = [Expression(f"{BACKTRACKING} and {n} > 0")]
        with pytest.raises(FeelTimedOut) as caught:
            hasty_pool.evaluate(endless, {}, now=MOMENT, origin=origin)
        assert origin in caught.value.message

    assert hasty_pool.failures() == {"流程一": 2, "流程二": 1}


def test_an_expression_without_a_value_costs_no_helper(hasty_pool: FeelPool) -> None:
    with pytest.raises(FeelError):
        one(hasty_pool, "missing")

    assert hasty_pool.failures() == {}


def test_a_hundred_thousand_parentheses_are_too_long(hasty_pool: FeelPool) -> None:
    with pytest.raises(FeelTooLong):
        one(hasty_pool, "(" * 100_000 + "1" + ")" * 100_000)


def test_as_many_parentheses_as_may_be_are_an_error_and_no_crash() -> None:
    patient = FeelPool(size=1, expression_seconds=10.0)
    try:
        with pytest.raises(FeelSyntaxInvalid):
            one(patient, "(" * 4_999 + "1" + ")" * 4_999)
        assert patient.failures() == {}
    finally:
        patient.close()


def test_a_result_nested_too_deep_is_an_error_and_no_crash(feel: FeelPool) -> None:
    with pytest.raises(FeelError, match="嵌套超过 64 层"):
        one(feel, "for i in 1..100 return if i = 1 then [] else [partial[-1]]")


def test_as_many_names_as_may_be_fit_into_the_memory() -> None:
    patient = FeelPool(size=1, expression_seconds=20.0)
    entries = ",".join(f"a{number}:1" for number in range(1_300))
    parameters = ",".join(f"a{number}" for number in range(1_500))
    try:
        assert one(patient, "{" + entries + "}.a1299") == 1
        assert one(patient, "count([function(" + parameters + ") 1])") == 1
    finally:
        patient.close()


def test_an_entry_sees_those_before_it_and_its_functions_too(feel: FeelPool) -> None:
    assert one(feel, "{a: 1, f: function(x) x + a, b: f(a), g: {a: 5, c: a + b}}.g.c") == 7
    with pytest.raises(FeelError, match="变量「b」不存在"):
        one(feel, "{f: function() b, b: 2, r: f()}")


@pytest.mark.parametrize("size", [3_000_000, 10_000_000])
def test_a_large_answer_is_refused(feel: FeelPool, size: int) -> None:
    with pytest.raises(FeelResultTooLarge):
        one(feel, f'for i in 1..{size // 1_000} return "{"x" * 1_000}"')

    assert one(feel, "1 + 1") == 2


def test_an_answer_below_the_limit_comes_whole(feel: FeelPool) -> None:
    rows = one(feel, f'for i in 1..1500 return "{"x" * 1_000}"')

    assert len(json.dumps(rows)) > 1_500_000


def test_a_budget_is_used_up_over_the_calls_of_a_run(hasty_pool: FeelPool) -> None:
    budget = Budget(seconds=0.2)
    one(hasty_pool, "1")

    hasty_pool.evaluate([Expression("1 + 1")], {}, now=MOMENT, budget=budget)
    left = budget.seconds
    with pytest.raises(FeelBudgetSpent):
        hasty_pool.evaluate([Expression(BACKTRACKING)], {}, now=MOMENT, budget=budget)
    with pytest.raises(FeelBudgetSpent):
        hasty_pool.evaluate([Expression("1 + 1")], {}, now=MOMENT, budget=budget)

    assert 0 < left < 0.2
    assert budget.seconds <= 0


def test_a_late_call_within_a_large_budget_is_a_time_out(hasty_pool: FeelPool) -> None:
    with pytest.raises(FeelTimedOut):
        hasty_pool.evaluate([Expression(BACKTRACKING)], {}, now=MOMENT, budget=Budget(seconds=10.0))


def test_a_start_does_not_count_as_calculation() -> None:
    pool = FeelPool(size=1)
    try:
        budget = Budget(seconds=1.0)
        began = time.monotonic()
        assert pool.evaluate([Expression("1 + 1")], {}, now=MOMENT, budget=budget) == [2]
        assert 1.0 - budget.seconds < 0.8 * (time.monotonic() - began)
    finally:
        pool.close()


def test_a_pattern_that_backtracks_stops_a_form_too(hasty_pool: FeelPool) -> None:
    schema = form(text(validate={"pattern": "^(a+)+$"}))

    with pytest.raises(FeelTimedOut, match="准入申请"):
        hasty_pool.validate_form(
            schema, {"answer": "a" * 50 + "b"}, {}, now=MOMENT, origin="准入申请"
        )

    assert hasty_pool.validate_form(schema, {"answer": "aaa"}, {}, now=MOMENT).errors == {}


def test_many_different_texts_do_not_fill_the_memory(feel: FeelPool) -> None:
    for batch in range(20):
        texts = [f'"{"x" * 900}{batch}.{index}"' for index in range(100)]
        assert len(feel.evaluate([Expression(text) for text in texts], {}, now=MOMENT)) == 100

    assert one(feel, "1 + 1") == 2
