"""The qualification register as a workbook: it goes out, and what is from before it comes in.

A row is known by person, seat and day. What is there as the row says is left alone, so the same
file may come twice; what is not there comes in as 历史登记. Acts on a qualification that is there
are done on its page, never by a file.
"""

import hashlib
from datetime import date, datetime
from typing import cast

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from processes.registers import qualification_search, qualification_stock, set_values
from processes.registers.days import bureau_day
from processes.registers.editing import reason_of
from processes.registers.fields import Fault, Field, FieldKind, Value, plain, read
from processes.registers.names import Names, names_of
from processes.registers.qualification_acts import may_act
from processes.registers.qualification_search import Filters, Validity, may_read_register
from processes.registers.qualification_stock import Stock
from processes.registers.qualifications import QualificationNotFound
from processes.registers.roster_workbook import (
    CHECKED_ONLY,
    Checked,
    explained,
    record_taken,
)
from processes.registers.seats import SEATS
from processes.registers.staffing.norms import NORMS
from processes.registers.tables import QUALIFICATIONS, QualificationRecord
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.domain.import_rows import Refusals, SheetForm, SheetRow, text_of
from service.procedure import (
    Concerned,
    Happening,
    Ledger,
    NotificationKind,
    granted,
    notify,
    read_workbook,
    write_workbook,
)

MOST_EXPORTED = 10_000
TITLE = "准入资格"
WORDS = {
    Validity.VALID: "有效",
    Validity.EXPIRING: "即将到期",
    Validity.EXPIRED: "已过期",
    Validity.REVOKED: "已撤销",
}
FIELDS = (
    Field("username", "用户名", FieldKind.PERSON, True, "本单位人员；同名的填用户名"),
    Field("unit", "单位", FieldKind.TEXT, True, "取得资格时所在的单位", limit=60),
    Field("seat", "学段学科", FieldKind.SEAT, True, "如 小学语文、跨学段音乐"),
    Field("granted_on", "登记日期", FieldKind.DATE, True, "取得资格的日期，如 2025年3月2日"),
    Field("valid_until", "有效期至", FieldKind.DATE, True, "最后一日，含当日"),
    Field("preferred", "优先考虑", FieldKind.YES_NO, False, "有市级以上称号的填“是”"),
    Field("stock_document", "历史登记的文件和文号", FieldKind.TEXT, False,
          "历史登记必填，如《关于公布教研员任职资格的通知》乌教发〔2025〕3号；审核登记的不填",
          limit=200),
    Field("stock_document_on", "发文日期", FieldKind.DATE, False, "历史登记必填"),
    Field("stock_organ", "发文机关", FieldKind.TEXT, False, "历史登记必填，如 乌海市教育局"),
    Field("validity", "有效性", FieldKind.TEXT, False, "导出时写明，导入时不填"),
)  # fmt: skip
SHEET = SheetForm(TITLE, tuple(one.column for one in FIELDS))
_OUT = FIELDS[:-1]


def may_export(session: Session, actor: Actor) -> bool:
    """Tell whether the actor may take the register out."""
    right = granted(actor, ObjectKind.REGISTER, Action.EXPORT, literal(QUALIFICATIONS))
    return may_read_register(session, actor) and bool(session.scalar(select(right)))


def require_export(session: Session, actor: Actor) -> None:
    """Raise QualificationNotFound for who does not read the register, Forbidden for who may not."""
    if not may_read_register(session, actor):
        raise QualificationNotFound
    if not may_export(session, actor):
        raise Forbidden


def require_import(session: Session, actor: Actor) -> None:
    """Raise QualificationNotFound for who does not read the register, else Forbidden."""
    if not may_read_register(session, actor):
        raise QualificationNotFound
    if not may_act(session, actor):
        raise Forbidden


def export(session: Session, *, actor: Actor, filters: Filters, today: date) -> tuple[bytes, int]:
    """Return what the list shows as a workbook, at most 10,000 rows, and how many they are.

    Raises QualificationNotFound for who does not read the register, Forbidden for who only reads.
    That it leaves, the caller records.
    """
    require_export(session, actor)
    found = qualification_search.search(
        session, actor=actor, filters=filters, after=None, today=today, limit=MOST_EXPORTED
    )
    soon = qualification_search.expires_soon(session, today)
    head = [*(one.label for one in FIELDS)]
    head += [f"{label}{CHECKED_ONLY}" for label in ("姓名", "来源", "规则版本")]
    lines = [
        (
            one.holder, *(plain(getattr(one, field.key)) for field in _OUT[1:]),
            WORDS[qualification_search.validity_of(one, today, soon)],
            one.holder_name, source_of(one), one.rules_version,
        )
        for one in found.rows
    ]  # fmt: skip
    return write_workbook([(TITLE, head, lines)]), len(lines)


def source_of(one: QualificationRecord) -> str:
    """Return where a qualification comes from, in words."""
    return "历史登记" if one.is_stock else "准入审核"


def template() -> bytes:
    """Return an empty workbook to fill in, with a sheet that explains the columns."""
    return write_workbook([(TITLE, [one.label for one in _OUT], ()), explained(_OUT)])


def check(tools: Ledger, content: bytes, *, actor: Actor, now: datetime) -> Checked:
    """Say what an import would do and which rows it cannot take; nothing is kept.

    Raises QualificationNotFound, Forbidden, WorkbookUnreadable, SheetsUnfit, RowsTooMany.
    """
    require_import(tools.session, actor)
    savepoint = tools.session.begin_nested()
    try:
        return _write(tools, content, "检查", actor, now)[0]
    finally:
        savepoint.rollback()


def take(
    tools: Ledger, content: bytes, *, digest: str, reason: str, actor: Actor, now: datetime
) -> Checked:
    """Take the whole workbook, if it is the one that was checked; return what was done.

    The holders are told. Raises RosterImportRefused, RosterFileChanged, ReasonMissing,
    EntryOvertaken, and as `check`.
    """
    require_import(tools.session, actor)
    said = reason_of(reason)
    checked, holders = _write(tools, content, said, actor, now)
    record_taken(tools, QUALIFICATIONS, checked, seen=digest, reason=said, actor=actor, now=now)
    happening = Happening(
        NotificationKind.ENTRY_DECIDED,
        Concerned(people=holders),
        facts={"register": "准入资格名册"},
        page=f"/registers/{QUALIFICATIONS}",
    )
    notify(tools, happening, now=now)
    return checked


def _write(
    tools: Ledger, content: bytes, reason: str, actor: Actor, now: datetime
) -> tuple[Checked, set[str]]:
    found = read_workbook(content, [SHEET])
    session, refusals, today = tools.session, Refusals(), bureau_day(now)
    names, settings = Names(session, actor), set_values.values_on(session, today)
    digest = hashlib.sha256(content).hexdigest()
    seen: dict[tuple[str, str, date], int] = {}
    holders: set[str] = set()
    entered = 0
    for row in found.rows:
        stock = _stock(session, row, names, refusals)
        if stock is None:
            continue
        place = (stock.holder, stock.seat.name, stock.granted_on)
        if place in seen:
            refusals.add(row, "username", f"与第 {seen[place]} 行重复")
            continue
        seen[place] = row.number
        there = qualification_stock.known(session, stock)
        if qualification_stock.is_there(stock, there):
            continue
        faults = [*_revoked(row), *_gone(row, names)]
        faults += qualification_stock.faults(
            session, stock, there, actor=actor, today=today, settings=settings
        )
        for fault in faults:
            refusals.add(row, fault.key, fault.text)
        if not faults:
            qualification_stock.enter(
                session, stock, key=tools.keys.next(),
                reason=f"{reason}（导入 {digest[:12]}）", settings=settings, actor=actor, now=now,
            )  # fmt: skip
            holders.add(stock.holder)
            entered += 1
    ignored = tuple(one for one in found.ignored if not one.endswith(CHECKED_ONLY))
    checked = Checked(
        digest, len(found.rows), ignored, refusals.sorted(), len(refusals.rows()), entered, 0
    )
    return checked, holders


def _revoked(row: SheetRow) -> list[Fault]:
    if WORDS[Validity.REVOKED] not in str(row.cells.get("validity") or ""):
        return []
    return [Fault("validity", "已撤销的准入资格不能作为历史登记导入", NORMS["S-STOCK"])]


def _gone(row: SheetRow, names: Names) -> list[Fault]:
    """Nothing new is entered for who has no open account among the staff."""
    person = names.resolved(FIELDS[0], read(FIELDS[0], row.cells.get("username")))
    return [person] if isinstance(person, Fault) else []


def _stock(session: Session, row: SheetRow, names: Names, refusals: Refusals) -> Stock | None:
    values: dict[str, Value] = {}
    holder = text_of(row.cells.get("username"))
    name = qualification_search.holder_name(session, holder)
    for field in _OUT:
        value = names.resolved(field, read(field, row.cells.get(field.key)))
        if field.kind is FieldKind.PERSON and name:
            value = holder
        if isinstance(value, Fault):
            refusals.add(row, field.key, value.text)
        else:
            values[field.key] = value
    if len(values) < len(_OUT):
        return None
    username = str(values["username"])
    return Stock(
        holder=username,
        name=names_of(session, [username]).get(username, name),
        unit=str(values["unit"]),
        seat=SEATS[str(values["seat"])],
        granted_on=cast(date, values["granted_on"]),
        valid_until=cast(date, values["valid_until"]),
        preferred=bool(values["preferred"]),
        stock_document=str(values["stock_document"]),
        stock_document_on=cast("date | None", values["stock_document_on"]),
        stock_organ=str(values["stock_organ"]),
    )
