"""The calendar: years that are not as the program ships them, office hours, periods."""

from datetime import date, datetime

from sqlalchemy import Date, Index
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
