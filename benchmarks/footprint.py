"""How soon `jiaoyan serve` answers on an existing database, and what memory it takes.

`python -m benchmarks.footprint`
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from benchmarks.completion import KEY, environment, prepare, tasks
from benchmarks.load import post
from benchmarks.machine import table
from service import app
from service.settings import Settings
from tests.programs import free_port

STARTS = 5
COMMAND = [sys.executable, "-m", "service.cli", "serve"]


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            secret_key=KEY,
            audit_key=KEY[::-1],
            data_key=KEY[8:] + KEY[:8],
            https=False,
            port=free_port(),
        )
        bureau = app.discover()
        app.upgrade_database(settings, bureau)
        rooms = app.assemble(settings, bureau)
        token = prepare(rooms)
        seconds = [_seconds_to_first_answer(settings) for _ in range(STARTS)]
        rows = [(f"{min(seconds):.2f}", f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}")]
        table(f"Seconds until serve answers, {STARTS} starts", ("min", "median", "max"), rows)
        batch = tasks(rooms, 400, form=True)
        with subprocess.Popen(COMMAND, env={**os.environ, **environment(settings)}) as server:
            _wait(settings.port)
            post(settings.port, token, batch, 4)
            table(
                "Memory after 400 completions with a form (MB)",
                ("process", "resident", "unique"),
                _memory(server.pid),
            )
            server.terminate()
        rooms.feel.close()


def _seconds_to_first_answer(settings: Settings) -> float:
    begin = time.perf_counter()
    with subprocess.Popen(
        COMMAND, env={**os.environ, **environment(settings)}, stderr=subprocess.DEVNULL
    ) as server:
        _wait(settings.port)
        seconds = time.perf_counter() - begin
        server.terminate()
    return seconds


def _wait(port: int) -> None:
    for _ in range(2000):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise SystemExit("the server does not answer")


def _memory(pid: int) -> list[tuple[str, str, str]]:
    rows = []
    for process in psutil.Process(pid).children(recursive=True):
        memory = process.memory_full_info()
        kind = "helper" if "node" in process.name() else "page worker"
        rows.append((kind, f"{memory.rss / 1e6:.0f}", f"{memory.uss / 1e6:.0f}"))
    return sorted(rows)


if __name__ == "__main__":
    main()
