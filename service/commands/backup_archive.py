"""The tar of a backup: written in one go, read strictly.

Python's `tarfile` makes and reads each header; what lies between is read here, since a reader that
follows links, unpacks sparse files or believes in paths has no place before a backup from outside.
"""

import hashlib
import os
import tarfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import BinaryIO

from service.domain.backups import (
    MANIFEST,
    MEMBER_NAME,
    SIGNATURE,
    SUMS,
    BackupDamaged,
    BackupUnreadable,
    Progress,
    Step,
    read_manifest,
)

_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 256 * 1024
_LOT = 4 * 1024 * 1024
"""Bytes of rows that make a member, before they are compressed."""
_GZIP = 16 + zlib.MAX_WBITS
_MOST_SAID = 4 * 1024 * 1024
"""Bytes of a manifest."""


class ArchiveWriter:
    """Writes members one behind the other; `sums` collects their checksums meanwhile."""

    def __init__(self, stream: BinaryIO, sums: BinaryIO, at: datetime) -> None:
        self._stream = stream
        self._sums = sums
        self._at = int(at.timestamp())

    def add(self, name: str, size: int, chunks: Iterable[bytes]) -> str:
        """Write a member of exactly so many bytes; return their SHA-256, hexadecimal.

        Raises ValueError where there are more or fewer.
        """
        digest, written = hashlib.sha256(), 0
        self._stream.write(self._header(name, size))
        for chunk in chunks:
            digest.update(chunk)
            written += len(chunk)
            if written > size:
                break
            self._stream.write(chunk)
        if written != size:
            raise ValueError(f"{name} is not as long as it was")
        self._stream.write(bytes(-size % _BLOCK))
        sha256 = digest.hexdigest()
        if name not in {SUMS, MANIFEST, SIGNATURE}:
            self._sums.write(f"{sha256}  {name}\n".encode())
        return sha256

    def add_rows(self, table: str, lines: Iterable[bytes]) -> None:
        """Write the rows of a table in as many members as it takes."""
        for number, lot in enumerate(_lots(lines), start=1):
            self.add(f"tables/{table}/{number:06}.jsonl.gz", len(lot), [lot])

    def add_sums(self) -> str:
        """Write the checksums of all members so far; return the SHA-256 of them."""
        size = self._sums.seek(0, os.SEEK_END)
        self._sums.seek(0)
        return self.add(SUMS, size, iter(lambda: self._sums.read(_CHUNK), b""))

    def finish(self, manifest: bytes, signature: bytes) -> None:
        """Write what the backup says of itself, and its end."""
        self.add(MANIFEST, len(manifest), [manifest])
        self.add(SIGNATURE, len(signature), [signature])
        self._stream.write(bytes(2 * _BLOCK))

    def _header(self, name: str, size: int) -> bytes:
        header = tarfile.TarInfo(name)
        header.size, header.mtime, header.mode = size, self._at, 0o600
        return header.tobuf(tarfile.USTAR_FORMAT)


def _lots(lines: Iterable[bytes]) -> Iterator[bytes]:
    packed: list[bytes] = []
    pack, size = zlib.compressobj(6, wbits=_GZIP), 0
    for line in lines:
        packed.append(pack.compress(line))
        size += len(line)
        if size >= _LOT:
            yield b"".join([*packed, pack.flush()])
            packed, pack, size = [], zlib.compressobj(6, wbits=_GZIP), 0
    if size:
        yield b"".join([*packed, pack.flush()])


@dataclass(frozen=True, slots=True)
class Member:
    """A member, and where its bytes lie in the file."""

    name: str
    size: int
    offset: int

    @property
    def table(self) -> str | None:
        """The table whose rows it holds; None for any other member."""
        return self.name.split("/")[1] if self.name.startswith("tables/") else None

    @property
    def storage_name(self) -> str | None:
        """The name of the file it holds; None for any other member."""
        return self.name.split("/")[1] if self.name.startswith("files/") else None


class Archive:
    """A backup that was opened for reading, and checked from its first byte to its last.

    Raises BackupUnreadable, BackupNewer, and with a key AuditKeyDiffers and BackupForged, before
    any of the content is read; then BackupDamaged.
    """

    def __init__(self, stream: BinaryIO, audit_key: bytes | None) -> None:
        self._descriptor = stream.fileno()
        self.size = os.fstat(self._descriptor).st_size
        last = deque(self._all(), maxlen=3)
        if [each.name for each in last] != [SUMS, MANIFEST, SIGNATURE]:
            raise BackupUnreadable(reason="没有清单")
        self._sums, said, signature = last
        self.manifest = read_manifest(self._short(said), self._short(signature), audit_key)

    def check(self, progress: Progress) -> None:
        """Read all of it and compare with the checksums. Raises BackupUnreadable, BackupDamaged."""
        for member, sha256 in self.summed():
            for _chunk in self.chunks(member, sha256):
                pass
            progress(Step.CHECK, member.offset + member.size, self.size)

    def summed(self) -> Iterator[tuple[Member, str]]:
        """Yield rows and files with their checksums. Raises BackupUnreadable, BackupDamaged."""
        lines = _lines(self.chunks(self._sums, self.manifest.sums))
        for member in takewhile(lambda each: each != self._sums, self._all()):
            sha256, _spaces, name = next(lines, b"").decode("ascii", "replace").partition("  ")
            if name != member.name or member.name in {SUMS, MANIFEST, SIGNATURE}:
                raise BackupUnreadable(reason="内容与校验表不一致")
            yield member, sha256
        if next(lines, None) is not None:
            raise BackupUnreadable(reason="缺少校验表列出的内容")

    def chunks(self, member: Member, sha256: str) -> Iterator[bytes]:
        """Yield a member's bytes. Raises BackupDamaged behind the last where they are others."""
        digest, offset, end = hashlib.sha256(), member.offset, member.offset + member.size
        while offset < end:
            chunk = self._read(min(_CHUNK, end - offset), offset)
            digest.update(chunk)
            offset += len(chunk)
            yield chunk
        if digest.hexdigest() != sha256:
            raise BackupDamaged(member=member.name)

    def lines(self, member: Member, sha256: str) -> Iterator[bytes]:
        """Yield the lines of a member with rows. Raises BackupDamaged."""
        return _lines(_unpacked(self.chunks(member, sha256)))

    def _all(self) -> Iterator[Member]:
        offset = 0
        while (block := self._read(_BLOCK, offset)) != bytes(_BLOCK):
            member = _member(block, offset + _BLOCK)
            yield member
            offset = member.offset + member.size + -member.size % _BLOCK
        if self._read(_BLOCK, offset + _BLOCK) != block or offset + 2 * _BLOCK != self.size:
            raise BackupUnreadable(reason="结尾之后还有内容")

    def _short(self, member: Member) -> bytes:
        if member.size > _MOST_SAID:
            raise BackupUnreadable(reason="清单过大")
        return self._read(member.size, member.offset)

    def _read(self, size: int, offset: int) -> bytes:
        content = os.pread(self._descriptor, size, offset)
        if len(content) < size:
            raise BackupUnreadable(reason="内容中断，可能没有复制完")
        return content


def _member(block: bytes, offset: int) -> Member:
    try:
        header = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise BackupUnreadable(reason="不是本系统写的格式") from None
    if header.type != tarfile.REGTYPE or header.linkname or header.size < 0:
        raise BackupUnreadable(reason="含有普通文件以外的内容")
    if not MEMBER_NAME.fullmatch(header.name):
        raise BackupUnreadable(reason="含有不属于备份的文件")
    return Member(header.name, header.size, offset)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines, each without its end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise BackupUnreadable(reason="有一行没有写完")


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            packed = chunk
            while packed:
                yield unpack.decompress(packed, _CHUNK)
                packed = unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error:
        raise BackupUnreadable(reason="压缩的内容无法读取") from None
    if not unpack.eof or unpack.unused_data:
        raise BackupUnreadable(reason="压缩的内容无法读取")
