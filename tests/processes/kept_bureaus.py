"""A bureau of SQLite is settled once in a process; whoever opens it later begins with a copy."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from service.commands.models import ModelCache
from service.feel import FeelPool
from service.settings import Settings
from tests.processes.conftest import SECRET, open_desk, open_house
from tests.processes.desk import Desk

Settle = Callable[[Desk], None]


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    models: ModelCache


_kept: dict[tuple[Settle, Path], _Kept] = {}


@contextmanager
def open_copy(
    settle: Settle, template: Path, folder: Path, feel: FeelPool, now: datetime
) -> Iterator[Desk]:
    """Give the sample bureau and what this function settles in it, in a folder of its own.

    Versions of diagrams never change and their keys are never given again: all copies share what
    was parsed of them.
    """
    if (settle, template) not in _kept:
        _kept[settle, template] = _settle(settle, template, folder, feel, now)
    kept = _kept[settle, template]
    path = folder / "jiaoyan.db"
    shutil.copyfile(kept.path, path)
    with open_house(_settings(path), feel, now) as house:
        yield replace(house, rooms=replace(house.rooms, models=kept.models))


def _settle(settle: Settle, template: Path, folder: Path, feel: FeelPool, now: datetime) -> _Kept:
    """In a file beside the template, which outlives the folders of tests."""
    path = template.with_name(f"{settle.__module__}.db")
    shutil.copyfile(template, path)
    with open_desk(replace(_settings(path), data_dir=folder), feel, now) as desk:
        settle(desk)
    with closing(sqlite3.connect(path)) as connection:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy, "somebody still has the settled bureau open"
    return _Kept(path, desk.rooms.models)


def _settings(path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{path}", data_dir=path.parent, audit_key=SECRET,
        secret_key=SECRET, data_key=SECRET, https=False,
    )  # fmt: skip
