"""Whole tables as lines of JSON, the same from each kind of database and into each.

What a table has is asked of the database itself, so rows of an older form go where an older form
is. Values are read and written as they are stored: JSON stays the text that it is, nothing that is
sealed is opened.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    TableClause,
    Text,
    column,
    insert,
    inspect,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.types import TypeEngine

from service.domain.backups import ColumnKind
from service.store.base import UtcDateTime
from service.store.migrating import VERSIONS
from service.store.sealing import key_name

Columns = Mapping[str, ColumnKind]
"""In the order of their values in a line."""

_LOT = 1000
"""Rows that are held at a time."""

_KINDS: Sequence[tuple[type[TypeEngine[Any]], ColumnKind]] = (
    (Boolean, ColumnKind.BOOLEAN),
    (DateTime, ColumnKind.TIME),
    (Date, ColumnKind.DAY),
    (Integer, ColumnKind.INTEGER),
    (String, ColumnKind.TEXT),
    (LargeBinary, ColumnKind.BYTES),
)
_TYPES: Mapping[ColumnKind, TypeEngine[Any]] = {
    ColumnKind.BOOLEAN: Boolean(),
    ColumnKind.TIME: UtcDateTime(),
    ColumnKind.DAY: Date(),
    ColumnKind.INTEGER: BigInteger(),
    ColumnKind.TEXT: Text(),
    ColumnKind.BYTES: LargeBinary(),
}


def _bytes_of(text: str) -> bytes:
    """Raise ValueError where this is no base64."""
    return b64decode(text, validate=True)


_READERS: Mapping[ColumnKind, Callable[[str], object]] = {
    ColumnKind.TIME: datetime.fromisoformat,
    ColumnKind.DAY: date.fromisoformat,
    ColumnKind.BYTES: _bytes_of,
}


def tables_of(connection: Connection) -> Mapping[str, Columns]:
    """Return the tables that are there with their columns, but not the one of the migrations."""
    return {
        name: {each["name"]: _kind(each["type"]) for each in columns}
        for (_schema, name), columns in inspect(connection).get_multi_columns().items()
        if name != VERSIONS
    }


def _kind(of: TypeEngine[Any]) -> ColumnKind:
    for kind_of_type, kind in _KINDS:
        if isinstance(of, kind_of_type):
            return kind
    raise TypeError(f"no kind of column is a {of!r}")


class TableReader:
    """The rows of one table, as they are at the moment that the connection sees."""

    def __init__(self, connection: Connection, name: str, columns: Columns) -> None:
        self.name = name
        self.columns = columns
        self.rows = 0
        """Read so far."""
        self.sealed: dict[str, int] = {}
        """How many values each data key has sealed: those of columns that say so in their name."""
        self._connection = connection
        self._sealed_at = [
            place
            for place, (column_name, kind) in enumerate(self.columns.items())
            if "sealed" in column_name and kind is ColumnKind.TEXT
        ]

    def lines(self) -> Iterator[bytes]:
        """Yield a line a row; a few hundred rows are in memory at a time."""
        statement = select(*_table(self.name, self.columns).columns)
        streamed = self._connection.execution_options(yield_per=_LOT)
        with streamed.execute(statement) as result:
            for row in result:
                self._count(row)
                text = json.dumps(
                    list(row), ensure_ascii=False, separators=(",", ":"), default=_written
                )
                yield text.encode() + b"\n"

    def _count(self, row: Sequence[Any]) -> None:
        self.rows += 1
        for position in self._sealed_at:
            if row[position] is not None:
                name = key_name(row[position])
                self.sealed[name] = self.sealed.get(name, 0) + 1


def fill(connection: Connection, name: str, columns: Columns, lines: Iterable[bytes]) -> int:
    """Write the rows of these lines into an empty table; return how many.

    Raises ValueError or TypeError where a line holds no row of these columns.
    """
    rows = _rows(columns, lines)
    if connection.dialect.name == "postgresql":
        return _copy(connection, name, columns, rows)
    statement, written = insert(_table(name, columns)), 0
    while lot := [dict(zip(columns, row, strict=True)) for row in islice(rows, _LOT)]:
        connection.execute(statement, lot)
        written += len(lot)
    return written


def broken_references(connection: Connection) -> list[str]:
    """Return the tables with rows that refer to rows which are not there.

    PostgreSQL refuses them when they are written.
    """
    if connection.dialect.name == "postgresql":
        return []
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return sorted({row[0] for row in found})


def _rows(columns: Columns, lines: Iterable[bytes]) -> Iterator[list[Any]]:
    readers = [(n, _READERS[kind]) for n, kind in enumerate(columns.values()) if kind in _READERS]
    for line in lines:
        row = json.loads(line)
        if not isinstance(row, list) or len(row) != len(columns):
            raise ValueError("a row has a value for each column")
        for position, read in readers:
            if row[position] is not None:
                row[position] = read(row[position])
        yield row


def _copy(connection: Connection, name: str, columns: Columns, rows: Iterator[list[Any]]) -> int:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - for the types
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    written = 0
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                written += 1
    except psycopg.Error as error:  # in the shape in which SQLAlchemy gives all others
        kind = OperationalError if isinstance(error, psycopg.OperationalError) else DBAPIError
        raise kind("COPY", None, error, hide_parameters=True) from error
    return written


def _table(name: str, columns: Columns) -> TableClause:
    return table(name, *(column(each, _TYPES[kind]) for each, kind in columns.items()))


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"no column holds a {type(value).__name__}")
