"""The programs as a person starts them: processes of their own, real signals, a free port."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from click.testing import CliRunner

from service.app import ROOT
from service.cli import main

SECRETS = {
    "JIAOYAN_SECRET_KEY": "0f9c1b7a6d3e58420f9c1b7a6d3e5842",
    "JIAOYAN_AUDIT_KEY": "a41d7be0c92f4e83b65d10c7f8e93a2d",
    "JIAOYAN_DATA_KEY": "5be2c07f31d94a68b1f0e37c29d8a645",
}
CLI = "service.cli"
STARTS_WITHIN = 60.0
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Return a port of this machine that nobody listens on.

    Of those that the system gives to nobody by itself, or a connection that goes out could have it
    before a program that is started listens; by chance, for other processes of tests look too.
    """
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """The variables of a program whose data lie in this folder, and nobody else's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JIAOYAN_")}
    return {
        **kept, "JIAOYAN_DATA_DIR": str(folder), "JIAOYAN_PORT": str(port),
        "PYTHONUNBUFFERED": "1", **more,
    }  # fmt: skip


def tried_here(folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in this process, which takes less time; gives what a process would give."""
    others: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith("JIAOYAN_")
    }
    given = {**others, "JIAOYAN_DATA_DIR": str(folder), **more}
    code = 0
    with CliRunner().isolation(env=given) as (out, err, _):
        try:
            main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
    texts = [stream.getvalue().decode() for stream in (out, err)]
    return subprocess.CompletedProcess(words, code, *texts)


def command_here(folder: Path, *words: str, **more: str) -> str:
    """The same of a command that succeeds; returns what it prints."""
    done = tried_here(folder, *words, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Program:
    """A program with all that it starts, as one group of processes; what it says is in `log`."""

    def __init__(
        self, words: Sequence[str], env: Mapping[str, str], log: Path, *, module: str = CLI
    ) -> None:
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=dict(env),
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        """How it ended; nothing while it runs."""
        return self._process.poll()

    def kill(self) -> None:
        """SIGKILL to all of it, and nothing of it is left."""
        self.send(signal.SIGKILL)
        self._process.wait(30)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all of it: SIGSTOP freezes it, SIGCONT lets it go on."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def kill_a_child(self) -> None:
        """SIGKILL to one of the processes that do the work; its parent starts another."""
        children = psutil.Process(self.pid).children()
        if children:
            children[0].kill()

    def end(self) -> None:
        """SIGTERM, and wait until it has ended by itself."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        finally:
            self.kill()

    def wait_until_it_says(self, word: str) -> None:
        """Wait until its output holds this."""
        until = time.monotonic() + STARTS_WITHIN
        while word not in self.log.read_text("utf-8", errors="replace"):
            self._require(time.monotonic() < until)
            time.sleep(0.02)

    def wait_until_it_answers(self, port: int) -> None:
        """Wait until its pages are there."""
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                self._require(time.monotonic() < until)
                time.sleep(0.02)

    def _require(self, in_time: bool) -> None:
        if not in_time or not self.runs:
            raise AssertionError(self.log.read_text("utf-8", errors="replace")[-4000:])
