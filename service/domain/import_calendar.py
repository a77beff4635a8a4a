"""The rows of a file with the arrangement of a year: `2026-02-15 至 2026-02-23 放假 春节`."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from service.domain.calendar_years import KIND_LABELS, LONGEST_NAME
from service.domain.errors import Invalid
from service.domain.import_rows import Cell, Column, Formula, SheetForm, SheetRow, text_of
from service.domain.working_days import SpecialDay, SpecialKind

CALENDAR = SheetForm(
    "工作日历",
    (
        Column("first", "日期", True, "如 2026-02-15、2026年2月15日，要写年份"),
        Column("last", "至", False, "连续几天时的最后一天；只有一天不填"),
        Column("kind", "安排", True, "放假、调休上班 或 半天"),
        Column("name", "名称", False, "如 春节"),
    ),
)


class RowsUnreadable(Invalid):
    """核对过的内容不完整，什么也没有导入。请重新选择文件。"""

    code = "calendar.rows-unreadable"


_LONGEST_SPAN = 31
"""Days of one row."""
_WRITTEN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}
_KINDS |= {"上班": SpecialKind.SWAPPED, "补班": SpecialKind.SWAPPED, "休": SpecialKind.HOLIDAY}


def read_days(rows: Iterable[SheetRow]) -> tuple[list[SpecialDay], list[str]]:
    """Return the days that the rows name, and in words what is wrong, by row."""
    days: list[SpecialDay] = []
    faults: list[str] = []
    for row in rows:
        found = _days_of(row)
        if isinstance(found, str):
            faults.append(f"第 {row.number} 行{found}")
        else:
            days += found
    return days, faults


def rows_of(days: Iterable[SpecialDay]) -> list[tuple[str, str, str, str]]:
    """Return days as the rows of a file; those in a row with one name are one row."""
    spans: list[tuple[SpecialDay, date]] = []
    for each in sorted(days):
        if spans:
            begun, last = spans[-1]
            goes_on = (begun.kind, begun.name) == (each.kind, each.name)
            if goes_on and each.day == last + timedelta(days=1):
                spans[-1] = (begun, each.day)
                continue
        spans.append((each, each.day))
    return [
        (
            begun.day.isoformat(),
            "" if last == begun.day else last.isoformat(),
            KIND_LABELS[begun.kind],
            begun.name,
        )
        for begun, last in spans
    ]


def rows_to_text(days: Iterable[SpecialDay]) -> str:
    """Return days as one text, a line a row: what was read of a file that is to be confirmed."""
    return "\n".join("\t".join(row) for row in rows_of(days))


def rows_from_text(text: str) -> list[SpecialDay]:
    """Return the days of such a text. Raises RowsUnreadable for any other."""
    keys = [column.key for column in CALENDAR.columns]
    rows = [
        SheetRow(CALENDAR, number, dict(zip(keys, line.split("\t"), strict=False)))
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    days, faults = read_days(rows)
    if faults or not days:
        raise RowsUnreadable
    return days


def _days_of(row: SheetRow) -> list[SpecialDay] | str:
    """Return the days of one row, or what is wrong with it."""
    first, last = _date(row.cells.get("first")), _date(row.cells.get("last"))
    kind = _KINDS.get(text_of(row.cells.get("kind")))
    name = text_of(row.cells.get("name")) or (KIND_LABELS[kind] if kind else "")
    if first is None:
        return "的日期看不懂，应写成 2026-02-15 的样子"
    if last is None and text_of(row.cells.get("last")):
        return "的“至”看不懂，应写成 2026-02-23 的样子"
    if kind is None:
        return f"的安排应是 {'、'.join(KIND_LABELS.values())} 之一"
    if len(name) > LONGEST_NAME:
        return f"的名称超过 {LONGEST_NAME} 个字符"
    length = ((last or first) - first).days
    if not 0 <= length < _LONGEST_SPAN:
        return f"的日期应从早到晚，一行最多 {_LONGEST_SPAN} 天"
    return [SpecialDay(first + timedelta(days=n), kind, name) for n in range(length + 1)]


def _date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = None if isinstance(cell, Formula) else _WRITTEN.fullmatch(text_of(cell))
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
