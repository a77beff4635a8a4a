"""Procedural records (程序事项) of a meeting: entered at the desk, read on it and in the minutes.

One mechanism for all that happens to the procedure and is no result of an item: each is a row with
its reason and figures, a line in the chained history, and a line of the minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.committee.desk import Sitting, said
from processes.committee.record_tables import ProceduralRecord, RecordKind
from processes.committee.refusals import WrongState
from processes.committee.tables import Item, Meeting, MeetingState
from processes.registers.days import BUREAU_TIME
from service.domain.values import Json


@dataclass(frozen=True, slots=True)
class Told:
    """A record with the title of its item, empty for none."""

    record: ProceduralRecord
    title: str

    @property
    def line(self) -> str:
        """It as a line of the minutes: what, on which item, why, who entered it and when."""
        row = self.record
        of = f"（{self.title}）" if self.title else ""
        why = f"；理由：{row.reason}" if row.reason else ""
        return f"{RecordKind(row.kind).label}{of}：{row.text}{why}（{self.entered}）"

    @property
    def entered(self) -> str:
        """Who entered it, and when by the bureau's clock."""
        at = self.record.recorded_at.astimezone(BUREAU_TIME)
        return f"{self.record.recorded_by_name}，{at.month}月{at.day}日{at:%H:%M}"


def enter(
    sitting: Sitting,
    kind: RecordKind,
    text: str,
    *,
    reason: str = "",
    item: Item | None = None,
    figures: Mapping[str, Json] | None = None,
) -> None:
    """Enter a record, and the act into the chained history."""
    name = sitting.actor.display_name or sitting.actor.username
    write(
        sitting.tools.session, sitting.meeting, kind, text, reason=reason, item=item,
        figures=figures, by=(sitting.actor.username, name), now=sitting.now,
    )  # fmt: skip
    head = "" if item is None else f"{item.title}："
    why = f"；理由：{reason}" if reason else ""
    sitting.note(f"{head}{kind.label}：{text}{why}", item)


def write(
    session: Session,
    meeting: Meeting,
    kind: RecordKind,
    text: str,
    *,
    reason: str = "",
    item: Item | None = None,
    figures: Mapping[str, Json] | None = None,
    by: tuple[str, str],
    now: datetime,
) -> None:
    """Write a record of what the history of the case has by itself; `by` is user name and name."""
    session.flush()
    of_meeting = ProceduralRecord.meeting_key == meeting.key
    taken = session.scalar(select(func.count()).select_from(ProceduralRecord).where(of_meeting))
    session.add(
        ProceduralRecord(
            meeting_key=meeting.key,
            number=(taken or 0) + 1,
            kind=kind,
            item_key=None if item is None else item.key,
            text=text,
            reason=reason,
            figures=dict(figures or {}),
            recorded_at=now,
            recorded_by=by[0],
            recorded_by_name=by[1],
        )
    )


def of_meeting(session: Session, meeting_key: int) -> Sequence[Told]:
    """Return the records of a meeting in their order."""
    wanted = (
        select(ProceduralRecord, Item.title)
        .outerjoin(Item, Item.key == ProceduralRecord.item_key)
        .where(ProceduralRecord.meeting_key == meeting_key)
        .order_by(ProceduralRecord.number)
    )
    return [Told(row, title or "") for row, title in session.execute(wanted)]


def corrections(session: Session, key: int) -> Sequence[Told]:
    """Return the 更正 of a meeting's archived minutes, in their order."""
    return [one for one in of_meeting(session, key) if one.record.kind == RecordKind.CORRECTION]


def items_of(session: Session, meeting_key: int) -> Sequence[Item]:
    """Return the items that records of a meeting are about, on its agenda still or not."""
    its = select(ProceduralRecord.item_key).where(
        ProceduralRecord.meeting_key == meeting_key, ProceduralRecord.item_key.is_not(None)
    )
    return session.scalars(select(Item).where(Item.key.in_(its))).all()


def is_silent(session: Session, item: Item) -> bool:
    """Tell whether 无人发言 was entered for an item in the meeting that it is before."""
    wanted = select(ProceduralRecord.number).where(
        ProceduralRecord.meeting_key == item.meeting_key,
        ProceduralRecord.item_key == item.key,
        ProceduralRecord.kind == RecordKind.SILENT,
    )
    return session.scalar(wanted.limit(1)) is not None


def correct(sitting: Sitting, *, text: str, reason: str) -> None:
    """Record a 更正 of archived minutes; the minutes stay as they are (trap 28)."""
    if sitting.meeting.state != MeetingState.ARCHIVED:
        raise WrongState(
            act="登记更正", state="纪要还没有归档，核对时在会务台的“改正纪要”里直接改正"
        )
    kept = said(text, "更正的内容")
    enter(sitting, RecordKind.CORRECTION, kept, reason=said(reason, "更正的理由"))
