"""Which characters of what people write are kept."""

import pytest

from service.domain.texts import legible, legible_values
from service.domain.values import Variables

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
