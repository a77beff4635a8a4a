"""What is written into the qualification register: grants, refusals, corrections.

Append-only, in the caller's transaction. A grant and a refusal are written once however often the
step that causes them runs; a correction is a new revision with its reason.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from processes.registers.days import bureau_day
from processes.registers.seats import Seat
from processes.registers.tables import (
    QUALIFICATIONS,
    QualificationRecord,
    QualificationState,
    RefusalRecord,
)
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.values import Json
from service.procedure import granted


class QualificationNotFound(NotFound):
    """没有找到这条准入资格，或者你没有查看的权限。"""

    code = "qualification-not-found"


class QualificationChanged(Conflict):
    """这条准入资格已被{who}更正（第{revision}次记录），你的更正没有保存。请刷新后核对再提交。"""

    code = "qualification-changed"


class ReasonMissing(Invalid):
    """更正准入资格须写明理由。"""

    code = "reason-missing"


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


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction changes; None leaves it as it was."""

    reason: str
    holder_name: str | None = None
    unit: str | None = None
    valid_until: date | None = None
    state: QualificationState | None = None


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


def correct(
    session: Session,
    qualification_key: int,
    correction: Correction,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Add a revision to a qualification; the earlier ones stay as they are.

    `revision` is the one the actor saw. Raises QualificationNotFound, Forbidden, ReasonMissing,
    QualificationChanged.
    """
    latest = _latest(session, qualification_key, actor)
    _require_right(session, actor)
    if not correction.reason.strip():
        raise ReasonMissing
    if latest.revision != revision:
        raise QualificationChanged(
            who=latest.recorded_by_name or latest.recorded_by, revision=latest.revision
        )
    session.add(_corrected(latest, correction, actor, now))
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


def _latest(session: Session, qualification_key: int, actor: Actor) -> QualificationRecord:
    record = session.scalar(
        select(QualificationRecord)
        .where(
            QualificationRecord.qualification_key == qualification_key,
            granted(actor, ObjectKind.REGISTER, Action.READ, literal(QUALIFICATIONS)),
        )
        .order_by(QualificationRecord.revision.desc())
        .limit(1)
    )
    if record is None:
        raise QualificationNotFound
    return record


def _require_right(session: Session, actor: Actor) -> None:
    right = granted(actor, ObjectKind.REGISTER, Action.ACT, literal(QUALIFICATIONS))
    if not session.scalar(select(right)):
        raise Forbidden


def _corrected(
    latest: QualificationRecord, correction: Correction, actor: Actor, now: datetime
) -> QualificationRecord:
    values = {column.name: getattr(latest, column.name) for column in latest.__table__.columns}
    changes = {
        "holder_name": correction.holder_name,
        "unit": correction.unit,
        "valid_until": correction.valid_until,
        "state": correction.state,
    }
    values |= {name: value for name, value in changes.items() if value is not None}
    return QualificationRecord(
        **values
        | {
            "revision": latest.revision + 1,
            "reason": correction.reason.strip(),
            "recorded_at": now,
            "recorded_by": actor.username,
            "recorded_by_name": actor.display_name,
        }
    )
