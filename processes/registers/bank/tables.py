"""Tables of the two banks: who is in them, and what they have declared. People by key alone."""

from datetime import date

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from processes.registers.roster import IN_FORCE, AnyEntry

REVIEWERS = "reviewers"
SETTERS = "setters"


class _Expert(AnyEntry):
    __abstract__ = True

    username: Mapped[str] = mapped_column(Text)
    seats: Mapped[str] = mapped_column(Text)
    """Stages and subjects, parted by 、."""
    title_rank: Mapped[str] = mapped_column(Text)
    expertise: Mapped[str] = mapped_column(Text)
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    """Inclusive."""
    declared_on: Mapped[date | None]
    declared_year: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text)


class Reviewer(_Expert):
    """Somebody who may review: admissions, projects, workshops, awards."""

    __tablename__ = "bank_reviewer"
    __table_args__ = (
        Index(
            "ix_bank_reviewer_username",
            "username",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    interests: Mapped[str] = mapped_column(Text)
    """Interests declared beside ties to people, such as works written together."""


class Setter(_Expert):
    """Somebody who may set or review papers."""

    __tablename__ = "bank_setter"
    __table_args__ = (
        Index(
            "ix_bank_setter_username",
            "username",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    work: Mapped[str] = mapped_column(Text)
    """命题、审题 or both; never both for one paper."""
    teaches: Mapped[str] = mapped_column(Text)
    """Grades and subjects they teach in the declared year: `九年级数学`."""
    relative_sits: Mapped[str] = mapped_column(Text)
    """Grades in which a lineal relative of theirs is taught this year."""
    test_prep: Mapped[bool]
    """They write test-preparation material."""
    tutoring: Mapped[bool]
    """They take part in tutoring outside school."""
    agreement_no: Mapped[str] = mapped_column(Text)
    """Number of the agreement on confidentiality."""
