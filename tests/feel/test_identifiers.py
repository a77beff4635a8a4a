"""Which keys a variable may have."""

import pytest

from service.domain.values import Json
from service.feel import PLAIN_NAME, NameNotPlain, require_plain_names


@pytest.mark.parametrize(
    "name", ["a", "金额", "申请人_姓名", "_x", "a1", "date", "truth", "x" * 255]
)
def test_a_plain_name_is_accepted(name: str) -> None:
    assert PLAIN_NAME.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    ["", "1a", "a-b", "a b", "a.b", "a\n", "😀", "?", "a'", "true", "null", "and", "x" * 256],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(NameNotPlain):
        require_plain_names({name: 1})


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": {"b": [{"c-d": 1}]}}, "a.b[0].c-d"),
        ([[{"x": 1}, {"x y": 1}]], "[0][1].x y"),
        ({"ok": 1, "and": 2}, "and"),
    ],
)
def test_the_path_of_a_name_is_told(value: Json, path: str) -> None:
    with pytest.raises(NameNotPlain) as caught:
        require_plain_names(value)

    assert caught.value.path == path
    assert path in caught.value.message


def test_values_are_not_names() -> None:
    require_plain_names({"a": ["a-b", {"b": "c d"}, None, 1.5, True]})


def test_deep_data_does_not_exhaust_the_stack() -> None:
    value: Json = 1
    for _ in range(50_000):
        value = [value]

    require_plain_names({"deep": value})
