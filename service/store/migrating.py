"""Brings a database's schema up to date, by Alembic migrations in two or more branches.

The branch `service` lies beside this module. Other folders of migrations (that of the bureau's
procedures) are given by the composition root; their revisions name `service` revisions in
`depends_on` where their tables refer to ours.

Whether anything is to do is told without Alembic, from the files' own declarations, because every
start of a program asks and loading Alembic takes longer than the rest of the start.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from service.domain.errors import JiaoyanError
from service.store.database import SCHEMA_LOCK, WAIT_SECONDS, Database, with_driver

HOME = Path(__file__).parent / "migrations"
SERVICE_VERSIONS = HOME / "versions"
VERSIONS = "alembic_version"
"""The table in which it is noted what has run."""

_DECLARATION = re.compile(
    r"^(revision|down_revision|depends_on)\b[^=\n]*=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)", re.MULTILINE
)
_NAME = re.compile(r"[\"']([^\"']+)[\"']")


class DatabaseNewer(JiaoyanError):
    """数据库已由更新的程序升级过（版本 {unknown}），本程序不认识它，没有启动，数据没有改动。请换用更新的程序。"""  # noqa: E501 - a message is one paragraph

    code = "database-newer"


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration file: its id, and the ids that must have run before it."""

    id: str
    requires: frozenset[str]


def heads_current(url: str | URL, version_locations: Sequence[Path] = ()) -> bool:
    """Tell whether every migration has run; raises DatabaseNewer.

    Takes a few milliseconds. A database without a schema is not current, nor is one that is not
    there, which stays so.
    """
    return lacking(url, version_locations) == set()


def lacking(url: str | URL, version_locations: Sequence[Path] = ()) -> set[str] | None:
    """Return which migrations have not run, None where there is no schema; raises DatabaseNewer.

    It only looks: who writes meanwhile, for however long, is not waited for.
    """
    address = with_driver(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return None
    with _engine(address).connect() as connection:
        return _lacking(connection, version_locations)


def serves(database: Database, version_locations: Sequence[Path] = ()) -> bool:
    """Tell whether a program that runs on this database still finds every migration done.

    False also where a newer program has gone on from here. Raises Busy.
    """
    try:
        with database.read() as session:
            return _is_current(session.connection(), version_locations)
    except DatabaseNewer:
        return False


def upgrade(
    url: str | URL, version_locations: Sequence[Path] = (), *, target: str = "heads"
) -> None:
    """Run the migrations that are missing, all of them or none; raises DatabaseNewer.

    `target` ends earlier, at the revision named, for tests of what a later one does.

    Programs that start at the same time wait for the first one, which does the work.
    """
    if heads_current(url, version_locations):
        return
    with changing(url) as connection, connection.begin():
        wait_for_others(connection)
        if not _is_current(connection, version_locations):
            run(connection, version_locations, target)


def wait_for_others(connection: Connection) -> None:
    """Begin to change the schema in this transaction: whoever wants to do so too waits."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:lock)")
        connection.execute(lock, {"lock": SCHEMA_LOCK})


def run(connection: Connection, version_locations: Sequence[Path], target: str = "heads") -> None:
    """Run the migrations up to this revision in the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HOME))
    config.set_main_option("path_separator", "newline")
    locations = [SERVICE_VERSIONS, *version_locations]
    config.set_main_option("version_locations", "\n".join(map(str, locations)))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _is_current(connection: Connection, version_locations: Sequence[Path]) -> bool:
    return _lacking(connection, version_locations) == set()


def _lacking(connection: Connection, version_locations: Sequence[Path]) -> set[str] | None:
    known = {revision.id: revision for revision in _revisions(version_locations)}
    done = applied(connection)
    if unknown := done - known.keys():
        raise DatabaseNewer(unknown="、".join(sorted(unknown)))
    return known.keys() - _with_required(done, known) if done else None


def unknown_revisions(names: Iterable[str], version_locations: Sequence[Path]) -> list[str]:
    """Return which of these revisions no migration file of this program declares."""
    return sorted(set(names) - {revision.id for revision in _revisions(version_locations)})


def _revisions(version_locations: Sequence[Path]) -> Iterator[Revision]:
    for location in (SERVICE_VERSIONS, *version_locations):
        for path in location.glob("*.py"):
            declared = dict(_DECLARATION.findall(path.read_text("utf-8")))
            for name in _NAME.findall(declared.get("revision", "")):
                earlier = declared.get("down_revision", "") + declared.get("depends_on", "")
                yield Revision(name, frozenset(_NAME.findall(earlier)))


def applied(connection: Connection) -> set[str]:
    """Return the newest revision of each line that has run."""
    if not inspect(connection).has_table(VERSIONS):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def _with_required(newest: set[str], known: dict[str, Revision]) -> set[str]:
    """Add what must have run before: Alembic notes the newest of each line only."""
    done: set[str] = set()
    waiting = list(newest)
    while waiting:
        name = waiting.pop()
        if name not in done:
            done.add(name)
            waiting.extend(known[name].requires)
    return done


@contextmanager
def changing(url: str | URL) -> Iterator[Connection]:
    """Give a connection that may change the schema, and close it."""
    engine = _engine(with_driver(url))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        yield connection


def _engine(address: URL) -> Engine:
    """An engine of one connection at a time; on SQLite it begins no transaction by itself."""
    if address.get_backend_name() == "postgresql":
        return create_engine(address, poolclass=NullPool, hide_parameters=True)
    # Foreign keys are not enforced meanwhile: a table that is copied is dropped for a moment.
    return create_engine(
        address,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": WAIT_SECONDS, "isolation_level": None},
    )
