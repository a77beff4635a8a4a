"""Events that instances wait for, and the messages that are kept for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import KEYED_BY_ITSELF, Base, JsonText


class EventSubscription(Base):
    """An element of a running instance waits for a message or a signal; timers are jobs."""

    __tablename__ = "event_subscription"
    __table_args__ = (
        UniqueConstraint("element_instance_key", "element_id", "number"),
        Index("ix_event_subscription_name", "kind", "name", "correlation_key", "key"),
        Index("ix_event_subscription_instance_key", "instance_key"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    element_instance_key: Mapped[int]
    """Who waits: see `events.Subscribed`."""
    element_id: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    """MESSAGE or SIGNAL."""
    name: Mapped[str]
    correlation_key: Mapped[str]
    instance_key: Mapped[int]
    definition_key: Mapped[int]
    process_id: Mapped[str]
    message_key: Mapped[int | None]
    """The message that is on its way to it; until it is there, it takes no other."""


class StartSubscription(Base):
    """A start event with a trigger of the newest version of a process."""

    __tablename__ = "start_subscription"
    __table_args__ = (
        UniqueConstraint("definition_key", "element_id", "number"),
        Index("ix_start_subscription_name", "kind", "name"),
        Index("ix_start_subscription_process_id", "process_id"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition_key: Mapped[int]
    process_id: Mapped[str]
    element_id: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    """MESSAGE, SIGNAL or TIMER."""
    name: Mapped[str]
    """Of the message or signal; empty for a timer, whose job row refers here."""


class Message(Base):
    """A message that was published or thrown, kept until it expires and is where it goes."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_name", "name", "correlation_key", "key"),
        Index("ix_message_expires_at", "expires_at"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    correlation_key: Mapped[str]
    message_id: Mapped[str]
    """Unique among the live messages of this name and key; empty: none."""
    variables: Mapped[Json] = mapped_column(JsonText, nullable=False)
    published_by: Mapped[str]
    """A user name: it reaches the processes on which that person may act. `system`: any."""
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class MessageCorrelation(Base):
    """A message goes to one instance of a process, and to no other of the same process."""

    __tablename__ = "message_correlation"
    __table_args__ = KEYED_BY_ITSELF

    message_key: Mapped[int] = mapped_column(
        ForeignKey("message.key"), primary_key=True, autoincrement=False
    )
    process_id: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[int]
    correlated_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    """None while a job row carries it there."""
