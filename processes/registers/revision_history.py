"""The history of the registers whose every act is a new revision of a row: 准入资格, 党组成员."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from processes.registers.fields import Value
from processes.registers.party_group import members
from processes.registers.party_group.tables import MemberRecord
from processes.registers.qualification_workbook import require_export
from processes.registers.tables import QualificationAct, QualificationRecord, QualificationState
from processes.registers.told_acts import Line, ToldAct, differing
from service.domain.actors import Actor

_AT_ONCE = 500

_Order: TypeAlias = tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]]
_Row = TypeVar("_Row", QualificationRecord, MemberRecord)

_QUALIFICATION: Final = {
    "holder": "用户名",
    "holder_name": "姓名",
    "unit": "单位",
    "seat": "学段学科",
    "granted_on": "登记日期",
    "valid_until": "有效期至",
    "preferred": "优先考虑",
    "state": "状态",
    "basis": "依据",
    "document": "决定",
    "heard": "本人陈述申辩",
    "stock_document": "历史登记的文件和文号",
    "stock_document_on": "发文日期",
    "stock_organ": "发文机关",
}
_ACTS: Final = {
    QualificationAct.GRANTED: "登记",
    QualificationAct.STOCK: "历史登记",
    QualificationAct.CORRECTED: "更正",
    QualificationAct.REVOKED: "撤销",
    QualificationAct.RESTORED: "恢复",
}
_STATES: Final = {QualificationState.GRANTED: "准予", QualificationState.REVOKED: "已撤销"}
_MEMBER: Final = {
    "username": "用户名",
    "name": "姓名",
    "position": "职务",
    "rank": "排序",
    "begins_on": "任职日期",
    "ends_on": "任期最后一日",
    "basis": "任职依据",
}


def of_qualifications(session: Session, *, actor: Actor) -> Iterator[ToldAct]:
    """Give every act on 准入资格. Raises QualificationNotFound, Forbidden."""
    require_export(session, actor)
    return _of_qualifications(session)


def of_members(session: Session, *, actor: Actor) -> Iterator[ToldAct]:
    """Give every act on the members of the Party group. Raises MemberNotFound, MembersForbidden."""
    members.require_export(session, actor)
    return _of_members(session)


def _of_qualifications(session: Session) -> Iterator[ToldAct]:
    record = QualificationRecord
    order = (record.qualification_key, record.revision)
    for one, lines in _with_differences(session, select(record), order, _QUALIFICATION):
        yield ToldAct(
            entry=str(one.qualification_key),
            name=one.holder_name,
            number=one.revision,
            at=one.recorded_at,
            act=_ACTS[QualificationAct(one.act)] if one.act else "登记",
            by=one.recorded_by,
            by_name=one.recorded_by_name,
            lines=lines,
            reason=one.reason,
            rules=one.rules_version,
            instance_key=one.instance_key,
        )


def _of_members(session: Session) -> Iterator[ToldAct]:
    record = MemberRecord
    order = (record.member_key, record.revision)
    for one, lines in _with_differences(session, select(record), order, _MEMBER):
        yield ToldAct(
            entry=str(one.member_key),
            name=one.name,
            number=one.revision,
            at=one.recorded_at,
            act="登记" if one.revision == 1 else "变更",
            by=one.recorded_by,
            by_name=one.recorded_by_name,
            lines=lines,
            reason=one.reason,
            rules="",
        )


def _with_differences(
    session: Session, rows: Select[_Row], order: _Order, labels: Mapping[str, str]
) -> Iterator[tuple[_Row, list[Line]]]:
    """Give each revision, in order, with what it says otherwise than the one before it."""
    before: dict[str, Value] = {}
    for row in _in_lots(session, rows, order):
        after = {key: getattr(row, key) for key in labels}
        if "state" in after:
            after["state"] = _STATES[QualificationState(after["state"])]
        yield row, differing(labels, before if row.revision > 1 else {}, after)
        before = after


def _in_lots(session: Session, rows: Select[_Row], order: _Order) -> Iterator[_Row]:
    """Give the rows lot by lot: a session that only reads keeps no cursor open in between."""
    statement = rows.order_by(*order).limit(_AT_ONCE)
    lot = session.scalars(statement).all()
    while lot:
        yield from lot
        last = [literal(getattr(lot[-1], one.key)) for one in order]
        lot = session.scalars(statement.where(tuple_(*order) > tuple_(*last))).all()
