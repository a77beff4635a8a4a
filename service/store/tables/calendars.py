"""The calendar: years that are not as the program ships them, office hours, periods."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import Base, JsonText


class CalendarYearRow(Base):
    """The arrangement of one year: estimated, brought in or edited."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    """A `YearSource`."""
    provisional: Mapped[bool]
    days: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """`[[ISO date, kind, name], …]` in the order of days."""
    revision: Mapped[int]
    """Grows by one with each change."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class CalendarState(Base):
    """One row: the office hours, and the stamp of what the calendar's rows say.

    Changes of the calendar lock it. Where it is missing, the calendar is as the program ships it.
    """

    __tablename__ = "calendar_state"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[str]
    """Digest of the content: the same rows have the same one, on any database."""
    closing: Mapped[str]
    """`17:30`, in the bureau's time."""
    half_day_closing: Mapped[str]
    half_days_count: Mapped[bool]


class CalendarPeriod(Base):
    """A time with a name, such as a term; both days belong to it."""

    __tablename__ = "calendar_period"
    __table_args__ = (Index("ix_calendar_period_begins_on", "begins_on"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    name: Mapped[str]
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class DateKind(StrEnum):
    """What a provisional date is of."""

    TASK_DUE = "task-due"
    TASK_FOLLOW_UP = "task-follow-up"
    TIMER = "timer"


class DateState(StrEnum):
    """OPEN until its years are announced; then SETTLED, or FLAGGED for a person to decide."""

    OPEN = "open"
    SETTLED = "settled"
    FLAGGED = "flagged"


class ProvisionalDate(Base):
    """A date that was worked out over a year not announced yet, and how."""

    __tablename__ = "provisional_date"
    __table_args__ = (
        Index("ix_provisional_date_state", "state", "key"),
        Index("ix_provisional_date_subject", "subject_key"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    subject_key: Mapped[int]
    """The task's key, or that of the element instance whose timer it is."""
    element_id: Mapped[str]
    number: Mapped[int]
    """Of a timer: which of the definitions of its event."""
    instance_key: Mapped[int] = mapped_column(ForeignKey("process_instance.key"))
    process_id: Mapped[str]
    begins_on: Mapped[date | None] = mapped_column(Date)
    """Day 0; without it nobody knows how the date was worked out."""
    days: Mapped[int | None]
    day_on: Mapped[date | None] = mapped_column(Date)
    """The working day that came of it."""
    due_at: Mapped[datetime]
    """The date itself, as it stands."""
    years: Mapped[list[int]] = mapped_column(JsonText)
    announced_at: Mapped[datetime | None]
    """Since when it is known outside: announced, or served on somebody."""
    state: Mapped[str]
    proposed_at: Mapped[datetime | None]
    """Of a flagged one: where it would be by the announced calendar, if that is known."""
    noted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
