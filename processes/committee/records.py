"""Procedural records (程序事项) of a meeting: entered at the desk, read on it and in the minutes.

One mechanism for all that happens to the procedure and is no result of an item: each is a row with
its reason and figures, a line in the chained history, and a line of the minutes.
"""

from collections.abc import Iterable, Mapping, Sequence
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

OF_ANY = -1
"""In the place of an item's key: free text on the meeting's items, about which of them is not
known. It is kept from everybody from whom one of them is kept."""
_WHOLE, _AGENDA = "whole", "agenda"


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

    @property
    def about(self) -> int:
        """Key of the item it is about; 0 for the meeting itself, OF_ANY where nobody has said."""
        row = self.record
        if row.item_key is not None:
            return row.item_key
        figures = row.figures if isinstance(row.figures, dict) else {}
        if row.kind == RecordKind.CORRECTION:
            return 0 if figures.get(_WHOLE) is True else OF_ANY
        if row.kind == RecordKind.AGENDA:
            return OF_ANY if row.reason or "（" in row.text else 0
        return 0

    def is_kept(self, hidden: frozenset[int]) -> bool:
        """Tell whether it is kept from whoever must read nothing of these items (C-RECUSE)."""
        return self.about in hidden or (self.about == OF_ANY and bool(hidden))


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
    """Return the 更正 of a meeting's archived minutes, in their order, whoever may read them."""
    return [one for one in of_meeting(session, key) if one.record.kind == RecordKind.CORRECTION]


def items_of(session: Session, meeting_key: int) -> Sequence[Item]:
    """Return the items that records of a meeting are about, on its agenda still or not.

    What was said of an agenda is about every item that stood on it then.
    """
    rows = session.scalars(
        select(ProceduralRecord).where(ProceduralRecord.meeting_key == meeting_key)
    ).all()
    its = {row.item_key for row in rows if row.item_key is not None}
    for row in rows:
        its.update(_agenda_of(row))
    return session.scalars(select(Item).where(Item.key.in_(its))).all()


def as_agenda(items: Iterable[Item]) -> dict[str, Json]:
    """Write down as figures which items stood on the agenda that something was said of."""
    return {_AGENDA: [str(item.key) for item in items]}


def _agenda_of(row: ProceduralRecord) -> list[int]:
    listed = row.figures.get(_AGENDA) if isinstance(row.figures, dict) else None
    return [int(str(key)) for key in listed] if isinstance(listed, list) else []


def is_silent(session: Session, item: Item) -> bool:
    """Tell whether 无人发言 was entered for an item in the meeting that it is before."""
    wanted = select(ProceduralRecord.number).where(
        ProceduralRecord.meeting_key == item.meeting_key,
        ProceduralRecord.item_key == item.key,
        ProceduralRecord.kind == RecordKind.SILENT,
    )
    return session.scalar(wanted.limit(1)) is not None


def correct(sitting: Sitting, item_key: int | None, *, text: str, reason: str) -> None:
    """Record a 更正 of archived minutes; the minutes stay as they are (trap 28).

    `item_key` is the item that it is about, None for the meeting as a whole. Raises WrongState,
    ItemNotFound, ItemTied, Unfit.
    """
    if sitting.meeting.state != MeetingState.ARCHIVED:
        raise WrongState(
            act="登记更正", state="纪要还没有归档，核对时在会务台的“改正纪要”里直接改正"
        )
    item = None if item_key is None else sitting.item(item_key)
    kept, why = said(text, "更正的内容"), said(reason, "更正的理由")
    figures: dict[str, Json] = {_WHOLE: True} if item is None else {}
    enter(sitting, RecordKind.CORRECTION, kept, reason=why, item=item, figures=figures)
