"""What is read from the qualification register, scoped, filtered and paged in SQL.

A holder sees their own rows; everybody else needs the right to read the register. Who may not see
a row is told that it does not exist.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from processes.registers import set_values
from processes.registers.admission_norms import EXPIRY_NOTICE_DAYS
from processes.registers.qualifications import QualificationNotFound
from processes.registers.tables import (
    QUALIFICATIONS,
    QualificationRecord,
    QualificationState,
    RefusalRecord,
)
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Invalid
from service.procedure import granted

PAGE_SIZE = 20

_LARGEST_KEY = 2**63 - 1
_CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{1,19})")


class CursorInvalid(Invalid):
    """翻页位置无效，请从第一页重新查看。"""

    code = "qualifications.cursor-invalid"


class Validity(StrEnum):
    """What a qualification is worth on a day."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means all."""

    text: str = ""
    """Part of a name, a unit or a seat."""
    stage: str = ""
    subject: str = ""
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class QualificationPage:
    """Rows, newest first, and the cursor of the page after, if there is one."""

    rows: Sequence[QualificationRecord]
    next: str | None


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Rows, newest first, and the cursor of the page after, if there is one."""

    rows: Sequence[RefusalRecord]
    next: str | None


def expires_soon(session: Session, today: date) -> int:
    """Return with how many days left a qualification is shown as 即将到期 (R-EXPIRY)."""
    return set_values.values_on(session, today).number(EXPIRY_NOTICE_DAYS)


def validity_of(
    record: QualificationRecord, today: date, soon: int = int(EXPIRY_NOTICE_DAYS.default)
) -> Validity:
    """Return what the qualification is worth today; its last day is still valid.

    `soon`: with so many days left it is about to expire.
    """
    if record.state == QualificationState.REVOKED:
        return Validity.REVOKED
    if record.valid_until < today:
        return Validity.EXPIRED
    near = record.valid_until - today <= timedelta(days=soon)
    return Validity.EXPIRING if near else Validity.VALID


def search(
    session: Session,
    *,
    actor: Actor,
    filters: Filters,
    after: str | None,
    today: date,
    limit: int = PAGE_SIZE,
) -> QualificationPage:
    """Return one page of what the actor may see. Raises CursorInvalid."""
    last_day = today + timedelta(days=expires_soon(session, today))
    conditions = [visible(actor), in_force(), *_narrowed(filters, today, last_day)]
    order = (QualificationRecord.granted_on, QualificationRecord.qualification_key)
    if after:
        conditions.append(tuple_(*order) < tuple_(*map(literal, _position(after))))
    rows = session.scalars(
        select(QualificationRecord)
        .where(*conditions)
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = None if last is None else f"{last.granted_on}_{last.qualification_key}"
    return QualificationPage(rows[:limit], cursor)


def revisions(
    session: Session, *, actor: Actor, qualification_key: int
) -> Sequence[QualificationRecord]:
    """Return all revisions of a qualification, the one in force first.

    Raises QualificationNotFound.
    """
    if qualification_key > _LARGEST_KEY:
        raise QualificationNotFound
    rows = session.scalars(
        select(QualificationRecord)
        .where(QualificationRecord.qualification_key == qualification_key, visible(actor))
        .order_by(QualificationRecord.revision.desc())
    ).all()
    if not rows:
        raise QualificationNotFound
    return rows


def may_read_register(session: Session, actor: Actor) -> bool:
    """Tell whether the actor may read the whole register, not only their own rows."""
    return bool(session.scalar(select(_register_right(actor))))


def may_open_case(session: Session, actor: Actor, record: QualificationRecord) -> bool:
    """Tell whether the case behind a row is open to the actor: its applicant, or a case reader."""
    if record.is_stock:
        return False
    reads_cases = granted(actor, ObjectKind.CASE, Action.READ, literal(record.process_id))
    return record.holder == actor.username or bool(session.scalar(select(reads_cases)))


def open_cases(session: Session, actor: Actor, records: Sequence[RefusalRecord]) -> frozenset[int]:
    """Return the keys of the cases behind refusals that are open to the actor; one statement each
    procedure."""
    readable = {
        process_id
        for process_id in {record.process_id for record in records}
        if session.scalar(select(granted(actor, ObjectKind.CASE, Action.READ, literal(process_id))))
    }
    return frozenset(
        record.instance_key
        for record in records
        if record.holder == actor.username or record.process_id in readable
    )


def holder_name(session: Session, username: str) -> str:
    """Return how a holder was called when they were entered last; empty for who holds none.

    For who may read the register.
    """
    newest = (
        select(QualificationRecord.holder_name)
        .where(QualificationRecord.holder == username)
        .order_by(QualificationRecord.recorded_at.desc())
        .limit(1)
    )
    return session.scalar(newest) or ""


def refusals(
    session: Session, *, actor: Actor, after: str | None, limit: int = PAGE_SIZE
) -> RefusalPage:
    """Return one page of the refusals that the actor may see. Raises CursorInvalid."""
    conditions = [or_(RefusalRecord.holder == actor.username, _register_right(actor))]
    order = (RefusalRecord.refused_on, RefusalRecord.refusal_key)
    if after:
        conditions.append(tuple_(*order) < tuple_(*map(literal, _position(after))))
    rows = session.scalars(
        select(RefusalRecord)
        .where(*conditions)
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = None if last is None else f"{last.refused_on}_{last.refusal_key}"
    return RefusalPage(rows[:limit], cursor)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Condition: the row is the actor's own, or they may read the register."""
    return or_(QualificationRecord.holder == actor.username, _register_right(actor))


def _register_right(actor: Actor) -> ColumnElement[bool]:
    return granted(actor, ObjectKind.REGISTER, Action.READ, literal(QUALIFICATIONS))


def in_force() -> ColumnElement[bool]:
    """Condition: no later revision of the qualification is there."""
    later = aliased(QualificationRecord)
    return ~exists().where(
        later.qualification_key == QualificationRecord.qualification_key,
        later.revision > QualificationRecord.revision,
    )


def _narrowed(filters: Filters, today: date, soon: date) -> list[ColumnElement[bool]]:
    record = QualificationRecord
    conditions: list[ColumnElement[bool]] = []
    if text := filters.text.replace("\0", "").strip():
        columns = (record.holder_name, record.unit, record.seat)
        conditions.append(or_(*(c.contains(text, autoescape=True) for c in columns)))
    if filters.stage:
        conditions.append(record.stage == filters.stage)
    if filters.subject:
        conditions.append(record.subject == filters.subject)
    if filters.validity is not None:
        conditions.append(_worth(filters.validity, today, soon))
    return conditions


def _worth(validity: Validity, today: date, soon: date) -> ColumnElement[bool]:
    record = QualificationRecord
    if validity is Validity.REVOKED:
        return record.state == QualificationState.REVOKED
    days = {
        Validity.VALID: record.valid_until > soon,
        Validity.EXPIRING: record.valid_until.between(today, soon),
        Validity.EXPIRED: record.valid_until < today,
    }
    return and_(record.state != QualificationState.REVOKED, days[validity])


def _position(cursor: str) -> tuple[date, int]:
    match = _CURSOR.fullmatch(cursor)
    if match is None or int(match[2]) > _LARGEST_KEY:
        raise CursorInvalid
    try:
        return date.fromisoformat(match[1]), int(match[2])
    except ValueError:
        raise CursorInvalid from None
