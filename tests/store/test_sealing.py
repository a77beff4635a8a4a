"""What is sealed opens with its key, in its place, unaltered, and not otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.sealing import DataKeyMissing, DataKeys, SealBroken

OLD, NEW = "the old key", "the new key"


@given(text=st.text(), place=st.text())
def test_what_is_sealed_opens_again(text: str, place: str) -> None:
    keys = DataKeys([OLD])
    assert keys.open(keys.seal(text, place), place) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    keys = DataKeys([OLD])
    first, second = (keys.seal("13812345678", "mobile/anna") for _ in range(2))
    assert first != second
    assert "13812345678" not in first


def test_elsewhere_it_does_not_open() -> None:
    keys = DataKeys([OLD])
    sealed = keys.seal("13812345678", "mobile/anna")
    with pytest.raises(SealBroken):
        keys.open(sealed, "mobile/bert")


@given(position=st.integers(0, 60), other=st.characters(codec="ascii"))
def test_altered_it_does_not_open(position: int, other: str) -> None:
    keys = DataKeys([OLD])
    sealed = keys.seal("13812345678", "mobile/anna")
    altered = sealed[:position] + other + sealed[position + 1 :]
    if altered != sealed:
        with pytest.raises((SealBroken, DataKeyMissing)):
            keys.open(altered, "mobile/anna")


@pytest.mark.parametrize("text", ["", "v1", "v1:", "v1:00000000", "v2:00000000:AAAA", "plain"])
def test_what_was_never_sealed_is_told_from_what_is(text: str) -> None:
    with pytest.raises(SealBroken):
        DataKeys([OLD]).open(text, "mobile/anna")


def test_an_older_key_still_opens_and_the_newest_seals() -> None:
    sealed = DataKeys([OLD]).seal("13812345678", "mobile/anna")
    both = DataKeys([NEW, OLD])
    assert both.open(sealed, "mobile/anna") == "13812345678"
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal("13812345678", "mobile/anna"))
    with pytest.raises(DataKeyMissing):
        DataKeys([NEW]).open(sealed, "mobile/anna")


def test_without_a_key_nothing_is_sealed_nor_looked_up() -> None:
    with pytest.raises(DataKeyMissing):
        DataKeys().seal("13812345678", "mobile/anna")
    with pytest.raises(DataKeyMissing):
        DataKeys().lookups("13812345678", "staff/mobile")


def test_a_value_is_found_by_each_key_within_its_scope_alone() -> None:
    found = DataKeys([OLD]).lookup("13812345678", "staff/mobile")
    assert found in DataKeys([NEW, OLD]).lookups("13812345678", "staff/mobile")
    assert found not in DataKeys([NEW, OLD]).lookups("13812345678", "public/mobile")
    assert found not in DataKeys([NEW]).lookups("13812345678", "staff/mobile")
