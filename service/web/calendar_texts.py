"""What the pages of the calendar say, and a year laid out by months and weeks."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.calendar_years import YearSource, day_text
from service.domain.working_days import SpecialDay, SpecialKind
from service.queries.calendars import YearView
from service.web.catalogue import _


class CellKind(StrEnum):
    """How a day looks; the value is its style."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SWAPPED = "swapped"
    HALF_DAY = "half-day"


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month: how it looks, the sign on it and what a screen reader says."""

    day: date
    kind: CellKind
    sign: str
    said: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month; a week is seven places from Monday on, None where another month is."""

    number: int
    name: str
    working: int
    weeks: Sequence[Sequence[Cell | None]]


def months(view: YearView) -> list[Month]:
    """Lay a year out."""
    special, year = view.special, view.calendar.year
    return [
        Month(
            number,
            _("%(month)s月", month=number),
            sum(each.month == number for each in view.working),
            [
                [
                    _cell(each, special.get(each), worked=each in view.working)
                    if each.month == number
                    else None
                    for each in week
                ]
                for week in Calendar().monthdatescalendar(year, number)
            ],
        )
        for number in range(1, 13)
    ]


def weekdays() -> list[str]:
    """Return the heads of a month's columns."""
    return [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]


def kinds() -> list[tuple[str, str]]:
    """Return how a day can be arranged, for a choice."""
    return [
        ("", _("按星期（周一至周五上班）")),
        *((each.value, kind(each)) for each in SpecialKind),
    ]


def kind(of: SpecialKind) -> str:
    """Return what people call an arrangement."""
    return {
        SpecialKind.HOLIDAY: _("放假"),
        SpecialKind.SWAPPED: _("调休上班"),
        SpecialKind.HALF_DAY: _("半天"),
    }[of]


def source(of: YearSource) -> str:
    """Return where a year's arrangement comes from."""
    return {
        YearSource.ESTIMATED: _("按法定节日推算"),
        YearSource.PUBLISHED: _("国务院办公厅公布，随系统提供"),
        YearSource.IMPORTED: _("从文件导入"),
        YearSource.EDITED: _("逐日修改过"),
    }[of]


def day(of: date) -> str:
    """Return a day with its weekday."""
    return day_text(of)


def _cell(day: date, special: SpecialDay | None, *, worked: bool) -> Cell:
    if special is None:
        look = CellKind.WORKING if worked else CellKind.WEEKEND
        return Cell(day, look, "", _("上班") if worked else _("休息"))
    sign = {
        SpecialKind.HOLIDAY: _("休"),
        SpecialKind.SWAPPED: _("班"),
        SpecialKind.HALF_DAY: _("半"),
    }[special.kind]
    said = f"{special.name} {kind(special.kind)}".strip()
    return Cell(day, CellKind(special.kind.value), sign, said)
