"""Types of inputs and results: item definitions and conversions. The file: decision_types.dmn."""

import pytest

from service.domain.values import Json
from service.engine import check_dmn, decision_models, evaluate_decision
from service.engine.errors import (
    DecisionInputInvalid,
    DecisionOutputInvalid,
    DecisionValueInvalid,
)
from service.feel import Expression, FeelError, FeelPool
from tests.engine.player import NOW
from tests.engine.tables import asked, decision, dmn

FILE = "decision_types.dmn"


def person(**more: Json) -> dict[str, Json]:
    """A sound entry of the list."""
    return {"姓名": "张", "Start_Date": "2019-09-01", "职称": "中级", "得分": [90, 80], **more}


def test_texts_of_dates_are_dates_inside_and_texts_outside(feel: FeelPool) -> None:
    late = person(Start_Date="2021-09-01")

    result = asked(feel, FILE, "early", {"people": [person(), late]})

    assert result.output == [person()]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"姓名": 5}, r"people第 2 项\.姓名.*string"),
        ({"Start_Date": "2021-02-30"}, r"Start_Date.*date"),
        ({"Start_Date": "去年"}, r"Start_Date.*date"),
        ({"职称": "特级"}, r"职称.*允许"),
        ({"得分": [101]}, r"得分第 1 项.*允许"),
        ({"得分": [1, 2, 3, 4]}, r"得分”的值不在允许"),
    ],
)
def test_a_value_that_its_type_does_not_admit_is_an_error_where_it_is(
    feel: FeelPool, wrong: dict[str, Json], place: str
) -> None:
    with pytest.raises(DecisionInputInvalid, match=place) as caught:
        asked(feel, FILE, "early", {"people": [person(), person(**wrong)]})
    assert "去年" not in caught.value.message


@pytest.mark.parametrize("people", [[], None, [{}], [person(得分=None, 职称=None)]])
def test_null_and_what_is_left_out_are_of_every_type(feel: FeelPool, people: Json) -> None:
    asked(feel, FILE, "early", {"people": people})


def test_what_is_no_structure_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(DecisionInputInvalid, match=r"people第 1 项.*context"):
        asked(feel, FILE, "early", {"people": ["张"]})


def test_moments_times_and_durations_are_read(feel: FeelPool) -> None:
    variables: dict[str, Json] = {
        "when": "2026-03-01T08:00:00+08:00",
        "long": "PT36H",
        "span": "P1Y2M",
        "clock": "08:00:00",
    }

    result = asked(feel, FILE, "moments", variables)

    assert result.output == {"hours": "P1DT12H", "months": 2, "early": True}
    for name, other in [("long", "P1M"), ("span", "P1D"), ("clock", "8点"), ("when", "x")]:
        with pytest.raises(DecisionInputInvalid, match=name):
            asked(feel, FILE, "moments", {**variables, name: other})


def test_a_column_of_dates_compares_dates(feel: FeelPool) -> None:
    assert asked(feel, FILE, "day", {"day": "2026-01-31"}).output == "2026-02-01"
    assert asked(feel, FILE, "day", {"day": "2025-12-31"}).output is None
    with pytest.raises(DecisionInputInvalid, match=r"日期.*date"):
        asked(feel, FILE, "day", {"day": 20260131})


def test_the_allowed_values_of_a_type_give_the_order_of_priorities(feel: FeelPool) -> None:
    assert asked(feel, FILE, "title", {"years": 7}).output == "初级"
    assert asked(feel, FILE, "title", {"years": 5}).output == "高级"
    with pytest.raises(DecisionOutputInvalid, match=r"职称.*允许"):
        asked(feel, FILE, "title", {"years": -1})


def test_an_entry_is_of_its_type(feel: FeelPool) -> None:
    assert asked(feel, FILE, "entry", {"score": 100}).output == {"分": 100}
    with pytest.raises(DecisionValueInvalid, match=r"分.*number"):
        asked(feel, FILE, "entry", {"score": "100"})


def test_one_value_is_a_list_of_one_and_a_list_of_one_its_element(feel: FeelPool) -> None:
    assert asked(feel, FILE, "one", {}).output == {"list": [{"姓名": "张"}], "text": "李"}


TYPES = (
    '<itemDefinition name="grade t"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..100]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="grades" isCollection="true"><typeRef>grade t</typeRef></itemDefinition>'
    '<itemDefinition name="pupil"><itemComponent name="name"><typeRef>string</typeRef>'
    '</itemComponent><itemComponent name="marks"><typeRef>grades</typeRef></itemComponent>'
    "</itemDefinition>"
)


def instance(text: str) -> bytes:
    return dmn(TYPES, decision(f"<literalExpression><text>{text}</text></literalExpression>"))


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("5 instance of grade t", True),
        ("500 instance of grade t", True),
        ('"5" instance of grade t', False),
        ("null instance of grade t", False),
        ("[1, null, 2] instance of grades", True),
        ("1 instance of grades", False),
        ("[[1], [2]] instance of list&lt;grades&gt;", True),
        ('{name: "张", marks: [1], more: 1} instance of pupil', True),
        ('{name: "张", marks: null} instance of pupil', True),
        ('{name: "张"} instance of pupil', False),
        ('{name: "张", marks: ["a"]} instance of pupil', False),
        ('(function(p: pupil) p.name)({name: "张", marks: []})', "张"),
    ],
)
def test_an_expression_may_ask_for_a_type_of_its_file(
    feel: FeelPool, text: str, output: Json
) -> None:
    content = instance(text)
    [model] = decision_models(content)

    assert check_dmn(content, resource="x.dmn", feel=feel) == []
    assert evaluate_decision(model, "grade", {}, feel=feel, now=NOW).output == output


def test_a_type_of_another_file_is_unknown(feel: FeelPool) -> None:
    content = instance("5 instance of grade t")
    [model] = decision_models(content)
    evaluate_decision(model, "grade", {}, feel=feel, now=NOW)

    [problem] = check_dmn(content.replace(TYPES.encode(), b""), resource="x.dmn", feel=feel)
    assert (problem.rule, problem.element_id) == ("feel-syntax", "grade")
    with pytest.raises(FeelError):
        feel.evaluate([Expression("5 instance of grade_t")], {}, now=NOW)


def test_a_property_with_a_space_may_be_a_name_of_the_file_too(feel: FeelPool) -> None:
    content = dmn(
        decision(
            '<context><contextEntry><variable name="start included" /><literalExpression>'
            "<text>[1..2].start included</text></literalExpression></contextEntry></context>"
        )
    )
    [model] = decision_models(content)

    assert evaluate_decision(model, "grade", {}, feel=feel, now=NOW).output == {
        "start_included": True
    }
