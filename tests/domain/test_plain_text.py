"""What is left of a text that somebody wrote, and what a very long one costs."""

import unicodedata
from collections import Counter

import pytest

from service.domain.plain_text import CONTROLS, many_lines, one_line


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
