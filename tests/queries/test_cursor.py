"""The cursor says where the next page begins, and is refused when it is spoilt."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.queries import cursor
from service.queries.cursor import BadCursor

KEYS = some.integers(min_value=0, max_value=2**63 - 1)
MOMENTS = some.none() | some.datetimes(timezones=some.just(UTC))


@given(MOMENTS, KEYS)
def test_it_says_again_what_was_written(moment: datetime | None, key: int) -> None:
    text = cursor.write("done-newest", [moment, key])
    assert cursor.read(text, "done-newest", (datetime, int)) == [moment, key]


@given(some.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        cursor.read(text, "todo-newest", (int,))


@pytest.mark.parametrize(
    ("order", "types"),
    [("todo-oldest", (int,)), ("todo-newest", (datetime, int)), ("todo-newest", (datetime,))],
)
def test_it_belongs_to_one_list_and_sorting(
    order: str, types: tuple[type[int] | type[datetime], ...]
) -> None:
    text = cursor.write("todo-newest", [5])
    with pytest.raises(BadCursor):
        cursor.read(text, order, types)


@pytest.mark.parametrize("key", [True, 2**63, -(2**63), 1.5, "1", None])
def test_a_key_is_a_key(key: object) -> None:
    text = cursor.write("todo-newest", [key])  # type: ignore[list-item]
    with pytest.raises(BadCursor):
        cursor.read(text, "todo-newest", (int,))


@pytest.mark.parametrize("name", [1, None, "a\0b", "\ud800"])
def test_a_text_is_one_that_a_database_holds(name: object) -> None:
    text = cursor.write("people", ["zhang", "zhang.min"])
    assert cursor.read(text, "people", (str, str)) == ["zhang", "zhang.min"]
    with pytest.raises(BadCursor):
        cursor.read(cursor.write("people", [name]), "people", (str,))  # type: ignore[list-item]


@pytest.mark.parametrize(
    "said",
    [
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "x",
        1,
        {},
    ],
)
def test_a_moment_is_one_that_a_database_holds(said: object) -> None:
    text = cursor.write("done-newest", [said, 1])  # type: ignore[list-item]
    with pytest.raises(BadCursor):
        cursor.read(text, "done-newest", (datetime, int))
