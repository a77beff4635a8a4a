"""The calendar's rows: locked, written with their stamp, and every change of them recorded."""

from datetime import datetime

from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.upserts import upsert
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.calendar_years import YearSource
from service.domain.values import Json
from service.domain.working_days import CalendarYear, OfficeHours
from service.store import calendars
from service.store.calendars import STATE_KEY
from service.store.published_years import published_years
from service.store.tables import CalendarState, CalendarYearRow


def lock(session: Session) -> CalendarState:
    """Lock the calendar's one row; make it where it is missing."""
    state = session.get(CalendarState, STATE_KEY, with_for_update=True)
    if state is None:
        hours = OfficeHours()
        row: dict[str, object] = {
            "key": STATE_KEY,
            "stamp": calendars.stamp_of((), hours),
            "closing": hours.closing.isoformat("minutes"),
            "half_day_closing": hours.half_day_closing.isoformat("minutes"),
            "half_days_count": hours.half_days_count,
        }
        upsert(session, CalendarState, [row], ["key"])
        state = session.get_one(CalendarState, STATE_KEY, with_for_update=True)
    return state


def in_force(session: Session, year: int) -> tuple[CalendarYear | None, CalendarYearRow | None]:
    """Return a year as it is, None for one that the calendar has not, and its row if there is."""
    row = session.get(CalendarYearRow, year)
    if row is not None:
        return calendars.year_of(row), row
    return next((each for each in published_years() if each.year == year), None), None


def write(
    session: Session,
    year: CalendarYear,
    source: YearSource,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a year over what was there."""
    row: dict[str, object] = {
        "year": year.year,
        "source": source.value,
        "provisional": year.provisional,
        "days": calendars.days_to(year.days),
        "revision": revision,
        "changed_at": now,
        "changed_by": actor.username,
    }
    upsert(session, CalendarYearRow, [row], [name for name in row if name != "year"])


def restamp(session: Session, state: CalendarState) -> None:
    """Write the stamp of what the rows say by now."""
    session.flush()
    years = calendars.stored_years(session).values()
    state.stamp = calendars.stamp_of(years, calendars.office_hours(session))
    session.flush()


def record_change(
    tools: Ledger, what: str, details: dict[str, Json], *, actor: Actor, now: datetime
) -> None:
    """Record for ever what was changed; called last, see `access_log.record`."""
    record(
        tools,
        AccessKind.CALENDAR_CHANGED,
        actor=actor,
        subject="calendar",
        reference=f"calendar/{what}",
        details=details,
        now=now,
    )
