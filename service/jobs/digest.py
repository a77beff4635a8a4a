"""The daily summary by mail: how much waits for each person who wants to know."""

from collections.abc import Collection
from datetime import datetime

from service.commands import notification_digests
from service.commands.rooms import Rooms
from service.domain.access_events import bureau_day
from service.domain.outgoing import Channel
from service.queries import digest

LOT = 50
"""People a transaction."""


def send(rooms: Rooms, channels: Collection[Channel], now: datetime) -> None:
    """Let everybody have today's summary who is still to get it; nothing for whom nothing waits.

    May be run twice: who has got it gets no second one. On days off, by the calendar of working
    days, to those alone who have chosen so.
    """
    day = bureau_day(now)
    if Channel.MAIL not in channels:
        return
    with rooms.read() as session:
        works = digest.is_worked(session, day)
    after = ""
    while True:
        with rooms.read() as session:
            people = digest.due_people(session, day=day, works=works, after=after, limit=LOT)
            found = [digest.waiting(session, username, now=now) for username in people]
        if not people:
            return
        after = people[-1]
        texts = {one.username: _text(one) for one in found if one}
        with rooms.write() as tools:
            notification_digests.enqueue(tools, texts, day=day, now=now)


def _text(waiting: digest.Waiting) -> str:
    """Say what there is, and leave out what there is not."""
    said = []
    if waiting.todo:
        late = f"，其中 {waiting.overdue} 件已逾期" if waiting.overdue else ""
        said.append(f"待办 {waiting.todo} 件{late}")
    if waiting.claimable:
        said.append(f"待签收 {waiting.claimable} 件")
    if waiting.unread:
        said.append(f"未读提醒 {waiting.unread} 条")
    return f"你有{'；'.join(said)}。"
