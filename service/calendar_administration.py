"""What an operator does with the calendar from the command line, each act as the system.

Part of the composition root: `cli_calendar.py` names these and prints what they return.
"""

from pathlib import Path

from service.administration import looked_at, opened
from service.commands import calendar_estimates, calendar_files, calendars, provisional_dates
from service.commands.calendars import CalendarDoubtful, CalendarRefused
from service.domain.actors import SYSTEM
from service.domain.errors import Invalid
from service.queries import calendars as reading
from service.settings import Settings


class NotImported(Invalid):
    """{year} 年的安排没有导入，工作日历没有改动。{advice}
    {lines}"""

    code = "calendar.not-imported"


def import_year(settings: Settings, year: int, file: Path, *, confirmed: bool) -> str:
    """Put the arrangement of a file in the place of a year; return what was done.

    Raises NotImported with every day that is wrong or doubtful.
    """
    content = file.read_bytes()
    try:
        days = calendar_files.read(content, year)
        with opened(settings) as rooms, rooms.write() as tools:
            done = calendars.import_year(
                tools,
                year=year,
                days=days,
                confirmed=confirmed,
                actor=SYSTEM,
                now=rooms.clock(),
            )
        with opened(settings) as rooms:
            settled = provisional_dates.settle(rooms, now=rooms.clock())
    except CalendarRefused as refused:
        raise _not_imported(year, refused.faults, "请改正文件后再导入。") from refused
    except CalendarDoubtful as doubtful:
        advice = "请与国务院办公厅的通知核对；确认无误后加上 --confirmed 再运行。"
        raise _not_imported(year, doubtful.doubts, advice) from doubtful
    if not done.days and not done.announced:
        return f"{year} 年和现有的安排一样，没有改动。"
    said = f"{year} 年的安排已导入，{done.days} 天有变化。"
    return (
        f"{said}暂估的日期重新计算：{settled.kept} 个不变，{settled.moved} 个已调整，"
        f"{settled.flagged} 个已对外公布或送达，等待人工决定。"
    )


def export_year(settings: Settings, year: int, file: Path) -> None:
    """Write a year as a workbook. Raises DayOutsideCalendar."""
    with looked_at(settings) as rooms, rooms.read() as session:
        file.write_bytes(calendar_files.write(reading.year(session, year=year).calendar))


def update(settings: Settings) -> str:
    """Estimate the years ahead and take what the program knows; return what was done."""
    with opened(settings) as rooms:
        changed = calendar_estimates.bring_up_to_date(rooms, now=rooms.clock())
    if not changed:
        return "工作日历已是最新。"
    return f"已更新 {'、'.join(map(str, changed))} 年。"


def _not_imported(year: int, found: list[str], advice: str) -> NotImported:
    return NotImported(year=year, lines="\n".join(f"  {line}" for line in found), advice=advice)
