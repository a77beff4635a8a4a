"""Backups in tests: taken from a stage, restored into rooms of their own, and looked into."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from service import app
from service.commands import backups, restoring
from service.commands.backups import Taken
from service.commands.file_room import FileRoom
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.backups import Manifest, Progress, Step
from service.store.database import Database
from service.store.migrating import changing
from service.store.table_rows import TableReader
from tests.fixtures_commands import Stage
from tests.fixtures_store import VERSION_LOCATIONS

LOGS = {"access_event", "access_head"}
"""Where taking and restoring a backup are recorded."""


def in_silence(_step: Step, _done: int, _of: int) -> None:
    """Nobody waits."""


def tables() -> list[str]:
    app.discover()
    return app.table_names()


def take(
    stage: Stage,
    path: Path,
    *,
    progress: Progress = in_silence,
    names: Sequence[str] | None = None,
) -> Taken:
    return backups.take(
        stage.rooms,
        path,
        tables=tables() if names is None else names,
        program="1.2.3",
        progress=progress,
        actor=SYSTEM,
        details={"operator": "backup"},
        now=stage.clock.now,
    )


def elsewhere(stage: Stage, url: str, folder: Path) -> Stage:
    """The same stage on another database, with other files."""
    rooms = replace(
        stage.rooms, database=Database(url), files=FileRoom(folder / "files", limit=1024 * 1024)
    )
    return replace(stage, rooms=rooms)


def restore(rooms: Rooms, path: Path, *, progress: Progress = in_silence) -> Manifest:
    return restoring.restore(
        rooms,
        path,
        tables=tables(),
        version_locations=VERSION_LOCATIONS,
        progress=progress,
        actor=SYSTEM,
        details={"operator": "backup"},
        now=rooms.clock(),
    )


def rows(database: Database, without: set[str] = LOGS) -> dict[str, list[bytes]]:
    """All rows but those of the log, in an order of their own."""
    with database.snapshot() as connection:
        return {
            name: sorted(TableReader(connection, name).lines())
            for name in tables()
            if name not in without
        }


def nothing_is_there(rooms: Rooms, folder: Path) -> bool:
    """Whether there is neither a table nor a file."""
    with changing(rooms.database.url) as connection:
        found = connection.dialect.get_table_names(connection)
    return not found and not [each for each in folder.rglob("*") if each.name != "files.lock"]
