"""The years that the State Council has announced, as the pinned package `chinesecalendar` has them.

Its data ends with the last year that was announced when it was released.
"""

from collections import defaultdict
from datetime import date
from functools import cache

from service.domain.working_days import CalendarYear, SpecialDay, SpecialKind


@cache
def published_years() -> tuple[CalendarYear, ...]:
    """Return an unbroken row of years, the first one 2004."""
    # Here, not above: a page that counts no days should not load it.
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {each.value: each.chinese for each in Holiday}
    days: dict[int, list[SpecialDay]] = defaultdict(list)
    for kind, listed in ((SpecialKind.HOLIDAY, holidays), (SpecialKind.SWAPPED, workdays)):
        for day, name in listed.items():
            days[day.year].append(SpecialDay(_plain(day), kind, names.get(name, name)))
    return tuple(CalendarYear(year, tuple(sorted(days[year]))) for year in sorted(days))


def _plain(day: date) -> date:
    return date(day.year, day.month, day.day)
