"""Declared ties between people, whom a task is about, and who must keep out of it for that."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import KEYED_BY_ITSELF, Base


class PersonalTie(Base):
    """A tie between two people, as it was declared. It holds both ways until it is ended."""

    __tablename__ = "personal_tie"
    __table_args__ = (
        Index("ix_personal_tie_username", "username"),
        Index("ix_personal_tie_other", "other"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(ForeignKey("person.username"))
    other: Mapped[str | None] = mapped_column(ForeignKey("person.username"))
    """The other's account; None where they are named by a number that they may register with."""
    other_name: Mapped[str]
    """What the other is called, where they are no account."""
    number_kind: Mapped[str | None]
    """See `service.domain.personal_data.PersonalKind`."""
    number_sealed: Mapped[str | None]
    kind: Mapped[str]
    """See `service.domain.recusal.TieKind`."""
    source: Mapped[str]
    """See `service.domain.recusal.TieSource`."""
    note: Mapped[str]
    declared_at: Mapped[datetime]
    declared_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    end_reason: Mapped[str | None]


class TieLookup(Base):
    """By which keyed hash the account of somebody who was named by a number is found."""

    __tablename__ = "tie_lookup"
    __table_args__ = (Index("ix_tie_lookup_lookup", "lookup"), KEYED_BY_ITSELF)

    tie_key: Mapped[int] = mapped_column(ForeignKey("personal_tie.key"), primary_key=True)
    lookup: Mapped[str] = mapped_column(primary_key=True)
    """As in `personal_datum`, one for staff and one for people from outside."""


class TaskParty(Base):
    """Somebody whom a task is about, as its step says (`jiaoyan.recuse-from`)."""

    __tablename__ = "task_party"
    __table_args__ = (Index("ix_task_party_username", "username", "task_key"), KEYED_BY_ITSELF)

    task_key: Mapped[int] = mapped_column(ForeignKey("user_task.key"), primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    """As the expression named it; need not be an account."""


class TaskBar(Base):
    """Somebody who must keep out of a task: written when it arises or when the tie is declared."""

    __tablename__ = "task_bar"
    __table_args__ = (Index("ix_task_bar_task_key", "task_key"), KEYED_BY_ITSELF)

    username: Mapped[str] = mapped_column(primary_key=True)
    task_key: Mapped[int] = mapped_column(ForeignKey("user_task.key"), primary_key=True)
    party: Mapped[str]
    kind: Mapped[str | None]
    """The tie's kind; None for the party themselves."""
    tie_key: Mapped[int | None]
