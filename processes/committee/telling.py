"""Telling members that a meeting they had notice of is another one now, or none."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from processes.committee.tables import Attendee, Meeting
from service.procedure import Concerned, Happening, NotificationKind, Toolbox, notify

RESCHEDULED = "已改期，以重新发出的会议通知为准"
CANCELLED = "已取消，不用到会"
OFF_THE_LIST = "应到成员有变，你不再是应到成员，不用到会"


def tell_those_told(tools: Toolbox, meeting: Meeting, what: str, now: datetime) -> None:
    """Tell everybody to whom notice of the meeting was given and who is on its list."""
    told = select(Attendee.username).where(
        Attendee.meeting_key == meeting.key, Attendee.due, Attendee.told_at.is_not(None)
    )
    tell(tools, meeting, tools.session.scalars(told), what, now)


def tell(
    tools: Toolbox, meeting: Meeting, usernames: Iterable[str], what: str, now: datetime
) -> None:
    """Tell these people what became of the meeting; nobody is told nothing."""
    happening = Happening(
        NotificationKind.MEETING_CHANGED,
        Concerned(people=list(usernames)),
        instance_key=meeting.key,
        facts={"number": meeting.number, "what": what},
    )
    notify(tools, happening, now=now)
