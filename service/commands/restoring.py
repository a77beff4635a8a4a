"""Putting a backup into an empty database and an empty folder of files: all of it or nothing."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.backup_archive import Archive, Member
from service.commands.file_room import FileRoom
from service.commands.new_file import said_plainly, sync_folder
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.backups import (
    AuditKeyDiffers,
    BackupNewer,
    BackupUnreadable,
    ClockBehind,
    DataKeyDiffers,
    FilesNotEmpty,
    Manifest,
    Progress,
    RowsRefused,
    Step,
    TableContent,
    require_data_keys,
)
from service.domain.dates import shown
from service.domain.values import Json
from service.store import migrating, new_database
from service.store.database import gave_way, out_of_space
from service.store.table_rows import broken_references, fill, tables_of

_Summed = tuple[Member, str]


def restore(
    rooms: Rooms,
    path: Path,
    *,
    tables: Sequence[str],
    version_locations: Sequence[Path],
    keys_lost: bool,
    progress: Progress,
    actor: Actor,
    details: "dict[str, Json]",
    now: datetime,
) -> Manifest:
    """Put the content of a backup where nothing is yet, and bring it to the newest form.

    The whole file is checked before anything is written. Rows of an older program go where its
    form is, then the migrations that are missing run. `tables` are those of this program, `details`
    go into the access log. `keys_lost` restores without the keys that the backup was made with:
    its history verifies no more then, and what they have sealed stays closed.

    Raises NotAccessible, NoSpace, BackupUnreadable, BackupNewer, AuditKeyDiffers, BackupForged,
    BackupDamaged, DataKeyDiffers, ClockBehind, DatabaseNotEmpty, FilesNotEmpty, RowsRefused, Busy.
    """
    with said_plainly(path), path.open("rb") as stream:
        archive, lost = _opened(stream, rooms, keys_lost=keys_lost)
        _require_fit(archive.manifest, version_locations, now)
        new_database.require_empty(rooms.database.url, tables)
        _require_no_files(rooms.files)
        archive.check(progress)
        said: dict[str, Json] = {
            "file": path.name,
            "taken_at": archive.manifest.at.isoformat(),
            **({"keys_lost": lost} if lost else {}),
            **details,
        }
        with said_plainly(rooms.files.folder), _arriving(rooms.files) as arriving:
            _receive_files(archive, FileRoom(arriving), progress)
            with (
                _answered(rooms, arriving, tables),
                new_database.being_filled(
                    rooms.database.url,
                    version_locations,
                    tables=tables,
                    revisions=archive.manifest.revisions,
                ) as connection,
            ):
                _receive_rows(archive, connection, progress)
                migrating.run(connection, version_locations)
                with Session(connection) as session:
                    ledger = rooms.toolbox(session)
                    record(ledger, AccessKind.RESTORED, actor=actor, details=said, now=now)
                arriving.rename(rooms.files.folder)
                sync_folder(arriving.parent)
    return archive.manifest


@contextmanager
def _answered(rooms: Rooms, arriving: Path, tables: Sequence[str]) -> Iterator[None]:
    """Find out, where the commit gave no answer, whether it was done; else take the files back.

    Raises Busy where nobody can tell; the files stay then.
    """
    try:
        yield
    except BaseException:
        if arriving.exists():
            raise
        if new_database.is_empty(rooms.database.url, tables):
            shutil.rmtree(rooms.files.folder)
            raise


def _opened(stream: BinaryIO, rooms: Rooms, *, keys_lost: bool) -> tuple[Archive, list[Json]]:
    """Return the archive, and which keys it was made with that nobody has any more."""
    lost: list[Json] = []
    try:
        archive = Archive(stream, rooms.audit_key)
    except AuditKeyDiffers:
        if not keys_lost:
            raise
        archive = Archive(stream, None)
        lost.append("JIAOYAN_AUDIT_KEY")
    try:
        require_data_keys(archive.manifest, rooms.data_keys.names)
    except DataKeyDiffers:
        if not keys_lost:
            raise
        lost.append("JIAOYAN_DATA_KEY")
    return archive, lost


def _require_fit(manifest: Manifest, version_locations: Sequence[Path], now: datetime) -> None:
    if unknown := migrating.unknown_revisions(manifest.revisions, version_locations):
        raise BackupNewer(unknown=f"数据库结构 {'、'.join(unknown)}")
    if now < manifest.at:
        raise ClockBehind(now=shown(now), at=shown(manifest.at))


def _require_no_files(files: FileRoom) -> None:
    if files.folder.exists() and any(files.folder.iterdir()):
        raise FilesNotEmpty(folder=files.folder)


@contextmanager
def _arriving(files: FileRoom) -> Iterator[Path]:
    """Give a folder beside that of the files, to take its place; deleted where it does not."""
    folder = files.folder.with_name(f"{files.folder.name}.arriving")
    with files.swept():
        _require_no_files(files)
        shutil.rmtree(folder, ignore_errors=True)  # of a restore that was killed
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _receive_files(archive: Archive, files: FileRoom, progress: Progress) -> None:
    for member, sha256 in archive.summed():
        if member.storage_name is not None:
            files.put(member.storage_name, archive.chunks(member, sha256))
            progress(Step.FILES_IN, member.offset + member.size, archive.size)
    os.sync()


def _receive_rows(archive: Archive, connection: Connection, progress: Progress) -> None:
    expected = {each.name: each for each in archive.manifest.tables}
    there = tables_of(connection)
    for each in archive.manifest.tables:
        if there.get(each.name) != each.columns:
            raise RowsRefused(table=each.name)
    written = dict.fromkeys(expected, 0)
    for name, members in groupby(archive.summed(), key=lambda one: one[0].table):
        if name is None:
            continue
        if name not in expected:
            raise BackupUnreadable(reason="清单里没有它的一个表")
        lines = _lines(archive, members, progress)
        written[name] += _fill(connection, expected[name], lines)
    if written != {each.name: each.rows for each in archive.manifest.tables}:
        raise BackupUnreadable(reason="行数与清单不一致")
    if broken := broken_references(connection):
        raise RowsRefused(table="、".join(broken))


def _lines(archive: Archive, members: Iterable[_Summed], progress: Progress) -> Iterator[bytes]:
    for member, sha256 in members:
        yield from archive.lines(member, sha256)
        progress(Step.ROWS_IN, member.offset + member.size, archive.size)


def _fill(connection: Connection, table: TableContent, lines: Iterable[bytes]) -> int:
    try:
        return fill(connection, table.name, table.columns, lines)
    except DBAPIError as error:
        if gave_way(error) or out_of_space(error):
            raise
        raise RowsRefused(table=table.name) from error
    except (ValueError, TypeError) as error:
        raise RowsRefused(table=table.name) from error
