"""Every boxed expression, alone and within another. The file: boxed_expressions.dmn."""

import pytest

from service.domain.values import Json
from service.engine import DecisionKind
from service.engine.errors import DecisionValueInvalid
from service.feel import FeelEvaluationFailed, FeelNameMissing, FeelPool
from tests.engine.tables import asked, models
from tests.engine.test_decisions import ask

ROWS: list[Json] = [
    {"name": "张", "years": 6},
    {"name": "李", "years": 5},
    {"name": "王", "years": 9},
    {"name": "赵", "years": None},
]

ANSWERS: list[tuple[str, dict[str, Json], Json]] = [
    ("text", {"score": 35}, 70),
    ("context", {"score": 60}, {"双倍": 120, "及格": True}),
    ("context_result", {"score": 4}, 50),
    ("list", {"score": 3}, [3, ["甲", None]]),
    ("relation", {"score": 3}, [{"name": "张", "years": 6}, {"name": "李", "years": 3}]),
    ("conditional", {"score": 60}, "合格"),
    ("filter", {"rows": ROWS}, [ROWS[0]]),
    ("filter", {"rows": []}, []),
    ("filter", {"rows": None}, None),
    ("filter", {"rows": ROWS[0]}, [ROWS[0]]),
    ("for", {"rows": ROWS[:2]}, [{"name": "张", "before": 0}, {"name": "李", "before": 1}]),
    ("for", {"rows": []}, []),
    ("range", {"score": 4}, [1, 4, 9, 16]),
    ("some", {"rows": ROWS}, True),
    ("some", {"rows": []}, False),
    ("some", {"rows": [ROWS[1], ROWS[3]]}, False),
    ("every", {"rows": ROWS}, False),
    ("every", {"rows": []}, True),
    ("every", {"rows": [ROWS[0], ROWS[2]]}, True),
    ("function", {"score": 100}, [121, 103, 104]),
    ("nested", {"rows": ROWS}, ["张满", "李不满", "王满"]),
]  # fmt: skip


@pytest.mark.parametrize(("decision_id", "variables", "output"), ANSWERS)
def test_a_boxed_expression_has_the_value_of_the_standard(
    feel: FeelPool, decision_id: str, variables: dict[str, Json], output: Json
) -> None:
    assert asked(feel, "boxed_expressions.dmn", decision_id, variables).output == output


def test_the_branch_that_is_taken_is_evaluated_alone(feel: FeelPool) -> None:
    with pytest.raises(FeelNameMissing, match="missing"):
        asked(feel, "boxed_expressions.dmn", "conditional", {"score": 59})


def test_rows_of_a_table_within_are_told_each_time(feel: FeelPool) -> None:
    result = asked(feel, "boxed_expressions.dmn", "nested", {"rows": ROWS})

    assert [rule.rule_id for rule in result.matched_rules] == [
        "nested_long",
        "nested_short",
        "nested_long",
    ]


@pytest.mark.parametrize(
    ("decision_id", "variables"),
    [("for", {"rows": 5}), ("some", {"rows": "文字"}), ("context", {"score": "5"})],
)
def test_what_is_no_list_or_of_another_type_is_an_error(
    feel: FeelPool, decision_id: str, variables: dict[str, Json]
) -> None:
    with pytest.raises((DecisionValueInvalid, FeelEvaluationFailed)):
        asked(feel, "boxed_expressions.dmn", decision_id, variables)


def test_a_condition_that_is_neither_true_nor_false_is_an_error(feel: FeelPool) -> None:
    logic = (
        "<conditional><if><literalExpression><text>score</text></literalExpression></if>"
        "<then><literalExpression><text>1</text></literalExpression></then>"
        "<else><literalExpression><text>2</text></literalExpression></else></conditional>"
    )

    with pytest.raises(DecisionValueInvalid, match="真或假"):
        ask(feel, logic, score=5)
    assert ask(feel, logic, score=None).output == 2


def test_a_function_cannot_be_the_result(feel: FeelPool) -> None:
    with pytest.raises(FeelEvaluationFailed, match="函数"):
        ask(feel, "<literalExpression><text>function(a) a</text></literalExpression>")


@pytest.mark.parametrize("arguments", ["1", "1, 2, 3", "a: 1, c: 2"])
def test_a_call_gives_every_parameter_and_no_other(feel: FeelPool, arguments: str) -> None:
    logic = (
        '<context><contextEntry><variable name="f" /><functionDefinition>'
        '<formalParameter name="a" /><formalParameter name="b" />'
        "<literalExpression><text>[a, b]</text></literalExpression></functionDefinition>"
        f"</contextEntry><contextEntry><literalExpression><text>f({arguments})</text>"
        "</literalExpression></contextEntry></context>"
    )

    with pytest.raises((DecisionValueInvalid, FeelEvaluationFailed)):
        ask(feel, logic)


def test_the_kind_says_what_a_decision_is_made_of() -> None:
    kinds = {one: model.kind for one, model in models("boxed_expressions.dmn").items()}

    assert kinds["text"] is DecisionKind.LITERAL_EXPRESSION
    assert kinds["context"] is DecisionKind.UNKNOWN
    assert models("hit_policies.dmn")["first"].kind is DecisionKind.DECISION_TABLE


def test_an_entry_may_have_any_plain_name(feel: FeelPool) -> None:
    names = ("__proto__", "constructor", "date")
    entries = "".join(
        f'<contextEntry><variable name="{name}" /><literalExpression><text>{i}</text>'
        "</literalExpression></contextEntry>"
        for i, name in enumerate(names)
    )

    result = ask(feel, f"<context>{entries}</context>")

    assert result.output == {"__proto__": 0, "constructor": 1, "date": 2}
