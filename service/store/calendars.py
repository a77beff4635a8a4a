"""The calendar in force: the years that the program ships, and above them those of the store."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.values import Json
from service.domain.working_days import (
    CalendarYear,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
)
from service.store.database import Database
from service.store.published_years import published_years
from service.store.tables import CalendarState, CalendarYearRow

STATE_KEY = 1
STAMP = select(CalendarState.stamp).where(CalendarState.key == STATE_KEY)
"""The stamp of the calendar in force, to be asked beside something else."""
_KEPT = 8
"""Calendars remembered by a process: the one in force, and in tests some more."""


def working_days(session: Session) -> WorkingDays:
    """Return the calendar in force; one statement where this process knows it already."""
    return calendar_at(session, session.scalar(STAMP))


def calendar_at(session: Session, stamp: str | None) -> WorkingDays:
    """Return the calendar of this stamp, for who has read that; no statement where it is known."""
    if stamp is None:
        return _shipped()
    known = _known.get(stamp)
    if known is None:
        stamp, known = _read(session)
        _known.put(stamp, known)
    return known


def calendar_of(database: Database) -> WorkingDays:
    """Return the calendar in force, by a reading connection of its own.

    For expressions: they are worked out between transactions as well as within one, and never
    while another reading connection is held.
    """
    with database.read() as session:
        return working_days(session)


def stored_years(session: Session) -> dict[int, CalendarYear]:
    """Return the years that the store has."""
    row = CalendarYearRow
    rows = session.execute(select(row.year, row.days, row.provisional).order_by(row.year))
    return {year: CalendarYear(year, days_from(days), off) for year, days, off in rows}


def office_hours(session: Session) -> OfficeHours:
    """Return the office hours in force."""
    state = CalendarState
    row = session.execute(
        select(state.closing, state.half_day_closing, state.half_days_count).where(
            state.key == STATE_KEY
        )
    ).first()
    if row is None:
        return OfficeHours()
    return OfficeHours(
        time.fromisoformat(row.closing),
        time.fromisoformat(row.half_day_closing),
        row.half_days_count,
    )


def year_of(row: CalendarYearRow) -> CalendarYear:
    """Return the arrangement that a row holds."""
    return CalendarYear(row.year, days_from(row.days), row.provisional)


def days_from(written: Json) -> tuple[SpecialDay, ...]:
    """Return the days of a row's JSON."""
    listed = written if isinstance(written, list) else []
    return tuple(
        SpecialDay(date.fromisoformat(str(day)), SpecialKind(str(kind)), str(name))
        for day, kind, name in (one for one in listed if isinstance(one, list))
    )


def days_to(days: Iterable[SpecialDay]) -> list[Json]:
    """Return days as a row's JSON."""
    return [[each.day.isoformat(), each.kind.value, each.name] for each in sorted(days)]


def stamp_of(years: Iterable[CalendarYear], hours: OfficeHours) -> str:
    """Return the stamp of stored years and office hours."""
    said = [
        [hours.closing.isoformat(), hours.half_day_closing.isoformat(), hours.half_days_count],
        [[each.year, each.provisional, days_to(each.days)] for each in years],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def _shipped() -> WorkingDays:
    return WorkingDays(published_years())


def _read(session: Session) -> tuple[str, WorkingDays]:
    """Read the calendar and make its stamp of what was read: it may be newer than the last."""
    stored, hours = stored_years(session), office_hours(session)
    years = {each.year: each for each in published_years()} | stored
    calendar = WorkingDays(_unbroken(years), hours)
    return stamp_of(stored.values(), hours), calendar


def _unbroken(years: dict[int, CalendarYear]) -> Iterator[CalendarYear]:
    """Give the years from the first one on, up to a gap."""
    year = min(years)
    while year in years:
        yield years[year]
        year += 1


class _Known:
    """The last calendars by their stamps; threads share it, the worst they do is read twice."""

    def __init__(self) -> None:
        self._calendars: dict[str, WorkingDays] = {}

    def get(self, stamp: str) -> WorkingDays | None:
        return self._calendars.get(stamp)

    def put(self, stamp: str, calendar: WorkingDays) -> None:
        kept = list(self._calendars.items())[-(_KEPT - 1) :]
        self._calendars = dict([*kept, (stamp, calendar)])


_known = _Known()
