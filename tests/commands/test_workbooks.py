"""Workbooks: what is read of hostile ones, and what is written."""

import contextlib
import io
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from service.commands import organization_files, workbooks
from service.commands.workbooks import RowsTooMany, SheetsUnfit, WorkbookUnreadable
from service.domain.import_rows import MOST_ROWS, SHEETS
from tests.books import UNITS, book, saved


def with_part(content: bytes, name: str, change: bytes, into: bytes) -> bytes:
    """The workbook with something replaced in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(
                part.filename, data.replace(change, into) if part.filename == name else data
            )
    return out.getvalue()


def merged() -> bytes:
    made = load_workbook(io.BytesIO(book(UNITS)))
    made["机构"].merge_cells("A2:A3")
    return saved(made)


def bomb() -> bytes:
    out = io.BytesIO(book(UNITS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/large.bin", b"\0" * (80 * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet '
    return with_part(book(UNITS), "xl/worksheets/sheet1.xml", b"<worksheet ", laugh)


def renamed(name: str) -> bytes:
    made = Workbook()
    made.active.title = name  # type: ignore[union-attr]
    return saved(made)


@pytest.mark.parametrize(
    ("content", "refusal", "why"),
    [
        (b"", WorkbookUnreadable, "不是 .xlsx"),
        (b"\xd0\xcf\x11\xe0 an old workbook", WorkbookUnreadable, "不是 .xlsx"),
        ("用户名,姓名\na,甲".encode(), WorkbookUnreadable, "不是 .xlsx"),
        (b"PK\x03\x04" + b"\0" * 100, WorkbookUnreadable, "不是 .xlsx"),
        (b"x" * (6 * 1024 * 1024), WorkbookUnreadable, "超过 5 MB"),
        (book(UNITS)[:-900], WorkbookUnreadable, "不是 .xlsx"),
        (renamed("花名册"), SheetsUnfit, "没有名为“机构”“人员”的工作表"),
        (renamed("人员"), SheetsUnfit, "内容|列名"),
        (book(), SheetsUnfit, "没有内容"),
        (book([["a"]], columns={"机构": ["机构编号"]}), SheetsUnfit, "没有列名“机构名称”"),
        (
            book([["a", "b", "c"]], columns={"机构": ["机构编号", "机构名称", "机构名称"]}),
            SheetsUnfit,
            "有两个",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(
    content: bytes, refusal: type[Exception], why: str
) -> None:
    with pytest.raises(refusal, match=why):
        workbooks.read(content, SHEETS)


def test_merged_cells_are_refused_with_their_place() -> None:
    with pytest.raises(SheetsUnfit, match="A2:A3"):
        workbooks.read(merged(), SHEETS)


def test_what_would_be_too_large_unpacked_is_not_unpacked() -> None:
    with pytest.raises(WorkbookUnreadable, match="解压后太大"):
        workbooks.read(bomb(), SHEETS)


def test_entities_are_refused() -> None:
    with pytest.raises(WorkbookUnreadable):
        workbooks.read(entities(), SHEETS)


@pytest.mark.parametrize("place", range(40, 4000, 331))
def test_a_broken_file_is_no_fault_of_the_program(place: int) -> None:
    content = bytearray(book(UNITS))
    content[place : place + 7] = b"\xff\x00\xfe<&\x01\x02"
    with contextlib.suppress(WorkbookUnreadable, SheetsUnfit):
        workbooks.read(bytes(content), SHEETS)


def test_50_000_rows_are_refused_before_they_are_all_read() -> None:
    cell = '<c t="inlineStr"><is><t>{0}</t></is></c>'
    row = f"<row>{cell}{cell}</row>"
    rows = "".join(row.format(number) for number in range(50_000)).encode()
    content = with_part(
        book(UNITS), "xl/worksheets/sheet1.xml", b"</sheetData>", rows + b"</sheetData>"
    )
    begun = time.process_time()
    with pytest.raises(RowsTooMany, match=str(MOST_ROWS)):
        workbooks.read(content, SHEETS)
    assert time.process_time() - begun < 30


def test_the_template_can_be_read() -> None:
    with pytest.raises(SheetsUnfit, match="没有内容"):
        workbooks.read(organization_files.template(), SHEETS)
