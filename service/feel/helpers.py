"""The few helpers of one process: made when first needed, lent to one caller at a time."""

import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.feel.errors import FeelUnavailable
from service.feel.helper_process import HelperProcess

_MOST_ORIGINS = 1_000
_SUSPECT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A caller's place in the queue, then among those that have a helper."""

    origin: str


class Helpers:
    """At most `size` helpers, lent in the order of asking.

    An origin that cost a helper within the last minute is suspect: together, the suspects get all
    helpers but one, so that the others are answered while somebody's expressions run into their
    limits. A forked child starts with no helpers and makes its own.
    """

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
        self._queue: list[_Place] = []
        self._lent: set[_Place] = set()
        self._idle: list[HelperProcess] = []
        self._living: set[HelperProcess] = set()
        self._losses: Counter[str] = Counter()
        self._lost_at: dict[str, float] = {}
        weakref.finalize(self, _end, self._living, os.getpid())

    @contextmanager
    def lent(self, origin: str) -> Iterator[HelperProcess]:
        """Lend a helper; it is killed and replaced when the block ends with an exception.

        Raises FeelUnavailable when none is free in time, or all are closed.
        """
        place, helper = self._take(origin)
        try:
            yield helper
        except BaseException:
            self._discard(place, helper, origin)
            raise
        self._give_back(place, helper)

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

    def _take(self, origin: str) -> tuple[_Place, HelperProcess]:
        deadline = time.monotonic() + self._wait_seconds
        with self._changed:
            place = _Place(origin)
            self._queue.append(place)
            try:
                self._wait_for(place, deadline)
            finally:
                self._queue.remove(place)
                self._changed.notify_all()
            self._lent.add(place)
            helper = self._idle.pop() if self._idle else None
        if helper is not None and helper.alive:
            return place, helper
        return place, self._replacement(place, helper)

    def _wait_for(self, place: _Place, deadline: float) -> None:
        while not self._closed and not self._is_next(place):
            if not self._changed.wait(deadline - time.monotonic()):
                raise FeelUnavailable
        if self._closed:
            raise FeelUnavailable

    def _is_next(self, place: _Place) -> bool:
        if len(self._lent) >= self._size:
            return False
        suspects = sum(self._is_suspect(lent.origin) for lent in self._lent)
        room = suspects < max(1, self._size - 1)
        first = (one for one in self._queue if room or not self._is_suspect(one.origin))
        return next(first, None) is place

    def _is_suspect(self, origin: str) -> bool:
        lost_at = self._lost_at.get(origin)
        return lost_at is not None and time.monotonic() - lost_at < _SUSPECT_SECONDS

    def _replacement(self, place: _Place, dead: HelperProcess | None) -> HelperProcess:
        """Start a helper in the place that `_take` has counted already."""
        try:
            if dead is not None:
                dead.kill()
            helper = HelperProcess(self._bundle, self._timezone)
        except BaseException:
            self._free(place, dead)
            raise
        with self._changed:
            self._living.add(helper)
            if dead is not None:
                self._living.discard(dead)
        return helper

    def _discard(self, place: _Place, helper: HelperProcess, origin: str) -> None:
        helper.kill()
        with self._changed:
            known = origin in self._losses or len(self._losses) < _MOST_ORIGINS
            self._losses[origin if known else "其他"] += 1
            self._lost_at.pop(origin, None)
            if len(self._lost_at) >= _MOST_ORIGINS:
                del self._lost_at[next(iter(self._lost_at))]
            self._lost_at[origin] = time.monotonic()
        self._free(place, helper)

    def _free(self, place: _Place, gone: HelperProcess | None) -> None:
        with self._changed:
            self._lent.discard(place)
            if gone is not None:
                self._living.discard(gone)
            self._changed.notify_all()

    def _give_back(self, place: _Place, helper: HelperProcess) -> None:
        with self._changed:
            if not self._closed:
                self._lent.discard(place)
                self._idle.append(helper)
                self._changed.notify_all()
                return
        helper.kill()
        self._free(place, helper)


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
