"""准入资格 granted before the register was kept: entered by the document that did (S-STOCK).

No case stands behind one; from then on it counts, ends and is revoked as any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from processes.registers.admission_norms import NORMS, RULES_VERSION, VALIDITY_MONTHS
from processes.registers.days import bureau_day, ends_on, said_day
from processes.registers.entries import EntryOvertaken
from processes.registers.fields import Fault
from processes.registers.seats import Seat
from processes.registers.settings import SettingValues
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.norms import STOCK_BEFORE, STOCK_UNTIL
from processes.registers.tables import QualificationAct, QualificationRecord, QualificationState
from service.domain.actors import Actor
from service.procedure import recusals

_PAPERS = (
    ("stock_document", "历史登记须有授予资格的文件：请填写名称和文号"),
    ("stock_document_on", "历史登记须有授予资格的文件：请填写发文日期"),
    ("stock_organ", "历史登记须有授予资格的文件：请填写发文机关"),
)


@dataclass(frozen=True, slots=True)
class Stock:
    """A qualification as its document says it; `valid_until` is inclusive."""

    holder: str
    """User name."""
    name: str
    unit: str
    seat: Seat
    granted_on: date
    valid_until: date
    preferred: bool
    stock_document: str
    stock_document_on: date | None
    stock_organ: str

    @property
    def said(self) -> tuple[object, ...]:
        """What a row says beside whose it is, for which seat and since when."""
        return (
            self.unit, self.valid_until, self.preferred,
            self.stock_document, self.stock_document_on, self.stock_organ,
        )  # fmt: skip


def known(session: Session, stock: Stock) -> Mapping[int, list[QualificationRecord]]:
    """Return what the register has of this person and seat: the revisions by key, oldest first."""
    rows = session.scalars(
        select(QualificationRecord)
        .where(
            QualificationRecord.holder == stock.holder,
            QualificationRecord.seat == stock.seat.name,
        )
        .order_by(QualificationRecord.qualification_key, QualificationRecord.revision)
    )
    found: dict[int, list[QualificationRecord]] = {}
    for row in rows:
        found.setdefault(row.qualification_key, []).append(row)
    return found


def is_there(stock: Stock, there: Mapping[int, list[QualificationRecord]]) -> bool:
    """Tell whether it was entered already, as it says: what was put right since stays so."""
    return any(
        stock.granted_on == one.granted_on and stock.said == _said(one)
        for revisions in there.values()
        for one in revisions
    )


def faults(
    session: Session,
    stock: Stock,
    there: Mapping[int, list[QualificationRecord]],
    *,
    actor: Actor,
    today: date,
    settings: SettingValues,
) -> Iterator[Fault]:
    """Give why it cannot be entered as 历史登记: days, document, ties, what is there already."""
    yield from _paper_faults(stock)
    yield from _days_faults(stock, today, settings)
    if (gone := _revoked(session, stock.holder)) is not None:
        reason = (
            f"{stock.name or stock.holder}的{gone.seat}准入资格已于"
            f"{said_day(bureau_day(gone.recorded_at))}撤销，任何学段学科都不能再以历史登记取得；"
            "撤销决定被撤销的，请在名册里打开那一条办理恢复；其他的请重新办理准入审核"
        )
        yield Fault("username", reason, NORMS["R-REVOKE"])
    for revisions in there.values():
        newest = revisions[-1]
        if newest.granted_on == stock.granted_on:
            reason = "名册里已有这一条，内容不同；要更正、撤销、恢复的，请在名册里打开这一条办理"
            yield Fault("granted_on", reason)
        elif newest.state == QualificationState.GRANTED and _overlap(stock, newest):
            reason = (
                f"名册里已有{said_day(newest.granted_on)}至{said_day(newest.valid_until)}的"
                f"{newest.seat}准入资格，同一时间只登记一条"
            )
            yield Fault("granted_on", reason)
    barred = recusals(session, [stock.holder])
    if actor.username in barred:
        yield Fault("username", f"你{barred[actor.username]}，由他人办理", NORMS["R-RECUSE"])


def enter(
    session: Session,
    stock: Stock,
    *,
    key: int,
    reason: str,
    settings: SettingValues,
    actor: Actor,
    now: datetime,
) -> QualificationRecord:
    """Write it as the first revision; what must be asked before, the caller has asked.

    Raises EntryOvertaken where somebody enters the same one at this moment.
    """
    record = QualificationRecord(
        qualification_key=key,
        revision=1,
        state=QualificationState.GRANTED,
        holder=stock.holder,
        holder_name=stock.name,
        unit=stock.unit,
        seat=stock.seat.name,
        stage=stock.seat.stage,
        subject=stock.seat.subject,
        granted_on=stock.granted_on,
        valid_until=stock.valid_until,
        preferred=stock.preferred,
        facts={},
        documents={},
        reason=reason,
        act=QualificationAct.STOCK,
        basis="",
        document="",
        heard="",
        stock_document=stock.stock_document,
        stock_document_on=stock.stock_document_on,
        stock_organ=stock.stock_organ,
        rules_version=f"{RULES_VERSION}/{settings.revision}",
        process_id="",
        instance_key=0,
        recorded_at=now,
        recorded_by=actor.username,
        recorded_by_name=actor.display_name,
    )
    session.add(record)
    try:
        session.flush()
    except IntegrityError as error:
        raise EntryOvertaken from error
    return record


def _paper_faults(stock: Stock) -> Iterator[Fault]:
    for key, reason in _PAPERS:
        if not getattr(stock, key):
            yield Fault(key, reason, STAFFING["S-STOCK"])


def _days_faults(stock: Stock, today: date, settings: SettingValues) -> Iterator[Fault]:
    norm = STAFFING["S-STOCK"]
    before, until = settings.day_of(STOCK_BEFORE), settings.day_of(STOCK_UNTIL)
    if today > until:
        yield Fault("granted_on", f"历史登记已于{said_day(until)}截止，请办理准入审核", norm)
    for key, day in (
        ("granted_on", stock.granted_on),
        ("stock_document_on", stock.stock_document_on),
    ):
        if day is not None and day >= before:
            reason = f"{said_day(before)}起的不属于历史登记，请办理准入审核"
            yield Fault(key, reason, norm)
    if stock.valid_until < stock.granted_on:
        yield Fault("valid_until", f"早于登记日期{said_day(stock.granted_on)}")
    latest = ends_on(today, settings.number(VALIDITY_MONTHS))
    if stock.valid_until > latest:
        reason = f"不能晚于{said_day(latest)}：从今天起不超过准入资格的有效期"
        yield Fault("valid_until", reason, NORMS["R-VALID"])


def _said(record: QualificationRecord) -> tuple[object, ...]:
    return (
        record.unit, record.valid_until, record.preferred,
        record.stock_document, record.stock_document_on, record.stock_organ,
    )  # fmt: skip


def _revoked(session: Session, holder: str) -> QualificationRecord | None:
    """Return the newest revocation that stands, of whatever seat (R-REVOKE); None where none."""
    newest = (
        select(
            QualificationRecord.qualification_key.label("key"),
            func.max(QualificationRecord.revision).label("revision"),
        )
        .where(QualificationRecord.holder == holder)
        .group_by(QualificationRecord.qualification_key)
        .subquery()
    )
    return session.scalar(
        select(QualificationRecord)
        .join(
            newest,
            (QualificationRecord.qualification_key == newest.c.key)
            & (QualificationRecord.revision == newest.c.revision),
        )
        .where(QualificationRecord.state == QualificationState.REVOKED)
        .order_by(QualificationRecord.recorded_at.desc())
        .limit(1)
    )


def _overlap(stock: Stock, other: QualificationRecord) -> bool:
    return stock.granted_on <= other.valid_until and other.granted_on <= stock.valid_until
