"""Decision tables: DMN 1.3, 8.2."""

import pytest

from service.domain.values import Json
from service.engine import (
    DecisionResult,
    MatchedRule,
    ModelInvalid,
    decision_models,
    evaluate_decision,
)
from service.engine.errors import (
    DecisionInputInvalid,
    DecisionNotUnanimous,
    DecisionNotUnique,
    DecisionOutputInvalid,
    DecisionUnknown,
)
from service.feel import Budget, FeelBudgetSpent, FeelEvaluationFailed, FeelNameMissing, FeelPool
from tests.engine.player import NOW
from tests.engine.tables import column, decision, dmn, table

STEPS = [
    ([">= 90"], ['"优"']),
    ([">= 60"], ['"合格"']),
    (["< 60"], ['"不合格"']),
]
SCORE = column("input", 1, "score", type="number", label="分数")


def ask(feel: FeelPool, logic: str, /, **variables: Json) -> DecisionResult:
    """The answer of a one-table file."""
    [model] = decision_models(dmn(decision(logic)))
    return evaluate_decision(model, "grade", variables, feel=feel, now=NOW)


def rows(result: DecisionResult) -> list[int]:
    """The rows that met."""
    return [rule.index for rule in result.matched_rules]


def test_first_takes_the_first_rule_that_meets(feel: FeelPool) -> None:
    result = ask(feel, table(STEPS, policy="FIRST"), score=95)

    assert result == DecisionResult("优", (MatchedRule(1, "rule1"),))


def test_unique_is_the_policy_when_none_is_said(feel: FeelPool) -> None:
    assert ask(feel, table(STEPS), score=70).output == "合格"
    with pytest.raises(DecisionNotUnique, match="第 1 行、第 2 行"):
        ask(feel, table(STEPS), score=95)


def test_any_wants_all_rules_that_meet_to_conclude_the_same(feel: FeelPool) -> None:
    same = [([">= 60"], ["{a: 1}"]), ([">= 90"], ["{a: 2 - 1}"])]
    other = [([">= 60"], ["1"]), ([">= 90"], ["true"])]

    result = ask(feel, table(same, policy="ANY"), score=95)

    assert (result.output, rows(result)) == ({"a": 1}, [1, 2])
    with pytest.raises(DecisionNotUnanimous, match="第 1 行、第 2 行"):
        ask(feel, table(other, policy="ANY"), score=95)


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_lists_hold_what_every_rule_concludes_in_order(feel: FeelPool, policy: str) -> None:
    result = ask(feel, table(STEPS, policy=policy), score=95)

    assert (result.output, rows(result)) == (["优", "合格"], [1, 2])


def test_no_rule_is_null_or_an_empty_list(feel: FeelPool) -> None:
    high = [([">= 90"], ['"优"'])]

    assert ask(feel, table(high), score=1) == DecisionResult(None)
    assert ask(feel, table(high, policy="COLLECT"), score=1) == DecisionResult([])


def test_a_default_stands_when_no_rule_meets(feel: FeelPool) -> None:
    columns = SCORE + column("output", 1, name="grade", default='"未定" + string(score)')
    high = [([">= 90"], ['"优"'])]

    assert ask(feel, table(high, columns=columns), score=1).output == "未定1"
    assert ask(feel, table(high, columns=columns), score=99).output == "优"


def test_several_outputs_make_a_context(feel: FeelPool) -> None:
    rules = [([">= 60"], ['"合格"', "score - 60"])]
    result = ask(feel, table(rules, outputs=("grade", "余量")), score=75)

    assert result.output == {"grade": "合格", "余量": 15}


def test_several_inputs_must_all_meet(feel: FeelPool) -> None:
    rules = [([">= 6", '"中级","副高级"'], ["true"]), (["-", ""], ["false"])]
    logic = table(rules, policy="FIRST", inputs=("years", "title"))

    assert ask(feel, logic, years=6, title="副高级").output is True
    assert ask(feel, logic, years=6, title="初级").output is False
    assert ask(feel, logic, years=5, title="中级").output is False


def test_an_input_may_be_an_expression_and_a_cell_may_name_variables(feel: FeelPool) -> None:
    rules = [(["> limit, = 0"], ['"x"'])]
    logic = table(rules, inputs=("sum(rows.amount)",))

    assert ask(feel, logic, rows=[{"amount": 2}, {"amount": 3}], limit=4).output == "x"
    assert ask(feel, logic, rows=[{"amount": 2}], limit=4).output is None


def test_an_empty_conclusion_is_null(feel: FeelPool) -> None:
    result = ask(feel, table([(["-"], [""])]), score=1)

    assert (result.output, rows(result)) == (None, [1])


def test_a_null_input_meets_only_what_allows_null(feel: FeelPool) -> None:
    rules = [([">= 6"], ['"满"']), (["null"], ['"未填"'])]

    assert ask(feel, table(rules), score=None).output == "未填"


def test_an_input_of_another_type_is_an_error_and_no_silent_miss(feel: FeelPool) -> None:
    columns = SCORE + column("output", 1, name="grade")

    with pytest.raises(DecisionInputInvalid, match=r"分数.*number"):
        ask(feel, table(STEPS, columns=columns), score="95")


def test_a_missing_variable_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(FeelNameMissing, match="score"):
        ask(feel, table(STEPS))


def test_a_cell_that_cannot_be_compared_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(FeelEvaluationFailed):
        ask(feel, table(STEPS), score="95")


def test_values_outside_of_those_allowed_are_errors(feel: FeelPool) -> None:
    columns = column("input", 1, "score", allowed="[0..100]", label="分数") + column(
        "output", 1, name="grade", allowed='"优", "合格"', label="等级"
    )

    assert ask(feel, table(STEPS, policy="FIRST", columns=columns), score=70).output == "合格"
    with pytest.raises(DecisionInputInvalid, match="分数"):
        ask(feel, table(STEPS, policy="FIRST", columns=columns), score=101)
    with pytest.raises(DecisionOutputInvalid, match="等级"):
        ask(feel, table(STEPS, policy="FIRST", columns=columns), score=10)


def test_a_conclusion_of_another_type_is_an_error(feel: FeelPool) -> None:
    columns = SCORE + column("output", 1, name="grade", type="boolean", label="等级")

    with pytest.raises(DecisionOutputInvalid, match=r"等级.*boolean"):
        ask(feel, table(STEPS, policy="FIRST", columns=columns), score=70)


def test_the_budget_is_that_of_the_run(feel: FeelPool) -> None:
    [model] = decision_models(dmn(decision(table(STEPS))))

    with pytest.raises(FeelBudgetSpent):
        evaluate_decision(
            model, "grade", {"score": 1}, feel=feel, now=NOW, budget=Budget(seconds=0)
        )


def test_a_table_of_many_rows_asks_equal_cells_once(feel: FeelPool) -> None:
    rules = [([f"{i}", '"a"'], [f"{i}"]) for i in range(500)]
    result = ask(feel, table(rules, inputs=("score", "kind")), score=321, kind="a")

    assert result == DecisionResult(321, (MatchedRule(322, "rule322"),))


def test_a_model_tells_what_lists_need() -> None:
    [first, second] = decision_models(
        dmn(decision(table(STEPS)), decision(table(STEPS), decision_id="second"))
    )

    assert (first.decision_id, first.name) == ("grade", "定级")
    assert (first.requirements_id, first.requirements_name) == ("grades", "定级表")
    assert second.decision_id == "second"


def test_another_decision_s_id_is_unknown_to_a_model(feel: FeelPool) -> None:
    [model] = decision_models(dmn(decision(table(STEPS))))

    with pytest.raises(DecisionUnknown):
        evaluate_decision(model, "other", {}, feel=feel, now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<a/>", dmn(decision(""))),
        dmn(decision("<list>" * 60 + "</list>" * 60)),
        dmn(namespace="http://www.omg.org/x"),
    ],
)
def test_a_file_that_cannot_be_evaluated_is_no_model(content: bytes) -> None:
    with pytest.raises(ModelInvalid):
        decision_models(content)
