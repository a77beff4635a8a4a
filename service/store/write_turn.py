"""On SQLite: whose turn it is to write, among the threads of one process."""

import threading
from typing import Any

from sqlalchemy import Connection

_HELD = "jiaoyan.write-turn"


class TurnMissed(Exception):
    """Other threads of the process were writing all the time."""


class WriteTurn:
    """Lets the writing transactions of an engine begin in the order of asking.

    Left to SQLite, everybody asks again after a pause that grows: the lock lies idle meanwhile,
    and beside writers that hold it for long whoever has waited longest has the least chance.
    """

    def __init__(self, wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self.forget()

    def forget(self) -> None:
        """In a forked child: those who wait, and who has the turn, are threads of the parent."""
        self._changed = threading.Condition()
        self.line: list[object] = []

    def take(self, connection: Connection) -> None:
        """Wait for the turn before a transaction begins. Raises TurnMissed."""
        place = object()
        with self._changed:
            self.line.append(place)
            if not self._changed.wait_for(lambda: self.line[0] is place, self._wait_seconds):
                self.line.remove(place)
                raise TurnMissed
        connection.info[_HELD] = place

    def give_back(self, _: object, record: Any) -> None:
        """Let the next one begin, when the connection has returned to its pool."""
        place = record.info.pop(_HELD, None)
        with self._changed:
            if place in self.line:
                self.line.remove(place)
                self._changed.notify_all()
