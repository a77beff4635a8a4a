"""The stage of a case at which many tests begin: walked to once in a module, then brought back."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from tests.processes.desk import Desk

_Reached = TypeVar("_Reached")


@dataclass(frozen=True, slots=True)
class _Stage:
    database: Path
    files: Path
    now: datetime
    reached: Any


class Stages:
    """Of bureaus in SQLite, with the files and the clock that belong to them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, _Stage] = {}

    def reach(self, name: str, desk: Desk, files: Path, walk: Callable[[], _Reached]) -> _Reached:
        """Give what `walk` gives, with everything as it stood behind it.

        All who ask for the same name begin alike: in a copy of the same database, at the same
        moment. `files` is the folder of this desk's files.
        """
        live = Path(str(desk.rooms.database.url.database))
        if name not in self._kept:
            reached = walk()
            folder = self._folder / name
            folder.mkdir()
            stage = _Stage(folder / "jiaoyan.db", folder / "files", desk.clock.now, reached)
            _copy(live, stage.database)
            if files.exists():
                shutil.copytree(files, stage.files)
            self._kept[name] = stage
            return reached
        stage = self._kept[name]
        _copy(stage.database, live)
        if stage.files.exists():
            shutil.copytree(stage.files, files, dirs_exist_ok=True)
        desk.clock.now = stage.now
        reached = stage.reached
        return reached


def _copy(source: Path, target: Path) -> None:
    """Who has a connection to the target open sees the new rows."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as live:
        live.execute("PRAGMA synchronous=OFF")
        whole.backup(live)
