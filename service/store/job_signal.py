"""PostgreSQL tells workers in other processes that a job was committed: NOTIFY and LISTEN.

A hint and nothing more: the rows are the truth, and a worker that hears nothing finds them by
looking now and then. So a hint that is lost costs time, never a job.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.store.database import Database

CHANNEL = "jiaoyan_job"

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # s, before another try to connect
_TURN = 1.0
"""Seconds after which a listener looks whether it should stop."""

_NOTIFY = text("SELECT pg_notify(:channel, :due_at)")
_log = logging.getLogger(__name__)


def knows_signals(database: Database) -> bool:
    """Whether this kind of database can tell other processes anything."""
    return database.dialect == "postgresql"


def tell(database: Database, due_at: datetime) -> None:
    """Tell all listeners that a job due at this aware moment was committed: one statement.

    In no transaction: the lock that a NOTIFY takes at its commit would let all commits wait in
    line. What was committed stays so: a hint that cannot be given is only noted in the log.
    """
    try:
        with database.reading.connect() as connection:
            connection.execute(_NOTIFY, {"channel": CHANNEL, "due_at": due_at.isoformat()})
    except SQLAlchemyError as error:
        _log.warning("workers could not be told of a job: %s", type(error).__name__)


class JobListener:
    """Hears of jobs in a thread of its own between `start` and `stop`; calls `heard` with when.

    A connection that is lost is made again, and whoever could have missed something is told to
    look at once: `clock` gives the present moment.
    """

    def __init__(
        self, database: Database, heard: Callable[[datetime], None], clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._heard = heard
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="job-listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End, within a second or so."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                with _connection(self._database) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = _FIRST_PAUSE
                    self._heard(self._clock())
                    self._hear(connection)
            except (psycopg.Error, SQLAlchemyError) as error:
                _log.warning("jobs are not heard of for a while: %s", type(error).__name__)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _hear(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=_TURN, stop_after=1):
                self._heard(_moment(notice.payload) or self._clock())


@contextmanager
def _connection(
    database: Database,
) -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A connection of its own, out of the pool; closed in any case."""
    pooled = database.reading.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - for the types
    with connection:
        connection.autocommit = True
        yield connection


def _moment(payload: str) -> datetime | None:
    """Anybody who may connect may notify: what is no aware moment is none."""
    try:
        moment = datetime.fromisoformat(payload)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
