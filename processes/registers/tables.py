"""Tables of the qualification register. Rows are never changed: each act is a new revision."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.procedure import JsonText, ProcessesBase

QUALIFICATIONS = "qualifications"
"""Id of the register, as rights name it."""


_STOCK = text("revision = 1 AND stock_document <> ''")


class QualificationState(StrEnum):
    """What a revision says of the qualification, beside the days it is valid."""

    GRANTED = "granted"
    REVOKED = "revoked"


class QualificationAct(StrEnum):
    """What a revision is; none is undone but by the act that answers it."""

    GRANTED = "granted"
    STOCK = "stock"
    """历史登记: granted before the register was kept, entered by the document that granted it."""
    CORRECTED = "corrected"
    """更正: a slip of the pen."""
    REVOKED = "revoked"
    """撤销: it counts no more from that day on."""
    RESTORED = "restored"
    """恢复: the revocation was set aside."""


class Provenance:
    """Where a row comes from: by which rules, from which case, when, by whom."""

    rules_version: Mapped[str] = mapped_column(Text)
    process_id: Mapped[str] = mapped_column(Text)
    instance_key: Mapped[int] = mapped_column(BigInteger)
    """0 where no case did: see `QualificationRecord.stock_document`."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    """User name; `system` where a job recorded it."""
    recorded_by_name: Mapped[str] = mapped_column(Text)
    """As they were called then."""


class QualificationRecord(Provenance, ProcessesBase):
    """One revision of one qualification; the highest revision is in force."""

    __tablename__ = "qualification_record"
    __table_args__ = (
        Index("ix_qualification_record_granted_on", "granted_on", "qualification_key"),
        Index("ix_qualification_record_holder", "holder"),
        Index(
            "ix_qualification_record_stock",
            "holder",
            "seat",
            "granted_on",
            unique=True,
            sqlite_where=_STOCK,
            postgresql_where=_STOCK,
        ),
    )

    qualification_key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )
    """Key of the element instance that granted it: granting twice is one row."""
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 when granted, one more with each correction."""
    state: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(Text)
    """User name."""
    holder_name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    seat: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    granted_on: Mapped[date]
    valid_until: Mapped[date]
    """Inclusive, a day of the bureau's calendar."""
    preferred: Mapped[bool]
    facts: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """What was verified, and by which rules."""
    documents: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """The attached files by the form field they were chosen for."""
    reason: Mapped[str] = mapped_column(Text)
    """Why this revision was made; empty for the first."""
    act: Mapped[str] = mapped_column(Text, server_default=text("''"))
    basis: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Of a revocation: the rule and where it is written; else empty."""
    document: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Name and number of the paper that decided it; empty where none did."""
    heard: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """What the holder said before a revocation."""
    stock_document: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """历史登记: name and number of the document that granted it; empty where a case did."""
    stock_document_on: Mapped[date | None]
    """Its day."""
    stock_organ: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Who issued it."""

    @property
    def is_stock(self) -> bool:
        """Whether it was granted before the register was kept: no case stands behind it."""
        return bool(self.stock_document)


class RefusalRecord(Provenance, ProcessesBase):
    """One application that was not granted, with its reasons."""

    __tablename__ = "refusal_record"
    __table_args__ = (
        Index("ix_refusal_record_holder", "holder"),
        Index("ix_refusal_record_refused_on", "refused_on", "refusal_key"),
    )

    refusal_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Key of the element instance that recorded it."""
    holder: Mapped[str] = mapped_column(Text)
    """User name of the applicant."""
    holder_name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    seat: Mapped[str] = mapped_column(Text)
    refused_on: Mapped[date]
    reasons: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """Rows of rule, clause and reason."""
    facts: Mapped[Json] = mapped_column(JsonText, nullable=False)


class RefusalReviewRecord(ProcessesBase):
    """What a re-check decided on a refusal: it stands, or it was set aside and decided anew."""

    __tablename__ = "refusal_review_record"
    __table_args__ = (Index("ix_refusal_review_record_refusal_key", "refusal_key"),)

    review_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Key of the element instance that recorded it."""
    refusal_key: Mapped[int] = mapped_column(BigInteger)
    overturned: Mapped[bool]
    rules_version: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Rules and settings it was decided by; empty where it was decided before that was kept."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_name: Mapped[str] = mapped_column(Text)
    """As they were called then."""


class QualificationNotice(ProcessesBase):
    """That a holder was told of the last day of a qualification; of another last day once more."""

    __tablename__ = "qualification_notice"

    qualification_key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )
    valid_until: Mapped[date] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class TermNotice(ProcessesBase):
    """That those who keep a register were told of the last day of an entry: before it, and behind.

    Of another last day they are told once more.
    """

    __tablename__ = "term_notice"

    register: Mapped[str] = mapped_column(Text, primary_key=True)
    entry_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    over: Mapped[bool] = mapped_column(primary_key=True)
    """Whether the day had passed."""
    told_at: Mapped[datetime]
