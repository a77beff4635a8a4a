"""The roll of a meeting (到会登记): called on its day, to its end, followed by the open item."""

from sqlalchemy.orm import Session

from processes.committee.desk import Sitting
from processes.committee.refusals import WrongState
from processes.committee.tables import (
    Attendee,
    Ballot,
    ItemMember,
    ItemState,
    Presence,
    Vote,
)
from processes.registers.days import bureau_day

_KNOWN_BEFORE = frozenset({Presence.ABSENT, Presence.EXPECTED})
"""What can be known of somebody before the day: leave is asked for ahead, nobody is there ahead."""


def require_day(sitting: Sitting, presence: Presence) -> None:
    """Raise WrongState where somebody is entered as there before the day of the meeting."""
    planned = bureau_day(sitting.meeting.planned_at)
    if presence not in _KNOWN_BEFORE and bureau_day(sitting.now) < planned:
        raise WrongState(
            act=f"登记{presence.label}",
            state="还没有到会议当日，只能先登记请假缺席；到会在会议当日登记（规则 C-HALF）",
        )


def require_called(sitting: Sitting, *, act: str) -> None:
    """Raise WrongState unless of every member due it was entered whether they are there."""
    waiting = [one for one in sitting.attendees(due=True) if one.presence == Presence.EXPECTED]
    if waiting:
        names = "、".join(one.name for one in waiting)
        raise WrongState(act=act, state=f"{names}的到会情况还没有登记，缺席的须写原因")


def forget(sitting: Sitting) -> None:
    """Let nobody due be called yet: what was entered was of another day or place."""
    for one in sitting.attendees(due=True):
        one.presence, one.note, one.noted_at = Presence.EXPECTED, "", None
    sitting.tools.session.flush()


def follow(sitting: Sitting, attendee: Attendee) -> None:
    """Let the open item know who came or went.

    Whoever has voted took part; whoever comes when the vote has begun does not take part in it.
    """
    item = sitting.open_item()
    if item is None:
        return
    session, there = sitting.tools.session, sitting.is_there(attendee)
    row = session.get_one(ItemMember, (item.key, attendee.username))
    if item.state == ItemState.DISCUSSED:
        row.present = there
    elif not there and not _has_voted(session, item.key, item.round, attendee.username):
        row.present = False


def _has_voted(session: Session, item_key: int, round_: int, username: str) -> bool:
    return (
        session.get(Vote, (item_key, round_, username)) is not None
        or session.get(Ballot, (item_key, round_, username)) is not None
    )
