"""Who is due at a meeting: the members in office on its day, by the register, at every border.

N is that of the meeting's day (C-CARRY), so the list is taken from the register when the notice
goes out, and compared with it again when the meeting is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import records, telling
from processes.committee.desk import Sitting
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import MembersChanged, Unfit
from processes.committee.tables import Attendee, Meeting, Presence
from processes.registers.days import bureau_day, said_day
from processes.registers.party_group import members
from processes.registers.party_group.tables import MemberRecord


@dataclass(frozen=True, slots=True)
class Difference:
    """What the register says of the meeting's day and the list of who is due does not."""

    joined: Sequence[MemberRecord]
    gone: Sequence[Attendee]

    def __bool__(self) -> bool:
        return bool(self.joined or self.gone)

    @property
    def words(self) -> str:
        """Who came and who went, to be read."""
        came, went = "、".join(o.name for o in self.joined), "、".join(o.name for o in self.gone)
        parts = (f"新任：{came}" if came else "", f"不再在任：{went}" if went else "")
        return "；".join(filter(None, parts))


def attendee_of(
    meeting_key: int, username: str, name: str, position: str, rank: int, *, due: bool
) -> Attendee:
    """Make a line of the roll that nobody has called yet."""
    return Attendee(
        meeting_key=meeting_key,
        username=username,
        name=name,
        position=position,
        rank=rank,
        due=due,
        presence=Presence.EXPECTED,
        note="",
        noted_at=None,
        told_at=None,
    )


def in_office(session: Session, meeting: Meeting) -> Sequence[MemberRecord]:
    """Return who is in office on the meeting's day. Raises Unfit where nobody is."""
    day = bureau_day(meeting.planned_at)
    group = members.in_office(session, day)
    if not group:
        raise Unfit(reason=f"{said_day(day)}没有在任的党组成员，请先在成员名册中登记")
    return group


def first_of(group: Sequence[MemberRecord]) -> str:
    """Return who chairs unless another one is delegated: the 书记, else the first member."""
    return next((one for one in group if one.position == "书记"), group[0]).username


def difference(session: Session, meeting: Meeting) -> Difference:
    """Compare who is due with the register as it is now."""
    due = session.scalars(
        select(Attendee).where(Attendee.meeting_key == meeting.key, Attendee.due)
    ).all()
    group = members.in_office(session, bureau_day(meeting.planned_at))
    listed, holding = {one.username for one in due}, {one.username for one in group}
    return Difference(
        joined=[one for one in group if one.username not in listed],
        gone=[one for one in due if one.username not in holding],
    )


def renew(sitting: Sitting) -> Difference:
    """Take over who is in office on the meeting's day; the roll of who stays is kept.

    Where the one who was to chair is gone, the first of the new list chairs. Who had notice and is
    on the list no more is told. Raises Unfit.
    """
    session, meeting = sitting.tools.session, sitting.meeting
    group = in_office(session, meeting)
    found = difference(session, meeting)
    told = [one.username for one in found.gone if one.told_at is not None]
    telling.tell(sitting.tools, meeting, told, telling.OFF_THE_LIST, sitting.now)
    before = {one.username: one.name for one in found.gone}
    for attendee in found.gone:
        session.delete(attendee)
    for one in found.joined:
        session.add(
            attendee_of(meeting.key, one.username, one.name, one.position, one.rank, due=True)
        )
    if meeting.chair not in {one.username for one in group}:
        gone, meeting.chair = before.get(meeting.chair, meeting.chair), first_of(group)
        now = next(one.name for one in group if one.username == meeting.chair)
        records.enter(sitting, RecordKind.CHAIR, f"{gone}不再在任，会议改由{now}主持")
    session.flush()
    return found


def require_unchanged(sitting: Sitting) -> None:
    """Raise MembersChanged where the register has changed since the notice went out."""
    found = difference(sitting.tools.session, sitting.meeting)
    if found:
        raise MembersChanged(changes=found.words)
