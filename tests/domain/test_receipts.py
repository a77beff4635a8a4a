"""Numbers that people write down are read as they were meant."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.receipts import (
    CASE,
    case_number,
    key_of,
    plain_secret,
    receipt_number,
    secret_word,
)

KEYS = st.integers(min_value=1, max_value=2**63 - 1)


@given(KEYS)
def test_a_number_stands_for_its_key(key: int) -> None:
    assert key_of("SQ", receipt_number("SQ", key)) == key


@given(KEYS)
def test_a_case_has_one_number_for_everybody(key: int) -> None:
    assert key_of(CASE, case_number(key)) == key


@given(KEYS)
def test_small_letters_spaces_and_what_looks_alike_are_understood(key: int) -> None:
    written = receipt_number("SQ", key).lower().replace("-", " ")
    digits = written.removeprefix("sq").replace("0", "o").replace("1", "l")
    assert key_of("SQ", f"sq{digits}") == key


@given(st.text(max_size=40))
def test_anything_else_is_no_number_or_one_that_a_key_can_be(text: str) -> None:
    key = key_of("YY", text)
    assert key is None or 0 <= key < 2**63


@given(st.binary(min_size=7, max_size=32))
def test_a_secret_is_ten_digits_however_it_is_written(random_bytes: bytes) -> None:
    word = secret_word(random_bytes)
    assert len(plain_secret(word)) == 10
    assert plain_secret(word.lower().replace("0", "O")) == plain_secret(word)
