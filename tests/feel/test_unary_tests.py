"""The cells of decision tables."""

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelEvaluationFailed, FeelPool, Kind
from tests.feel.conftest import MOMENT

CASES: list[tuple[str, Json, bool]] = [
    ("> 5", 6, True),
    ("> 5", 5, False),
    ("<= limit", 10, True),
    ("[1..10]", 10, True),
    ("[1..10)", 10, False),
    ("1, 2, 3", 2, True),
    ("1, 2, 3", 4, False),
    ("not(1, 2)", 3, True),
    ("not(1, 2)", 2, False),
    ('"正高级", "副高级"', "副高级", True),
    ('"正高级", "副高级"', "一级", False),
    ("-", None, True),
    ("null", None, True),
    ("> 5", None, False),
    ("true", True, True),
    ("true", False, False),
    ("false", None, False),
    ("limit", 10, True),
    ("? > 5 and ? < limit", 7, True),
    ('contains(?, "高级")', "正高级", True),
    ("titles", "正高级", True),
    ('date("2026-01-01")', "2026-01-01", False),
    ("10", "10", False),
]


@pytest.mark.parametrize(("text", "value", "expected"), CASES)
def test_a_cell_matches_or_not(feel: FeelPool, text: str, value: Json, expected: bool) -> None:
    test = Expression(text, Kind.UNARY_TEST, input=value)

    answer = feel.evaluate([test], {"limit": 10, "titles": ["正高级"]}, now=MOMENT)

    assert (answer[0] is True) == expected


def test_each_cell_has_an_input_of_its_own(feel: FeelPool) -> None:
    cells = [
        Expression("> 5", Kind.UNARY_TEST, input=6),
        Expression("> 5", Kind.UNARY_TEST, input=4),
        Expression("5 in (> 4)"),
        Expression('"a"', Kind.UNARY_TEST, input="a"),
    ]

    assert feel.evaluate(cells, {}, now=MOMENT) == [True, False, True, True]


def test_a_cell_for_numbers_refuses_a_text(feel: FeelPool) -> None:
    with pytest.raises(FeelEvaluationFailed, match="文字和数字之间"):
        feel.evaluate([Expression("> 5", Kind.UNARY_TEST, input="10")], {}, now=MOMENT)
