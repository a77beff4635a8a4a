"""The arrangement of a year as a workbook: read, written, and a template to fill in."""

from collections.abc import Sequence

from service.commands import workbooks
from service.commands.calendars import CalendarRefused
from service.domain.import_calendar import CALENDAR, read_days, rows_of
from service.domain.working_days import CalendarYear, SpecialDay


def read(content: bytes, year: int) -> list[SpecialDay]:
    """Return the days of a file that is meant for this year.

    Raises what `workbooks.read` raises, and CalendarRefused with every row that cannot be read.
    """
    days, faults = read_days(workbooks.read(content, [CALENDAR]).of(CALENDAR))
    if faults:
        raise CalendarRefused(year, faults)
    return days


def write(year: CalendarYear) -> bytes:
    """Return a year as a file to import again, with a sheet that explains the columns."""
    explained: Sequence[tuple[str, str, str]] = [
        (column.name, "必填" if column.required else "", column.hint) for column in CALENDAR.columns
    ]
    return workbooks.write(
        [
            (CALENDAR.name, [column.name for column in CALENDAR.columns], rows_of(year.days)),
            ("填写说明", ("列", "", "说明"), explained),
        ]
    )
