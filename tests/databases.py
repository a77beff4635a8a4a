"""The databases of tests, each used by one test after another.

`kept_database`     the `Database` at an address: one object for all tests of a process
`ReplacedFile`      of SQLite, a new copy of a template for each test
`EmptiedDatabase`   of PostgreSQL, emptied after each test
`Server`            the PostgreSQL of a test run
"""

import shutil
import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL
from sqlalchemy import event
from sqlalchemy.engine import make_url

from service.store.database import Database


@cache
def kept_database(url: str) -> Database:
    """Open a database of `migrated_url`, or give the one that an earlier test has opened."""
    database = Database(url)
    if database.dialect == "sqlite":
        for engine in (database.reading, database.writing):
            event.listen(engine, "connect", _do_not_wait_for_the_disk)
    return database


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class ReplacedFile:
    """A file of SQLite that is a new copy of the template for each test."""

    def __init__(self, template: Path, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._template = template
        self._path = path

    def prepare(self) -> None:
        """Make a new file: what somebody left open stays with the old one."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._template, self._path)

    def fill(self, path: Path) -> None:
        """Put a copy of this file in its place; who has a connection open sees the new rows."""
        with closing(sqlite3.connect(path)) as whole, closing(sqlite3.connect(self._path)) as live:
            live.execute("PRAGMA synchronous=OFF")
            whole.backup(live)

    def clean(self) -> None:
        """Close the connections, of which each has the old file; nobody's turn outlives a test."""
        database = kept_database(self.url)
        database.dispose()
        database.turn.forget()


class Server:
    """A PostgreSQL of the test run's own, reached by a socket."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._number = 0

    def url(self, name: str) -> str:
        address = make_url(self._uri).set(drivername="postgresql+psycopg", database=name)
        return address.render_as_string(hide_password=False)

    @property
    def socket(self) -> Path:
        """Where it listens."""
        parts = conninfo_to_dict(self._uri)
        return Path(str(parts["host"])) / f".s.PGSQL.{parts.get('port') or 5432}"

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def run(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement.encode())


class EmptiedDatabase:
    """One migrated database of PostgreSQL whose rows are deleted after each test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = kept_database(url)
        self._kept: set[int] = set()
        for engine in (self._database.reading, self._database.writing):
            event.listen(engine, "connect", self._opened)
            event.listen(engine, "close", self._closed)
        self._connection = psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
        )
        names = self._connection.execute(_TABLES).fetchall()
        deletes = [SQL("DELETE FROM {};").format(SQL(name)) for (name,) in names]
        # A function keeps the plans of its statements: a third of the time.
        self._connection.execute(_EMPTY_TABLES.format(SQL(" ").join(deletes)))
        self._inserts = b""
        self._connection.execute("SET session_replication_role = replica")

    def prepare(self) -> None:
        """It is clean already."""

    def clean(self) -> None:
        """Delete all rows; what a test left open is closed, or the deletion would wait for it."""
        engines = (self._database.reading, self._database.writing)
        if any(engine.pool.checkedout() for engine in engines):  # type: ignore[attr-defined]
            self._database.dispose()
            self._kept.clear()
        while self._connection.execute(_TERMINATE, [[*self._kept]]).fetchone() is not None:
            time.sleep(0.002)
        self._connection.execute("SELECT pg_temp.empty_tables()")

    def keep_rows(self) -> None:
        """Copy what is there beside it, for `bring_rows`; once a test run."""
        names = self._connection.execute(_TABLES).fetchall()
        filled = [name for (name,) in names if self._has_rows(name)]
        copies = [f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in filled]
        inserts = [f"INSERT INTO public.{name} TABLE kept.{name}" for name in filled]
        statements = ["DROP SCHEMA IF EXISTS kept CASCADE", "CREATE SCHEMA kept", *copies]
        self._connection.execute(";".join(statements).encode())
        self._inserts = ";".join(inserts).encode()

    def bring_rows(self) -> None:
        """Put the kept rows into the empty tables."""
        self._connection.execute(self._inserts)

    def _has_rows(self, name: str) -> bool:
        some = SQL("SELECT 1 FROM {} LIMIT 1").format(SQL(name))
        return self._connection.execute(some).fetchone() is not None

    def close(self) -> None:
        self._database.dispose()
        self._connection.close()

    def _opened(self, connection: Any, record: Any) -> None:
        record.info["pid"] = connection.info.backend_pid
        self._kept.add(record.info["pid"])

    def _closed(self, _connection: object, record: Any) -> None:
        self._kept.discard(record.info["pid"])


_TABLES = """
    SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_EMPTY_TABLES = SQL(
    "CREATE FUNCTION pg_temp.empty_tables() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$"
)
_TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL (%s)
"""
