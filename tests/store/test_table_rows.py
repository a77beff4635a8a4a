"""Rows of a table of every kind of column, written out of one database and into another."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
)

from service.domain.backups import ColumnKind
from service.store.base import UtcDateTime
from service.store.database import with_driver
from service.store.table_rows import TableReader, fill, tables_of

ROWS = Table(
    "rows_of_all_kinds",
    MetaData(),
    Column("key", BigInteger, primary_key=True),
    Column("said", Text),
    Column("yes", Boolean),
    Column("on_day", Date),
    Column("at", UtcDateTime()),
    Column("paper", LargeBinary),
)
FULL = (
    1, "党组会议纪要", True, date(2026, 3, 2), datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    bytes(range(256)),
)  # fmt: skip
EMPTY = (2, None, None, None, None, None)


def test_every_kind_of_column_comes_back_as_it_was(empty_database_url: str) -> None:
    engine = create_engine(with_driver(empty_database_url))
    with engine.begin() as connection:
        ROWS.create(connection)
        names = ROWS.columns.keys()
        connection.execute(
            insert(ROWS), [dict(zip(names, row, strict=True)) for row in (FULL, EMPTY)]
        )
    with engine.begin() as connection:
        columns = tables_of(connection)[ROWS.name]
        lines = list(TableReader(connection, ROWS.name, columns).lines())
    with engine.begin() as connection:
        connection.execute(ROWS.delete())
        assert fill(connection, ROWS.name, columns, lines) == 2
        assert connection.execute(select(ROWS).order_by(ROWS.c.key)).all() == [FULL, EMPTY]
    engine.dispose()
    assert set(columns.values()) == set(ColumnKind)


def test_bytes_that_are_not_written_as_such_are_refused(empty_database_url: str) -> None:
    engine = create_engine(with_driver(empty_database_url))
    with engine.begin() as connection:
        ROWS.create(connection)
        columns = tables_of(connection)[ROWS.name]
        with pytest.raises(ValueError, match="base64"):
            fill(connection, ROWS.name, columns, [b'[1,null,null,null,null,"no base64!"]'])
    engine.dispose()
