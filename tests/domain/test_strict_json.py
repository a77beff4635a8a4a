"""JSON that both databases, Python and JavaScript can keep, or each reason why it is none."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.domain.strict_json import (
    DEPTH_LIMIT,
    DIGIT_LIMIT,
    FaultKind,
    JsonUnreadable,
    read,
)
from service.domain.values import Json

TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES: some.SearchStrategy[Json] = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: some.lists(inner) | some.dictionaries(TEXTS, inner),
)


def faults(raw: bytes, *, unique_names: bool = True) -> list[tuple[FaultKind, str]]:
    """What is wrong, with the reasons."""
    with pytest.raises(JsonUnreadable) as refused:
        read(raw, unique_names=unique_names)
    return [(fault.kind, fault.reason) for fault in refused.value.faults]


@given(VALUES, some.booleans(), some.booleans())
def test_what_python_writes_is_read_again(value: Json, escaped: bool, unique_names: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    assert read(text.encode(), unique_names=unique_names) == value


@pytest.mark.parametrize(
    ("raw", "kind", "said"),
    [
        (b"", FaultKind.SYNTAX, "第 1 行第 1 个字符"),
        (b'{\n "a": 1,\n}', FaultKind.SYNTAX, "第 3 行第 1 个字符"),
        (b'"a\x00"', FaultKind.SYNTAX, "第 1 行"),
        (b"\xff\xfe{\x00}\x00", FaultKind.ENCODING, "UTF-8"),
        (b"\xef\xbb\xbf{}", FaultKind.ENCODING, "BOM"),
        (b'"\xed\xa0\xbd"', FaultKind.ENCODING, "UTF-8"),
        (b"NaN", FaultKind.NUMBER, "NaN"),
        (b"[-Infinity]", FaultKind.NUMBER, "-Infinity"),
        (b"-1e999", FaultKind.NUMBER, "-1e999"),
        (b"9" * 5_000, FaultKind.NUMBER, "位数太多"),
        (b"0." + b"1" * 5_000, FaultKind.NUMBER, "位数太多"),
        (b'{"a": [{"b": "x\\ud83d"}]}', FaultKind.TEXT, "“a[0].b”"),
        (b'{"a": {"b\\u0000": 1}}', FaultKind.TEXT, "“a”"),
        (b'"\\udc00\\ud800"', FaultKind.TEXT, "无法保存"),
        (b'{"a": {"b": 1, "b": 1}}', FaultKind.NAME, "“b”写了 2 次"),
        (b"[" * 3_000 + b"]" * 3_000, FaultKind.DEPTH, "嵌套"),
        (b'{"a":' * 200_000, FaultKind.DEPTH, "嵌套"),
    ],
)
def test_a_fault_is_named(raw: bytes, kind: FaultKind, said: str) -> None:
    [(found, reason)] = faults(raw)
    assert found is kind
    assert said in reason


def test_all_faults_are_named_each_once() -> None:
    raw = b'{"a": NaN, "b": [NaN, 1e999], "a": "\\ud800", "c": "\\u0000"}'
    assert [kind for kind, _ in faults(raw)] == [
        FaultKind.NUMBER,
        FaultKind.NUMBER,
        FaultKind.NAME,
        FaultKind.TEXT,
        FaultKind.TEXT,
    ]


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"a": v}])
def test_the_last_level_is_still_read(wrap: Callable[[Json], Json]) -> None:
    value: Json = 1
    for _ in range(DEPTH_LIMIT):
        value = wrap(value)
    assert read(json.dumps(value).encode()) == value
    assert faults(json.dumps(wrap(value)).encode())[0][0] is FaultKind.DEPTH


def test_the_last_digit_is_still_read() -> None:
    assert read(b"9" * DIGIT_LIMIT) == int("9" * DIGIT_LIMIT)
    assert faults(b"9" * (DIGIT_LIMIT + 1))[0][0] is FaultKind.NUMBER


def test_of_a_name_given_twice_the_last_counts_where_that_is_allowed() -> None:
    assert read(b'{"a": 1, "a": 2}') == {"a": 2}


def test_thousands_of_faults_are_a_short_answer() -> None:
    names = b",".join(b'"%d\\u0000": NaN, "%d\\u0000": 1' % (at, at) for at in range(20_000))
    assert len(faults(b"{" + names + b"}")) == 20


def test_endless_names_and_paths_are_cut() -> None:
    name = "长" * 100_000
    raw = json.dumps({name: {name: {name: ["\x00"] * 1_000}}}) + " " * 10
    [fault, *_] = faults(raw.encode())
    assert len(fault[1]) < 300


@pytest.mark.parametrize(
    "value",
    [
        {"typename": 1, "__builtins__": [], "__proto__": {"constructor": None}},
        {"名": "👩🏽‍🏫" * 10_000},
        "\\u0000 \\ud800",
        [[]] * 10_000,
        -0.0,
    ],
)
def test_what_merely_looks_odd_is_read(value: Json) -> None:
    assert read(json.dumps(value).encode()) == value


def test_ten_megabytes_are_read() -> None:
    assert read(b'["' + b"x" * 10_000_000 + b'"]') == ["x" * 10_000_000]
