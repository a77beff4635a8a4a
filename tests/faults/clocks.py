"""The machine's clock is set, back and forward, under a worker that runs (libfaketime)."""

import importlib.util
import time
from datetime import timedelta
from pathlib import Path

from tests.faults.auditor import audit
from tests.faults.stand import Scene, Stand
from tests.faults.verdict import Verdict

LONGEST_WAIT = 300.0
"""Seconds: how long it took is remarked, and tells what a busy machine adds."""

_HOUR = 3600


class NoFakeTime(Exception):
    """The library is not there, or is none of this machine's."""


def set_back_and_forward(stand: Stand, database: str, size: int) -> Verdict:
    """The clock goes back by an hour, then forward by a day; what is due by it fires, and once."""
    with stand.scene(database) as scene:
        clock = scene.folder / "clock"
        _set(clock, 0)
        worker = scene.start("worker", **_faked(clock))
        worker.wait_until_it_says("作业程序已启动")
        time.sleep(2)  # it sleeps until its next look
        slow = []
        for offset, due_in in ((-_HOUR, timedelta(seconds=2)), (24 * _HOUR, timedelta(hours=12))):
            _set(clock, offset)
            before = scene.completed()
            shown = scene.rooms.clock() + timedelta(seconds=min(offset, 0))
            scene.begin("alarm", size, now=shown, at=(shown + due_in).isoformat())
            slow.append(_until(scene, before + size))
        faults = audit(scene)
        done = scene.completed()
    return Verdict("clock set back 1 h, forward 1 d", database, 2 * size, done, faults,
                   f"done after {slow[0]:.0f} and {slow[1]:.0f} s")  # fmt: skip


def _faked(clock: Path) -> dict[str, str]:
    """What gives a program the clock of this file, and leaves it the one that is never set."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or not found.submodule_search_locations:
        raise NoFakeTime
    [package] = found.submodule_search_locations
    library = Path(package) / "vendor/libfaketime/src/libfaketime.so.1"
    if not library.exists():
        raise NoFakeTime
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def _set(clock: Path, seconds: int) -> None:
    new = clock.with_suffix(".new")
    new.write_text(f"{seconds:+d}")
    new.replace(clock)


def _until(scene: Scene, completed: int) -> float:
    begun = time.monotonic()
    while scene.completed() < completed and time.monotonic() - begun < LONGEST_WAIT:
        time.sleep(0.1)
    return time.monotonic() - begun
