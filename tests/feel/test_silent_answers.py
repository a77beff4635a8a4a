"""What the standard answers by null, or feelin by a wrong value, is an error here."""

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelError, FeelEvaluationFailed, FeelPool, Kind
from tests.feel.conftest import MOMENT, Evaluate

REFUSED = [
    ('@"2026-01-05" * 2', "日期和数字"),
    ('@"2026-01-05" * @"2026-01-05"', "日期和日期"),
    ('@"P1D" * @"P1D"', "时长和时长"),
    ('@"P1D" + @"P1M"', "时长和时长"),
    ('@"P1Y" > @"P1D"', "时长和时长"),
    ('5 - @"P1D"', "数字和时长"),
    ('now() - @"2026-01-05"', "日期时间和日期"),
    ('@"10:00:00" + @"P1M"', "时间和时长"),
    ('-"a"', "文字不能取负"),
    ("true > false", "真假值和真假值"),
    ("[1] < [2]", "列表和列表"),
    ("for i in 1.5..3 return i", "两端应为整数或日期"),
    ("for i in [2..1] return i", "两端应为整数或日期"),
    ('for i in "a".."c" return i', "两端应为整数或日期"),
    ("for i in (> 3) return i", "两端应为整数或日期"),
    ("count(for i in 1..2000000 return i)", "超过一百万"),
    ("{a: 1, a: 2}", "「a」在一组数据里出现两次"),
    ('{a: 1, "a": 2}', "「a」在一组数据里出现两次"),
    ('[1, 2]["a"]', "条件的结果应为真或假"),
    ('[1, 2][@"2026-01-05"]', "条件的结果应为真或假"),
    ('{f: function(x: number) x, r: f("a")}.r', "参数「x」不能是文字"),
    ("{f: function(x) x, r: f(1, 2)}.r", "参数个数或名称不对"),
    ("{f: function(x, y) x, r: f(1)}.r", "参数个数或名称不对"),
    ("{f: function(x) x, r: f(y: 1)}.r", "参数个数或名称不对"),
    ('{f: function(x) external {java: {class: "a", method signature: "b"}}}.f(1)', "external"),
    ("1 instance of Betrag", "不支持「instance of Betrag」"),
    ('@"2026-02-30"', "不是日期、时间或时长"),
    ('@"P1Y1D"', "不是日期、时间或时长"),
    ("9007199254740993", "超过 15 位"),
    ("2 ** 53 = 2 ** 53 + 1", "中间结果超过 15 位"),
    ("123456789 * 987654321 > 0", "中间结果超过 15 位"),
    ("sum([9007199254740991, 1, 1]) > 0", "中间结果超过 15 位"),
    ("10 ** 308.5 > 1", "中间结果超过 15 位"),
    ('@"2026-01-05" + @"P300000Y"', "超出日期范围"),
    ('@"199999-12-31" + @"P1D"', "超出日期范围"),
    ('@"2026-01-05T10:00:00Z" - @"P300000Y" = null', "超出日期范围"),
    ('@"P1D" * 1e15', "超出日期范围"),
    ('matches("a", "(")', "正则表达式写法有误"),
    ('matches("a", "a", "g")', "正则表达式的标志"),
    ('replace("a", "a", "$x")', "替换文字"),
    ('@"2026-01-05".monthLong', "日期没有「monthLong」这一项"),
    ('@"P1Y".days', "时长没有「days」这一项"),
    ("[1..3].map", "范围没有「map」这一项"),
    ("[[1, 2]].length", "列表没有「length」这一项"),
    ('day of week(@"10:00:00")', "参数不能是时间"),
    ('min(1, "a")', "文字和数字之间"),
    ("assert(5, false)", "assert 的条件不成立"),
    ("sort([2, 1], function(x) true)", "参数个数不对"),
    ("(= 5)", "结果是范围"),
    ("[1..3](2)", "调用的不是函数"),
    (r'"\uD83D"', "不能保存的字符"),
    (r'"a\u0000b"', "不能保存的字符"),
    (r'{"a\u0000": 1}', "不能保存的字符"),
    ("{f: function(g) g(g)}.f(function(g) g(g))", "嵌套太深"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_has_no_answer_says_why(value_of: Evaluate, text: str, words: str) -> None:
    with pytest.raises(FeelEvaluationFailed) as caught:
        value_of(text)

    assert words in caught.value.message


SYNTAX = ["5.", "1 in (..5]", "if true then 1", "[1, 2,]", "x instance of range<>", "1..3"]


@pytest.mark.parametrize("text", SYNTAX)
def test_what_the_parser_does_not_know_is_an_error(value_of: Evaluate, text: str) -> None:
    with pytest.raises(FeelError):
        value_of(text, x=1)


CELLS: list[tuple[str, Json, bool]] = [
    ("flag", False, True),
    ("flag", True, False),
    ("not(flag)", True, True),
    ("amount > 5", "x", True),
    ('? = "a?"', "a?", True),
    ('"a?"', "a?", True),
    ("dates", "2026-01-05", True),
    ('[1, 2], "x"', "x", True),
    ("not(null)", 5, True),
    ("not(> 5)", None, False),
    ("-", False, True),
    ("(1..5)", 5, False),
]


@pytest.mark.parametrize(("text", "value", "expected"), CELLS)
def test_a_cell_compares_its_input(feel: FeelPool, text: str, value: Json, expected: bool) -> None:
    context: dict[str, Json] = {"flag": False, "amount": 9, "dates": ["2026-01-05"]}

    [answer] = feel.evaluate([Expression(text, Kind.UNARY_TEST, value)], context, now=MOMENT)

    assert (answer is True) == expected
