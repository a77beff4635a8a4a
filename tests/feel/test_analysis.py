"""What the deploy check learns of an expression without running it."""

import pytest

from service.feel import Analysis, Expression, FeelPool, Kind, SyntaxProblem

NAMES = [
    ("amount > 5 and 部门 = dept", {"amount", "部门", "dept"}),
    ("user.dept.name", {"user"}),
    ("sum(items.amount) / count(tags)", {"items", "tags"}),
    ("for i in items return i.a + rate", {"items", "rate"}),
    ("for i in xs, j in i.ys return i + j + k", {"xs", "k"}),
    ("for i in 1..n return partial[1] + i", {"n"}),
    ("some x in xs satisfies x > low", {"xs", "low"}),
    ("{a: b, c: a + d}.c", {"b", "d"}),
    ('{"a": b, c: a}', {"b"}),
    ("function(p, q) p + q + r", {"r"}),
    ("{f: function(x) x + y}.f(z)", {"y", "z"}),
    ("substring(string: s, start position: n)", {"s", "n"}),
    ('date("2026-01-01") + duration(d)', {"d"}),
    ("today() > start", {"start"}),
    ("if a then b else c", {"a", "b", "c"}),
    ("总 金额 > 1", {"总 金额"}),
    ('"quoted name" + s', {"s"}),
    ("sort(xs, function(x, y) x < y)", {"xs"}),
    ("? > 5", {"?"}),
    ("5 in (? > low)", {"low"}),
    ("for i in partial return i", {"partial"}),
    ("for i in xs return for j in partial return i + j", {"xs"}),
    ("some x in xs satisfies some y in x.ys satisfies y = x.a + k", {"xs", "k"}),
    ("function(p: number, q: list<string>) p + r", {"r"}),
    ("{f: function(x: number) x + y, r: f(z)}", {"y", "z"}),
    ("{a: a}", {"a"}),
    ("{a: b, b: 1}", {"b"}),
    ("{a: {b: c}, d: a.b}", {"c"}),
    ('{"总 额": x, y: 总 额 + z}', {"x", "z"}),
    ("a instance of number or b instance of list<context<c: string>>", {"a", "b"}),
    ("date and time(date: d, time: t)", {"d", "t"}),
    ("before(range: [a..b], point: c)", {"a", "b", "c"}),
    ("get value(m: {a: x}, key: k)", {"x", "k"}),
    ("sort(xs, before)", {"xs"}),
    ("xs[1].a[k].b", {"xs"}),
    ("xs[item > 1]", {"xs"}),
    ("item > 1", {"item"}),
    ("[xs[item.a = item.b], item]", {"xs", "item"}),
    ("-a ** b", {"a", "b"}),
    ("x between low and high", {"x", "low", "high"}),
    ("x in [[a..b), (> c)]", {"x", "a", "b", "c"}),
    ('@"2026-01-01" + duration("P1D") < now()', set()),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_the_names_an_expression_needs(feel: FeelPool, text: str, names: set[str]) -> None:
    [found] = feel.analyse([Expression(text)])

    assert found.names == names
    assert not found.errors


def test_what_is_defined_asks_about_may_be_missing(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("is defined(a) and a > 1 and is defined(b.c)")])

    assert found.names == {"a"}
    assert found.optional_names == {"b"}


def test_what_get_or_else_falls_back_on_must_be_there(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("get or else(a.b, c) + get or else(default: c, value: d)")])

    assert found.names == {"c"}
    assert found.optional_names == {"a", "d"}


def test_a_name_in_a_filter_may_be_an_entry_of_the_list(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("rows[amount > limit and item.ok = true].name")])

    assert found.names == {"rows"}
    assert found.doubtful_names == {"amount", "limit"}


def test_functions_that_do_not_exist_are_listed(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("is void(a) or during(b, c) or count(d) > e()")])

    assert found.unknown_functions == {"is void", "e"}
    assert found.names == {"a", "b", "c", "d"}


def test_a_cell_asks_for_its_input_without_naming_it(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("? > low, [a..b]", Kind.UNARY_TEST)])

    assert found.names == {"low", "a", "b"}


@pytest.mark.parametrize(
    ("text", "kind", "position", "words"),
    [
        ("a >", Kind.EXPRESSION, 4, "没有写完"),
        ("a ! 5", Kind.EXPRESSION, 3, "无法识别「!」"),
        ("", Kind.EXPRESSION, 1, "没有写完"),
        ("> 5,", Kind.UNARY_TEST, 5, "没有写完"),
        ("1 instance of Betrag", Kind.EXPRESSION, 1, "不支持「instance of Betrag」"),
        ('@"2026-02-30"', Kind.EXPRESSION, 1, "「@」后不是日期、时间或时长"),
    ],
)
def test_a_syntax_error_has_its_place(
    feel: FeelPool, text: str, kind: Kind, position: int, words: str
) -> None:
    [found] = feel.analyse([Expression(text, kind)])

    assert found == Analysis((SyntaxProblem(position, words),), *[frozenset()] * 4)


def test_known_names_decide_how_a_text_is_read(feel: FeelPool) -> None:
    [unknown] = feel.analyse([Expression("date > 5")])
    [known] = feel.analyse([Expression("date > 5")], names=["date"])

    assert unknown.names == frozenset()
    assert known.names == {"date"}


def test_a_variable_may_have_the_name_of_a_function(feel: FeelPool) -> None:
    [found] = feel.analyse([Expression("count + sum(xs)")], names=["count", "xs"])

    assert found.names == {"count", "xs"}


def test_every_expression_has_its_own_findings(feel: FeelPool) -> None:
    found = feel.analyse([Expression("a"), Expression("1 +"), Expression("b")])

    assert [sorted(one.names) for one in found] == [["a"], [], ["b"]]
    assert [len(one.errors) for one in found] == [0, 1, 0]
