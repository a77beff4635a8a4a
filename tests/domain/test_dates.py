"""Days and moments as official documents write them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import said_day, shown, shown_end, shown_to_the_second


def test_month_and_day_have_no_leading_zero_while_the_clock_has() -> None:
    at = datetime(2026, 7, 1, 1, 5, 9, tzinfo=UTC)
    assert said_day(date(2026, 7, 1)) == "2026年7月1日"
    assert shown(at) == "2026年7月1日 09:05"
    assert shown_to_the_second(at) == "2026年7月1日 09:05:09"


def test_a_moment_is_of_the_day_in_beijing() -> None:
    assert shown(datetime(2026, 3, 2, 16, 5, tzinfo=UTC)) == "2026年3月3日 00:05"


def test_an_end_at_midnight_is_of_the_day_that_ends() -> None:
    assert shown_end(datetime(2026, 12, 1, 16, 0, tzinfo=UTC)) == "2026年12月1日24时"
    assert shown_end(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2026年12月31日24时"
    assert shown_end(datetime(2026, 12, 1, 16, 1, tzinfo=UTC)) == "2026年12月2日 00:01"


@given(st.dates())
def test_no_figure_of_a_day_begins_with_zero(day: date) -> None:
    assert not any(f"{before}0" in said_day(day) for before in "年月")
