"""The calendar: keeping it, and changing it. Whoever changes it administers accounts.

What the State Council has announced comes with the program; years behind that are estimated and
provisional. An administrator brings in a year's arrangement or edits its days: what a person
answers for is replaced by no package. Every change is kept in the access log for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from service.commands.access_log import Ledger
from service.commands.accounts import require_administrator
from service.commands.calendar_rows import in_force, lock, record_change, restamp, write
from service.domain.access_events import bureau_day
from service.domain.actors import Actor
from service.domain.calendar_years import (
    YearSource,
    doubts_about,
    faults_of,
    with_day,
)
from service.domain.dates import shown
from service.domain.errors import Conflict, Invalid
from service.domain.values import Json
from service.domain.working_days import (
    CalendarYear,
    DayOutsideCalendar,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
)
from service.store import calendars
from service.store.published_years import published_years
from service.store.tables import CalendarState, CalendarYearRow


class YearUnlikely(Invalid):
    """{year} 年不能导入：只能导入 {first} 年至 {last} 年的安排（放假安排最早在前一年公布）。请检查年份，工作日历没有改动。"""  # noqa: E501 - a message is one paragraph

    code = "calendar.year-unlikely"


class CalendarRefused(Invalid):
    """{year} 年的安排有 {count} 处不对：{first}。工作日历没有改动，请改正后再导入。"""

    code = "calendar.refused"

    def __init__(self, year: int, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(year=year, count=len(faults), first="；".join(faults[:3]))


class CalendarDoubtful(Invalid):
    """{year} 年的安排有 {count} 处疑问：{first}。工作日历没有改动。请与国务院办公厅的通知核对，确认无误后勾选“已核对”再提交。"""  # noqa: E501 - a message is one paragraph

    code = "calendar.doubtful"

    def __init__(self, year: int, doubts: list[str], days: Iterable[SpecialDay] = ()) -> None:
        self.doubts, self.days = doubts, tuple(days)
        super().__init__(year=year, count=len(doubts), first="；".join(doubts[:3]))


class YearChanged(Conflict):
    """{who}在 {when} 改动了 {year} 年的日历，你的改动没有保存。请刷新后再改。"""

    code = "calendar.year-changed"


class HoursUnfit(Invalid):
    """半天的下班时间应早于全天的下班时间，没有保存。请改正后再试。"""

    code = "calendar.hours-unfit"


@dataclass(frozen=True, slots=True)
class YearChange:
    """What a change of a year came to: how many of its days are arranged otherwise than before.

    `announced` when the year was provisional until now: dates that rest on it can be settled.
    """

    year: int
    days: int
    announced: bool


def table_of_days(session: Session) -> WorkingDays:
    """Return the calendar in force; one statement where this process knows it already."""
    return calendars.working_days(session)


def import_year(
    tools: Ledger,
    *,
    year: int,
    days: Iterable[SpecialDay],
    confirmed: bool = False,
    actor: Actor,
    now: datetime,
) -> YearChange:
    """Put an announced arrangement in the place of what a year has.

    `confirmed`: somebody has looked at the doubts. Raises AccountsForbidden, YearUnlikely,
    CalendarRefused, and CalendarDoubtful where it is not confirmed.
    """
    session = tools.session
    require_administrator(session, actor)
    first, last = published_years()[0].year, bureau_day(now).year + 1
    if not first <= year <= last:
        raise YearUnlikely(year=year, first=first, last=last)
    listed = sorted(days)
    if faults := faults_of(listed, year):
        raise CalendarRefused(year, faults)
    state = lock(session)
    known, row = in_force(session, year)
    before = known or CalendarYear(year, (), provisional=True)
    if not confirmed and (doubts := doubts_about(listed, year, before)):
        raise CalendarDoubtful(year, doubts, listed)
    after = CalendarYear(year, tuple(listed))
    return _change(tools, state, row, before, after, YearSource.IMPORTED, actor=actor, now=now)


def set_day(
    tools: Ledger,
    *,
    day: date,
    kind: SpecialKind | None,
    name: str = "",
    revision: int,
    actor: Actor,
    now: datetime,
) -> YearChange:
    """Arrange one day otherwise; without a kind it is what its weekday says.

    `revision` is that of the year as the page showed it, 0 for one as the program ships it. A
    provisional year stays that. Raises AccountsForbidden, DayOutsideCalendar, DayUnfit, NameUnfit,
    YearChanged.
    """
    session = tools.session
    require_administrator(session, actor)
    state = lock(session)
    before, row = _known(session, day.year)
    _require_revision(row, day.year, revision)
    after = with_day(before, day, kind, name)
    return _change(tools, state, row, before, after, YearSource.EDITED, actor=actor, now=now)


def announce_year(
    tools: Ledger, *, year: int, revision: int, confirmed: bool, actor: Actor, now: datetime
) -> YearChange:
    """Say that a provisional year is as it was announced: it is provisional no longer.

    Raises AccountsForbidden, DayOutsideCalendar, YearUnlikely, YearChanged, CalendarDoubtful.
    """
    session = tools.session
    require_administrator(session, actor)
    last = bureau_day(now).year + 1
    if year > last:
        raise YearUnlikely(year=year, first=published_years()[0].year, last=last)
    state = lock(session)
    before, row = _known(session, year)
    _require_revision(row, year, revision)
    swapped = any(each.kind is SpecialKind.SWAPPED for each in before.days)
    if not confirmed and not swapped:
        raise CalendarDoubtful(year, ["没有一天调休上班"], before.days)
    after = CalendarYear(year, before.days)
    return _change(tools, state, row, before, after, YearSource.EDITED, actor=actor, now=now)


def set_hours(tools: Ledger, *, hours: OfficeHours, actor: Actor, now: datetime) -> None:
    """Say when the office closes, and whether half days count. Raises HoursUnfit."""
    require_administrator(tools.session, actor)
    if hours.half_day_closing >= hours.closing:
        raise HoursUnfit
    state = lock(tools.session)
    state.closing = hours.closing.isoformat("minutes")
    state.half_day_closing = hours.half_day_closing.isoformat("minutes")
    state.half_days_count = hours.half_days_count
    restamp(tools.session, state)
    details: dict[str, Json] = {
        "closing": state.closing,
        "half_day_closing": state.half_day_closing,
        "half_days_count": state.half_days_count,
    }
    record_change(tools, "hours", details, actor=actor, now=now)


def _known(session: Session, year: int) -> tuple[CalendarYear, CalendarYearRow | None]:
    """Return a year as it is, and its row where it has one. Raises DayOutsideCalendar."""
    known, row = in_force(session, year)
    if known is None:
        days = calendars.working_days(session)
        raise DayOutsideCalendar(first=days.first, last=days.last)
    return known, row


def _require_revision(row: CalendarYearRow | None, year: int, revision: int) -> None:
    if (0 if row is None else row.revision) == revision:
        return
    _raise_changed(row, year)


def _raise_changed(row: CalendarYearRow | None, year: int) -> NoReturn:
    who = "系统" if row is None else row.changed_by
    when = "刚才" if row is None else shown(row.changed_at)
    raise YearChanged(who=who, when=when, year=year)


def _change(
    tools: Ledger,
    state: CalendarState,
    row: CalendarYearRow | None,
    before: CalendarYear,
    after: CalendarYear,
    source: YearSource,
    *,
    actor: Actor,
    now: datetime,
) -> YearChange:
    """Write what a year has become, and record each day that is arranged otherwise."""
    moved = sorted(set(before.days) ^ set(after.days))
    days = sorted({each.day for each in moved})
    change = YearChange(after.year, len(days), before.provisional and not after.provisional)
    if not days and not change.announced:
        return change
    revision = 1 if row is None else row.revision + 1
    write(tools.session, after, source, revision, actor, now)
    restamp(tools.session, state)
    details: dict[str, Json] = {
        "source": source.value,
        "provisional": after.provisional,
        "arranged": [_told(day, before, after) for day in days],
    }
    record_change(tools, str(after.year), details, actor=actor, now=now)
    return change


def _told(day: date, before: CalendarYear, after: CalendarYear) -> str:
    """Return how a day was and is arranged, for the access log: `2026-02-14: - > swapped`."""

    def kind(year: CalendarYear) -> str:
        found = next((each for each in year.days if each.day == day), None)
        return "-" if found is None else f"{found.kind.value} {found.name}".strip()

    return f"{day.isoformat()}: {kind(before)} > {kind(after)}"
