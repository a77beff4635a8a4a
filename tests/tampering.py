"""What somebody does who can write to the database and goes round the system."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, ColumnElement, Integer
from sqlalchemy.orm import Session

from service.store.base import JsonText, UtcDateTime


def other(column: ColumnElement[object], value: object) -> object:
    """Another value that the column takes."""
    if isinstance(column.type, UtcDateTime):
        known = value if isinstance(value, datetime) else datetime(2026, 1, 1, tzinfo=UTC)
        return known + timedelta(microseconds=1)
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer):
        return 1000 + (value if isinstance(value, int) else 0)
    if isinstance(column.type, JsonText):
        return {"another": "value"}
    return f"{value or ''}x"


def let_everything_be_written(session: Session) -> None:
    """Whoever owns the database can switch its own rules off."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
