"""The way into the database: one kind of session that reads, one that writes.

SQLite (WAL, every commit on disk before it is acknowledged) or PostgreSQL by psycopg 3. Both kinds
of session have a pool of their own, whose connections cannot do what the other kind does: a
reading one refuses to write on both databases, so nothing is lost unseen when it is rolled back.
"""

import math
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session, sessionmaker

from service.domain.errors import ResultUnknown, StorageFull, Unavailable
from service.store.write_turn import TurnMissed, WriteTurn

WAIT_SECONDS = 10.0
SCHEMA_LOCK = 0x6A69616F79616E
"""PostgreSQL's advisory lock of who changes the schema: any number, the same for all of ours."""

IDLE_SECONDS = 30.0
"""Longer than any step thinks between two statements."""

_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_FULL = 5, 6, 13
_POSTGRESQL_FULL = "53100"
_IDLE_TOO_LONG = "25P03"
_POSTGRESQL_BUSY = frozenset(
    {
        _IDLE_TOO_LONG,
        "40001",  # serialization failure
        "40P01",  # deadlock: the server has chosen this transaction to give way
        "53300",  # too many connections
        "55P03",  # lock timeout
        "57014",  # statement timeout
        "57P01",  # the server is being shut down
        "57P02",  # the server crashed and restarts
        "57P03",  # the server is starting
    }
)
_open: "weakref.WeakSet[Database]" = weakref.WeakSet()


class Busy(Unavailable):
    """系统正忙，这次操作没有完成，原有数据没有改动。请稍后再试一次。"""

    code = "busy"


def with_driver(url: str | URL) -> URL:
    """Name the driver we use: an address says `sqlite` or `postgresql`, whatever follows a `+`."""
    address = make_url(url)
    drivers = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
    return address.set(drivername=drivers[address.get_backend_name()])


class Database:
    """A database at an address such as `sqlite:////srv/jiaoyan.db` or `postgresql://host/name`.

    Opening connects to nothing yet. `pool_size` is the number of connections kept of each kind;
    at most ten more are opened under load. `wait_seconds` is how long a write waits for another
    one, and anybody for a connection, before it gives up. `idle_seconds` (PostgreSQL): a
    transaction whose process says nothing for so long is rolled back by the server, which would
    keep the locks of a process that is frozen, or of a machine that is gone, for ever. After a fork
    the child opens its own connections.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        pool_size: int = 5,
        wait_seconds: float = WAIT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.url = with_driver(url)
        self.dialect = self.url.get_backend_name()
        self.turn = WriteTurn(wait_seconds)
        limits = _Limits(pool_size, wait_seconds, idle_seconds)
        self.reading = _engine(self.url, limits, None)
        self.writing = _engine(self.url, limits, self.turn)
        self._reader = sessionmaker(self.reading, expire_on_commit=False, autoflush=False)
        self._writer = sessionmaker(self.writing, expire_on_commit=False, autoflush=False)
        _open.add(self)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that can only read; raises Busy, StorageFull.

        On SQLite it sees one moment of the database throughout. On PostgreSQL each statement sees
        what was committed when it began, and no transaction is opened around them.
        """
        session = self._reader()
        try:
            yield session
        except (DBAPIError, NoFreeConnection) as error:
            _raise_unavailable(error)
            raise
        finally:
            session.close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session and commit it once at the end; an error rolls all of it back.

        On SQLite the first statement takes the one write lock, when its turn has come. On
        PostgreSQL the transaction is READ COMMITTED, and rows are locked by who needs them. Raises
        Busy when it had to give way and StorageFull: nothing was written then. Raises ResultUnknown
        when the connection was lost at the commit: it may have been written, or not.
        """
        session = self._writer()
        committing = False
        try:
            yield session
            session.flush()
            committing = True
            session.commit()
        except (DBAPIError, NoFreeConnection, TurnMissed) as error:
            if committing and _was_cut_off(error):
                raise ResultUnknown from error
            _raise_unavailable(error)
            raise
        finally:
            session.close()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that can only read and sees one moment throughout; raises Busy.

        Nobody waits for it, but on PostgreSQL who changes the schema, and it for them.
        """
        try:
            with self.reading.connect() as connection:
                if self.dialect == "postgresql":
                    connection.execution_options(isolation_level="REPEATABLE READ")
                    lock = text("SELECT pg_advisory_lock_shared(:lock)")
                    connection.execute(lock, {"lock": SCHEMA_LOCK})
                    connection.commit()  # so that what is seen begins behind the lock
                try:
                    with connection.begin():
                        yield connection
                finally:
                    if self.dialect == "postgresql":
                        connection.invalidate()  # the lock ends with the connection
        except (DBAPIError, NoFreeConnection) as error:
            _raise_unavailable(error)
            raise

    def dispose(self) -> None:
        """Close the connections that nobody uses; a later session opens new ones."""
        self.reading.dispose()
        self.writing.dispose()

    def forget_connections(self) -> None:
        """Leave the connections to the parent process, which still uses them."""
        self.turn.forget()
        self.reading.dispose(close=False)
        self.writing.dispose(close=False)


def _forget_inherited_connections() -> None:
    for database in list(_open):
        database.forget_connections()


os.register_at_fork(after_in_child=_forget_inherited_connections)


@dataclass(frozen=True, slots=True)
class _Limits:
    pool_size: int
    wait_seconds: float
    idle_seconds: float


def _engine(url: URL, limits: _Limits, turn: WriteTurn | None) -> Engine:
    """`turn` is that of the threads that write; None makes an engine that only reads."""
    options: dict[str, Any] = {
        "pool_size": limits.pool_size,
        "max_overflow": 10,
        "pool_timeout": limits.wait_seconds,
        "query_cache_size": 1500,
        # An error's text may reach a log, where no value of a case belongs.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, limits.wait_seconds, options, turn)
    return _postgresql_engine(url, limits, options, writes=turn is not None)


def _postgresql_engine(
    url: URL, limits: _Limits, options: dict[str, Any], *, writes: bool
) -> Engine:
    settings = f"-c timezone=UTC -c lock_timeout={limits.wait_seconds * 1000:.0f}"
    if writes:
        idle = limits.idle_seconds * 1000
        settings += f" -c idle_in_transaction_session_timeout={idle:.0f}"
    else:
        settings += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        connect_args={"connect_timeout": math.ceil(limits.wait_seconds), "options": settings},
        # A transaction around reads costs two round trips and, at READ COMMITTED, gives nothing.
        isolation_level="READ COMMITTED" if writes else "AUTOCOMMIT",
        pool_recycle=1800,
        **options,
    )


def _sqlite_engine(
    url: URL, wait_seconds: float, options: dict[str, Any], turn: WriteTurn | None
) -> Engine:
    # isolation_level None keeps the driver from beginning transactions by its own rules.
    engine = create_engine(
        url, connect_args={"timeout": wait_seconds, "isolation_level": None}, **options
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        if turn is None:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        if turn is None:
            connection.exec_driver_sql("BEGIN")
            return
        turn.take(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    if turn is not None:
        event.listen(engine, "checkin", turn.give_back)
    return engine


def _raise_unavailable(error: DBAPIError | NoFreeConnection | TurnMissed) -> None:
    if isinstance(error, DBAPIError):
        if out_of_space(error):
            raise StorageFull from error
        if not gave_way(error):
            return
    raise Busy from error


def out_of_space(error: DBAPIError) -> bool:
    """Tell whether the database's disk is full."""
    return _sqlite_code(error) == _SQLITE_FULL or _sqlstate(error) == _POSTGRESQL_FULL


def gave_way(error: DBAPIError) -> bool:
    """Tell whether the same call may well succeed a little later."""
    if error.connection_invalidated:
        return True
    sqlite_code = _sqlite_code(error)
    if sqlite_code is not None:
        return sqlite_code in {_SQLITE_BUSY, _SQLITE_LOCKED}
    state = _sqlstate(error)
    if state is None:  # psycopg says so when no server answers
        return isinstance(error, OperationalError)
    return state in _POSTGRESQL_BUSY


def _was_cut_off(error: DBAPIError | NoFreeConnection | TurnMissed) -> bool:
    """Tell whether a commit was sent, and what became of it was never heard."""
    if not isinstance(error, DBAPIError) or _sqlite_code(error) is not None:
        return False
    return error.connection_invalidated and _sqlstate(error) != _IDLE_TOO_LONG


def _sqlite_code(error: DBAPIError) -> int | None:
    """The primary code, None of other databases."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
