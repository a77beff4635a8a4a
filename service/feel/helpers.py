"""The few helpers of one process: made when first needed, lent to one caller at a time."""

import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.feel.errors import FeelUnavailable
from service.feel.helper_process import HelperProcess

_MOST_ORIGINS = 1_000


class Helpers:
    """At most `size` helpers; a forked child starts with none and makes its own."""

    def __init__(self, *, size: int, wait_seconds: float, timezone: str, bundle: Path) -> None:
        self._size = size
        self._wait_seconds = wait_seconds
        self._timezone = timezone
        self._bundle = bundle
        self._reset()
        _all_helpers.add(self)

    def _reset(self) -> None:
        self._changed = threading.Condition()
        self._closed = False
        self._lent = 0
        self._idle: list[HelperProcess] = []
        self._living: set[HelperProcess] = set()
        self._losses: Counter[str] = Counter()
        weakref.finalize(self, _end, self._living, os.getpid())

    @contextmanager
    def lent(self, origin: str) -> Iterator[HelperProcess]:
        """Lend a helper; it is killed and replaced when the block ends with an exception.

        Raises FeelUnavailable when none is free in time, or all are closed.
        """
        helper = self._take()
        try:
            yield helper
        except BaseException:
            self._discard(helper, origin)
            raise
        self._give_back(helper)

    def losses(self) -> dict[str, int]:
        """Return how many helpers were killed, by the origin of the call that they ran."""
        with self._changed:
            return dict(self._losses)

    def close(self) -> None:
        """End the helpers that are not lent; those that are end when they are given back."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._living.difference_update(idle)
            self._changed.notify_all()
        for helper in idle:
            helper.kill()

    def forget_inherited(self) -> None:
        """In a forked child: the helpers and the lock belong to the parent's threads."""
        inherited = self._living
        self._reset()
        for helper in inherited:
            helper.forget()

    def _take(self) -> HelperProcess:
        deadline = time.monotonic() + self._wait_seconds
        with self._changed:
            while self._lent >= self._size and not self._closed:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise FeelUnavailable
            if self._closed:
                raise FeelUnavailable
            self._lent += 1
            helper = self._idle.pop() if self._idle else None
        if helper is not None and helper.alive:
            return helper
        return self._replacement(helper)

    def _replacement(self, dead: HelperProcess | None) -> HelperProcess:
        """Start a helper in the place that `_take` has counted already."""
        try:
            if dead is not None:
                dead.kill()
            helper = HelperProcess(self._bundle, self._timezone)
        except BaseException:
            self._free_place(dead)
            raise
        with self._changed:
            self._living.add(helper)
            if dead is not None:
                self._living.discard(dead)
        return helper

    def _discard(self, helper: HelperProcess, origin: str) -> None:
        helper.kill()
        self._free_place(helper)
        with self._changed:
            known = origin in self._losses or len(self._losses) < _MOST_ORIGINS
            self._losses[origin if known else "其他"] += 1

    def _free_place(self, gone: HelperProcess | None) -> None:
        with self._changed:
            self._lent -= 1
            if gone is not None:
                self._living.discard(gone)
            self._changed.notify()

    def _give_back(self, helper: HelperProcess) -> None:
        with self._changed:
            if not self._closed:
                self._lent -= 1
                self._idle.append(helper)
                self._changed.notify()
                return
        helper.kill()
        self._free_place(helper)


def _end(living: set[HelperProcess], owner: int) -> None:
    """When a pool is thrown away without `close`: its helpers go, but never those of a parent."""
    if os.getpid() == owner:
        for helper in living:
            helper.kill()


_all_helpers: "weakref.WeakSet[Helpers]" = weakref.WeakSet()


def _forget_inherited() -> None:
    for helpers in list(_all_helpers):
        helpers.forget_inherited()


os.register_at_fork(after_in_child=_forget_inherited)
