"""Working days against a naive count and against what the State Council announced."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.working_days import (
    MOST_DAYS,
    CalendarYear,
    DayOutsideCalendar,
    DaysTooMany,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
    days_of,
)

# 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号: first and last day off, and the days worked.
ANNOUNCED = {
    2024: (
        "0101-0101 0210-0217 0404-0406 0501-0505 0610-0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: (
        "0101-0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: (
        "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}


def in_year(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def announced(year: int) -> CalendarYear:
    """The year as its notice has it."""
    off, on = ANNOUNCED[year]
    days = []
    for span in off.split():
        first, last = (in_year(year, text) for text in span.split("-"))
        days += [
            SpecialDay(first + timedelta(days=n), SpecialKind.HOLIDAY)
            for n in range((last - first).days + 1)
        ]
    days += [SpecialDay(in_year(year, text), SpecialKind.SWAPPED) for text in on.split()]
    return CalendarYear(year, tuple(sorted(days)))


OFFICIAL = WorkingDays(map(announced, ANNOUNCED))


@pytest.mark.parametrize(("year", "working"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_announced(year: int, working: int) -> None:
    assert sum(map(OFFICIAL.is_working, days_of(year))) == working


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked before the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),  # over nine days off
        ("2026-02-24", 5, "2026-03-02"),  # the Saturday 28 February counts
        ("2025-09-26", 3, "2025-09-30"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday, in another year
        ("2026-01-01", 0, "2026-01-04"),  # the last day of a time limit is a holiday
        ("2026-01-05", 0, "2026-01-05"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2024-02-18", -2, "2024-02-08"),
    ],
)
def test_days_are_counted_around_holidays_and_swapped_days(day: str, n: int, expected: str) -> None:
    assert OFFICIAL.after(date.fromisoformat(day), n).date == date.fromisoformat(expected)


def test_a_public_notice_of_five_working_days_ends_behind_the_holiday() -> None:
    """Published on 30 September: its five days are 9 to 11, 13 and 14 October."""
    assert OFFICIAL.after(date(2025, 9, 30), 5).date == date(2025, 10, 14)


class Naive:
    """The same walked day by day, without any table."""

    def __init__(self, calendar: WorkingDays) -> None:
        self.calendar = calendar

    def after(self, day: date, n: int) -> date:
        if n == 0:
            while not self.calendar.is_working(day):
                day += timedelta(days=1)
            return day
        step, left = timedelta(days=1 if n > 0 else -1), abs(n)
        while left:
            day += step
            left -= self.calendar.is_working(day)
        return day

    def count(self, begins: date, ends: date) -> int:
        if ends < begins:
            return -sum(map(self.calendar.is_working, self.days(ends, begins)))
        one = timedelta(days=1)
        return sum(map(self.calendar.is_working, self.days(begins + one, ends + one)))

    @staticmethod
    def days(first: date, end: date) -> list[date]:
        return [first + timedelta(days=n) for n in range((end - first).days)]


@st.composite
def calendars(draw: st.DrawFn) -> WorkingDays:
    """Three years with any days off, worked and half."""
    years = []
    for year in (2030, 2031, 2032):
        kinds = st.sampled_from(list(SpecialKind))
        special = draw(st.dictionaries(st.sampled_from(days_of(year)), kinds, max_size=40))
        days = tuple(sorted(SpecialDay(day, kind) for day, kind in special.items()))
        years.append(CalendarYear(year, days, provisional=draw(st.booleans())))
    return WorkingDays(years, OfficeHours(half_days_count=draw(st.booleans())))


SOME = settings(max_examples=40, deadline=None)  # a calendar takes a moment to draw

middle = st.dates(date(2031, 1, 1), date(2031, 12, 31))
wide = st.dates(date(2030, 1, 1), date(2032, 12, 31))


@SOME
@given(calendars(), middle, st.integers(-150, 150))
def test_the_table_finds_the_day_that_walking_finds(
    calendar: WorkingDays, day: date, n: int
) -> None:
    found = calendar.after(day, n)
    assert found.date == Naive(calendar).after(day, n)
    assert calendar.is_working(found.date)
    assert set(found.years) == {
        each.year for each in Naive.days(min(day, found.date), max(day, found.date))
    } | {day.year, found.date.year}
    assert found.provisional == any(year in calendar.provisional_years for year in found.years)


@SOME
@given(calendars(), wide, wide)
def test_the_table_counts_what_walking_counts(
    calendar: WorkingDays, begins: date, ends: date
) -> None:
    assert calendar.count(begins, ends).days == Naive(calendar).count(begins, ends)


@SOME
@given(calendars(), middle, st.integers(-150, 150).filter(bool))
def test_counting_is_the_way_back(calendar: WorkingDays, day: date, n: int) -> None:
    assert calendar.count(day, calendar.after(day, n).date).days == n


@SOME
@given(calendars(), middle, st.integers(1, 60), st.integers(1, 60))
def test_days_add_up(calendar: WorkingDays, day: date, one: int, other: int) -> None:
    by_steps = calendar.after(calendar.after(day, one).date, other)
    assert by_steps.date == calendar.after(day, one + other).date


@SOME
@given(calendars())
def test_the_lookup_table_says_the_same(calendar: WorkingDays) -> None:
    table = calendar.lookup_table()
    off, on = table["off"], table["on"]
    assert isinstance(off, list)
    assert isinstance(on, list)
    for each in calendar.years:
        for day in days_of(each.year):
            text = day.isoformat()
            assert calendar.is_working(day) == (
                text in on if day.weekday() >= 5 else text not in off
            )


def test_what_lies_outside_the_calendar_is_refused() -> None:
    for day in (date(2023, 12, 31), date(2027, 1, 1), date(9999, 12, 31), date.min):
        with pytest.raises(DayOutsideCalendar, match="2024 年至 2026 年"):
            OFFICIAL.is_working(day)
    with pytest.raises(DayOutsideCalendar):
        OFFICIAL.after(date(2026, 12, 30), 2)
    with pytest.raises(DayOutsideCalendar):
        OFFICIAL.after(date(2024, 1, 2), -1)
    with pytest.raises(DayOutsideCalendar):
        OFFICIAL.count(date(2024, 1, 2), date(2027, 1, 1))
    with pytest.raises(DaysTooMany, match=str(MOST_DAYS)):
        OFFICIAL.after(date(2026, 1, 5), 10**30)


def test_a_day_in_a_year_not_announced_is_provisional() -> None:
    calendar = WorkingDays([announced(2026), CalendarYear(2027, (), provisional=True)])
    assert not calendar.after(date(2026, 12, 1), 5).provisional
    late = calendar.after(date(2026, 12, 30), 5)
    assert late.provisional
    assert late.years == (2026, 2027)
    assert calendar.count(date(2027, 1, 4), date(2026, 12, 31)).provisional
    assert not calendar.count(date(2026, 1, 4), date(2026, 12, 31)).provisional


def test_years_must_follow_each_other() -> None:
    with pytest.raises(ValueError, match="unbroken"):
        WorkingDays([announced(2024), announced(2026)])
    with pytest.raises(ValueError, match="unbroken"):
        WorkingDays([])


def test_the_office_closes_earlier_on_a_half_day() -> None:
    eve = SpecialDay(date(2026, 12, 31), SpecialKind.HALF_DAY, "跨年")
    calendar = WorkingDays([CalendarYear(2026, (eve,))], OfficeHours(closing=time(18, 0)))
    assert calendar.closes_at(date(2026, 12, 30)) == datetime(2026, 12, 30, 10, 0, tzinfo=UTC)
    assert calendar.closes_at(date(2026, 12, 31)) == datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


def test_a_revision_stands_for_the_content() -> None:
    same = WorkingDays(map(announced, ANNOUNCED))
    assert same == OFFICIAL
    assert hash(same) == hash(OFFICIAL)
    other = OfficeHours(closing=time(18, 0))
    assert WorkingDays(map(announced, ANNOUNCED), other).revision != OFFICIAL.revision
    without_2024 = WorkingDays([announced(2025), announced(2026)])
    assert without_2024 != OFFICIAL
