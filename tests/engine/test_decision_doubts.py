"""What of a decision file is doubtful and told as a warning."""

from service.domain.problems import Severity
from service.feel import FeelPool
from tests.engine.tables import decision, dmn
from tests.engine.test_decision_refusals import ONE, check, literal, needs


def test_a_name_that_is_no_drawn_input_is_doubtful(feel: FeelPool) -> None:
    drawn = dmn(
        '<inputData id="i" name="分数" />',
        decision(literal("分数 + score"), inside=needs("requiredInput", "#i")),
    )

    [problem] = check(drawn, feel)

    assert (problem.rule, problem.severity) == ("dmn-name", Severity.WARNING)
    assert "score" in problem.message


def test_an_input_that_only_explains_is_told_when_it_has_a_type(feel: FeelPool) -> None:
    variable = '<variable name="教龄（年）" typeRef="number" />'
    label = f'<inputData id="i" name="教龄（年）">{variable}</inputData>'
    need = needs("requiredInput", "#i")

    [problem] = check(dmn(label, decision(literal("years"), inside=need)), feel)

    assert (problem.element_id, problem.severity) == ("i", Severity.WARNING)
    untyped = label.replace(' typeRef="number"', "")
    assert check(dmn(untyped, decision(literal("years"), inside=need)), feel) == []


def test_a_decision_that_is_named_and_not_required_is_doubtful(feel: FeelPool) -> None:
    content = dmn(
        decision(ONE, decision_id="one").replace("定级", "基础分"),
        decision(literal("基础分 + 1"), decision_id="two"),
    )

    [problem] = check(content, feel)

    assert (problem.element_id, problem.severity) == ("two", Severity.WARNING)
    assert "没有画出" in problem.message
