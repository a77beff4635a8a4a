"""Working days: which days an office works, and how they are counted.

Monday to Friday, but for what the State Council arranges for each year: holidays, and weekend days
that are worked in exchange (全国年节及纪念日放假办法, 国务院令 795, in force 2025-01-01; the
arrangement of a year is announced towards the end of the year before). A year that is not announced
yet is provisional (暂估): its holidays of law are known, its swapped days are not.

The day something happens is day 0 and never counts (民法典 article 201). Days are those of the
bureau's own calendar; who has a moment asks `bureau_day` first.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service.domain.access_events import BUREAU_TIME
from service.domain.errors import Invalid
from service.domain.values import Json

CALENDAR_SIGNS = ("工作日", "working day")
"""One of them is in the name of every function by which expressions look at the calendar."""

MOST_DAYS = 2_500
"""Working days that are counted at once, forward or backward: ten years."""

_SATURDAY = 5


class DayOutsideCalendar(Invalid):
    """工作日历只有 {first} 年至 {last} 年，算不出这个日期。请检查日期和天数是否写错；确有需要时，请系统管理员补充工作日历。"""  # noqa: E501 - a message is one paragraph

    code = "working-days.outside-calendar"


class DaysTooMany(Invalid):
    """一次最多计算 {most} 个工作日，请检查天数是否写错。"""

    code = "working-days.too-many"


class SpecialKind(StrEnum):
    """How a day differs from what its weekday says."""

    HOLIDAY = "holiday"
    """放假: a day off, on whatever weekday."""
    SWAPPED = "swapped"
    """调休上班: a Saturday or Sunday that is worked."""
    HALF_DAY = "half-day"
    """半天: a working day that ends at noon."""


@dataclass(frozen=True, slots=True, order=True)
class SpecialDay:
    """One day of a year's arrangement; `name` says which holiday it belongs to, such as 春节."""

    day: date
    kind: SpecialKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The arrangement of one year; every special day lies in it, in the order of days."""

    year: int
    days: tuple[SpecialDay, ...]
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a working day ends, and whether a half day counts as one."""

    closing: time = time(17, 30)
    half_day_closing: time = time(12, 0)
    half_days_count: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was worked out, and the years that were looked at for it.

    `provisional` when one of them is: the day may move when that year is announced.
    """

    date: date
    years: tuple[int, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class AddedDays:
    """How a day was worked out: the nth working day behind `begins`, as it was known then."""

    begins: date
    n: int
    day: date

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the count went through."""
        first, last = sorted((self.begins.year, self.day.year))
        return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class CalendarLook:
    """The years that expressions looked at, and the days they worked out."""

    years: frozenset[int] = frozenset()
    added: tuple[AddedDays, ...] = ()

    def basis_of(self, day: date) -> AddedDays | None:
        """Return how this day was worked out; None where it was not, or not in one way alone."""
        found = {(one.begins, one.n): one for one in self.added if one.day == day}
        return next(iter(found.values())) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of working days, and the years that were looked at for it."""

    days: int
    years: tuple[int, ...]
    provisional: bool


class WorkingDays:
    """The calendar of an unbroken row of years, at one state: its `revision`.

    Two calendars of one revision answer alike in everything; one with other content has another.
    """

    def __init__(self, years: Iterable[CalendarYear], hours: OfficeHours | None = None) -> None:
        """Take the years in their order; a gap between them is an error of the caller."""
        self.years = tuple(years)
        self.hours = hours or OfficeHours()
        numbers = [each.year for each in self.years]
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise ValueError("a calendar is an unbroken row of years")
        self.first, self.last = numbers[0], numbers[-1]
        self.provisional_years = frozenset(each.year for each in self.years if each.provisional)
        self._special = {one.day: one for each in self.years for one in each.days}
        self._worked = [ordinal for ordinal in self._ordinals() if self._works(ordinal)]
        self.revision = self._digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkingDays) and other.revision == self.revision

    def __hash__(self) -> int:
        return hash(self.revision)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked; raises DayOutsideCalendar."""
        return self._works(self._known(day).toordinal())

    def special(self, day: date) -> SpecialDay | None:
        """Return what a year's arrangement says of a day, None where it says nothing."""
        return self._special.get(day)

    def after(self, day: date, n: int) -> Day:
        """Return the nth working day behind `day`, which is day 0 and does not count.

        For 0 the day itself, or where it is not worked the next one that is (民法典 article 203).
        For -n the nth working day before it. Raises DayOutsideCalendar, DaysTooMany.
        """
        if abs(n) > MOST_DAYS:
            raise DaysTooMany(most=MOST_DAYS)
        ordinal = self._known(day).toordinal()
        if n > 0:
            place = bisect_right(self._worked, ordinal) + n - 1
        else:
            place = bisect_left(self._worked, ordinal) + n
        if not 0 <= place < len(self._worked):
            raise DayOutsideCalendar(first=self.first, last=self.last)
        found = date.fromordinal(self._worked[place])
        years = self._years(day, found)
        return Day(found, years, self.is_provisional(years))

    def count(self, begins: date, ends: date) -> Count:
        """Count the working days behind `begins` up to `ends`, the last one included.

        Less than 0 where `ends` lies before: `count(d, after(d, n).date)` is n for each n but 0.
        Raises DayOutsideCalendar.
        """
        first, last = self._known(begins).toordinal(), self._known(ends).toordinal()
        side = bisect_right if last >= first else bisect_left
        years = self._years(begins, ends)
        days = side(self._worked, last) - side(self._worked, first)
        return Count(days, years, self.is_provisional(years))

    def closes_at(self, day: date) -> datetime:
        """Return the moment at which the office closes on a day, in the bureau's time."""
        special = self._special.get(day)
        half = special is not None and special.kind is SpecialKind.HALF_DAY
        hour = self.hours.half_day_closing if half else self.hours.closing
        return datetime.combine(day, hour, BUREAU_TIME)

    def is_provisional(self, years: Collection[int]) -> bool:
        """Tell whether one of these years is not announced yet."""
        return not self.provisional_years.isdisjoint(years)

    def lookup_table(self) -> dict[str, Json]:
        """Return what is needed to answer the same elsewhere, as JSON.

        `first`, `last`: years; `off`: weekdays that are not worked, `on`: weekend days that are,
        as ISO dates.
        """
        off: list[Json] = []
        on: list[Json] = []
        for day in sorted(self._special):
            weekend, worked = day.weekday() >= _SATURDAY, self._works(day.toordinal())
            if weekend == worked:
                (on if worked else off).append(day.isoformat())
        return {"first": self.first, "last": self.last, "off": off, "on": on}

    def _ordinals(self) -> range:
        return range(date(self.first, 1, 1).toordinal(), date(self.last, 12, 31).toordinal() + 1)

    def _works(self, ordinal: int) -> bool:
        day = date.fromordinal(ordinal)
        special = self._special.get(day)
        if special is None:
            return day.weekday() < _SATURDAY
        if special.kind is SpecialKind.HALF_DAY:
            return self.hours.half_days_count
        return special.kind is SpecialKind.SWAPPED

    def _known(self, day: date) -> date:
        if not self.first <= day.year <= self.last:
            raise DayOutsideCalendar(first=self.first, last=self.last)
        return day

    @staticmethod
    def _years(one: date, other: date) -> tuple[int, ...]:
        first, last = sorted((one.year, other.year))
        return tuple(range(first, last + 1))

    def _digest(self) -> str:
        hours = self.hours
        said = [
            [hours.closing.isoformat(), hours.half_day_closing.isoformat(), hours.half_days_count],
            *(
                [each.year, each.provisional, [[str(d.day), d.kind, d.name] for d in each.days]]
                for each in self.years
            ),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def is_weekend(day: date) -> bool:
    """Tell whether a day is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def days_of(year: int) -> list[date]:
    """Return every day of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
