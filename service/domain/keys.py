"""Keys: 63-bit integers, unique over processes and rising with time."""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_PROCESS_BITS = 12
_SEQUENCE_BITS = 10


def first_key_of(moment: datetime) -> int:
    """Return a key that none is below which was given at this aware moment or later.

    As far as the machine's clock, by which keys are given, agrees with the one of `moment`.
    """
    milliseconds = max(0, int(moment.timestamp() * 1000) - _EPOCH_MS)
    return milliseconds << (_PROCESS_BITS + _SEQUENCE_BITS)


class KeySource:
    """Gives keys: 41 bits of milliseconds, 12 bits of the process, 10 bits of sequence.

    A clock that stands still or steps back never repeats a key: the sequence runs on into the
    following millisecond. After a fork the child draws a process number of its own.
    """

    def __init__(
        self, milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._milliseconds = milliseconds
        self._lock = threading.Lock()
        self._tick = 0
        self._draw_process()
        os.register_at_fork(after_in_child=self._draw_process)

    def _draw_process(self) -> None:
        self._process = int.from_bytes(os.urandom(2), "big") % (1 << _PROCESS_BITS)
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return a key greater than any this source gave before."""
        with self._lock:
            now = (self._milliseconds() - _EPOCH_MS) << _SEQUENCE_BITS
            self._tick = max(self._tick + 1, now)
            moment, sequence = divmod(self._tick, 1 << _SEQUENCE_BITS)
            return (
                (moment << (_PROCESS_BITS + _SEQUENCE_BITS))
                | (self._process << _SEQUENCE_BITS)
                | sequence
            )
