"""Workbooks (.xlsx) read as rows of known sheets, and written from rows.

A workbook is hostile until read: what it weighs is known before the reader gets it
(`workbook_weighing`), entities are refused, formulas are never worked out. What is written is text
in every cell, so that no name becomes a formula in the spreadsheet of who opens it.

openpyxl is loaded by who needs it, not above: most programs start and end without a workbook.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from lxml.etree import LxmlError

from service.commands.archives import TAIL, has_short_directory
from service.commands.workbook_weighing import TooHeavy, Weight, weigh
from service.domain.errors import Invalid
from service.domain.import_rows import (
    MOST_ROWS,
    Cell,
    Formula,
    SheetForm,
    SheetRow,
    missing_columns,
    text_of,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as WrittenCell
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST = 5 * 1024 * 1024
"""Bytes of a workbook."""
_MOST_COLUMNS = 60
_MOST_BLANK_ROWS = 20_000
_WIDEST = 60

# What the libraries raise for a file that is no workbook, or a broken one: they have no common
# error, and a broken part may be met anywhere.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LxmlError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


class WorkbookUnreadable(Invalid):
    """这个文件不能读取：{reason}。什么也没有导入。请用 Excel 或 WPS 另存为“.xlsx”后再试。"""

    code = "workbooks.unreadable"


class SheetsUnfit(Invalid):
    """表格的样子不对：{reason}。什么也没有导入。请下载模板，按其中的工作表和列名填写。"""

    code = "workbooks.sheets-unfit"


class RowsTooMany(Invalid):
    """文件超过 {most} 行，没有读完，什么也没有导入。请分成几个文件，先导入机构，再分批导入人员。"""

    code = "workbooks.rows-too-many"


@dataclass(frozen=True, slots=True)
class ReadRows:
    """The rows of the known sheets, and columns that are not known by sheet."""

    rows: tuple[SheetRow, ...]
    ignored: tuple[str, ...]

    def of(self, sheet: SheetForm) -> list[SheetRow]:
        """Return the rows of a sheet."""
        return [row for row in self.rows if row.sheet is sheet]


def read(content: bytes, sheets: Sequence[SheetForm]) -> ReadRows:
    """Read what a workbook has of these sheets; others in it are left alone.

    Raises WorkbookUnreadable, SheetsUnfit, RowsTooMany.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    merged = _weighed(content).merged
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return _rows(merged, book, sheets)
        finally:
            book.close()
    except (InvalidFileException, *_BROKEN) as error:
        raise WorkbookUnreadable(reason="内容已损坏，或不是 Excel 文件") from error


def write(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]) -> bytes:
    """Write sheets (name, names of columns, rows of texts) into a workbook."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, header, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place in range(1, len(header) + 1):
            width = max(18, min(_WIDEST, 2 * len(header[place - 1]) + 12))
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([_header(sheet, text) for text in header])
        for row in rows:
            sheet.append([_text(sheet, text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _weighed(content: bytes) -> Weight:
    """Look at what the file is, and how much is in it, before anything of it is kept."""
    if len(content) > LONGEST:
        raise WorkbookUnreadable(reason=f"超过 {LONGEST // 1024 // 1024} MB")
    if not has_short_directory(content[-TAIL:]):
        raise WorkbookUnreadable(reason="不是 .xlsx 文件")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except _BROKEN as error:
        raise WorkbookUnreadable(reason="不是 .xlsx 文件") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        raise WorkbookUnreadable(reason="不是 .xlsx 文件，或带有宏")
    try:
        return weigh(content)
    except TooHeavy as heavy:
        said = "解压后太大，或者行、列、样式太多；请只留下要导入的工作表和列，另存以后再试"
        raise WorkbookUnreadable(reason=said) from heavy
    except _BROKEN as error:
        raise WorkbookUnreadable(reason="内容已损坏，或不是 Excel 文件") from error


class _Sheet(Protocol):
    """A sheet of a workbook that is only read; the stubs know the other kind alone."""

    def reset_dimensions(self) -> None: ...
    def iter_rows(self, *, max_col: int) -> Iterator[Sequence[object]]: ...


def _rows(merged: Sequence[str], book: "Workbook", sheets: Sequence[SheetForm]) -> ReadRows:
    there = {name.strip(): name for name in book.sheetnames}
    wanted = [sheet for sheet in sheets if sheet.name in there]
    if not wanted:
        names = "”“".join(sheet.name for sheet in sheets)
        raise SheetsUnfit(reason=f"没有名为“{names}”的工作表")
    if merged:
        raise SheetsUnfit(reason=f"有合并的单元格（{'、'.join(merged[:3])}），请先取消合并")
    rows: list[SheetRow] = []
    ignored: list[str] = []
    for sheet in wanted:
        worksheet = book[there[sheet.name]]
        if not hasattr(worksheet, "iter_rows"):
            raise SheetsUnfit(reason=f"“{sheet.name}”是图表，不是表格")
        for row in _read_sheet(cast(_Sheet, worksheet), sheet, ignored):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise RowsTooMany(most=MOST_ROWS)
    if not rows:
        raise SheetsUnfit(reason="列名下面没有内容")
    return ReadRows(tuple(rows), tuple(ignored))


def _read_sheet(worksheet: _Sheet, sheet: SheetForm, ignored: list[str]) -> Iterator[SheetRow]:
    worksheet.reset_dimensions()  # what a file says of its size may be wrong
    columns: list[str | None] = []
    blank = 0
    for number, cells in enumerate(worksheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        values = [_cell(cell) for cell in cells]
        if not columns:
            columns = _columns(sheet, values, ignored)
            continue
        said = {key: value for key, value in zip(columns, values, strict=False) if key is not None}
        if any(text_of(value) for value in said.values()):
            yield SheetRow(sheet, number, said)
            continue
        blank += 1
        if blank > _MOST_BLANK_ROWS:
            raise RowsTooMany(most=_MOST_BLANK_ROWS)


def _columns(sheet: SheetForm, values: Sequence[Cell], ignored: list[str]) -> list[str | None]:
    """Return the key of each column, None for one that is not known."""
    names = [text_of(value) for value in values]
    if missing := missing_columns(sheet, names):
        said = "、".join(missing)
        raise SheetsUnfit(reason=f"工作表“{sheet.name}”第一行没有列名“{said}”")
    if twice := [name for name in dict.fromkeys(names) if name and names.count(name) > 1]:
        raise SheetsUnfit(reason=f"工作表“{sheet.name}”的列名“{twice[0][:60]}”有两个")
    keys = {column.name: column.key for column in sheet.columns}
    ignored += [f"{sheet.name}：{name[:60]}" for name in names if name and name not in keys]
    return [keys.get(name) for name in names]


def _cell(cell: object) -> Cell:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") in {"f", "e"}:
        return Formula(str(value))
    if isinstance(value, timedelta):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float | date | time):
        return value
    return Formula(str(value))  # an array formula


def _header(sheet: "Worksheet", text: str) -> "WrittenCell":
    from openpyxl.styles import Font, PatternFill

    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE6F0")
    return cell


_RISKY = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _text(sheet: "Worksheet", text: str) -> "WrittenCell":
    """A cell of text, never a formula; what could be read as one is marked as quoted."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=None)
    cell.value = _CONTROL.sub("", text)[:32_000]
    cell.data_type = "s"
    if text.startswith(_RISKY):
        cell.quotePrefix = True
    return cell
