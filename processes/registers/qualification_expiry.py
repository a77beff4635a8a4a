"""Telling holders that a qualification is about to end (R-EXPIRY); its end itself needs no act."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from processes.registers.days import bureau_day, said_day
from processes.registers.qualification_search import expires_soon, in_force
from processes.registers.tables import (
    QualificationNotice,
    QualificationRecord,
    QualificationState,
)
from service.procedure import Concerned, Happening, NotificationKind, Toolbox, notify

MOST = 500
"""So many are told in one transaction; the others the day after."""


def tell_holders(tools: Toolbox, now: datetime) -> None:
    """Tell each holder once of a last day that is near; what is revoked or over is left out."""
    session, today = tools.session, bureau_day(now)
    record, notice = QualificationRecord, QualificationNotice
    told = exists().where(
        notice.qualification_key == record.qualification_key,
        notice.valid_until == record.valid_until,
    )
    near = session.scalars(
        select(record)
        .where(
            in_force(),
            record.state == QualificationState.GRANTED,
            record.valid_until.between(today, today + timedelta(days=expires_soon(session, today))),
            ~told,
        )
        .order_by(record.valid_until, record.qualification_key)
        .limit(MOST)
    ).all()
    for one in near:
        session.add(
            QualificationNotice(
                qualification_key=one.qualification_key, valid_until=one.valid_until, told_at=now
            )
        )
        happening = Happening(
            NotificationKind.ENTRY_EXPIRES,
            Concerned(people=(one.holder,)),
            instance_key=one.instance_key or None,
            facts={"register": "准入资格名册", "until": said_day(one.valid_until)},
            page=f"/registers/qualifications/{one.qualification_key}",
        )
        notify(tools, happening, now=now)
    session.flush()
