"""Which 准入资格 somebody holds on a day: the gate common to all channels (三(三))."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.tables import QualificationRecord, QualificationState


def valid_qualification(
    session: Session, username: str, seat: str, today: date
) -> QualificationRecord | None:
    """Return the qualification for this seat that holds today: revisions after it count."""
    rows = session.scalars(
        select(QualificationRecord)
        .where(QualificationRecord.holder == username, QualificationRecord.seat == seat)
        .order_by(QualificationRecord.qualification_key, QualificationRecord.revision)
    )
    newest = {row.qualification_key: row for row in rows}
    valid = [
        row
        for row in newest.values()
        if row.state == QualificationState.GRANTED and row.granted_on <= today <= row.valid_until
    ]
    return max(valid, key=lambda row: row.valid_until, default=None)
