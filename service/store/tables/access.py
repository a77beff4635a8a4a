"""The access log: who came in, read, exported, changed; see `service.store.access_log`."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import KEYED_BY_ITSELF, Base, JsonText


class AccessHead(Base):
    """The end of the chain of one person, one day and one retention class."""

    __tablename__ = "access_head"
    __table_args__ = KEYED_BY_ITSELF

    day: Mapped[str] = mapped_column(primary_key=True)
    """The bureau's day, such as 2026-03-02."""
    person: Mapped[str] = mapped_column(primary_key=True)
    """Who acted: a user name, `system`, or nothing where a failed sign-in named nobody."""
    retention: Mapped[str] = mapped_column(primary_key=True)
    length: Mapped[int]
    state: Mapped[str]


class AccessEvent(Base):
    """One event. Never changed; deleted with its whole chain when its time is over."""

    __tablename__ = "access_event"
    __table_args__ = (
        UniqueConstraint("day", "person", "retention", "number", name="uq_access_event_number"),
        Index("ix_access_event_at", "at", "key"),
        Index("ix_access_event_person", "person", "at", "key"),
        Index("ix_access_event_subject", "subject", "at", "key"),
        Index("ix_access_event_kind", "kind", "at", "key"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str]
    person: Mapped[str]
    retention: Mapped[str]
    number: Mapped[int]
    """1, 2, 3 … within the chain."""
    at: Mapped[datetime]
    kind: Mapped[str]
    subject: Mapped[str]
    """Whom or what it concerns: the user name of whose data or account it is, else an id."""
    reference: Mapped[str]
    """The very thing: a document's key, a register's record, an instance's key."""
    address: Mapped[str]
    """Where the request came from; nothing for the system and the command line."""
    details: Mapped[Json] = mapped_column(JsonText, nullable=False)
    mac: Mapped[str]
