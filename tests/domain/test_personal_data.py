"""What is accepted as personal data, and what of it is shown."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.personal_data import (
    PersonalDataInvalid,
    PersonalKind,
    accepted,
    birth_date,
    check_character,
    masked,
)

TODAY = date(2026, 3, 2)
ID = "11010519491231002X"
"""The example of GB 11643-1999, annex A."""


def take(kind: PersonalKind, text: str) -> str:
    return accepted(kind, text, today=TODAY)


def test_the_standards_own_example_is_accepted() -> None:
    assert take(PersonalKind.ID_NUMBER, ID) == ID
    assert birth_date(ID) == date(1949, 12, 31)


@pytest.mark.parametrize(
    "text", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_how_it_was_typed_does_not_matter(text: str) -> None:
    assert take(PersonalKind.ID_NUMBER, text) == ID


def numbered(digits: str) -> str:
    return digits + check_character(digits)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110105194912310021", "校验码"),
        ("110105491231002", "15 位"),
        ("1101051949123100", "共 18 位"),
        ("1101051949123100AX", "共 18 位"),
        (numbered("11010519490231002"), "真实的日期"),
        (numbered("11010520260303002"), "在今天之后"),
        (numbered("11010518991231002"), "早于 1900"),
        (numbered("99010518991231002"), "早于 1900"),
        (numbered("10010519491231002"), "地区"),
        ("", "共 18 位"),
    ],
)
def test_a_wrong_id_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PersonalDataInvalid, match=reason):
        take(PersonalKind.ID_NUMBER, text)


def test_born_today_is_not_in_the_future() -> None:
    number = numbered("15030220260302001")
    assert take(PersonalKind.ID_NUMBER, number) == number


@given(position=st.integers(0, 17), other=st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_found(position: int, other: str) -> None:
    wrong = ID[:position] + other + ID[position + 1 :]
    if wrong != ID:
        with pytest.raises(PersonalDataInvalid):
            take(PersonalKind.ID_NUMBER, wrong)


@given(position=st.integers(0, 16))
def test_two_characters_changed_round_are_always_found(position: int) -> None:
    one, two = ID[position], ID[position + 1]
    if one != two:
        with pytest.raises(PersonalDataInvalid):
            take(PersonalKind.ID_NUMBER, ID[:position] + two + one + ID[position + 2 :])


@pytest.mark.parametrize("text", ["13812345678", "138 1234 5678", "+86 138-1234-5678"])
def test_a_mobile_number_is_kept_as_eleven_digits(text: str) -> None:
    assert take(PersonalKind.MOBILE, text) == "13812345678"


@pytest.mark.parametrize("text", ["", "1381234567", "138123456789", "12812345678", "0473-2998888"])
def test_anything_else_is_no_mobile_number(text: str) -> None:
    with pytest.raises(PersonalDataInvalid, match="11 位"):
        take(PersonalKind.MOBILE, text)


def test_a_mail_address_is_kept_in_small_letters() -> None:
    assert take(PersonalKind.MAIL, " Zhang.Min@Example.CN ") == "zhang.min@example.cn"


@pytest.mark.parametrize(
    "text",
    ["", "zhang", "@example.cn", "a b@example.cn", "a@example", "a@-x.cn", "a@x.cn\nBcc: b@x.cn",
     "张敏@example.cn", f"{'a' * 65}@example.cn", f"a@{'x' * 63}.{'y' * 63}.{'z' * 63}.{'w' * 63}"],
)  # fmt: skip
def test_anything_else_is_no_mail_address(text: str) -> None:
    with pytest.raises(PersonalDataInvalid):
        take(PersonalKind.MAIL, text)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (PersonalKind.ID_NUMBER, ID, "1101**********002X"),
        (PersonalKind.MOBILE, "13812345678", "138****5678"),
        (PersonalKind.MAIL, "zhang.min@example.cn", "z***@example.cn"),
    ],
)
def test_a_mask_hides_what_could_be_used(kind: PersonalKind, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


@given(text=st.text(max_size=40), kind=st.sampled_from(PersonalKind))
def test_no_text_makes_it_fail_otherwise(text: str, kind: PersonalKind) -> None:
    with suppress(PersonalDataInvalid):
        value = take(kind, text)
        assert take(kind, value) == value
