"""The values of expressions, by the DMN standard but for what docs/feel.md says."""

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelPool
from tests.feel.conftest import MOMENT, Evaluate

CONTEXT: dict[str, Json] = {
    "a": 10,
    "b": 3,
    "s": "北京",
    "t": "travel",
    "n": None,
    "items": [{"amount": 100, "name": "x"}, {"amount": 250.5, "name": "y"}],
    "tags": ["a", "b"],
    "ok": True,
    "empty": "",
    "金额": 6000,
    "user": {"dept": "财务"},
    "d": "2026-11-23",
}

VALUES: list[tuple[str, Json]] = [
    ("a > 5", True),
    ("a = 10 and b < 5", True),
    ('t = "travel"', True),
    ('t != "travel"', False),
    ("n = null", True),
    ("a > 5 or missing > 3", True),
    ("a < 5 and missing > 3", False),
    ("not(ok)", False),
    ('if a > 5 then "x" else "y"', "x"),
    ('if n then "x" else "y"', "y"),
    ("sum(items.amount)", 350.5),
    ("count(items)", 2),
    ("sum(for i in items return if i.amount = null then 0 else i.amount)", 350.5),
    ("some i in items satisfies i.amount > 200", True),
    ("every i in items satisfies i.amount > 200", False),
    ("items[amount > 200].name", ["y"]),
    ("items[item.amount > 200].name", ["y"]),
    ('items[contains(name, "x")].amount', [100]),
    ("items[1].name", "x"),
    ("items[-1].name", "y"),
    ("for i in 1..count(tags) return tags[i]", ["a", "b"]),
    ("for i in 1..3 return i * i", [1, 4, 9]),
    ("for i in 1..0 return i", [1, 0]),
    ("[true, false][item = false]", [False]),
    ("[1, null, 2][item = null]", [None]),
    ('list contains(tags, "a")', True),
    ("list contains([1, null], null)", True),
    ("index of([1, 2, 2], 2)", [2, 3]),
    ("string length(s)", 2),
    ('contains(s, "京")', True),
    ("upper case(t)", "TRAVEL"),
    ('starts with(t, "tr")', True),
    ('matches(t, "^tr")', True),
    ("金额 > 5000", True),
    ("金额 + 金额", 12000),
    ('user.dept = "财务"', True),
    ("user.missing", None),
    ("n.anything", None),
    ("items.missing", [None, None]),
    ("a between 1 and 20", True),
    ("a in [1..10]", True),
    ("a in (10..20]", False),
    ("a in (> 5, < 2)", True),
    ('t in ("travel", "meal")', True),
    ("a in [1, 10]", True),
    ("0.1 + 0.2", 0.30000000000000004),
    ("0.1 + 0.2 = 0.3", False),
    ("a / 3", 3.3333333333333335),
    ("10 / 0", None),
    ("string(a)", "10"),
    ('number("12.5")', 12.5),
    ('number("x")', None),
    ('s + "市"', "北京市"),
    ("ok and n", None),
    ("n or ok", True),
    ('empty = ""', True),
    ("floor(2.7)", 2),
    ("decimal(2.345, 2)", 2.34),  # half to even, on the digits that are written
    ("modulo(7, 3)", 1),
    ("max(1, 2, 3)", 3),
    ("median([2, 10, 1])", 2),
    ("{x: 1, y: x + 1}.y", 2),
    ("[1, 2, 3][1]", 1),
    ('get value(user, "dept")', "财务"),
    ('substring("foobar", 3)', "obar"),
    ('string join(tags, ",")', "a,b"),
    ('split("a,b", ",")', ["a", "b"]),
    ("a ** 2", 100),
    ("-a", -10),
    ("distinct values([1, 1, 2])", [1, 2]),
    ("(a + b) * 2 >= 26", True),
    ("sort([3, 1, 2], function(x, y) x < y)", [1, 2, 3]),
    ("n > 5", None),
    ("not(n)", None),
    ('a = "10"', None),
    ("string length(n)", None),
    ("sum([1, n])", None),
    ("for i in n return i", None),
    ("// what it is worth\n金额", 6000),
    ("{合计: sum(items.amount), 明细: {条数: count(items)}}", {"合计": 350.5, "明细": {"条数": 2}}),
]

IS_DEFINED: list[tuple[str, Json]] = [
    ("is defined(a)", True),
    ("is defined(missing)", False),
    ("is defined(n)", True),
    ("is defined(null)", True),
    ("is defined(user.dept)", True),
    ("is defined(user.missing)", False),
    ("is defined(n.anything)", False),
    ("is defined(missing) and missing > 5", False),
    ("not(is defined(missing)) or missing > 5", True),
    ("if is defined(missing) then missing else 0", 0),
    ("items[is defined(amount)].name", ["x", "y"]),
    ("items[is defined(other)].name", []),
]


@pytest.mark.parametrize(("text", "expected"), [*VALUES, *IS_DEFINED])
def test_an_expression_has_its_value(value_of: Evaluate, text: str, expected: Json) -> None:
    value = value_of(text, **CONTEXT)

    assert value == expected
    assert isinstance(value, bool) == isinstance(expected, bool)


def test_many_expressions_are_answered_in_order_in_one_call(feel: FeelPool) -> None:
    expressions = [Expression(text) for text, _ in VALUES]

    values = feel.evaluate(expressions, CONTEXT, now=MOMENT)

    assert values == [expected for _, expected in VALUES]


def test_no_expression_is_no_value(feel: FeelPool) -> None:
    assert feel.evaluate([], CONTEXT, now=MOMENT) == []


def test_the_same_text_is_read_anew_for_other_names(value_of: Evaluate) -> None:
    assert value_of("x.date > 1", x={"date": 5}) is True
    assert value_of("rows[date > 1]", rows=[{"date": 5}]) == [{"date": 5}]
    assert value_of("rows[date > 1]", rows=[]) == []


def test_a_name_within_that_is_no_plain_identifier_is_still_read(value_of: Evaluate) -> None:
    assert value_of("o.a-b", o={"a": 5}, b=2) == 3
    assert value_of("o.a-b", o={"a": 5, "a-b": 9}, b=2) == 9
    assert value_of("o.a-b", o={"a": 5}, b=2) == 3


@pytest.mark.parametrize(
    "key", ["__proto__", "constructor", "typename", "__builtins__", "toString", "hasOwnProperty"]
)
def test_a_key_of_javascript_or_python_is_data_like_any_other(value_of: Evaluate, key: str) -> None:
    context: dict[str, Json] = {"o": {key: {"x": 1}}, key: 7}

    assert value_of("o", **context) == {key: {"x": 1}}
    assert value_of(key, **context) == 7
    assert value_of(f"o.{key}.x", **context) == 1
    assert value_of("{}.x") is None


def test_an_inherited_key_of_javascript_is_no_variable(value_of: Evaluate) -> None:
    assert value_of("is defined(constructor) or is defined(toString)") is False
    assert value_of("{}.constructor") is None
