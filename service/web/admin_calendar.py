"""The calendar for its administrators: a year day by day, its arrangement, hours and periods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from http import HTTPStatus

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import (
    calendar_files,
    calendar_periods,
    calendars,
    provisional_dates,
    workbooks,
)
from service.commands.calendars import CalendarDoubtful, CalendarRefused, YearChange
from service.commands.toolbox import Toolbox
from service.commands.workbooks import WorkbookUnreadable
from service.domain.access_events import bureau_day
from service.domain.actors import Actor
from service.domain.calendar_years import Period
from service.domain.errors import Invalid, JiaoyanError, NotFound
from service.domain.import_calendar import rows_from_text, rows_to_text
from service.domain.working_days import (
    DayOutsideCalendar,
    OfficeHours,
    SpecialDay,
    SpecialKind,
)
from service.queries import administration
from service.queries import calendars as reading
from service.web import calendar_texts
from service.web.admin_frame import act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms

pages = admin_pages("admin_calendar")

_LONGEST_FIELD = 300
_LONGEST_ROWS = 20_000
_SETTLED_AT_ONCE = 200
"""Dates that a page waits for; the rest is settled in the night."""


class FileMissing(Invalid):
    """没有选择文件，什么也没有导入。请先选择一个 .xlsx 文件。"""

    code = "calendar.file-missing"


class DateInvalid(Invalid):
    """“{text}”不是日期，没有保存。请按 2026-03-02 的样子填写。"""

    code = "calendar.date-invalid"


class TimeInvalid(Invalid):
    """“{text}”不是时刻，没有保存。请按 17:30 的样子填写。"""

    code = "calendar.time-invalid"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows beside the year: why an act was refused, and what to look at again."""

    refusal: JiaoyanError | None = None
    act: str = ""
    faults: Sequence[str] = ()
    doubts: Sequence[str] = ()
    rows: str = ""


Change = Callable[[Toolbox, Actor], str]


@pages.get("/calendar")
def home() -> AnyResponse:
    """The calendar begins with the present year."""
    return redirect(url_for("admin_calendar.show", year=bureau_day(now()).year))


@pages.get("/calendar/<int:year>")
def show(year: int) -> AnyResponse:
    """One year."""
    return _page(year, HTTPStatus.OK, Shown())


@pages.get("/calendar/<int:year>/file")
def file(year: int) -> AnyResponse:
    """A year as a workbook, to be changed and imported again."""
    with rooms().read() as session:
        view = _view(lambda: reading.year(session, year=year))
    headers = {"Content-Disposition": f'attachment; filename="calendar-{year}.xlsx"'}
    return Response(
        calendar_files.write(view.calendar), mimetype=workbooks.MEDIA_TYPE, headers=headers
    )


@pages.post("/calendar/<int:year>/day")
def day(year: int) -> AnyResponse:
    """Arrange one day otherwise."""

    def change(tools: Toolbox, actor: Actor) -> str:
        when, kind = _date("day"), _sent("kind")
        calendars.set_day(
            tools,
            day=when,
            kind=SpecialKind(kind) if kind in set(SpecialKind) else None,
            name=_sent("name"),
            revision=_revision(),
            actor=actor,
            now=now(),
        )
        return _("已保存 %(day)s的安排。", day=calendar_texts.day(when))

    return _change(year, "day", change)


@pages.post("/calendar/<int:year>/import")
def bring_in(year: int) -> AnyResponse:
    """Take an announced arrangement from a file, or what was read of it before its doubts."""

    def change(tools: Toolbox, actor: Actor) -> str:
        done = calendars.import_year(
            tools,
            year=year,
            days=_days(year),
            confirmed="confirmed" in request.form,
            actor=actor,
            now=now(),
        )
        return _said(done)

    return _change(year, "import", change, settles=True)


@pages.post("/calendar/<int:year>/announce")
def announce(year: int) -> AnyResponse:
    """Say that an estimated year is as it was announced."""

    def change(tools: Toolbox, actor: Actor) -> str:
        done = calendars.announce_year(
            tools,
            year=year,
            revision=_revision(),
            confirmed="confirmed" in request.form,
            actor=actor,
            now=now(),
        )
        return _said(done)

    return _change(year, "announce", change, settles=True)


@pages.post("/calendar/<int:year>/hours")
def hours(year: int) -> AnyResponse:
    """Say when the office closes, and whether half days count."""

    def change(tools: Toolbox, actor: Actor) -> str:
        wanted = OfficeHours(
            _time("closing"), _time("half_day_closing"), "half_days_count" in request.form
        )
        calendars.set_hours(tools, hours=wanted, actor=actor, now=now())
        return _("办公时间已保存。")

    return _change(year, "hours", change)


@pages.post("/calendar/<int:year>/periods")
def add_period(year: int) -> AnyResponse:
    """Make a period."""

    def change(tools: Toolbox, actor: Actor) -> str:
        wanted = Period(_sent("kind"), _sent("name"), _date("begins_on"), _date("ends_on"))
        calendar_periods.save(tools, wanted, actor=actor, now=now())
        return _("已添加“%(name)s”。", name=wanted.name.strip())

    return _change(year, "period", change)


@pages.post("/calendar/<int:year>/periods/<key:key>")
def change_period(year: int, key: int) -> AnyResponse:
    """Change a period, or remove it."""

    def change(tools: Toolbox, actor: Actor) -> str:
        if "remove" in request.form:
            calendar_periods.remove(tools, key=key, actor=actor, now=now())
            return _("已删除。")
        wanted = Period(_sent("kind"), _sent("name"), _date("begins_on"), _date("ends_on"))
        calendar_periods.save(tools, wanted, key=key, actor=actor, now=now())
        return _("“%(name)s”已修改。", name=wanted.name.strip())

    return _change(year, f"period-{key}", change)


def _change(year: int, name: str, change: Change, *, settles: bool = False) -> AnyResponse:
    """Do an act in a transaction; `settles`: dates may rest on what it announces."""

    def done() -> str:
        with rooms().write() as tools:
            said = change(tools, current_actor())
        return said + _settled() if settles else said

    def refused(status: HTTPStatus, refusal: JiaoyanError) -> AnyResponse:
        return _page(year, status, _shown(name, refusal))

    return act(done, leads_to=url_for("admin_calendar.show", year=year), refused=refused)


def _shown(name: str, refusal: JiaoyanError) -> Shown:
    """What a refused act leaves on the page; of doubtful days what was read, to be confirmed."""
    faults = refusal.faults if isinstance(refusal, CalendarRefused) else ()
    if not isinstance(refusal, CalendarDoubtful):
        return Shown(refusal, name, faults)
    rows = rows_to_text(refusal.days)
    return Shown(refusal, name, (), refusal.doubts, rows)


def _page(year: int, status: HTTPStatus, shown: Shown) -> AnyResponse:
    with rooms().read() as session:
        view = _view(lambda: reading.year(session, year=year))
        administers = administration.may_act(session, actor=current_actor())
    chosen = _chosen(year)
    return admin_page(
        "admin/calendar.html",
        status=status,
        view=view,
        year=year,
        months=calendar_texts.months(view),
        today=bureau_day(now()),
        chosen=chosen,
        chosen_special=view.special.get(chosen) if chosen else None,
        kinds=calendar_texts.kinds(),
        administers=administers,
        may_announce=year <= bureau_day(now()).year + 1,
        shown=shown,
        sent=request.form,
        texts=calendar_texts,
    )


def _view(read: Callable[[], reading.YearView]) -> reading.YearView:
    try:
        return read()
    except DayOutsideCalendar as outside:
        raise NotFound from outside


def _chosen(year: int) -> date | None:
    """Return the day that is to be edited: the one asked for, or the one just sent."""
    try:
        chosen = date.fromisoformat(request.values.get("day", "")[:10])
    except ValueError:
        return None
    return chosen if chosen.year == year else None


def _days(year: int) -> list[SpecialDay]:
    """Return the days of the file that was sent, or of what was read of it before."""
    rows = request.form.get("rows", "")
    if rows and len(rows) <= _LONGEST_ROWS:
        return rows_from_text(rows)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise FileMissing
    with sent.stream as opened:
        content = opened.read(workbooks.LONGEST + 1)
    if len(content) > workbooks.LONGEST:
        raise WorkbookUnreadable(reason=f"超过 {workbooks.LONGEST // 1024 // 1024} MB")
    return calendar_files.read(content, year)


def _settled() -> str:
    """Settle the first of the dates that were waiting, and say what became of them."""
    done = provisional_dates.settle(rooms(), now=now(), most=_SETTLED_AT_ONCE)
    if not (done.kept or done.moved or done.flagged):
        return ""
    return _(
        "暂估的日期已重新计算：%(kept)s 个不变，%(moved)s 个已调整，%(flagged)s 个等待人工决定。",
        kept=done.kept,
        moved=done.moved,
        flagged=done.flagged,
    )


def _said(done: YearChange) -> str:
    if not done.days and not done.announced:
        return _("和现有的安排一样，没有改动。")
    return _("%(year)s 年的安排已保存，%(days)s 天有变化。", year=done.year, days=done.days)


def _sent(name: str) -> str:
    return request.form.get(name, "")[:_LONGEST_FIELD]


def _revision() -> int:
    text = _sent("revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _date(name: str) -> date:
    text = _sent(name).strip()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DateInvalid(text=text[:40]) from error


def _time(name: str) -> time:
    text = _sent(name).strip()
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise TimeInvalid(text=text[:40]) from error
