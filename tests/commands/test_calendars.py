"""The calendar in the store: what comes with the program, is estimated, brought in and edited."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from service.commands import calendar_estimates, calendars
from service.commands.accounts import AccountsForbidden
from service.commands.calendar_estimates import bring_up_to_date, estimates
from service.commands.calendars import (
    CalendarDoubtful,
    CalendarRefused,
    HoursUnfit,
    YearChange,
    YearChanged,
    YearUnlikely,
    table_of_days,
)
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.calendar_years import DayUnfit, NameUnfit
from service.domain.working_days import (
    CalendarYear,
    DayOutsideCalendar,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
    is_weekend,
)
from service.store import calendars as stored
from service.store.published_years import published_years
from service.store.tables import AccessEvent, CalendarYearRow
from tests.commands.administering import administrator_of
from tests.fixtures_store import Cast

NOVEMBER = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATE = date(2026, 12, 28)


def span(first: str, last: str, name: str) -> list[SpecialDay]:
    begin, end = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    days = map(date.fromordinal, range(begin, end + 1))
    return [SpecialDay(day, SpecialKind.HOLIDAY, name) for day in days]


NEXT_YEAR = (
    *span("2027-01-01", "2027-01-03", "元旦"),
    *span("2027-02-05", "2027-02-11", "春节"),
    *span("2027-04-03", "2027-04-05", "清明节"),
    *span("2027-05-01", "2027-05-05", "劳动节"),
    *span("2027-06-09", "2027-06-09", "端午节"),
    *span("2027-09-15", "2027-09-15", "中秋节"),
    *span("2027-10-01", "2027-10-07", "国庆节"),
    SpecialDay(date(2027, 2, 20), SpecialKind.SWAPPED, "春节"),
    SpecialDay(date(2027, 10, 9), SpecialKind.SWAPPED, "国庆节"),
)
"""An arrangement as the State Council could announce it."""

Import = Callable[..., YearChange]


@pytest.fixture
def administrator(rooms: Rooms) -> Actor:
    return administrator_of(rooms, NOVEMBER)


@pytest.fixture
def bring_in(rooms: Rooms, administrator: Actor) -> Import:
    def importing(
        days: Iterable[SpecialDay] = NEXT_YEAR, year: int = 2027, *, confirmed: bool = False
    ) -> YearChange:
        with rooms.write() as tools:
            return calendars.import_year(
                tools,
                year=year,
                days=days,
                confirmed=confirmed,
                actor=administrator,
                now=NOVEMBER,
            )

    return importing


def calendar(rooms: Rooms) -> WorkingDays:
    with rooms.read() as session:
        return table_of_days(session)


def test_what_was_announced_is_there_without_a_row(rooms: Rooms) -> None:
    days = calendar(rooms)
    assert (days.first, days.last) == (2004, 2026)
    assert days.is_working(date(2026, 2, 14))
    assert not days.provisional_years


def test_years_ahead_are_estimated_once(rooms: Rooms) -> None:
    assert bring_up_to_date(rooms, now=NOVEMBER) == list(range(2027, 2037))
    assert bring_up_to_date(rooms, now=NOVEMBER) == []

    found = calendar(rooms).after(LATE, 5)
    assert found.date == date(2027, 1, 5)
    assert found.provisional
    assert calendar(rooms).special(date(2027, 2, 8)) is not None


def test_a_calendar_is_read_once_and_again_when_it_changes(
    rooms: Rooms, bring_in: Import, count_statements: Callable[[], object]
) -> None:
    bring_up_to_date(rooms, now=NOVEMBER)
    calendar(rooms)
    with count_statements() as statements:  # type: ignore[attr-defined]
        assert calendar(rooms) is calendar(rooms)
    assert len(statements) == 2
    before = calendar(rooms)
    bring_in()
    assert calendar(rooms) != before


def test_an_imported_year_is_provisional_no_longer(rooms: Rooms, bring_in: Import) -> None:
    bring_up_to_date(rooms, now=NOVEMBER)
    change = bring_in()
    assert change.announced
    assert not calendar(rooms).after(LATE, 5).provisional
    assert calendar(rooms).is_working(date(2027, 2, 20))
    assert bring_up_to_date(rooms, now=NOVEMBER) == []


def test_a_year_may_be_imported_before_it_was_estimated(rooms: Rooms, bring_in: Import) -> None:
    assert bring_in(confirmed=True).announced
    assert calendar(rooms).last == 2027


def test_a_provisional_year_gives_way_to_what_the_program_knows(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        older = published_years()[:-1]
        before.setattr(calendar_estimates, "published_years", lambda: older)
        before.setattr(stored, "published_years", lambda: older)
        assert 2026 in bring_up_to_date(rooms, now=NOVEMBER)
        assert calendar(rooms).after(date(2026, 2, 13), 1).date == date(2026, 2, 20)
    assert bring_up_to_date(rooms, now=NOVEMBER) == [2026]
    assert calendar(rooms).after(date(2026, 2, 13), 1).date == date(2026, 2, 14)


def test_each_change_is_recorded_for_ever(rooms: Rooms, bring_in: Import) -> None:
    bring_up_to_date(rooms, now=NOVEMBER)
    bring_in()
    with rooms.read() as session:
        events = session.scalars(
            select(AccessEvent).where(AccessEvent.subject == "calendar").order_by(AccessEvent.key)
        ).all()
    assert [event.reference for event in events] == ["calendar/years", "calendar/2027"]
    assert {event.retention for event in events} == {"permanent"}
    assert "2027-02-20: - > swapped 春节" in str(events[1].details)


@pytest.mark.parametrize("year", [2003, 2028, 9999, 20270, -1])
def test_a_year_that_cannot_be_announced_is_refused(bring_in: Import, year: int) -> None:
    with pytest.raises(YearUnlikely, match="2004 年至 2027 年"):
        bring_in(year=year)


def test_the_arrangement_of_another_year_is_refused(rooms: Rooms, bring_in: Import) -> None:
    with pytest.raises(CalendarRefused, match="不在 2026 年内") as refused:
        bring_in(year=2026)
    assert len(refused.value.faults) == len(NEXT_YEAR)
    last_years = [
        replace(each, day=each.day.replace(year=2027)) for each in published_years()[-1].days
    ]
    with pytest.raises(CalendarRefused, match="不是周末"):
        bring_in(last_years)
    assert calendar(rooms).last == 2026


def test_days_of_the_wrong_year_moved_to_the_right_weekdays_are_doubtful(
    rooms: Rooms, bring_in: Import
) -> None:
    """The Spring Festival of 2026 in the file for 2027: no weekday contradicts, the moon does."""
    bring_up_to_date(rooms, now=NOVEMBER)
    off = [each for each in published_years()[-1].days if each.kind is SpecialKind.HOLIDAY]
    with pytest.raises(CalendarDoubtful, match="2027年2月8日（周一）按法律应放春节假") as doubtful:
        bring_in([replace(each, day=each.day.replace(year=2027)) for each in off])
    assert doubtful.value.doubts
    assert bring_in(
        [replace(each, day=each.day.replace(year=2027)) for each in off], confirmed=True
    ).announced


def test_an_empty_file_is_doubtful(bring_in: Import) -> None:
    with pytest.raises(CalendarDoubtful, match="没有一天放假"):
        bring_in([])


def test_a_day_twice_and_far_too_many_days_are_refused(bring_in: Import) -> None:
    with pytest.raises(CalendarRefused, match="写了两次"):
        bring_in([*NEXT_YEAR, NEXT_YEAR[0]])
    with pytest.raises(CalendarRefused, match="不会超过"):
        bring_in(span("2027-01-01", "2027-05-01", "放假"))


def test_one_day_is_edited(rooms: Rooms, administrator: Actor) -> None:
    eve = date(2026, 12, 31)
    with rooms.write() as tools:
        calendars.set_day(
            tools, day=eve, kind=SpecialKind.HALF_DAY, name="跨年", revision=0,
            actor=administrator, now=NOVEMBER,
        )  # fmt: skip
    special = calendar(rooms).special(eve)
    assert special is not None
    assert special.kind is SpecialKind.HALF_DAY
    assert calendar(rooms).closes_at(eve) == datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
    with rooms.write() as tools:
        change = calendars.set_day(
            tools, day=eve, kind=None, revision=1, actor=administrator, now=NOVEMBER
        )
    assert change.days == 1
    assert calendar(rooms).special(eve) is None


def test_who_edits_an_older_page_is_told_who_was_quicker(
    rooms: Rooms, bring_in: Import, administrator: Actor
) -> None:
    bring_in(confirmed=True)
    with (
        pytest.raises(YearChanged, match=r"guan\.li在 2026年11月23日 09:00"),
        rooms.write() as tools,
    ):
        calendars.set_day(
            tools, day=date(2027, 3, 1), kind=SpecialKind.HOLIDAY, name="停课", revision=0,
            actor=administrator, now=NOVEMBER,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "kind", "name", "error"),
    [
        (date(2026, 12, 28), SpecialKind.SWAPPED, "补班", DayUnfit),
        (date(2026, 12, 27), SpecialKind.HALF_DAY, "半天", DayUnfit),
        (date(2026, 12, 28), SpecialKind.HOLIDAY, " ", NameUnfit),
        (date(2026, 12, 28), SpecialKind.HOLIDAY, "x" * 41, NameUnfit),
        (date(2026, 12, 28), SpecialKind.HOLIDAY, "停\n电", NameUnfit),
        (date(9999, 12, 28), SpecialKind.HOLIDAY, "停电", DayOutsideCalendar),
    ],
)
def test_a_day_that_cannot_be_so_is_refused(
    rooms: Rooms, administrator: Actor, day: date, kind: SpecialKind, name: str, error: type
) -> None:
    with pytest.raises(error), rooms.write() as tools:
        calendars.set_day(
            tools, day=day, kind=kind, name=name, revision=0, actor=administrator, now=NOVEMBER
        )
    assert calendar(rooms).special(day) is None


def test_an_estimated_year_is_confirmed_day_by_day(rooms: Rooms, administrator: Actor) -> None:
    bring_up_to_date(rooms, now=NOVEMBER)

    def announce(revision: int, *, confirmed: bool = False) -> YearChange:
        with rooms.write() as tools:
            return calendars.announce_year(
                tools, year=2027, revision=revision, confirmed=confirmed,
                actor=administrator, now=NOVEMBER,
            )  # fmt: skip

    with pytest.raises(CalendarDoubtful, match="没有一天调休上班"):
        announce(1)
    with rooms.write() as tools:
        change = calendars.set_day(
            tools, day=date(2027, 2, 20), kind=SpecialKind.SWAPPED, name="春节", revision=1,
            actor=administrator, now=NOVEMBER,
        )  # fmt: skip
    assert not change.announced
    assert 2027 in calendar(rooms).provisional_years
    assert announce(2).announced
    assert 2027 not in calendar(rooms).provisional_years
    with pytest.raises(YearUnlikely), rooms.write() as tools:
        calendars.announce_year(
            tools, year=2030, revision=1, confirmed=True, actor=administrator, now=NOVEMBER
        )


def test_the_closing_hour_and_half_days_are_settings(rooms: Rooms, administrator: Actor) -> None:
    hours = OfficeHours(time(18, 0), time(12, 30), half_days_count=False)
    with rooms.write() as tools:
        calendars.set_hours(tools, hours=hours, actor=administrator, now=NOVEMBER)
    assert calendar(rooms).hours == hours
    with pytest.raises(HoursUnfit), rooms.write() as tools:
        calendars.set_hours(
            tools, hours=OfficeHours(time(12), time(12)), actor=administrator, now=NOVEMBER
        )


def test_only_an_administrator_changes_the_calendar(rooms: Rooms, cast: Cast) -> None:
    for actor in cast:
        with pytest.raises(AccountsForbidden), rooms.write() as tools:
            calendars.import_year(tools, year=2027, days=NEXT_YEAR, actor=actor, now=NOVEMBER)
        with pytest.raises(AccountsForbidden), rooms.write() as tools:
            calendars.set_day(tools, day=LATE, kind=None, revision=0, actor=actor, now=NOVEMBER)
        with pytest.raises(AccountsForbidden), rooms.write() as tools:
            calendars.announce_year(
                tools, year=2026, revision=0, confirmed=True, actor=actor, now=NOVEMBER
            )
        with pytest.raises(AccountsForbidden), rooms.write() as tools:
            calendars.set_hours(tools, hours=OfficeHours(), actor=actor, now=NOVEMBER)
    with rooms.read() as session:
        assert session.scalars(select(CalendarYearRow)).all() == []


def test_the_law_and_what_was_announced_agree() -> None:
    """Each holiday of the law is one in every year that was announced since the law counts."""
    announced = {each.year: each for each in published_years()}
    for by_law in estimates([2025, 2026]):
        off = {each.day for each in announced[by_law.year].days if _is_off(each)}
        assert {each.day for each in by_law.days if not is_weekend(each.day)} <= off


def _is_off(day: SpecialDay) -> bool:
    return day.kind is SpecialKind.HOLIDAY


def test_an_estimate_knows_the_moon() -> None:
    [year] = estimates([2033])
    assert isinstance(year, CalendarYear)
    assert year.provisional
    days = {each.day: each.name for each in year.days}
    assert days[date(2033, 1, 31)] == "春节"
    assert days[date(2033, 10, 1)] == "国庆节"
