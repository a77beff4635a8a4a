"""Fixtures for all rooms: each room's module of fixtures is named here, and what makes runs quick.

The files of tests lie in memory where the machine has a disk of memory with room: the databases of
SQLite and the rooms of files wait for their disk at each commit, which proves nothing here. Python
keeps what it has compiled, also where it was told not to: our programs are started many times.
What Flask compiles for an application serves the next one too.
"""

import gc
import os
import shutil
import sys
from pathlib import Path

from tests import compiled_once

pytest_plugins = [
    "tests.fixtures_feel",
    "tests.fixtures_store",
]

MEMORY = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
ROOM = 2 * 1024**3
"""Bytes: more than a run ever holds. In a container the disk of memory may be too small."""

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

compiled_once.install()


def pytest_collection_finish() -> None:
    """Let the collector of garbage look no more at the thousands of tests that were found."""
    gc.collect()
    gc.freeze()
