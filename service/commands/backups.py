"""Taking a backup beside the working system: rows as of one moment, and the file of each of them.

A file is written before its row is committed and never changes. So with the rows read first, the
file of each row is there, as long as nothing clears files away meanwhile: see `FileRoom.kept`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, select

from service.commands.access_log import record
from service.commands.backup_archive import Archive, ArchiveWriter
from service.commands.file_room import FileRoom
from service.commands.new_file import remove_abandoned, said_plainly, whole
from service.commands.rooms import Rooms
from service.domain import backups
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.backups import (
    FILE_NAME,
    NAMED,
    Manifest,
    NoSpace,
    Progress,
    Step,
    TableContent,
)
from service.domain.values import Json
from service.store import migrating
from service.store.table_rows import TableReader, tables_of
from service.store.tables import Document

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was taken; `size` in bytes."""

    path: Path
    size: int
    manifest: Manifest
    left_out: tuple[str, ...]
    """Tables that are none of the program's."""


@dataclass(slots=True)
class _Content:
    """What was written so far."""

    tables: list[TableContent] = field(default_factory=list)
    sealed: dict[str, int] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    lacking: list[str] = field(default_factory=list)


def take(
    rooms: Rooms,
    path: Path,
    *,
    tables: Sequence[str],
    program: str,
    progress: Progress,
    actor: Actor,
    details: "dict[str, Json]",
    now: datetime,
) -> Taken:
    """Write a backup to this new file; nothing is left of it where that fails.

    `tables` are those of the program, in an order in which they can be filled; `details` go into
    the access log, which has the backup before anything of it is written. Raises BackupExists,
    NoSpace, NotAccessible, Busy.
    """
    with whole(path) as stream, tempfile.TemporaryFile(dir=path.parent) as sums:
        with rooms.write() as tools:
            said: dict[str, Json] = {"file": path.name, **details}
            record(tools, AccessKind.BACKED_UP, actor=actor, details=said, now=now)
        writer, content = ArchiveWriter(stream, sums, now), _Content()
        with rooms.files.kept(), tempfile.TemporaryFile(dir=path.parent) as documents:
            with rooms.database.snapshot() as connection:
                revisions = tuple(sorted(migrating.applied(connection)))
                there = tables_of(connection)
                for name in tables:
                    table = TableReader(connection, name, there[name])
                    _add_table(writer, content, table, progress)
                _note_documents(connection, documents, path.parent)
            _add_files(writer, content, rooms.files, documents, progress)
        manifest = Manifest(
            at=now,
            program=program,
            database=rooms.database.dialect,
            revisions=revisions,
            tables=tuple(content.tables),
            files=content.files,
            file_bytes=content.file_bytes,
            lacking=len(content.lacking),
            lacking_named=tuple(content.lacking[:NAMED]),
            sealed=content.sealed,
            key_check=backups.key_check(rooms.audit_key),
            sums=writer.add_sums(),
        )
        written = backups.write_manifest(manifest)
        writer.finish(written, backups.sign(written, rooms.audit_key))
        size = stream.tell()
    return Taken(path, size, manifest, tuple(sorted(there.keys() - set(tables))))


def verify(path: Path, audit_key: bytes | None, *, progress: Progress) -> Manifest:
    """Check a backup from its first byte to its last, and where there is a key its signature.

    Raises NotAccessible, BackupUnreadable, BackupNewer, AuditKeyDiffers, BackupForged,
    BackupDamaged.
    """
    with said_plainly(path), path.open("rb") as stream:
        archive = Archive(stream, audit_key)
        archive.check(progress)
    return archive.manifest


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all backups in a folder but so many, by the moment in their names; return those."""
    named = sorted(path for path in folder.iterdir() if FILE_NAME.fullmatch(path.name))
    old = named[: max(len(named) - number, 0)]
    for path in old:
        path.unlink()
    remove_abandoned(folder)
    return old


def _add_table(
    writer: ArchiveWriter, content: _Content, table: TableReader, progress: Progress
) -> None:
    before = sum(each.rows for each in content.tables)

    def lines() -> Iterator[bytes]:
        for line in table.lines():
            progress(Step.ROWS_OUT, before + table.rows, 0)
            yield line

    writer.add_rows(table.name, lines())
    content.tables.append(TableContent(table.name, table.columns, table.rows))
    for key, values in table.sealed.items():
        content.sealed[key] = content.sealed.get(key, 0) + values


def _note_documents(connection: Connection, documents: BinaryIO, folder: Path) -> None:
    """Write down which files there are, so that nothing holds the snapshot while they are copied.

    Raises NoSpace at once where they cannot all find place.
    """
    statement = select(Document.key, Document.storage_name, Document.size, Document.sha256)
    expected = 0
    with connection.execution_options(yield_per=1000).execute(statement) as rows:
        for key, storage_name, size, sha256 in rows:
            documents.write(f"{key} {storage_name} {size} {sha256}\n".encode())
            expected += size
    if expected > shutil.disk_usage(folder).free:
        raise NoSpace(folder=folder)


def _add_files(
    writer: ArchiveWriter,
    content: _Content,
    files: FileRoom,
    documents: BinaryIO,
    progress: Progress,
) -> None:
    documents.seek(0)
    for line in documents:
        key, storage_name, size, sha256 = line.decode().split()
        try:
            stream = files.open(storage_name)
        except FileNotFoundError:
            content.lacking.append(key)
            continue
        with stream:
            length = os.fstat(stream.fileno()).st_size
            chunks = iter(lambda: stream.read(_CHUNK), b"")  # noqa: B023 - read in this turn
            found = writer.add(f"files/{storage_name}", length, chunks)
        content.files += 1
        content.file_bytes += length
        if (found, length) != (sha256, int(size)):
            content.lacking.append(key)
        progress(Step.FILES_OUT, content.file_bytes, 0)
