"""What happened, append-only and chained: see `service.store.history`."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import KEYED_BY_ITSELF, Base, JsonText

ESCALATED = text("act LIKE '%.escalated'")
"""Acts by which something late went up to somebody. Written out: an index holds those alone."""


class HistoryEntry(Base):
    """One act in one instance. Never changed, never deleted; a correction is a new entry."""

    __tablename__ = "history_entry"
    __table_args__ = (
        Index(
            "ix_history_entry_escalated",
            "at",
            "instance_key",
            "number",
            sqlite_where=ESCALATED,
            postgresql_where=ESCALATED,
        ),
        KEYED_BY_ITSELF,
    )

    instance_key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … within the instance."""
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    element_id: Mapped[str | None]
    element_instance_key: Mapped[int | None]
    digest: Mapped[str]
    """SHA-256 of the salted values; empty where there are none."""
    mac: Mapped[str]
    """HMAC-SHA-256 over the entry before and this one, hexadecimal."""


class HistoryValue(Base):
    """The values of an entry: opinion, outcome, names. May be erased by law; the chain holds."""

    __tablename__ = "history_value"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instance_key", "number"], ["history_entry.instance_key", "history_entry.number"]
        ),
        KEYED_BY_ITSELF,
    )

    instance_key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str]
    value: Mapped[Json] = mapped_column(JsonText, nullable=False)
