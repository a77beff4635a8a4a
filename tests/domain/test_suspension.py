"""What stands still keeps what was left of its time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from service.domain.suspension import LATEST, days_later, days_lost, goes_on

MOMENTS = some.datetimes(
    datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC)  # noqa: DTZ001 - aware by timezones
)  # fmt: skip
SPANS = some.timedeltas(timedelta(), timedelta(days=4000))


@given(MOMENTS, SPANS, SPANS)
def test_what_is_left_of_a_timer_is_kept(at: datetime, left: timedelta, still: timedelta) -> None:
    later = goes_on(at + left, suspended_at=at, resumed_at=at + still)
    assert later - (at + still) == left


def test_what_was_overdue_stays_overdue() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    due, resumed = at - timedelta(hours=1), at + timedelta(days=1)
    assert goes_on(due, suspended_at=at, resumed_at=resumed) < resumed


def test_a_clock_that_went_back_moves_nothing() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    due = at + timedelta(hours=1)
    assert goes_on(due, suspended_at=at, resumed_at=at - timedelta(hours=1)) == due


def test_the_end_of_time_is_not_passed() -> None:
    assert days_later(LATEST, 10) == LATEST
    assert (
        goes_on(LATEST, suspended_at=datetime.min.replace(tzinfo=UTC), resumed_at=LATEST) == LATEST
    )


def test_deadlines_lose_the_midnights_of_the_bureau() -> None:
    """23:50 on Monday to 00:10 on Tuesday is one; all of Monday is none."""
    assert (
        days_lost(
            datetime(2026, 3, 2, 15, 50, tzinfo=UTC), datetime(2026, 3, 2, 16, 10, tzinfo=UTC)
        )
        == 1
    )
    assert (
        days_lost(datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 2, 15, tzinfo=UTC)) == 0
    )
