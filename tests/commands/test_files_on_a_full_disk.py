"""The disk of the files is full: it is said plainly, nothing stays, and it goes on with room."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.commands import documents
from service.commands.documents import DocumentReceipt
from service.commands.file_room import FileRoom
from service.commands.rooms import Rooms
from service.domain.errors import StorageFull
from service.store.database import Database
from service.store.tables import Document
from tests.faults.disks import NoSmallDisk, small_disk
from tests.fixtures_commands import EVIDENCE, Deploy, Stage

PDF = b"%PDF-1.7\n1 0 obj" + b"\0" * 600_000


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def disk() -> Iterator[Path]:
    """One megabyte, which takes one such file and not two."""
    try:
        with small_disk(1) as folder:
            yield folder
    except NoSmallDisk as reason:
        pytest.skip(f"this machine does not let us mount: {reason}")


def test_a_file_that_finds_no_room_is_refused_until_there_is_some(
    stage: Stage, deploy: Deploy, disk: Path
) -> None:
    [process] = deploy(*EVIDENCE).processes
    rooms = replace(stage.rooms, files=FileRoom(disk / "files"))

    def send(rooms: Rooms) -> DocumentReceipt:
        return documents.upload(
            rooms, process.key, field="证明", file_name="a.pdf", stream=io.BytesIO(PDF),
            actor=stage.cast.applicant, now=stage.clock.now,
        )  # fmt: skip

    ballast = disk / "ballast"
    ballast.write_bytes(b"\0" * 600_000)
    with pytest.raises(StorageFull):
        send(rooms)
    assert list(rooms.files.names(older_than=4e9)) == []
    assert stage.rows(Document) == []
    ballast.unlink()
    send(rooms)
    [row] = stage.rows(Document)
    assert rooms.files.path(str(row["storage_name"])).read_bytes() == PDF
