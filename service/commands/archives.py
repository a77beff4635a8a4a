"""How long the directory of an archive is, known before it is read: it names each part."""

import re
import struct

TAIL = 66 * 1024
"""Bytes at the end of a file among which an archive says where its directory is."""
LONGEST_DIRECTORY = 512 * 1024
"""Bytes of a directory: some thousand parts. A document has some dozens."""

_END = re.compile(rb"PK\x05\x06")
_END_OF_LARGE = b"PK\x06\x07"
_LENGTH = struct.Struct("<I")
_PLACE_OF_LENGTH = 12


def has_short_directory(tail: bytes) -> bool:
    """Tell whether the last `TAIL` bytes of a file end an archive of a document's size.

    Archives over 4 GB say it in another record; none of them is a document. Whatever could be taken
    for the end of one counts.
    """
    last = len(tail) - _PLACE_OF_LENGTH - _LENGTH.size
    ends = [found.start() for found in _END.finditer(tail) if found.start() <= last]
    lengths = [_LENGTH.unpack_from(tail, end + _PLACE_OF_LENGTH)[0] for end in ends]
    return bool(lengths) and max(lengths) <= LONGEST_DIRECTORY and _END_OF_LARGE not in tail
