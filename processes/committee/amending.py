"""Putting the minutes right before they are archived: while they are checked, never the votes.

Each change is a record (改正纪要) with before, after and reason, and a line of the history. Who has
to sign sends the minutes back first: nobody signs what has changed under their eyes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.committee import records
from processes.committee.desk import Sitting, said
from processes.committee.item_room import require_member, row_of
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import NotPresent, Recused, Unfit, WrongState
from processes.committee.tables import (
    Attendee,
    Item,
    ItemMember,
    ItemState,
    Meeting,
    MeetingState,
    Statement,
)
from service.procedure import step_open

CHECKING = "check_minutes"
"""Element of the step at which the minutes are checked."""
STRUCK_OUT = "（删去）"
_SHORT, _LONG = 200, 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of the minutes that may be put right: its key, what it is, and as it stands."""

    key: str
    label: str
    text: str
    item_key: int = 0
    """The item it is of; 0 for none."""
    longest: int = _SHORT


def may_amend(session: Session, meeting: Meeting) -> bool:
    """Tell whether the minutes are being checked, and not with who has to sign them."""
    closed = meeting.state == MeetingState.CLOSED
    return closed and step_open(session, meeting.key, CHECKING)


def entries(session: Session, meeting: Meeting) -> Sequence[Entry]:
    """Return what may be put right, in the order of the minutes."""
    people = session.scalars(
        select(Attendee)
        .where(Attendee.meeting_key == meeting.key)
        .order_by(Attendee.due.desc(), Attendee.rank, Attendee.username)
    ).all()
    names = {one.username: one.name for one in people}
    found = [Entry("place", "会议地点", meeting.place)]
    found += [
        Entry(f"note:{one.username}", f"{one.name}到会情况的说明", one.note)
        for one in people
        if one.due
    ]
    decided = select(Item).where(Item.meeting_key == meeting.key, Item.state == ItemState.DECIDED)
    for item in session.scalars(decided.order_by(Item.position, Item.key)):
        found += _of_item(session, item, names)
    return found


def _of_item(session: Session, item: Item, names: dict[str, str]) -> list[Entry]:
    rows = select(ItemMember).where(ItemMember.item_key == item.key, ItemMember.recused)
    recused = [
        Entry(
            f"recusal:{item.key}:{row.username}",
            f"{names.get(row.username, row.username)}回避的理由",
            row.reason.removeprefix("（").removesuffix("）"),
            item.key,
        )
        for row in session.scalars(rows.order_by(ItemMember.username))
    ]
    statements = select(Statement).where(Statement.item_key == item.key)
    return recused + [
        Entry(
            f"statement:{item.key}:{row.number}",
            f"{names.get(row.username, row.username)}的{'书面意见' if row.written else '发言'}",
            row.text,
            item.key,
            _LONG,
        )
        for row in session.scalars(statements.order_by(Statement.number))
    ]


def amend(sitting: Sitting, key: str, text: str, reason: str) -> None:
    """Put one text right. A statement may be struck out by an empty text.

    Raises WrongState unless the minutes are being checked, Unfit, ItemTied.
    """
    _require_checking(sitting)
    listed = {one.key: one for one in entries(sitting.tools.session, sitting.meeting)}
    entry = listed.get(key)
    if entry is None:
        raise Unfit(reason="没有找到要改正的内容，请刷新后再选")
    item = sitting.item(entry.item_key) if entry.item_key else None
    kind, _, rest = key.partition(":")
    after = said(text, "改正后的内容", required=kind in {"place", "recusal"}, longest=entry.longest)
    if after == entry.text:
        raise Unfit(reason="内容没有变化")
    why = said(reason, "改正的理由", longest=_SHORT)
    _write(sitting, kind, rest, after)
    _record(sitting, item, entry.label, entry.text, after, why)


def add_statement(
    sitting: Sitting, item_key: int, username: str, text: str, reason: str, *, written: bool
) -> None:
    """Enter a statement that was left out. Raises what `amend` does, NotAMember, Recused."""
    _require_checking(sitting)
    item, member = sitting.item(item_key), require_member(sitting, username)
    session, row = sitting.tools.session, row_of(sitting, item, username)
    if row.recused:
        raise Recused(who=member.name, reason=row.reason)
    if not written and not row.present:
        raise NotPresent(who=member.name)
    why, kept = said(reason, "补记的理由", longest=_SHORT), said(text, "发言内容")
    number = session.scalar(select(func.count()).where(Statement.item_key == item.key)) or 0
    session.add(
        Statement(
            item_key=item.key, number=number + 1, username=username, text=kept, written=written,
            entered_at=sitting.now, entered_by=sitting.actor.username,
        )
    )  # fmt: skip
    what = "书面意见" if written else "发言"
    _record(sitting, item, f"补记{member.name}的{what}", "", kept, why)


def _write(sitting: Sitting, kind: str, rest: str, after: str) -> None:
    session = sitting.tools.session
    if kind == "place":
        sitting.meeting.place = after
    elif kind == "note":
        session.get_one(Attendee, (sitting.meeting.key, rest)).note = after
    elif kind == "recusal":
        item_key, _, username = rest.partition(":")
        session.get_one(ItemMember, (int(item_key), username)).reason = f"（{after}）"
    else:
        item_key, _, number = rest.partition(":")
        session.get_one(Statement, (int(item_key), int(number))).text = after


def _record(
    sitting: Sitting, item: Item | None, label: str, before: str, after: str, why: str
) -> None:
    records.enter(
        sitting,
        RecordKind.AMENDED,
        f"{label}，原记“{before or '（无）'}”，改为“{after or STRUCK_OUT}”",
        reason=why,
        item=item,
        figures={"before": before, "after": after},
    )


def _require_checking(sitting: Sitting) -> None:
    sitting.require(MeetingState.CLOSED, act="改正纪要")
    if not may_amend(sitting.tools.session, sitting.meeting):
        raise WrongState(
            act="改正纪要", state="纪要不在核对这一步。已经送签的，请主持人退回核对以后再改"
        )
