"""Years that nobody has announced yet, by the law alone, as the package `holidays` works them out.

The festivals of the moon are known long before; which days are swapped is known of no such year.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete

from service.commands.calendar_rows import lock, record_change, restamp, write
from service.commands.rooms import Rooms
from service.domain.access_events import bureau_day
from service.domain.actors import SYSTEM
from service.domain.calendar_years import YearSource
from service.domain.values import Json
from service.domain.working_days import CalendarYear, SpecialDay, SpecialKind
from service.store import calendars
from service.store.published_years import published_years
from service.store.tables import CalendarYearRow

YEARS_AHEAD = 10
"""Estimated years behind the present one."""

_MOVED = "休息日"
"""How the package calls a day off that is worked for elsewhere: not of the law."""


def estimates(years: Iterable[int]) -> list[CalendarYear]:
    """Return these years as the law has them, provisional; takes a second or more at first."""
    # Here, not above: it takes as much memory as a page process may spare, and only jobs call it.
    from holidays.countries.china import China

    found = []
    for year in years:
        named = China(years=year, language="zh_CN").items()  # type: ignore[no-untyped-call]
        days = sorted(
            SpecialDay(day, SpecialKind.HOLIDAY, name.replace("; ", "、"))
            for day, name in named
            if day.year == year and not name.startswith(_MOVED)
        )
        found.append(CalendarYear(year, tuple(days), provisional=True))
    return found


def bring_up_to_date(rooms: Rooms, *, now: datetime) -> list[int]:
    """Estimate the years ahead, and take what the program knows as announced.

    Returns the years that changed; nothing is written where none does. To be done each day, and
    after an upgrade. Years that a person brought in or confirmed stay as they are.
    """
    announced = {each.year for each in published_years()}
    last = bureau_day(now).year + YEARS_AHEAD
    wanted = [year for year in range(min(announced), last + 1) if year not in announced]
    with rooms.read() as session:
        stored = calendars.stored_years(session)
    if all(year in stored for year in wanted) and not _overtaken(stored, announced):
        return []
    estimated = estimates(year for year in wanted if year not in stored)
    with rooms.write() as tools:
        state = lock(tools.session)
        stored = calendars.stored_years(tools.session)
        gone = _overtaken(stored, announced)
        fresh = [each for each in estimated if each.year not in stored]
        tools.session.execute(delete(CalendarYearRow).where(CalendarYearRow.year.in_(gone)))
        for each in fresh:
            write(tools.session, each, YearSource.ESTIMATED, 1, SYSTEM, now)
        changed = sorted([*gone, *(each.year for each in fresh)])
        if changed:
            restamp(tools.session, state)
            details: dict[str, Json] = {
                "announced": list(gone),
                "estimated": [each.year for each in fresh],
            }
            record_change(tools, "years", details, actor=SYSTEM, now=now)
    return changed


def _overtaken(stored: dict[int, CalendarYear], announced: set[int]) -> list[int]:
    """Return the provisional years that the program knows as announced."""
    return [year for year, each in stored.items() if each.provisional and year in announced]
