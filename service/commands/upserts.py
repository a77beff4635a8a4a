"""Writing rows that may be there already, on both databases by one statement."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias, cast

from sqlalchemy import CursorResult, Delete, Table, Update, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import Grouping

Row: TypeAlias = "dict[str, object]"
"""Values of one row by column."""

UpsertStatement: TypeAlias = "postgresql.Insert | sqlite.Insert"


class Qualified(Grouping[Any]):
    """An expression of RETURNING that has queries in it: their columns keep their tables' names.

    For SQLite, SQLAlchemy leaves the names of tables out of all that is returned.
    """

    inherit_cache = True


@compiles(Qualified)
def _with_tables(element: Qualified, compiler: SQLCompiler, **how: Any) -> str:
    how.pop("include_table", None)
    return f"({compiler.process(element.element, **how)})"


def table(entity: type[DeclarativeBase]) -> Table:
    """Return the table of a mapped class: rows in bulk need no objects."""
    return cast(Table, entity.__table__)


def dialect_of(session: Session) -> str:
    """Return `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """Execute an UPDATE or DELETE and return how many rows it found."""
    return cast(CursorResult[object], session.execute(statement)).rowcount


@cache
def upserting(
    dialect: str,
    entity: type[DeclarativeBase],
    changed: tuple[str, ...],
    by: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
) -> UpsertStatement:
    """Return an INSERT that writes `changed` over a row with the same `by` (the primary key).

    Of `added` the old value stays where the new one is null.
    """
    rows = table(entity)
    places = [rows.c[name] for name in by] or list(rows.primary_key.columns)
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(rows)
    values = {name: statement.excluded[name] for name in changed}
    kept = {name: func.coalesce(statement.excluded[name], rows.c[name]) for name in added}
    return statement.on_conflict_do_update(index_elements=places, set_={**values, **kept})


def upsert(
    session: Session,
    entity: type[DeclarativeBase],
    rows: Iterable[Row],
    changed: Sequence[str],
    by: Sequence[str] = (),
    added: Sequence[str] = (),
) -> None:
    """Insert the rows; of those that are there write only the columns `changed` and `added`."""
    if listed := list(rows):
        dialect = dialect_of(session)
        statement = upserting(dialect, entity, tuple(changed), tuple(by), tuple(added))
        session.execute(statement, listed)
