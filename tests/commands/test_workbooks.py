"""Workbooks: what is read of hostile ones, and what is written."""

import contextlib
import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from service.commands import organization_files, workbooks
from service.commands.file_types import media_type
from service.commands.workbooks import RowsTooMany, SheetsUnfit, WorkbookUnreadable
from service.domain.files import FileTypeRefused
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


def swollen(part: str, end: bytes, more: bytes) -> bytes:
    """A workbook of some kilobytes with much in one of its parts."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
        zipfile.ZipFile(io.BytesIO(book(UNITS))) as old,
    ):
        for one in old.infolist():
            data = old.read(one)
            given = data.replace(end, more + end) if one.filename == part else data
            new.writestr(one.filename, given)
    assert packed.tell() < 200_000
    return packed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "end", "more"),
    [
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 3_000_000),
        (SHEET, b"</sheetData>", b"<row>" + b"<c/>" * 3_000_000 + b"</row>"),
        (SHEET, b"</sheetData>", b'<row a="' + b"x" * 3_000_000 + b'"></row>'),
        ("xl/workbook.xml", b"</sheets>", b"<sheet/>" * 3_000_000),
        ("docProps/core.xml", b"</cp:coreProperties>", b"<a/>" * 3_000_000),
    ],
)
def test_some_kilobytes_that_unpack_to_millions_of_elements_are_refused_at_once(
    part: str, end: bytes, more: bytes
) -> None:
    content = swollen(part, end, more)
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(WorkbookUnreadable, match="解压后太大"):
            workbooks.read(content, SHEETS)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    assert time.process_time() - begun < 10


def test_no_encoding_hides_what_a_part_weighs() -> None:
    told = b"<?xml version='1.0' encoding='gb18030'?><worksheet "
    with pytest.raises(WorkbookUnreadable):
        workbooks.read(with_part(book(UNITS), SHEET, b"<worksheet ", told), SHEETS)


def test_a_picture_in_a_workbook_weighs_nothing() -> None:
    out = io.BytesIO(book(UNITS))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n" + b"<" * 100_000)
    assert len(workbooks.read(out.getvalue(), SHEETS).rows) == len(UNITS)


def test_a_directory_of_a_hundred_thousand_parts_is_not_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        new.writestr("word/document.xml", b"x")
        for number in range(12_000):
            new.writestr(zipfile.ZipInfo(f"word/{number}"), b"")
    path = tmp_path / "file"
    path.write_bytes(packed.getvalue())
    with pytest.raises(WorkbookUnreadable):
        workbooks.read(packed.getvalue(), SHEETS)
    with pytest.raises(FileTypeRefused):
        media_type(path, file_name="证明.docx")


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
