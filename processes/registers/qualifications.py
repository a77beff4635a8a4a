"""What is written into the qualification register: grants, refusals, corrections.

Append-only, in the caller's transaction. A grant and a refusal are written once however often the
step that causes them runs; what people do to a qualification later is in `qualification_acts`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from processes.registers.days import bureau_day
from processes.registers.seats import Seat
from processes.registers.tables import (
    QualificationAct,
    QualificationRecord,
    QualificationState,
    RefusalRecord,
)
from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.values import Json


class QualificationNotFound(NotFound):
    """没有找到这条准入资格，或者你没有查看的权限。"""

    code = "qualification-not-found"


@dataclass(frozen=True, slots=True)
class Decision:
    """The step that decided, and the rules it kept to."""

    key: int
    """Key of its element instance: the same step run twice writes one row."""
    process_id: str
    instance_key: int
    rules_version: str
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who applied, for which seat, and what was verified of them."""

    username: str
    name: str
    unit: str
    seat: Seat
    facts: Json


def grant(
    session: Session,
    decision: Decision,
    candidate: Candidate,
    *,
    valid_until: date,
    preferred: bool,
    documents: Json,
) -> None:
    """Enter a qualification that begins on the day of the decision.

    `documents` are the attached files by form field. Does nothing the second time.
    """
    if session.get(QualificationRecord, (decision.key, 1)) is not None:
        return
    record = QualificationRecord(
        qualification_key=decision.key,
        revision=1,
        state=QualificationState.GRANTED,
        holder=candidate.username,
        holder_name=candidate.name,
        unit=candidate.unit,
        seat=candidate.seat.name,
        stage=candidate.seat.stage,
        subject=candidate.seat.subject,
        granted_on=bureau_day(decision.now),
        valid_until=valid_until,
        preferred=preferred,
        facts=candidate.facts,
        documents=documents,
        reason="",
        act=QualificationAct.GRANTED,
        basis="",
        document="",
        heard="",
    )
    session.add(_caused(record, decision))
    session.flush()


def refuse(session: Session, decision: Decision, candidate: Candidate, reasons: Json) -> None:
    """Record that an application was not granted, and why; does nothing the second time."""
    if session.get(RefusalRecord, decision.key) is not None:
        return
    record = RefusalRecord(
        refusal_key=decision.key,
        holder=candidate.username,
        holder_name=candidate.name,
        unit=candidate.unit,
        seat=candidate.seat.name,
        refused_on=bureau_day(decision.now),
        reasons=reasons,
        facts=candidate.facts,
    )
    session.add(_caused(record, decision))
    session.flush()


def _caused(
    record: QualificationRecord | RefusalRecord, decision: Decision
) -> QualificationRecord | RefusalRecord:
    record.rules_version = decision.rules_version
    record.process_id = decision.process_id
    record.instance_key = decision.instance_key
    record.recorded_at = decision.now
    record.recorded_by = decision.actor.username
    record.recorded_by_name = decision.actor.display_name
    return record
