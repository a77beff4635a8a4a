"""Backups in tests: taken, restored into rooms of their own, and looked into.

`source`  rooms on SQLite that make a backup for many tests: nobody changes anything there
"""

import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from service import app
from service.commands import accounts, backups, groups, personal_data, restoring
from service.commands.backups import Taken
from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry
from service.commands.models import ModelCache
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.backups import Manifest, Progress, Step
from service.domain.keys import KeySource
from service.domain.personal_data import PersonalKind
from service.engine import Engine
from service.feel import FeelPool
from service.store.database import Database
from service.store.migrating import changing
from service.store.sealing import DataKeys
from service.store.table_rows import TableReader, tables_of
from service.store.tables import Document
from tests.fixtures_commands import DATA_KEY
from tests.fixtures_store import AUDIT_KEY, OFFICE, VERSION_LOCATIONS

LOGS = {"access_event", "access_head"}
"""Where taking and restoring a backup are recorded."""


def in_silence(_step: Step, _done: int, _of: int) -> None:
    """Nobody waits."""


def tables() -> list[str]:
    app.discover()
    return app.table_names()


def take(
    rooms: Rooms,
    path: Path,
    *,
    progress: Progress = in_silence,
    names: Sequence[str] | None = None,
) -> Taken:
    return backups.take(
        rooms,
        path,
        tables=tables() if names is None else names,
        program="1.2.3",
        progress=progress,
        actor=SYSTEM,
        details={"operator": "backup"},
        now=rooms.clock(),
    )


def elsewhere(rooms: Rooms, url: str, folder: Path) -> Rooms:
    """The same rooms with another database and other files."""
    files = FileRoom(folder / "files", limit=1024 * 1024)
    return replace(rooms, database=Database(url), files=files)


def restore(
    rooms: Rooms, path: Path, *, progress: Progress = in_silence, keys_lost: bool = False
) -> Manifest:
    return restoring.restore(
        rooms,
        path,
        tables=tables(),
        version_locations=VERSION_LOCATIONS,
        keys_lost=keys_lost,
        progress=progress,
        actor=SYSTEM,
        details={"operator": "backup"},
        now=rooms.clock(),
    )


def rows(database: Database, without: set[str] = LOGS) -> dict[str, list[bytes]]:
    """All rows but those of the log, in an order of their own."""
    with database.snapshot() as connection:
        return {
            name: sorted(TableReader(connection, name, columns).lines())
            for name, columns in tables_of(connection).items()
            if name not in without
        }


def nothing_is_there(rooms: Rooms, folder: Path) -> bool:
    """Whether there is neither a table nor a file."""
    with changing(rooms.database.url) as connection:
        found = connection.dialect.get_table_names(connection)
    return not found and not [each for each in folder.rglob("*") if each.name != "files.lock"]


@pytest.fixture(scope="module")
def source(
    sqlite_template: Path,
    feel: FeelPool,
    keys: KeySource,
    tmp_path_factory: pytest.TempPathFactory,
) -> Rooms:
    """A group, an account with a number, and a file."""
    folder, now = tmp_path_factory.mktemp("source"), datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    rooms = Rooms(
        database=Database(f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'jiaoyan.db')}"),
        engine=Engine(feel),
        feel=feel,
        handlers=HandlerRegistry(),
        keys=keys,
        files=FileRoom(folder / "files"),
        models=ModelCache(),
        clock=lambda: now,
        audit_key=AUDIT_KEY,
        data_keys=DataKeys([DATA_KEY]),
    )
    stored = rooms.files.receive(io.BytesIO(b"%PDF-1.7\n1 0 obj"), file_name="证明.pdf")
    row = {
        "key": 1, "storage_name": stored.storage_name, "file_name": "证明.pdf",
        "media_type": stored.media_type, "size": stored.size, "sha256": stored.sha256,
        "field": "证明", "subject_key": 1, "instance_key": None, "uploaded_by": "zhang.min",
        "uploaded_at": now,
    }  # fmt: skip
    with rooms.write() as tools:
        tools.session.execute(insert(Document), [row])
        groups.create_group(tools, group_id=OFFICE, name="人事科", actor=SYSTEM, now=now)
        accounts.create_person(
            tools, username="zhang.min", display_name="张敏", actor=SYSTEM, now=now
        )
        groups.add_member(tools, group_id=OFFICE, username="zhang.min", actor=SYSTEM, now=now)
        personal_data.record(
            tools, username="zhang.min", kind=PersonalKind.MOBILE, text="13812345678",
            actor=SYSTEM, now=now,
        )  # fmt: skip
    return rooms
