"""Working days in expressions: the same days as the table of Python, and what they looked at."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.values import Json
from service.domain.working_days import (
    AddedDays,
    CalendarYear,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
)
from service.feel import (
    CalendarUse,
    Expression,
    FeelEvaluationFailed,
    FeelPool,
    Kind,
)
from service.store.published_years import published_years

NOW = datetime(2026, 2, 13, 17, 0, tzinfo=UTC)
"""One o'clock in the night of Saturday 14 February at the bureau, a day that is worked."""

NEXT = CalendarYear(
    2027, (SpecialDay(date(2027, 1, 1), SpecialKind.HOLIDAY, "元旦"),), provisional=True
)
CALENDAR = WorkingDays([*published_years(), NEXT])


@pytest.fixture(scope="module")
def counting(feel: FeelPool) -> FeelPool:
    return feel.with_calendar(lambda: CALENDAR)


Ask = Callable[..., Json]


@pytest.fixture(scope="module")
def ask(counting: FeelPool) -> Ask:
    def asking(text: str, used: CalendarUse | None = None, **context: Json) -> Json:
        [value] = counting.evaluate([Expression(text)], context, now=NOW, used=used)
        return value

    return asking


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('工作日后(date("2026-02-13"), 1)', "2026-02-14"),
        ('工作日后(date("2026-02-14"), 1)', "2026-02-24"),
        ('工作日后(date("2026-01-01"), 0)', "2026-01-04"),
        ('工作日后(date("2026-02-24"), -1)', "2026-02-14"),
        ('工作日后(n: 5, 日期: date("2025-09-30"))', "2025-10-14"),
        ('add working days(date: date("2026-02-14"), n: 1)', "2026-02-24"),
        ('工作日数(date("2026-02-13"), date("2026-02-24"))', 2),
        ('工作日数(从: date("2026-02-24"), 到: date("2026-02-13"))', -2),
        ('count working days(from: date("2026-02-13"), to: date("2026-02-24"))', 2),
        ('是工作日(date("2026-02-28"))', True),
        ('is working day(date: date("2026-02-16"))', False),
        ("工作日后(today(), 1)", "2026-02-24"),
        ("工作日后(now(), 1)", "2026-02-24"),
        # four o'clock in the afternoon in London is the next day at the bureau
        ('工作日后(date and time("2026-02-13T16:30:00Z"), 1)', "2026-02-24"),
        ("工作日后(受理日期, 5)", "2026-03-02"),
        ("工作日后(受理时间, 5)", "2026-03-02"),
        ("if 是工作日(today()) then 1 else 2", 1),
        ("for d in [1, 2] return 工作日后(today(), d)", ["2026-02-24", "2026-02-25"]),
        ("工作日后(null, 5)", None),
    ],
)
def test_days_are_counted_in_expressions(ask: Ask, text: str, value: Json) -> None:
    found = ask(text, 受理日期="2026-02-24", 受理时间="2026-02-24T10:00:00+08:00")
    assert found == value


def test_the_cells_of_decisions_and_conditions_count_too(counting: FeelPool) -> None:
    test = Expression("工作日数(date(?), today()) > 3", Kind.UNARY_TEST, "2026-02-09")
    assert counting.evaluate([test], {}, now=NOW) == [True]


def test_a_form_counts_too(counting: FeelPool) -> None:
    schema: Json = {
        "type": "default",
        "schemaVersion": 16,
        "components": [
            {"id": "A", "type": "datetime", "subtype": "date", "key": "received"},
            {"id": "B", "type": "expression", "key": "due", "expression": "=工作日后(received, 1)"},
        ],
    }
    result = counting.validate_form(schema, {"received": "2026-02-14"}, {}, now=NOW)
    assert result.data["due"] == "2026-02-24"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('工作日后(date("9999-01-01"), 1)', "2004 年至 2027 年"),
        ('工作日后(date("2003-12-31"), 1)', "2004 年至 2027 年"),
        ('工作日后(date("2027-12-30"), 10)', "2004 年至 2027 年"),
        ('工作日后(date("2004-01-03"), -10)', "2004 年至 2027 年"),
        ('是工作日(date("1949-10-01"))', "2004 年至 2027 年"),
        ("工作日后(today(), 2501)", "最多计算 2500 个"),
        ("工作日后(today(), 1e300)", "15 位|2500|整数"),
        ("工作日后(today(), 1.5)", "整数"),
        ('工作日后("下周一", 1)', "不是日期"),
        ("工作日后(today(), true)", "参数不能是真假值"),
        ("工作日后(5, 5)", "参数不能是数字"),
        ("工作日后(today())", "缺少参数"),
    ],
)
def test_what_cannot_be_counted_is_an_error_in_words(ask: Ask, text: str, why: str) -> None:
    with pytest.raises(FeelEvaluationFailed, match=why):
        ask(text)


def test_without_a_calendar_the_error_says_so(feel: FeelPool) -> None:
    with pytest.raises(FeelEvaluationFailed, match="没有工作日历"):
        feel.evaluate([Expression("工作日后(today(), 1)")], {}, now=NOW)


def test_the_years_and_additions_are_told(ask: Ask) -> None:
    used = CalendarUse()
    ask('工作日后(date("2026-12-30"), 3)', used)
    ask('工作日数(date("2025-01-01"), date("2025-02-01"))', used)
    assert used.years == {2025, 2026, 2027}
    assert used.added == [AddedDays(date(2026, 12, 30), 3, date(2027, 1, 5))]
    assert CALENDAR.is_provisional(used.years)


def test_an_expression_that_counts_nothing_uses_nothing(ask: Ask) -> None:
    used = CalendarUse()
    ask('"今天是工作日吗"', used)
    assert used == CalendarUse()


def test_the_calendar_is_asked_only_where_a_text_needs_it(feel: FeelPool) -> None:
    asked: list[bool] = []

    def give() -> WorkingDays:
        asked.append(True)
        return CALENDAR

    pool = feel.with_calendar(give)
    pool.evaluate([Expression("1 + 1"), Expression("today()")], {}, now=NOW)
    assert not asked
    pool.evaluate([Expression("工作日后(today(), 1)")], {}, now=NOW)
    assert asked == [True]


def test_a_helper_learns_of_a_new_revision(feel: FeelPool) -> None:
    off = SpecialDay(date(2026, 3, 3), SpecialKind.HOLIDAY, "停电")
    eve = SpecialDay(date(2026, 3, 4), SpecialKind.HALF_DAY, "半天")
    changed = WorkingDays(
        [CalendarYear(2026, (off, eve))], OfficeHours(time(18, 0), half_days_count=False)
    )
    text = Expression('工作日后(date("2026-03-02"), 1)')
    pools = [feel.with_calendar(lambda: CALENDAR), feel.with_calendar(lambda: changed)]
    answers = [pool.evaluate([text], {}, now=NOW)[0] for pool in [*pools, *pools, *pools]]
    assert answers == ["2026-03-03", "2026-03-05"] * 3


def test_the_deploy_check_knows_the_functions(feel: FeelPool) -> None:
    texts = ["工作日后(a, 1)", "工作日数(a, b)", "是工作日(a)", "工作日前(a, 1)"]
    found = feel.analyse([Expression(text) for text in texts])
    assert [set(each.unknown_functions) for each in found] == [set(), set(), set(), {"工作日前"}]


days = st.dates(date(2004, 1, 1), date(2027, 12, 31))
pairs = st.lists(st.tuples(days, days, st.integers(-300, 300)), min_size=200, max_size=200)


@settings(max_examples=5, deadline=None)
@given(pairs)
def test_helper_and_table_agree(counting: FeelPool, asked: list[tuple[date, date, int]]) -> None:
    """A thousand dates, two hundred a call."""
    inside = [
        (one, other, n) for one, other, n in asked if date(2006, 1, 1) < one < date(2026, 6, 1)
    ]
    text = "for r in rows return [工作日后(r.a, r.n), 工作日数(r.a, r.b), 是工作日(r.b)]"
    rows: list[Json] = [
        {"a": one.isoformat(), "b": other.isoformat(), "n": n} for one, other, n in inside
    ]
    [found] = counting.evaluate([Expression(text)], {"rows": rows}, now=NOW)
    assert found == [
        [
            CALENDAR.after(one, n).date.isoformat(),
            CALENDAR.count(one, other).days,
            CALENDAR.is_working(other),
        ]
        for one, other, n in inside
    ]
