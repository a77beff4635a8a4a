"""What a workbook weighs before it is read: the reader keeps what a part holds in memory.

A few kilobytes unpack to millions of elements, of which each costs the reader some 20 µs and 200
bytes. Each part is therefore parsed once without being kept, and refused where it has more elements
than a workbook of the bureau can have. A part that no parser of XML begins to read costs nothing.
"""

import io
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of all parts together."""
MOST_PARTS = 500
MOST_IN_SHEETS = 800_000
"""Elements of all sheets and of the texts that they share: 10,000 rows of 25 cells, and some."""
MOST_IN_ROW = 50_000
"""Elements of one row: Excel knows 16,384 columns."""
MOST_ELSEWHERE = 50_000
"""Elements of all other parts: styles, relations, themes, drawings."""
LONGEST_TAG = 256 * 1024
"""Bytes of one tag with its attributes."""

_PIECE = 64 * 1024
_BULK = frozenset({"worksheet", "sst"})
# How XML begins in the encodings that a parser finds out by itself: XML 1.0, appendix F.
_BEGINNINGS = (
    b"<", b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b"\x00<", b"\x00\x00\x00<", b"Lo\xa7\x94",
)  # fmt: skip


class TooHeavy(Exception):
    """What is in it would take too much time or memory to read."""


class NotXml(ValueError):
    """A part that begins as XML cannot be parsed, or declares entities."""


@dataclass(slots=True)
class Weight:
    """What was counted so far, and where cells are merged."""

    in_sheets: int = 0
    elsewhere: int = 0
    merged: list[str] = field(default_factory=list)


def weigh(content: bytes) -> Weight:
    """Count the elements of a packed workbook. Raises TooHeavy, NotXml, BadZipFile."""
    weight = Weight()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TooHeavy
        for part in parts:
            with packed.open(part) as opened:
                first = opened.read(_PIECE)
                if first.lstrip().startswith(_BEGINNINGS) or first.startswith(_BEGINNINGS):
                    _Part(weight).read(first, opened)
    return weight


class _Part:
    """One part while it is parsed; nothing of it is kept."""

    def __init__(self, weight: Weight) -> None:
        self._weight = weight
        self._bulk: bool | None = None
        self._in_row = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, piece: bytes, rest: IO[bytes]) -> None:
        """Parse a part from its first piece to its end."""
        fed = 0
        try:
            while piece:
                self._parser.Parse(piece, False)
                fed += len(piece)
                if fed - self._parser.CurrentByteIndex > LONGEST_TAG:
                    raise TooHeavy
                piece = rest.read(_PIECE)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise NotXml(str(error)) from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        if self._bulk is None:
            self._bulk = local in _BULK
        if not self._bulk:
            self._weight.elsewhere += 1
            if self._weight.elsewhere > MOST_ELSEWHERE:
                raise TooHeavy
            return
        self._weight.in_sheets += 1
        self._in_row = 0 if local in {"row", "si"} else self._in_row + 1
        if self._weight.in_sheets > MOST_IN_SHEETS or self._in_row > MOST_IN_ROW:
            raise TooHeavy
        if local == "mergeCell":
            self._weight.merged.append(attributes.get("ref", ""))

    def _refuse(self, *_declared: object) -> None:
        raise NotXml("a workbook declares no document type")
