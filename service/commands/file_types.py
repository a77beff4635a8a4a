"""What a file is, told from its content; the ending of its name proves nothing and must fit."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import puremagic

from service.commands import archives
from service.domain.files import FileEndingContradicts, FileTypeRefused, ending_of, with_ending

ALLOWED: Mapping[str, str] = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/msword": "Word 97-2003",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-excel": "Excel 97-2003",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/ofd": "OFD",
    "image/png": "PNG 图片",
    "image/jpeg": "JPEG 图片",
}
"""Media types that are taken, with the name a person knows them by."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/msword": ("doc", "wps"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.ms-excel": ("xls", "et"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/ofd": ("ofd",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
}
"""Endings that fit a media type, the usual one first. WPS Office writes .wps and .et in the form of
Word and Excel 97-2003."""

_HEAD = 4096
_BY_HEAD = ("application/pdf", "image/png", "image/jpeg")
_IN_ZIP = (
    (
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("OFD.xml", "application/ofd"),
)
_IN_COMPOUND = (("WordDocument", "application/msword"), ("Workbook", "application/vnd.ms-excel"))
_COMPOUND_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


def accepted(accept: str) -> Mapping[str, str]:
    """Return those of the allowed types that a file field takes: `.pdf,image/*`.

    All of them where it says nothing of them: a field narrows what the house allows, no more.
    """
    wanted = {one.strip().lower() for one in accept.split(",")}
    taken = {
        kind: name
        for kind, name in ALLOWED.items()
        if wanted & {kind, f"{kind.split('/')[0]}/*", *(f".{one}" for one in ENDINGS[kind])}
    }
    return taken or ALLOWED


def media_type(path: Path, *, file_name: str, kinds: Mapping[str, str] = ALLOWED) -> str:
    """Return the media type of a file's content; raises FileTypeRefused for any but `kinds`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = _of_content(path, head)
    if found not in kinds:
        raise FileTypeRefused(name=file_name, allowed="、".join(kinds.values()))
    return found


def fitting_name(file_name: str, media_type: str, *, field: str) -> str:
    """Return the name with an ending that fits the content: a missing one is added.

    What is kept under a name is opened by its ending, so one that says something else is refused
    at `field`: raises FileEndingContradicts.
    """
    ending, fitting = ending_of(file_name), ENDINGS[media_type]
    if not ending:
        return with_ending(file_name, fitting[0])
    if ending.lower() not in fitting:
        raise FileEndingContradicts(
            field=field,
            name=file_name,
            ending=ending,
            kind=ALLOWED[media_type],
            endings="、".join(f".{one}" for one in fitting),
        )
    return file_name


def _of_content(path: Path, head: bytes) -> str:
    """Both kinds of container begin alike whatever they hold: what is in them decides."""
    if head.startswith(b"PK"):
        return _of_zip(path)
    if head.startswith(_COMPOUND_MAGIC):
        return _of_compound(path)
    return _of_head(head)


def _of_zip(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - archives.TAIL))
        if not archives.has_short_directory(file.read()):
            return ""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""  # a document with macros
    return next((kind for part, kind in _IN_ZIP if part in names), "")


def _of_compound(path: Path) -> str:
    """Old Office files name their main stream in the directory, in UTF-16."""
    content = path.read_bytes()
    return next((kind for name, kind in _IN_COMPOUND if name.encode("utf-16-le") in content), "")


def _of_head(head: bytes) -> str:
    """PDF and pictures by their first bytes; of several guesses only the best ones count."""
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    best = [match.mime_type for match in matches if match.confidence == matches[0].confidence]
    return next((kind for kind in best if kind in _BY_HEAD), "")
