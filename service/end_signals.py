"""Being told to end, by SIGTERM or SIGINT, without a moment at which that would be missed."""

import signal
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def end_signals(ends: Collection[int] = _ENDS) -> Iterator[Callable[[], None]]:
    """Keep these signals from ending the program; what is given waits until one has come.

    In the main thread alone. The wait is for a byte that the interpreter writes as the signal
    comes. A `threading.Event` set by a handler would do for nearly always: a signal that comes
    while the main thread enters `wait` finds the event's lock held by the thread it interrupts.
    """
    reading, writing = socket.socketpair()
    with reading, writing:
        writing.setblocking(False)
        woken_before = signal.set_wakeup_fd(writing.fileno())
        before = {each: signal.signal(each, _nothing) for each in ends}
        try:
            yield lambda: _wait(reading, ends)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
            signal.set_wakeup_fd(woken_before)


def _wait(reading: socket.socket, ends: Collection[int]) -> None:
    while reading.recv(1)[0] not in ends:
        pass


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    pass
