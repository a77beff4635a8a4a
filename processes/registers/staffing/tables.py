"""Tables of staffing: establishments, seats, researchers. People and units by key alone."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from processes.registers.roster import IN_FORCE, AnyEntry
from service.procedure import ProcessesBase

RESEARCHERS = "researchers"
SEATS_REGISTER = "seats"
ESTABLISHMENTS = "establishments"
STAFFING_RULES = "staffing-rules"

_SEATED = text("ended_on IS NULL AND seat_code <> ''")


def _one_in_force(name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)


class Establishment(AnyEntry):
    """核定编制: what the organ for establishments has approved for a unit."""

    __tablename__ = "establishment"
    __table_args__ = (_one_in_force("ix_establishment_unit_id", "unit_id"),)

    unit_id: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    approved_seats: Mapped[int]
    """核定编制数."""
    approved_posts: Mapped[int]
    """核定岗位数: a limit of its own."""
    organ: Mapped[str] = mapped_column(Text)
    approval_no: Mapped[str] = mapped_column(Text)
    approved_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)


class StaffSeat(AnyEntry):
    """A seat of an institution for one stage and subject; who holds it, the researcher says."""

    __tablename__ = "staff_seat"
    __table_args__ = (
        _one_in_force("ix_staff_seat_code", "code"),
        Index("ix_staff_seat_unit_id", "unit_id", "seat"),
        Index("ix_staff_seat_lender_id", "lender_id"),
    )

    code: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(Text)
    seat: Mapped[str] = mapped_column(Text)
    """Name of stage and subject: see `processes.registers.seats`."""
    stages: Mapped[str] = mapped_column(Text)
    """Of one of the seven: the stages it covers; empty: all that the level spans."""
    source: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(Text)
    organ: Mapped[str] = mapped_column(Text)
    approval_no: Mapped[str] = mapped_column(Text)
    lender_id: Mapped[str] = mapped_column(Text)
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Inclusive."""
    return_rule: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    reserved_instance: Mapped[int | None] = mapped_column(BigInteger)
    """The case it is kept for."""
    reserved_for: Mapped[str] = mapped_column(Text)
    """What people read of it."""


class Researcher(AnyEntry):
    """A researcher of an institution, with or without a seat."""

    __tablename__ = "researcher"
    __table_args__ = (
        _one_in_force("ix_researcher_username", "username"),
        Index(
            "ix_researcher_seat_held",
            "seat_code",
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index("ix_researcher_seat_code", "seat_code"),
        Index("ix_researcher_unit_id", "unit_id"),
    )

    username: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    seat_code: Mapped[str] = mapped_column(Text)
    """Code of the seat they hold; empty for part-time and retired ones."""
    covers: Mapped[str] = mapped_column(Text)
    """What part-time and retired ones do: name of a stage and subject."""
    second_subject: Mapped[str] = mapped_column(Text)
    """One of the seven that they do beside their seat, once approved."""
    second_basis: Mapped[str] = mapped_column(Text)
    began_on: Mapped[date]
    term_ends_on: Mapped[date | None]
    """Inclusive."""
    leaving: Mapped[str] = mapped_column(Text)
    leaves_on: Mapped[date | None]
    """First day on which they are not there any more."""
    returns_on: Mapped[date | None]
    """First day on which they are back."""
    leaving_basis: Mapped[str] = mapped_column(Text)
    waiver: Mapped[str] = mapped_column(Text)
    """Decision by which a part-timer was engaged though full-time seats are vacant."""
    stock_basis: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Document by which somebody from before the register was entered; empty for others."""
    records_on: Mapped[date | None]
    """Day of the newest yearly query of records (S-RECORDS); none where none was made since."""
    appointment_basis: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Decision by which somebody full-time came outside a case; empty for others."""
    note: Mapped[str] = mapped_column(Text)


class RecordsQuery(ProcessesBase):
    """One yearly query of one researcher's records: that it was asked for, and what closed it.

    What was found is in its case alone.
    """

    __tablename__ = "records_query"
    __table_args__ = (
        Index("ix_records_query_researcher_key", "researcher_key", "due_on", unique=True),
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    researcher_key: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    """The anniversary it is for: it is asked for once."""
    asked_at: Mapped[datetime]
    """When its case was asked for; later again where an operator has cancelled that."""
    instance_key: Mapped[int | None] = mapped_column(BigInteger)
    """Its case, once that has begun."""
    looked_up_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    """When it was answered, or the researcher had left."""
