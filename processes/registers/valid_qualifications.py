"""Which 准入资格 somebody holds on a day: the gate common to all channels (三(三))."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.days import said_day
from processes.registers.tables import QualificationRecord, QualificationState


def valid_qualification(
    session: Session, username: str, seat: str, today: date
) -> QualificationRecord | None:
    """Return the qualification for this seat that holds today: revisions after it count."""
    valid = [one for one in valid_qualifications(session, username, today) if one.seat == seat]
    return max(valid, key=lambda row: row.valid_until, default=None)


def valid_qualifications(session: Session, username: str, today: date) -> list[QualificationRecord]:
    """Return all that somebody holds today, in the order in which they were granted."""
    rows = session.scalars(
        select(QualificationRecord)
        .where(QualificationRecord.holder == username)
        .order_by(QualificationRecord.qualification_key, QualificationRecord.revision)
    )
    newest = {row.qualification_key: row for row in rows}
    return [
        row
        for row in newest.values()
        if row.state == QualificationState.GRANTED and row.granted_on <= today <= row.valid_until
    ]


def stock_note(record: QualificationRecord) -> str:
    """Return what is said of one from before the register wherever it is used; empty for others."""
    if not record.is_stock:
        return ""
    day = said_day(record.stock_document_on)
    return f"历史登记，依据{record.stock_organ}{day}{record.stock_document}"
