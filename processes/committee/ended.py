"""Items and meetings whose case is over: nobody is left to hear of the decision."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import telling
from processes.committee.agenda import ITEM_ENDED, let_wait, return_item
from processes.committee.desk import OPEN_ITEM
from processes.committee.tables import Item, ItemState, Meeting, MeetingState
from service.procedure import Toolbox, case_ended

_UNFINISHED = (
    MeetingState.PREPARING, MeetingState.NOTICED, MeetingState.OPEN, MeetingState.CLOSED,
)  # fmt: skip
_MEETING_ENDED = "会议事项已经终止，本项没有议定，请重新提出"


def let_go(tools: Toolbox, now: datetime) -> None:
    """Withdraw what ended cases have put up, and end the meetings whose own case is over.

    What such a meeting had not come to waits for another one; what it was in the middle of goes
    back to its case. Run twice it changes nothing more.
    """
    session = tools.session
    over = select(Meeting).where(case_ended(Meeting.key), Meeting.state.in_(_UNFINISHED))
    for meeting in session.scalars(over.with_for_update()).all():
        if meeting.state != MeetingState.CLOSED:
            telling.tell_those_told(tools, meeting, telling.CANCELLED, now)
        meeting.state = MeetingState.CANCELLED
        for item in session.scalars(select(Item).where(Item.meeting_key == meeting.key)).all():
            if item.state == ItemState.AGENDA:
                let_wait(item)
            elif item.state in OPEN_ITEM:
                return_item(tools, item, _MEETING_ENDED, now=now)
    session.flush()
    for item in _of_ended_cases(session):
        return_item(tools, item, ITEM_ENDED, now=now)


def _of_ended_cases(session: Session) -> list[Item]:
    """What waits or is on an agenda; a 复议 is not of the case, whose decision it may change."""
    wanted = select(Item).where(
        Item.state.in_([ItemState.WAITING, ItemState.AGENDA]),
        Item.root_key == Item.key,
        case_ended(Item.instance_key),
    )
    return list(session.scalars(wanted.with_for_update()))
