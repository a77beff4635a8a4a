"""When timers are due: ISO 8601, in Shanghai's time unless a zone is written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.engine.run import ElementFailed
from service.engine.timers import LATEST, Due, after, first_due, next_due, read_cycle, seconds
from service.engine.triggers import TimerKind
from tests.engine.builders import catch, diagram, end, flows, on, start
from tests.engine.conftest import Play

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)


def at(written: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment in a zone."""
    return datetime.fromisoformat(written).replace(tzinfo=zone)


def first(kind: TimerKind, value: object, now: datetime = NOW) -> Due:
    return first_due(kind, value, now=now, zone=SHANGHAI)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("duration", "due"),
    [
        ("PT5M", "2026-03-02T09:35"),
        ("PT1H30M", "2026-03-02T11:00"),
        ("P1D", "2026-03-03T09:30"),
        ("P2W", "2026-03-16T09:30"),
        ("P1W1D", "2026-03-10T09:30"),
        ("P1M", "2026-04-02T09:30"),
        ("P1Y2M3DT4H5M6S", "2027-05-05T13:35:06"),
        ("PT0.5S", "2026-03-02T09:30:00.500"),
        ("PT0S", "2026-03-02T09:30"),
        ("PT36H", "2026-03-03T21:30"),
        (" P1D ", "2026-03-03T09:30"),
    ],
)
def test_a_duration_counts_from_when_the_wait_begins(duration: str, due: str) -> None:
    assert first(TimerKind.DURATION, duration) == Due(at(due))


@pytest.mark.parametrize("duration", ["-PT1H", "-P1M", "-P9999Y"])
def test_a_negative_duration_is_due_already(duration: str) -> None:
    assert first(TimerKind.DURATION, duration).at <= NOW


@pytest.mark.parametrize(
    ("begin", "months", "due"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-31", "P1M", "2028-02-29"),
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-12-15", "P1M", "2027-01-15"),
        ("2026-03-31", "-P1M", "2026-02-28"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
    ],
)
def test_a_month_ends_on_its_last_day(begin: str, months: str, due: str) -> None:
    assert after(months, at(begin), SHANGHAI) == at(due)


def test_days_go_by_the_calendar_and_hours_by_the_clock() -> None:
    before = at("2026-03-28T12:00", BERLIN)

    assert after("P1D", before, BERLIN) == at("2026-03-29T12:00", BERLIN)
    assert after("PT24H", before, BERLIN) == at("2026-03-29T13:00", BERLIN)


def test_in_shanghai_a_day_has_twenty_four_hours() -> None:
    for month in range(1, 13):
        begin = datetime(2026, month, 1, 8, tzinfo=SHANGHAI)
        assert after("P1D", begin, SHANGHAI) - begin == timedelta(hours=24)


@pytest.mark.parametrize(
    "duration",
    [
        "P999999999W",
        "P999999999D",
        "P999999999M",
        "P999999999Y",
        "PT999999999H",
        "P9999Y",
        "P999999999W999999999D",
        "P999999999YT999999999H",
    ],
)
def test_a_huge_duration_is_due_at_the_end_of_time(duration: str) -> None:
    assert first(TimerKind.DURATION, duration).at == LATEST


@pytest.mark.parametrize(
    "written",
    [
        "",
        "P",
        "PT",
        "P1",
        "1D",
        "P1H",
        "PT1D",
        "P-1D",
        "P1D ago",
        "P1DT",
        "PT1.5H",
        "p1d",
        "P9999999999D",
        "PT1H" * 1000,
        "٣",
        None,
    ],
)
def test_what_is_no_duration_is_said_to_be_none(written: str | None) -> None:
    with pytest.raises(ElementFailed):
        first(TimerKind.DURATION, written)


@pytest.mark.parametrize("written", [5, True, ["PT1H"], {"a": 1}])
def test_a_duration_is_a_text(written: object) -> None:
    with pytest.raises(ElementFailed):
        first(TimerKind.DURATION, written)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-05-01T08:00:00", at("2026-05-01T08:00")),
        ("2026-05-01", at("2026-05-01")),
        ("2026-05-01T08:00:00Z", datetime(2026, 5, 1, 8, tzinfo=UTC)),
        ("2026-05-01T08:00:00+02:00", datetime(2026, 5, 1, 6, tzinfo=UTC)),
        ("2026-05-01T08:00:00@Europe/Berlin", at("2026-05-01T08:00", BERLIN)),
        ("2020-01-01T00:00:00", at("2020-01-01")),
        ("9999-12-31T23:59:59", LATEST),
    ],
)
def test_a_date_is_of_the_zone_that_is_written_else_of_shanghai(
    written: str, due: datetime
) -> None:
    assert first(TimerKind.DATE, written).at == due


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "soon",
        "2026-13-01",
        "2026-02-30",
        "2026-05-01T25:00:00",
        "08:00",
        20260501,
        "2026-05-01T08:00:00@Nowhere/City",
        "2026-05-01T08:00:00@../etc/passwd",
        "2026-05-01T08:00:00@Asia",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_what_is_no_date_is_said_to_be_none(written: object) -> None:
    with pytest.raises(ElementFailed):
        first(TimerKind.DATE, written)


def fired(cycle: str, now: datetime = NOW, *, late: timedelta = timedelta()) -> list[datetime]:
    """The first firings of a cycle, at most five, each handled so late."""
    due: Due | None = first(TimerKind.CYCLE, cycle, now)
    moments: list[datetime] = []
    while due is not None and len(moments) < 5:
        moments.append(due.at)
        due = next_due(due, now=due.at + late, zone=SHANGHAI)
    return moments


def test_a_cycle_fires_as_often_as_it_says() -> None:
    assert fired("R3/PT1H") == [NOW + timedelta(hours=n) for n in (1, 2, 3)]
    assert fired("R1/PT1H") == [NOW + timedelta(hours=1)]


@pytest.mark.parametrize("cycle", ["R/PT1H"])
def test_a_cycle_without_a_number_has_no_end(cycle: str) -> None:
    assert len(fired(cycle)) == 5


def test_a_cycle_of_months_ends_each_on_a_day_that_it_has() -> None:
    assert fired("R/P1M", at("2026-01-31"))[:3] == [
        at("2026-02-28"),
        at("2026-03-28"),
        at("2026-04-28"),
    ]


def test_a_cycle_may_begin_later() -> None:
    assert fired("R2/2026-05-01T08:00:00/P1D") == [at("2026-05-01T08:00"), at("2026-05-02T08:00")]


def test_a_cycle_that_begins_now_fires_now() -> None:
    assert fired("R2/2026-03-02T09:30:00/P1D") == [NOW, NOW + timedelta(days=1)]


def test_a_cycle_that_began_long_ago_fires_at_its_next_time() -> None:
    assert fired("R1/2020-01-01T08:00:00/P1D") == [at("2026-03-03T08:00")]
    assert fired("R1/2020-01-15T08:00:00/P1M") == [at("2026-03-15T08:00")]
    assert fired("R1/0001-01-05T00:00:00/PT1S") == [NOW + timedelta(seconds=1)]


def test_a_late_firing_does_not_shift_those_behind_it() -> None:
    assert fired("R3/PT1H", late=timedelta(minutes=20)) == [
        NOW + timedelta(hours=n) for n in (1, 2, 3)
    ]


def test_firings_that_were_missed_count_as_one() -> None:
    """Stock: they come in a burst."""
    due = Due(NOW, "PT1H", 5)

    following = next_due(due, now=NOW + timedelta(hours=3, minutes=10), zone=SHANGHAI)

    assert following == Due(NOW + timedelta(hours=4), "PT1H", 4)


def test_all_missed_firings_come_where_they_are_asked_for() -> None:
    due = Due(NOW, "PT1H", 5)

    following = next_due(due, now=NOW + timedelta(hours=3), zone=SHANGHAI, all_missed=True)

    assert following == Due(NOW + timedelta(hours=1), "PT1H", 4)


@pytest.mark.parametrize("days", [1, 2, 30, 300, 3000])
def test_a_daily_firing_keeps_its_hour_however_many_were_missed(days: int) -> None:
    """Also where a day has 23 or 25 hours."""
    begin = at("2026-03-28T12:00", BERLIN)
    now = begin + timedelta(days=days, minutes=5)

    following = next_due(Due(begin, "P1D", None), now=now, zone=BERLIN)

    assert following is not None
    assert following.at.astimezone(BERLIN).hour == 12
    assert now < following.at <= now + timedelta(days=1)


def test_a_second_s_cycle_that_missed_years_is_found_at_once() -> None:
    now = NOW + timedelta(days=3650)

    following = next_due(Due(NOW, "PT1S", None), now=now, zone=SHANGHAI)

    assert following == Due(now + timedelta(seconds=1), "PT1S", None)


@pytest.mark.parametrize(
    "cycle",
    [
        "R0/PT1H",
        "R3",
        "R3/",
        "R-1/PT1H",
        "R3/PT0S",
        "R3/PT0.1S",
        "R3/-PT1H",
        "PT1H",
        "R3/soon/P1D",
        "R3/P1D/2026-01-01",
        "R" + "9" * 10 + "/PT1H",
        "R" + "9" * 5000 + "/PT1H",
        "",
        None,
    ],
)
def test_what_is_no_cycle_is_said_to_be_none(cycle: str | None) -> None:
    with pytest.raises(ElementFailed):
        first(TimerKind.CYCLE, cycle)


def test_a_cycle_is_read_in_its_parts() -> None:
    assert read_cycle("R3/2026-05-01T08:00:00/P1D") == (3, "2026-05-01T08:00:00", "P1D")
    assert read_cycle("R/PT1H") == (None, "", "PT1H")


@pytest.mark.parametrize(
    ("duration", "length"),
    [("PT1H", 3600), ("P1D", 86400), ("P1M", 31 * 86400), ("PT0S", 0), ("-PT1H", 0)],
)
def test_a_duration_has_a_length_in_seconds(duration: str, length: int) -> None:
    assert seconds(duration) == length


WRITTEN = [
    ("timeDuration", "=wait", "PT5M", "2026-03-02T09:35"),
    ("timeDuration", '=duration("PT5M")', None, "2026-03-02T09:35"),
    ("timeDuration", '=duration("P1Y2M")', None, "2027-05-02T09:30"),
    ("timeDate", '=date and time("2026-05-01T08:00:00")', None, "2026-05-01T08:00"),
    ("timeDate", '=date("2026-05-01")', None, "2026-05-01T00:00"),
    ("timeDate", "=wait", "2026-05-01T08:00:00", "2026-05-01T08:00"),
    ("timeCycle", "=wait", "R3/PT5M", "2026-03-02T09:35"),
]


@pytest.mark.parametrize(("kind", "written", "value", "due"), WRITTEN)
def test_a_time_may_be_worked_out(
    play: Play, kind: str, written: str, value: str | None, due: str
) -> None:
    source = diagram(
        start(), catch("wait", on(kind, written)), end(), flows("start", "wait", "end")
    )
    player = play(source, wait=value)

    [told] = player.subscriptions.values()

    assert told.due_at == at(due)
    player.trigger("wait")
    assert player.ending is not None


def test_a_time_that_cannot_be_read_is_an_incident_until_a_retry(play: Play) -> None:
    event = catch("wait", on("timeDuration", "=wait"))
    player = play(diagram(start(), event, end(), flows("start", "wait", "end")), wait="soon")
    assert player.stuck == ["wait"]
    player.variables["wait"] = "PT5M"

    player.retry("wait")

    assert player.awaited == ["wait"]
