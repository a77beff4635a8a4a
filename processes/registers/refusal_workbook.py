"""The refusals of admission as a workbook: what the list shows, with what became of each."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from processes.registers import qualification_search, refusal_reviews
from processes.registers.qualification_workbook import MOST_EXPORTED, require_export
from processes.registers.tables import RefusalRecord, RefusalReviewRecord
from service.domain.actors import Actor
from service.procedure import write_workbook

TITLE = "不予准入记录"
_HEAD = (
    *("用户名", "姓名", "单位", "学段学科", "日期", "理由和依据", "规则版本", "事项编号"),
    *("异议复核", "复核人", "复核适用的规则版本"),
)


def export(session: Session, *, actor: Actor) -> tuple[bytes, int]:
    """Return the refusals as a workbook, the newest first, at most 10,000; and how many they are.

    Raises QualificationNotFound for who does not read the register, Forbidden for who only reads.
    That it leaves, the caller records.
    """
    require_export(session, actor)
    found = qualification_search.refusals(session, actor=actor, after=None, limit=MOST_EXPORTED)
    reviews = refusal_reviews.of(session, [one.refusal_key for one in found.rows])
    lines = [_line(one, reviews) for one in found.rows]
    return write_workbook([(TITLE, _HEAD, lines)]), len(lines)


def _line(one: RefusalRecord, reviews: Mapping[int, RefusalReviewRecord]) -> tuple[str, ...]:
    review = reviews.get(one.refusal_key)
    came = ("", "", "")
    if review is not None:
        word = "异议成立，已撤销，重新核定" if review.overturned else "异议不成立，维持"
        came = (word, review.recorded_by_name, review.rules_version or "")
    return (
        one.holder, one.holder_name, one.unit, one.seat, one.refused_on.isoformat(),
        _reasons(one), one.rules_version, str(one.instance_key), *came,
    )  # fmt: skip


def _reasons(one: RefusalRecord) -> str:
    rows = one.reasons if isinstance(one.reasons, list) else []
    return "；".join(
        f"{row['reason']}（{row['clause']}，{row['rule']}）"
        for row in rows
        if isinstance(row, dict)
    )
