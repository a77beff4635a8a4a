"""Lateness in working days: the count and the bound say the same of every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.lateness import days_late, later_than
from service.domain.working_days import (
    CalendarYear,
    SpecialDay,
    SpecialKind,
    WorkingDays,
)

DAYS = WorkingDays(
    [
        CalendarYear(
            2026,
            (
                SpecialDay(date(2026, 10, 1), SpecialKind.HOLIDAY, "国庆节"),
                SpecialDay(date(2026, 10, 2), SpecialKind.HOLIDAY, "国庆节"),
                SpecialDay(date(2026, 10, 10), SpecialKind.SWAPPED, "调休"),
            ),
        )
    ]
)
A_DAY = st.dates(date(2026, 2, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        (date(2026, 10, 9), date(2026, 10, 9), 0),  # on the day itself
        (date(2026, 10, 9), date(2026, 10, 10), 1),  # a Saturday that is worked
        (date(2026, 10, 10), date(2026, 10, 11), 0),  # a Sunday that is not
        (date(2026, 9, 30), date(2026, 10, 5), 1),  # behind the holidays and a week-end
    ],
)
def test_days_that_are_not_worked_do_not_count(due: date, today: date, late: int) -> None:
    assert days_late(DAYS, due, today) == late


@given(today=A_DAY, before=st.integers(0, 30), n=st.integers(0, 12))
def test_what_was_due_before_the_bound_is_later_than_that(today: date, before: int, n: int) -> None:
    due = today - timedelta(days=before)
    assert (due < later_than(DAYS, n, today)) == (days_late(DAYS, due, today) > n)


def test_outside_the_calendar_all_days_count() -> None:
    assert days_late(DAYS, date(1999, 12, 31), date(2026, 3, 1)) == 9557
    assert later_than(DAYS, 3, date(2026, 1, 2)) == date(2025, 12, 30)
    assert later_than(DAYS, 3, date(2031, 1, 2)) == date(2030, 12, 30)
