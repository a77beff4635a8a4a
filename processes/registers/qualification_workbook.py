"""The qualification register as a workbook. It goes out alone: qualifications come from cases."""

from datetime import date

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from processes.registers import qualification_search
from processes.registers.qualification_search import Filters, Validity, may_read_register
from processes.registers.qualifications import QualificationNotFound
from processes.registers.tables import QUALIFICATIONS
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.procedure import granted, write_workbook

MOST_EXPORTED = 10_000
COLUMNS = (
    "姓名", "用户名", "单位", "学段学科", "登记日期", "有效期至", "有效性", "优先考虑", "规则版本",
)  # fmt: skip
WORDS = {
    Validity.VALID: "有效",
    Validity.EXPIRING: "即将到期",
    Validity.EXPIRED: "已过期",
    Validity.REVOKED: "已撤销",
}


def may_export(session: Session, actor: Actor) -> bool:
    """Tell whether the actor may take the register out."""
    right = granted(actor, ObjectKind.REGISTER, Action.EXPORT, literal(QUALIFICATIONS))
    return may_read_register(session, actor) and bool(session.scalar(select(right)))


def export(session: Session, *, actor: Actor, filters: Filters, today: date) -> tuple[bytes, int]:
    """Return what the list shows as a workbook, at most 10,000 rows, and how many they are.

    Raises QualificationNotFound for who does not read the register, Forbidden for who only reads.
    That it leaves, the caller records.
    """
    if not may_read_register(session, actor):
        raise QualificationNotFound
    if not may_export(session, actor):
        raise Forbidden
    found = qualification_search.search(
        session, actor=actor, filters=filters, after=None, today=today, limit=MOST_EXPORTED
    )
    soon = qualification_search.expires_soon(session, today)
    lines = [
        (
            one.holder_name, one.holder, one.unit, one.seat, one.granted_on.isoformat(),
            one.valid_until.isoformat(),
            WORDS[qualification_search.validity_of(one, today, soon)],
            "是" if one.preferred else "", one.rules_version,
        )
        for one in found.rows
    ]  # fmt: skip
    return write_workbook([("准入资格", COLUMNS, lines)]), len(lines)
