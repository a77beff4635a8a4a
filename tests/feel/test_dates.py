"""Dates, times and durations, and what `now` is in an expression."""

from datetime import UTC, datetime

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelPool
from tests.feel.conftest import Evaluate

VALUES: list[tuple[str, Json]] = [
    ("now()", "2026-11-23T07:30:00+08:00"),
    ("today()", "2026-11-23"),
    ('today() = date("2026-11-23")', True),
    ('today() >= date("2026-11-23")', True),
    ("date(now()) = today()", True),
    ("day of week(today())", "Monday"),
    ("month of year(today())", "November"),
    ("time(now())", "07:30:00"),
    ("(today() - date(d)).days", 2),
    ("today() - date(d) > duration(p)", True),
    ("date(d)", "2026-11-21"),
    ('@"2026-11-21" = date(d)', True),
    ('date("2026-11-23") > date("2026-01-01")', True),
    ('date("2026-11-23") + duration("P2D")', "2026-11-25"),
    ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
    ('date("2026-11-23") - duration("P1D")', "2026-11-22"),
    ('date("2026-11-23").year', 2026),
    ("date(2026, 11, 23)", "2026-11-23"),
    ("date(2026, 2, 30)", None),
    ('date("2026-02-30")', None),
    ('date("上周五")', None),
    ('date("2026-11-23T07:00:00+08:00")', "2026-11-23"),
    ('date("2026-11-23") in [date("2026-01-01")..date("2026-12-31")]', True),
    ('list contains([date(d)], date("2026-11-21"))', True),
    ('date and time("2026-11-23T10:00:00")', "2026-11-23T10:00:00+08:00"),
    ('date and time("2026-11-23T10:00:00Z")', "2026-11-23T10:00:00Z"),
    ('date and time("2026-11-23T00:00:00Z")', "2026-11-23T00:00:00Z"),
    ('date and time("2026-11-23T00:00:00Z") < now()', False),
    ('date and time("2026-11-23T10:00:00@Europe/Berlin")', "2026-11-23T10:00:00+01:00"),
    (
        'date and time("2026-11-23T10:00:00+08:00") > date and time("2026-11-23T01:00:00Z")',
        True,
    ),
    ('date and time(date(d), time("10:00:00"))', "2026-11-21T10:00:00+08:00"),
    ('time("10:00:00")', "10:00:00"),
    ('time("10:00:00+08:00")', "10:00:00+08:00"),
    ('time("10:00:00") < time("11:00:00")', True),
    ("time(10, 5, 0)", "10:05:00"),
    ("time(25, 0, 0)", None),
    ("duration(p)", "P1D"),
    ('duration("P45D")', "P45D"),
    ('string(duration("P45D"))', "P45D"),
    ('duration("P1Y14M")', "P2Y2M"),
    ('duration("PT36H")', "P1DT12H"),
    ('duration("P1D") > duration("PT1H")', True),
    ('date("2026-03-01") - date("2026-01-01")', "P59D"),
    ('date("2026-01-01") - date("2026-03-01")', "-P59D"),
    ('years and months duration(date("2020-09-01"), today())', "P6Y2M"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_moment_comes_as_iso_text(value_of: Evaluate, text: str, expected: Json) -> None:
    assert value_of(text, d="2026-11-21", p="P1D") == expected


def test_now_is_the_moment_of_the_call(feel: FeelPool) -> None:
    noon = datetime(2031, 3, 1, 4, 0, tzinfo=UTC)

    values = feel.evaluate([Expression("now()"), Expression("today()")], {}, now=noon)

    assert values == ["2031-03-01T12:00:00+08:00", "2031-03-01"]


def test_the_time_zone_is_a_setting() -> None:
    pool = FeelPool(size=1, timezone="Europe/Berlin")
    try:
        noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        assert pool.evaluate([Expression("now()")], {}, now=noon) == ["2026-07-01T14:00:00+02:00"]
    finally:
        pool.close()


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller(feel: FeelPool) -> None:
    with pytest.raises(ValueError, match="aware"):
        feel.evaluate([Expression("now()")], {}, now=datetime(2026, 1, 1))  # noqa: DTZ001
