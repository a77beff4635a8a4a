"""What is left of a text that somebody wrote, and what a very long one costs."""

import unicodedata
from collections import Counter

import pytest

from service.domain.plain_text import CONTROLS, legible, legible_values, many_lines, one_line
from service.domain.values import Variables


def test_lines_and_tabs_stay_and_nothing_else_that_nobody_sees() -> None:
    assert many_lines(" 甲\r\n乙\x00\u202e丙\t丁\r") == "甲\n乙丙\t丁"
    assert many_lines("甲\u202e乙", hidden=CONTROLS) == "甲\u202e乙"


def test_one_line_has_no_break_and_no_row_of_blanks() -> None:
    assert one_line(" 甲\r\n乙\x00\u202e  丙\t") == "甲 乙 丙"


def test_a_megabyte_is_looked_at_by_its_distinct_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: Counter[str] = Counter()
    category = unicodedata.category

    def counted(one: str) -> str:
        looked_up[one] += 1
        return category(one)

    monkeypatch.setattr(unicodedata, "category", counted)
    assert len(many_lines("甲乙\x07" * 350_000)) == 700_000
    assert looked_up == {"\x07": 1, "乙": 1, "甲": 1}


KEPT = ("一级教师", "第一行\n第二行", "表\t格", "𠮷", "😀", "王\x00明", "王\udc00明")


@pytest.mark.parametrize("text", KEPT)
def test_what_people_see_stays(text: str) -> None:
    assert legible(text) == text


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\v二\f三", "一\n二\n三"),
        ("一\x85二\u2028三\u2029四", "一\n二\n三\n四"),
        ("王\x01小\x1f明\x7f", "王小明"),
        ("王\ufffe小\uffff明", "王小明"),
    ],
)
def test_what_office_programs_put_between_goes(pasted: str, kept: str) -> None:
    assert legible(pasted) == kept


def test_every_text_of_a_submission_is_looked_at() -> None:
    sent: Variables = {"rows": [{"name": "王\x0b明", "age": 3}], "agrees": True, "none": None}

    assert legible_values(sent) == {
        "rows": [{"name": "王\n明", "age": 3}],
        "agrees": True,
        "none": None,
    }
