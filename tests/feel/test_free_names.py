"""The names that the deploy check learns are just those that an evaluation asks for."""

import pytest

from service.domain.values import Json, Variables
from service.feel import Expression, FeelNameMissing, FeelPool
from tests.feel.conftest import MOMENT

ROWS: Json = [{"a": 1, "ok": True}, {"a": 2, "ok": False}]

NEEDS: list[tuple[str, dict[str, Json]]] = [
    ("amount > 5 and 部门 = dept", {"amount": 9, "部门": "x", "dept": "x"}),
    ("user.dept.name", {"user": {"dept": {"name": "x"}}}),
    ("sum(rows.a) / count(tags)", {"rows": ROWS, "tags": ["x"]}),
    ("for i in rows return i.a + rate", {"rows": ROWS, "rate": 2}),
    ("for x in xs, y in x.ys return y + k", {"xs": [{"ys": [1]}], "k": 1}),
    ("for i in from..to return count(partial) + i", {"from": 1, "to": 3}),
    ("for i in partial return i", {"partial": [1]}),
    ("for i in xs return for j in partial return j", {"xs": [1, 2]}),
    ("some x in xs satisfies x > low", {"xs": [1], "low": 5}),
    (
        "every x in xs satisfies some y in x.ys satisfies y = x.a + k",
        {"xs": [{"ys": [2], "a": 1}], "k": 1},
    ),
    ("{a: b, c: a + d}.c", {"b": 1, "d": 2}),
    ('{"a": b, c: a}.c', {"b": 1}),
    ("{a: a}", {"a": 1}),
    ("{a: b, b: 1}", {"b": 1}),
    ("{a: {b: c}, d: a.b}", {"c": 1}),
    ('{"总 额": x, y: 总 额 + z}', {"x": 1, "z": 1}),
    ("{f: function(x) x + y, r: f(z)}.r", {"y": 1, "z": 1}),
    ("{f: function(x: number, z: list<number>) x + y, r: f(z, [1])}.r", {"y": 1, "z": 1}),
    ("(function(x) x + y)(1)", {"y": 1}),
    ("sort(xs, function(x, y) x.a < y.a + k).a", {"xs": ROWS, "k": 0}),
    ("sort(xs, before)", {"xs": [2, 1]}),
    ("substring(string: s, start position: n)", {"s": "abc", "n": 2}),
    ("before(range: [a..b], point: c)", {"a": 1, "b": 2, "c": 3}),
    ("date and time(date: date(d), time: time(t))", {"d": "2026-01-05", "t": "10:00:00"}),
    ("if a then b else c", {"a": True, "b": 1}),
    ("x between low and high", {"x": 1, "low": 0, "high": 2}),
    ("x in [a..b]", {"x": 1, "a": 0, "b": 2}),
    ("5 in (? > low)", {"low": 1}),
    ("-a ** b", {"a": 2, "b": 2}),
    ("a instance of number or b instance of list<context<c: string>>", {"a": "x", "b": 1}),
    ("xs[1].a", {"xs": ROWS}),
    ("xs[item.ok].a", {"xs": ROWS}),
    ("item + 1", {"item": 1}),
]


@pytest.mark.parametrize(("text", "values"), NEEDS, ids=[text for text, _ in NEEDS])
def test_an_expression_needs_these_names(
    feel: FeelPool, text: str, values: dict[str, Json]
) -> None:
    [found] = feel.analyse([Expression(text)], names=values)

    assert found.names >= set(values)
    assert found.names - set(values) <= {"c"}
    feel.evaluate([Expression(text)], values, now=MOMENT)


@pytest.mark.parametrize(
    ("text", "values", "name"),
    [(text, values, name) for text, values in NEEDS for name in values],
    ids=[f"{text} without {name}" for text, values in NEEDS for name in values],
)
def test_without_one_of_them_it_has_no_value(
    feel: FeelPool, text: str, values: Variables, name: str
) -> None:
    others = {other: value for other, value in values.items() if other != name}

    with pytest.raises(FeelNameMissing) as caught:
        feel.evaluate([Expression(text)], others, now=MOMENT)
    assert caught.value.name == name
