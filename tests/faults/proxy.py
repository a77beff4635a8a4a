"""Between the programs and PostgreSQL: cuts connections in the midst of a commit."""

import socket
import threading
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from tests.programs import free_port

_COMMIT = b"COMMIT\x00"
_MOST = 65536
_PATIENCE = 5.0


class Cut(StrEnum):
    """Before the server hears of the commit, or when it has committed and is about to say so."""

    UNHEARD = "unheard"
    UNSAID = "unsaid"


class Proxy:
    """Passes everything on, but cuts every `every`th commit, in one way and the other in turn.

    With 0 it cuts none until it is told to.
    """

    def __init__(self, server: Path, every: int) -> None:
        self._server = server
        self._every = every
        self._lock = threading.Lock()
        self._commits = 0
        self.cuts: Counter[Cut] = Counter()
        self.port = free_port()
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Take no more connections; those that are open end with their clients."""
        _shut(self._listening)
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._listening.close()

    def cut_next(self, how: Cut) -> None:
        """Cut the next commit in this way."""
        with self._lock:
            self._every, self._commits = 1, int(how is Cut.UNSAID)

    def stop_cutting(self) -> None:
        """Pass everything on from now on."""
        with self._lock:
            self._every = 0

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(str(self._server))
            except OSError:
                return
            cut = threading.Event()
            answers = threading.Thread(
                target=self._pass_on, args=(server, client, cut, False), daemon=True
            )
            answers.start()
            self._pass_on(client, server, cut, True)
            answers.join()

    def _pass_on(
        self, source: socket.socket, target: socket.socket, cut: threading.Event, asks: bool
    ) -> None:
        """`asks`: from the client to the server. `cut`: the next answer is not said any more."""
        with suppress(OSError):
            while content := source.recv(_MOST):
                if asks and _COMMIT in content and (how := self._how()):
                    self.cuts[how] += 1
                    if how is Cut.UNHEARD:
                        break
                    cut.set()
                elif not asks and cut.is_set():
                    break
                target.sendall(content)
        for one in (source, target):
            _shut(one)

    def _how(self) -> Cut | None:
        with self._lock:
            self._commits += 1
            if not self._every or self._commits % self._every:
                return None
            return Cut.UNHEARD if self._commits // self._every % 2 else Cut.UNSAID


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
