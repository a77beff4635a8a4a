"""A file is what its content says, never what its name says."""

import io
import zipfile
from pathlib import Path

import pytest

from service.commands.file_room import FileRoom
from service.commands.file_types import ALLOWED, ENDINGS, accepted, fitting_name
from service.domain.files import (
    FileEmpty,
    FileEndingContradicts,
    FileTooLarge,
    FileTypeRefused,
    cleaned_name,
)

MEGABYTE = 1024 * 1024


def archive(*names: str) -> bytes:
    """A zip file with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("accept", "names"),
    [
        (".pdf,.jpg", ["PDF", "JPEG 图片"]),
        ("image/*", ["PNG 图片", "JPEG 图片"]),
        ("application/pdf", ["PDF"]),
        (" .DOCX , .exe", ["Word"]),
        (".exe", list(ALLOWED.values())),
        ("", list(ALLOWED.values())),
    ],
)
def test_a_field_narrows_what_is_taken(accept: str, names: list[str]) -> None:
    assert list(accepted(accept).values()) == names


def compound(stream: str) -> bytes:
    """The magic of an old Office file, and the name of a stream in its directory."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + stream.encode("utf-16-le")


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
OFFICE = "application/vnd.openxmlformats-officedocument."

TAKEN = {
    "pdf": (PDF, "application/pdf"),
    "png": (PNG, "image/png"),
    "jpeg": (JPEG, "image/jpeg"),
    "docx": (archive("word/document.xml"), OFFICE + "wordprocessingml.document"),
    "xlsx": (archive("xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
    "pptx": (archive("ppt/presentation.xml"), OFFICE + "presentationml.presentation"),
    "ofd": (archive("OFD.xml"), "application/ofd"),
    "doc": (compound("WordDocument"), "application/msword"),
    "xls": (compound("Workbook"), "application/vnd.ms-excel"),
}

REFUSED = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a program": b"MZ\x90\x00" + b"\0" * 200,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "plain text": "说明".encode(),
    "a bare archive": archive("a.txt"),
    "a document with macros": archive("word/document.xml", "word/vbaProject.bin"),
    "half an archive": archive("word/document.xml")[:40],
    "a compound file of something else": compound("Root Entry"),
    "a picture that moves": b"GIF89a" + b"\0" * 40,
    "zeros": b"\0" * 100,
}


@pytest.fixture
def room(tmp_path: Path) -> FileRoom:
    return FileRoom(tmp_path / "files", limit=MEGABYTE)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_taken_gets_its_type_from_its_content(room: FileRoom, kind: str) -> None:
    content, media_type = TAKEN[kind]

    stored = room.receive(io.BytesIO(content), file_name="叫什么都行.txt")

    assert stored.media_type == media_type
    with room.open(stored.storage_name) as file:
        assert file.read() == content


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_leaves_nothing_behind(room: FileRoom, tmp_path: Path, kind: str) -> None:
    with pytest.raises(FileTypeRefused, match=r"证明\.pdf"):
        room.receive(io.BytesIO(REFUSED[kind]), file_name="证明.pdf")

    assert files_in(tmp_path) == []


def test_the_limit_counts_bytes(room: FileRoom, tmp_path: Path) -> None:
    room.receive(io.BytesIO(PDF.ljust(MEGABYTE, b"\n")), file_name="刚好.pdf")

    with pytest.raises(FileTooLarge, match="1 MB"):
        room.receive(io.BytesIO(PDF.ljust(MEGABYTE + 1, b"\n")), file_name="太大.pdf")
    assert len(files_in(tmp_path)) == 1


def test_an_empty_file_is_a_mistake(room: FileRoom) -> None:
    with pytest.raises(FileEmpty):
        room.receive(io.BytesIO(b""), file_name="空.pdf")


def test_the_name_on_disk_is_random_two_folders_deep_and_private(
    room: FileRoom, tmp_path: Path
) -> None:
    stored = room.receive(io.BytesIO(PDF), file_name="../../etc/passwd")

    [path] = files_in(tmp_path)
    name = stored.storage_name
    assert path == tmp_path / "files" / name[:2] / name[2:4] / name
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 31, "A" * 32, "/" * 32, ""])
def test_no_other_name_opens_a_file(room: FileRoom, name: str) -> None:
    with pytest.raises(ValueError, match="not a name of this room"):
        room.open(name)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("证明.pdf", "证明.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\文档\证明.pdf", "证明.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("\x00\x1b", "未命名"),
        ("..", "未命名"),
        ("", "未命名"),
        ("  多  个   空格 .pdf", "多 个 空格 .pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("长" * 300, "长" * 200),
        ("证明.pdf:恶意.exe", "证明.pdf_恶意.exe"),
        ('<b>"证明"|?*</b>.pdf', "b_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("com¹.tar.pdf", "_com¹.tar.pdf"),
        ("conference.pdf", "conference.pdf"),
        ("证明.pdf . .", "证明.pdf"),
    ],
)
def test_names_are_cleaned_for_showing(given: str, shown: str) -> None:
    assert cleaned_name(given) == shown


@pytest.mark.parametrize("media_type", ALLOWED)
def test_every_kind_that_is_taken_has_its_endings(media_type: str) -> None:
    for ending in ENDINGS[media_type]:
        name = f"证明.{ending.upper()}"
        assert fitting_name(name, media_type, field="证明") == name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("证明", "证明.pdf"),
        ("报告v1.2", "报告v1.2.pdf"),
        ("1.关于申报的说明", "1.关于申报的说明.pdf"),
        ("证明.pdf.pdf", "证明.pdf.pdf"),
        ("证明.рdf", "证明.рdf.pdf"),
        ("证明．ｅｘｅ", "证明．ｅｘｅ.pdf"),
        ("未命名", "未命名.pdf"),
        ("长" * 200, "长" * 196 + ".pdf"),
    ],
    ids=["none", "a number", "a sentence", "twice", "Cyrillic", "full width", "no name", "long"],
)
def test_an_ending_that_is_missing_is_added(given: str, kept: str) -> None:
    assert fitting_name(given, "application/pdf", field="证明") == kept


@pytest.mark.parametrize(
    "given",
    [
        "证明.pdf.exe",
        "evil\u202efdp.exe",
        "证明.docx",
        "../证明.html",
        "证明.pdf:恶意.js",
        ".exe.lnk",
    ],
)
def test_an_ending_that_says_something_else_is_refused_at_its_field(given: str) -> None:
    with pytest.raises(FileEndingContradicts, match="内容是 PDF") as refusal:
        fitting_name(cleaned_name(given), "application/pdf", field="成果[].扫描件")

    assert refusal.value.errors == {"成果[].扫描件": [refusal.value.message]}
    assert "改为 .pdf 后再传" in refusal.value.message
