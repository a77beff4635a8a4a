"""What has no value says why: it is never silently null."""

import math

import pytest

from service.domain.values import Json
from service.feel import (
    Expression,
    FeelEvaluationFailed,
    FeelNameMissing,
    FeelNumberInexact,
    FeelPool,
    FeelSyntaxInvalid,
    FeelTooDeep,
    FeelTooLong,
    Kind,
)
from tests.feel.conftest import MOMENT, Evaluate

MISSING = [
    ("missing", "missing"),
    ("missing = null", "missing"),
    ("missing > 5", "missing"),
    ("missing > 5 or a > 5", "missing"),
    ("a > 5 and 缺少 > 5", "缺少"),
    ("if a > 5 then missing else 0", "missing"),
    ("总 金额 + 1", "总 金额"),
    ("rows[amount > limit]", "limit"),
    ("for i in xs return i", "xs"),
    ("is defined(a) and missing", "missing"),
    ("? > 5", "?"),
]

FAILED = [
    ('"a" + 1', "文字和数字之间不能做「+」运算"),
    ("a + n", "数字和空值之间不能做「+」运算"),
    ("-n", "空值"),
    ('a > "5"', "数字和文字之间"),
    ('"9" < a', "文字和数字之间"),
    ('a between "1" and "9"', "数字和文字之间"),
    ('a in ["a".."z"]', "数字和文字之间"),
    ('a in (1.."z")', "范围"),
    ("now() > today()", "日期时间和日期之间"),
    ('duration("P1D") > 5', "时长和数字之间"),
    ('duration("P1D") - date("2026-01-01")', "时长和日期之间"),
    ("today() + today()", "日期和日期之间"),
    ("foo(1)", "没有「foo」这个函数"),
    ("is void(a)", "没有「is void」这个函数"),
    ("a(1)", "调用的不是函数"),
    ("upper case(a, 1)", "参数个数或名称不对"),
    ('upper case(text: "a")', "参数个数或名称不对"),
    ("string length(5)", "函数「string length」的参数不能是数字"),
    ("string length()", "函数「string length」缺少参数"),
    ('sum([1, "a"])', "函数「sum」的参数不能是文字"),
    ("is defined()", "函数「is defined」缺少参数"),
    ('if "false" then 1 else 2', "条件的结果应为真或假，实际是文字"),
    ("every i in [1] satisfies i", "条件的结果应为真或假，实际是数字"),
    ("not(a)", "函数「not」的参数不能是数字"),
    ("a and true", "条件的结果应为真或假，实际是数字"),
    ('rows[concat = "x"][item.amount + "x"]', "不能做「+」运算"),
    ('"abc".size', "文字没有「size」这一项"),
    ("10 ** 400", "中间结果超过 15 位"),
    ("function(x) x", "结果是函数"),
    ("[1..3]", "结果是范围"),
    ("{f: sum}", "结果是函数"),
]

CONTEXT: dict[str, Json] = {
    "a": 10,
    "n": None,
    "rows": [{"amount": 1, "concat": "x"}],
}


@pytest.mark.parametrize(("text", "name"), MISSING)
def test_a_missing_variable_is_named(value_of: Evaluate, text: str, name: str) -> None:
    with pytest.raises(FeelNameMissing) as caught:
        value_of(text, **CONTEXT)

    assert caught.value.name == name
    assert f"「{name}」不存在" in caught.value.message


@pytest.mark.parametrize(("text", "words"), FAILED)
def test_what_cannot_be_worked_out_says_why(value_of: Evaluate, text: str, words: str) -> None:
    with pytest.raises(FeelEvaluationFailed) as caught:
        value_of(text, **CONTEXT)

    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 4),
        ("", 1),
        ("a ! 5", 3),
        ("金额 >", 5),
        ("if a then b", 12),
        ("[1, 2", 6),
        ("a; b", 2),
    ],
)
def test_a_text_that_is_no_feel_tells_the_place(
    value_of: Evaluate, text: str, position: int
) -> None:
    with pytest.raises(FeelSyntaxInvalid) as caught:
        value_of(text)

    assert caught.value.fields["position"] == position


def test_the_first_expression_without_a_value_is_named(feel: FeelPool) -> None:
    expressions = [Expression("1"), Expression("missing + 1"), Expression("other")]

    with pytest.raises(FeelNameMissing) as caught:
        feel.evaluate(expressions, {}, now=MOMENT)

    assert caught.value.expression == "missing + 1"


def test_a_message_tells_types_and_never_values(value_of: Evaluate) -> None:
    with pytest.raises(FeelEvaluationFailed) as caught:
        value_of("salary + name", salary=98765, name="张三")

    assert "98765" not in caught.value.message
    assert "张三" not in caught.value.message


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 2**53, -(2**60)])
def test_a_number_that_javascript_cannot_hold_is_refused(value_of: Evaluate, number: float) -> None:
    with pytest.raises(FeelNumberInexact) as caught:
        value_of("o", o={"list": [1, number]}, other=1)

    assert caught.value.path == "o.list[1]"


def test_the_largest_exact_number_and_long_digits_in_a_text_are_kept(value_of: Evaluate) -> None:
    value: dict[str, Json] = {
        "n": 2**53 - 1,
        "identity": "150302199001011234",
        "f": 0.1234567890123456,
    }

    assert value_of("o", o=value) == value


def test_the_input_of_a_unary_test_is_checked_too(feel: FeelPool) -> None:
    test = Expression("> 5", Kind.UNARY_TEST, input=math.nan)

    with pytest.raises(FeelNumberInexact):
        feel.evaluate([test], {}, now=MOMENT)


def nested(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("levels", [70, 900, 100_000])
def test_data_nested_too_deep_is_refused(value_of: Evaluate, levels: int) -> None:
    with pytest.raises(FeelTooDeep):
        value_of("count(deep)", deep=nested(levels))


def test_a_long_expression_is_refused(value_of: Evaluate) -> None:
    with pytest.raises(FeelTooLong, match="最多 10000"):
        value_of("1" + " + 1" * 2_500)


def test_a_large_request_is_refused_but_only_for_what_it_names(value_of: Evaluate) -> None:
    context: dict[str, Json] = {"big": "x" * 10_000_000, "small": 1}

    assert value_of("small", **context) == 1
    with pytest.raises(FeelTooLong):
        value_of("big", **context)
