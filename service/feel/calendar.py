"""Working days in expressions: where the table comes from, and what was asked of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from service.domain.working_days import CALENDAR_SIGNS, AddedDays, CalendarLook, WorkingDays

GiveCalendar: TypeAlias = "Callable[[], WorkingDays]"
"""Gives the calendar in force; asked only when a text names one of the functions."""


@dataclass(slots=True)
class CalendarUse:
    """What expressions looked at: the years, and the additions (the first fifty of a call).

    Given to a call, which adds to it.
    """

    years: set[int] = field(default_factory=set)
    added: list[AddedDays] = field(default_factory=list)

    def note(self, told: "dict[str, list[object]]") -> None:
        """Add what an answer of the helper tells."""
        self.years.update(year for year in told["years"] if isinstance(year, int))
        for begins, n, day in (one for one in told["added"] if isinstance(one, list)):
            added = AddedDays(date.fromisoformat(begins), n, date.fromisoformat(day))
            self.added.append(added)

    @property
    def look(self) -> CalendarLook:
        """What was asked, to be kept."""
        return CalendarLook(frozenset(self.years), tuple(self.added))


def asks_calendar(texts: Iterable[str]) -> bool:
    """Tell whether a text may call a function of the calendar."""
    return any(sign in text for text in texts for sign in CALENDAR_SIGNS)
