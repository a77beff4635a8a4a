"""When a researcher's records are to be queried once more: S-RECORDS at its borders."""

from datetime import date

import pytest

from processes.registers.staffing.yearly_records import due, earliest

BEGAN = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("looked_up_on", "today", "on"),
    [
        (None, date(2024, 9, 1), date(2025, 9, 1)),
        (None, date(2026, 8, 31), date(2025, 9, 1)),
        (None, date(2026, 9, 1), date(2026, 9, 1)),
        (date(2025, 7, 2), date(2026, 1, 1), date(2025, 9, 1)),
        (date(2025, 7, 3), date(2026, 1, 1), date(2026, 9, 1)),
        (date(2026, 11, 1), date(2026, 11, 2), date(2027, 9, 1)),
        (date(2025, 9, 1), date(2028, 1, 1), date(2026, 9, 1)),
    ],
    ids=[
        "the first year", "unknown: the day before", "unknown: the day itself",
        "61 days before", "60 days before", "late", "a year was missed",
    ],
)  # fmt: skip
def test_each_anniversary_needs_a_query(looked_up_on: date | None, today: date, on: date) -> None:
    assert due(BEGAN, looked_up_on, today, 30).on == on


def test_it_is_asked_for_so_many_days_before_and_overdue_the_day_after() -> None:
    one = due(BEGAN, date(2025, 9, 1), date(2026, 8, 1), 30)
    assert not one.is_asked_for(date(2026, 8, 1))
    assert one.is_asked_for(date(2026, 8, 2))
    assert not one.is_overdue(date(2026, 9, 1))
    assert one.is_overdue(date(2026, 9, 2))


def test_who_began_on_a_leap_day_has_an_anniversary_each_year() -> None:
    began = date(2024, 2, 29)
    assert due(began, None, date(2025, 1, 1), 30).on == date(2025, 2, 28)
    assert due(began, None, date(2026, 2, 27), 30).on == date(2025, 2, 28)
    assert due(began, None, date(2026, 2, 28), 30).on == date(2026, 2, 28)
    assert due(began, date(2027, 2, 28), date(2027, 3, 1), 30).on == date(2028, 2, 29)


def test_a_query_counts_from_sixty_days_before() -> None:
    assert earliest(date(2026, 9, 1)) == date(2026, 7, 3)
