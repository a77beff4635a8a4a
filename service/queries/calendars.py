"""The calendar as people see it: a year day by day, where it comes from, and the periods in it.

Every member of staff may see it: it is what notices on the wall say.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.calendar_years import Period, YearSource
from service.domain.values import Json
from service.domain.working_days import (
    CalendarYear,
    DayOutsideCalendar,
    OfficeHours,
    SpecialDay,
    days_of,
)
from service.store import calendars
from service.store.published_years import published_years
from service.store.tables import CalendarPeriod, CalendarYearRow, Person


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period with its key."""

    key: int
    period: Period


@dataclass(frozen=True, slots=True)
class YearView:
    """One year: its arrangement, whose word it is, and how many days of it are worked.

    `revision` is 0 for a year as the program ships it; `changed_by` is a person's name or empty.
    `years` are all that the calendar has.
    """

    calendar: CalendarYear
    source: YearSource
    revision: int
    changed_at: datetime | None
    changed_by: str
    working: frozenset[date]
    hours: OfficeHours
    years: tuple[int, ...]
    provisional_years: frozenset[int]
    periods: tuple[PeriodRow, ...]

    @property
    def special(self) -> dict[date, SpecialDay]:
        """What is arranged, by day."""
        return {each.day: each for each in self.calendar.days}


def year(session: Session, *, year: int) -> YearView:
    """Return one year. Raises DayOutsideCalendar for one that the calendar has not."""
    days = calendars.working_days(session)
    if not days.first <= year <= days.last:
        raise DayOutsideCalendar(first=days.first, last=days.last)
    row = session.get(CalendarYearRow, year)
    shipped = next((each for each in published_years() if each.year == year), None)
    calendar = shipped if row is None else calendars.year_of(row)
    if calendar is None:
        raise DayOutsideCalendar(first=days.first, last=days.last)
    return YearView(
        calendar=calendar,
        source=YearSource.PUBLISHED if row is None else YearSource(row.source),
        revision=0 if row is None else row.revision,
        changed_at=None if row is None else row.changed_at,
        changed_by="" if row is None else _name(session, row.changed_by),
        working=frozenset(filter(days.is_working, days_of(year))),
        hours=days.hours,
        years=tuple(each.year for each in days.years),
        provisional_years=days.provisional_years,
        periods=_periods(session, year),
    )


def lookup_table(session: Session) -> dict[str, Json]:
    """Return the calendar in force as a browser looks it up; see `WorkingDays.lookup_table`."""
    return calendars.working_days(session).lookup_table()


def _name(session: Session, username: str) -> str:
    name = session.scalar(select(Person.display_name).where(Person.username == username))
    return name or ""


def _periods(session: Session, year: int) -> tuple[PeriodRow, ...]:
    """Return the periods that touch a year, by their beginning."""
    period = CalendarPeriod
    rows = session.scalars(
        select(period)
        .where(period.begins_on <= date(year, 12, 31), period.ends_on >= date(year, 1, 1))
        .order_by(period.begins_on, period.key)
    )
    return tuple(
        PeriodRow(row.key, Period(row.kind, row.name, row.begins_on, row.ends_on)) for row in rows
    )
