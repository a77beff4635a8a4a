"""The arrangement of a year as it is brought in and edited: what cannot be, what is doubtful."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.dates import said_day
from service.domain.errors import Invalid
from service.domain.working_days import CalendarYear, SpecialDay, SpecialKind, is_weekend

LONGEST_NAME = 40
_MOST_SPECIAL = 80
"""Special days of a year: the most ever arranged were 44."""
_FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Month and day of the holidays of law that go by the sun and are the same in each year since 1999:
全国年节及纪念日放假办法, article 2."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class YearSource(StrEnum):
    """Where the arrangement of a year comes from; later ones stand above earlier ones."""

    ESTIMATED = "estimated"
    """推算: the holidays of law, as long as nothing is announced."""
    PUBLISHED = "published"
    """As the State Council announced it, from the package that this program comes with."""
    IMPORTED = "imported"
    """A file that an administrator brought in."""
    EDITED = "edited"
    """Changed day by day by an administrator."""

    @property
    def by_person(self) -> bool:
        """Whether somebody answers for it: no package replaces it."""
        return self in {YearSource.IMPORTED, YearSource.EDITED}


class NameUnfit(Invalid):
    """“{name}”不能用作名称：应为 1 至 {most} 个字符，不换行。请改正后再保存，没有改动。"""

    code = "calendar.name-unfit"


class DayUnfit(Invalid):
    """{fault}。工作日历没有改动，请改正后再保存。"""

    code = "calendar.day-unfit"


class PeriodUnfit(Invalid):
    """{fault}。没有保存，请改正后再试。"""

    code = "calendar.period-unfit"


KIND_LABELS = {
    SpecialKind.HOLIDAY: "放假",
    SpecialKind.SWAPPED: "调休上班",
    SpecialKind.HALF_DAY: "半天",
}


def day_text(day: date) -> str:
    """Return a day as people write it: 2026年2月14日（周六）."""
    return f"{said_day(day)}（周{'一二三四五六日'[day.weekday()]}）"


def fault_of(day: SpecialDay, year: int) -> str | None:
    """Return why a day cannot be arranged like this in the calendar of a year, in words."""
    told = day_text(day.day)
    if day.day.year != year:
        return f"{told}不在 {year} 年内"
    if day.kind is SpecialKind.SWAPPED and not is_weekend(day.day):
        return f"{told}不是周末，本来就上班，不能标为“调休上班”"
    if day.kind is SpecialKind.HALF_DAY and is_weekend(day.day):
        return f"{told}是周末，不能标为“半天”"
    return None


def faults_of(days: Iterable[SpecialDay], year: int) -> list[str]:
    """Return why these days cannot be the arrangement of a year, in words; nothing if they can."""
    listed = sorted(days)
    faults = [fault for each in listed if (fault := fault_of(each, year))]
    seen: set[date] = set()
    for each in listed:
        if each.day in seen:
            faults.append(f"{day_text(each.day)}写了两次")
        seen.add(each.day)
    if len(listed) > _MOST_SPECIAL:
        faults.append(f"共有 {len(listed)} 天，一年的放假和调休不会超过 {_MOST_SPECIAL} 天")
    return faults


def doubts_about(days: Iterable[SpecialDay], year: int, estimate: CalendarYear) -> list[str]:
    """Return what makes it doubtful that these days are this year's, in words.

    `estimate` is the same year by the law alone: each of its holidays should be one here.
    """
    off = {each.day for each in days if each.kind is SpecialKind.HOLIDAY}
    if not off:
        return ["没有一天放假"]
    doubts = [
        f"{day_text(day)}是法定节日，却没有放假"
        for month, number in _FIXED
        if (day := date(year, month, number)) not in off
    ]
    lacking = [
        each
        for each in estimate.days
        if each.kind is SpecialKind.HOLIDAY
        and each.day not in off
        and (each.day.month, each.day.day) not in _FIXED
        and not is_weekend(each.day)
    ]
    doubts += [f"{day_text(each.day)}按法律应放{each.name}假，却没有放假" for each in lacking]
    return doubts


def cleaned_name(name: str) -> str:
    """Return a name without spaces around it; raises NameUnfit for one too long or none."""
    shown = name.strip()
    if not shown or len(shown) > LONGEST_NAME or _CONTROL.search(shown):
        raise NameUnfit(name=_CONTROL.sub(" ", shown)[:LONGEST_NAME], most=LONGEST_NAME)
    return shown


def with_day(year: CalendarYear, day: date, kind: SpecialKind | None, name: str) -> CalendarYear:
    """Return the year with one day arranged otherwise; without a kind it is as its weekday says.

    Raises DayUnfit, NameUnfit.
    """
    others = tuple(each for each in year.days if each.day != day)
    if kind is None:
        return CalendarYear(year.year, others, year.provisional)
    changed = SpecialDay(day, kind, cleaned_name(name))
    if fault := fault_of(changed, year.year):
        raise DayUnfit(fault=fault)
    return CalendarYear(year.year, tuple(sorted((*others, changed))), year.provisional)


@dataclass(frozen=True, slots=True)
class Period:
    """A time that has a name, such as a term or a vacation; both days belong to it.

    `kind` is a word of the bureau's own, such as 学期.
    """

    kind: str
    name: str
    begins_on: date
    ends_on: date


LONGEST_PERIOD = 400
"""Days of a period."""


def fault_of_period(wanted: Period, others: Iterable[Period]) -> str | None:
    """Return why a period cannot stand beside the others of its kind, in words."""
    if wanted.ends_on < wanted.begins_on:
        return "结束日期早于开始日期"
    if (wanted.ends_on - wanted.begins_on).days >= LONGEST_PERIOD:
        return f"时间超过 {LONGEST_PERIOD} 天，请检查年份是否写错"
    for other in others:
        if other.kind != wanted.kind:
            continue
        if other.name == wanted.name:
            return f"已经有叫“{other.name}”的{other.kind}"
        if other.begins_on <= wanted.ends_on and wanted.begins_on <= other.ends_on:
            return f"与“{other.name}”（{said_day(other.begins_on)}至{said_day(other.ends_on)}）重叠"
    return None
