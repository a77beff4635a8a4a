"""A hard end for a conversation with somebody outside, however slowly they answer.

A timeout of a socket counts from byte to byte: who sends one now and then would be waited for for
ever. Here the connection is shut when the time is over, and whoever reads from it is told.
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

SECONDS = 15.0
"""For one message in all."""

STEP_SECONDS = 5.0
"""For each answer, the first one included."""

Address = tuple[str | None, int]


class Deadline:
    """`with Deadline() as deadline:` shuts the sockets it watches when the time is over."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._over = False
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True

    def connect(
        self,
        address: Address,
        timeout: float | None = STEP_SECONDS,
        source_address: Address | None = None,
    ) -> socket.socket:
        """Connect like `socket.create_connection`, and watch the connection."""
        connection = socket.create_connection(address, timeout, source_address)
        self.watch(connection)
        return connection

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection too, also once TLS has taken it over."""
        with self._lock:
            self._watched.append(connection.dup())
        if self._over:
            self._shut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._watched:
                one.close()
            self._watched.clear()

    def _shut(self) -> None:
        self._over = True
        with self._lock:
            for one in self._watched:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
