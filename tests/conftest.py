"""Fixtures for all rooms: each room's module of fixtures is named here, and what makes runs quick.

The files of tests lie in memory where the machine has a disk of memory with room: the databases of
SQLite and the rooms of files wait for their disk at each commit, which proves nothing here. Python
keeps what it has compiled, also where it was told not to: our programs are started many times.
What Flask compiles for an application serves the next one too. Where several processes share a
run by files, the files that take longest are given out first, so that none is left for the end.
No test of a property fails for how long the machine takes to draw or to try an example.
"""

import gc
import os
import shutil
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import compiled_once

pytest_plugins = [
    "tests.fixtures_feel",
    "tests.fixtures_store",
]

MEMORY = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
ROOM = 2 * 1024**3
"""Bytes: more than a run ever holds. In a container the disk of memory may be too small."""

LONGEST = (
    "tests/test_backup_programs.py",
    "tests/browser/test_people_walk.py",
    "tests/faults/",
    "tests/test_programs.py",
    "tests/browser/test_admission_story.py",
    "tests/browser/",
    "tests/rights/test_walk.py",
    "tests/store/test_authorization_properties.py",
    "tests/engine/test_conformance.py",
    "tests/feel/test_storm.py",
    "tests/engine/test_mutated_models.py",
    "tests/processes/test_sample_cases.py",
    "tests/processes/test_demonstration.py",
    "tests/jobs/test_outgoing_mail.py",
    "tests/processes/",
)
"""Files and folders in the order in which they are to begin; all others come after them."""

SELDOM = (10_000, 10, 20)
"""When garbage is collected: all of it after about a hundred tests. Python's own would be three."""

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")

compiled_once.install()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of garbage rest while tests are found: all that is made then stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Let the collector look no more at the thousands of tests that were found, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-xdist keep our order: its own is by the number of tests, the long walks last."""
    if config.pluginmanager.hasplugin("xdist"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files that take longest first in a process that shares a run with others."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    turns = (turn for turn, start in enumerate(LONGEST) if nodeid.startswith(start))
    return next(turns, len(LONGEST))
