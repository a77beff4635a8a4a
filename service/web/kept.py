"""A value that is worked out at most once in a while, however many ask for it."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps what `make` gives for so many seconds, for all threads of the process.

    One thread makes the next value; the others go on with the last one meanwhile, and wait only
    where there is none yet.
    """

    def __init__(self, make: Callable[[], T], *, seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._making = threading.Lock()
        self._last: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the value; what `make` raises is raised and not kept."""
        last = self._last
        if last is None:
            self._making.acquire()
        elif time.monotonic() < last[0] or not self._making.acquire(blocking=False):
            return last[1]
        try:
            if self._last is not None and self._last is not last:
                return self._last[1]
            value = self._make()
            self._last = (time.monotonic() + self._seconds, value)
            return value
        finally:
            self._making.release()
