"""What people are told: see `service.domain.notifications`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import KEYED_BY_ITSELF, Base

_UNREAD = text("read_at IS NULL")
_NONE = text("''")


class Notification(Base):
    """One thing that one person was told."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_list", "username", "key"),
        Index(
            "ix_notification_unread",
            "username",
            "kind",
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(ForeignKey("person.username"))
    kind: Mapped[str]
    """See `service.domain.notifications.NotificationKind`."""
    text: Mapped[str]
    """Names steps, procedures and colleagues, not what a case is about."""
    task_key: Mapped[int | None]
    instance_key: Mapped[int | None]
    process_id: Mapped[str | None]
    page: Mapped[str] = mapped_column(server_default=_NONE)
    """Path of ours where it leads that is about no task and no case; empty for none."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NotificationChoice(Base):
    """What a person has chosen: whether they want to be told of a kind by a channel."""

    __tablename__ = "notification_choice"
    __table_args__ = KEYED_BY_ITSELF

    username: Mapped[str] = mapped_column(ForeignKey("person.username"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    """A NotificationKind, or the digest."""
    channel: Mapped[str] = mapped_column(primary_key=True)
    """See `service.domain.outgoing.Channel`."""
    wanted: Mapped[bool]


class NotificationDigest(Base):
    """The last day on which a person got their daily summary."""

    __tablename__ = "notification_digest"
    __table_args__ = KEYED_BY_ITSELF

    username: Mapped[str] = mapped_column(ForeignKey("person.username"), primary_key=True)
    day: Mapped[date]
    """The bureau's."""
