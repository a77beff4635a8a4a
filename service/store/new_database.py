"""An empty database that is given its form and its content in one transaction."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, select, table
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from service.domain.backups import DatabaseNotEmpty
from service.store import migrating
from service.store.database import Busy, gave_way


@contextmanager
def being_filled(
    url: str | URL,
    version_locations: Sequence[Path],
    *,
    tables: Collection[str],
    revisions: Sequence[str],
) -> Iterator[Connection]:
    """Give the tables the form they have at these revisions, and a connection to fill them.

    All is committed at the end of the block, nothing of it where an error leaves it. `tables` are
    those of this program: where they are there and empty, they are made anew. Raises
    DatabaseNotEmpty, Busy.
    """
    try:
        with migrating.changing(url) as connection, connection.begin():
            migrating.wait_for_others(connection)
            _require_empty(connection, tables)
            _drop(connection)
            for revision in revisions:
                migrating.run(connection, version_locations, revision)
            yield connection
    except DBAPIError as error:
        if gave_way(error):
            raise Busy from error
        raise


def require_empty(url: str | URL, tables: Collection[str]) -> None:
    """Raise DatabaseNotEmpty where there is a row, or a table that is none of these.

    Raises Busy.
    """
    try:
        with migrating.changing(url) as connection:
            _require_empty(connection, tables)
    except DBAPIError as error:
        if gave_way(error):
            raise Busy from error
        raise


def is_empty(url: str | URL, tables: Collection[str]) -> bool:
    """Tell whether `require_empty` would pass. Raises Busy."""
    try:
        require_empty(url, tables)
    except DatabaseNotEmpty:
        return False
    return True


def _require_empty(connection: Connection, tables: Collection[str]) -> None:
    for name in sorted(_names(connection)):
        row = select(1).select_from(table(name)).limit(1)
        if name not in tables or connection.execute(row).first() is not None:
            raise DatabaseNotEmpty(table=name)


def _drop(connection: Connection) -> None:
    names = map(connection.dialect.identifier_preparer.quote, inspect(connection).get_table_names())
    # Together, since they refer to each other; SQLite minds that only where it is told to.
    together = connection.dialect.name == "postgresql"
    for each in [", ".join(names)] if together else list(names):
        if each:
            connection.exec_driver_sql(f"DROP TABLE {each}")


def _names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {migrating.VERSIONS}
