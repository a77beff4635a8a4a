"""One item of a session: who takes part in it, who has spoken and voted, how it is decided."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.agenda import tell_case
from processes.committee.desk import Sitting
from processes.committee.refusals import (
    ChairGone,
    ChairNeeded,
    ChairVotesLast,
    NotAMember,
    WrongState,
)
from processes.committee.rules import (
    Choice,
    ItemClass,
    Outcome,
    Quorum,
    Room,
    Tally,
    waits_for,
)
from processes.committee.tables import (
    Attendee,
    Ballot,
    Item,
    ItemMember,
    ItemState,
    MeetingState,
    Vote,
)
from service.domain import recusal
from service.domain.recusal import Bar
from service.domain.values import Json
from service.procedure import ForGood, barred_by

DECIDED_ITEM = ForGood("议定议题", "闭会签发纪要，决定有错的依法复议")
VOTE_BEGUN = ForGood("会上表决", "结束表决、闭会签发纪要")
"""Behind these nobody ends the meeting's case: there would be a decision and no minutes."""


def room_of(session: Session, item: Item) -> Room:
    """Count who takes part in an item."""
    rows = session.scalars(select(ItemMember).where(ItemMember.item_key == item.key)).all()
    return Room(
        due=len(rows),
        present=sum(row.present for row in rows),
        recused=sum(row.present and row.recused for row in rows),
        barred=sum(row.recused for row in rows),
    )


def quorum_of(sitting: Sitting, item: Item) -> Quorum:
    """Return the attendance that the item's class needs."""
    return sitting.settings.quorums[ItemClass(item.item_class)]


def decide(
    sitting: Sitting, item: Item, outcome: Outcome, words: str, counts: dict[str, Json]
) -> None:
    item.state, item.outcome, item.words = ItemState.DECIDED, outcome, words
    item.counts, item.decided_at = counts, sitting.now
    item.rules_version = sitting.meeting.rules_version
    sitting.note(f"{item.title}：{outcome.label}。{words}", item, for_good=DECIDED_ITEM)
    tell_case(sitting.tools, item, meeting=sitting.meeting, now=sitting.now)


def counts_of(room: Room, tally: Tally | None) -> dict[str, Json]:
    found: dict[str, Json] = {
        "due": room.due,
        "present": room.present,
        "recused": room.recused,
        "barred": room.barred,
    }
    if tally is not None:
        found |= {each.value: getattr(tally, each.value) for each in Choice}
    return found


def count_anew(sitting: Sitting, item: Item) -> None:
    """Write down who is there now: who voted in a round that is void may have left since."""
    for member in sitting.attendees(due=True):
        row = sitting.tools.session.get(ItemMember, (item.key, member.username))
        if row is not None:
            row.present = sitting.is_there(member)


def require_last(sitting: Sitting, item: Item, heard: Collection[str]) -> None:
    eligible = eligible_of(sitting.tools.session, item)
    waiting = waits_for(eligible, heard, chair_of(sitting, item))
    if waiting:
        raise ChairVotesLast(waiting=names_of(sitting, waiting))


def bars_of(session: Session, item: Item) -> Mapping[str, Bar]:
    return barred_by(session, [item.subject] if item.subject else [])


def bar_reason(bar: Bar, item: Item) -> str:
    return recusal.reason(bar.kind, item.subject_name)


def chair_of(sitting: Sitting, item: Item) -> str:
    return item.chair or sitting.meeting.chair


def eligible_of(session: Session, item: Item) -> list[str]:
    wanted = select(ItemMember.username).where(
        ItemMember.item_key == item.key, ItemMember.present, ~ItemMember.recused
    )
    return list(session.scalars(wanted))


def voted_of(session: Session, item: Item) -> set[str]:
    if not item.round:
        return set()
    votes = select(Vote.username).where(Vote.item_key == item.key, Vote.round == item.round)
    ballots = select(Ballot.username).where(Ballot.item_key == item.key, Ballot.round == item.round)
    return {*session.scalars(votes), *session.scalars(ballots)}


def names_of(sitting: Sitting, usernames: Collection[str]) -> str:
    return "、".join(one.name for one in sitting.attendees() if one.username in usernames)


def require_member(sitting: Sitting, username: str) -> Attendee:
    member = sitting.member(username)
    if member is None:
        raise NotAMember(who=username[:60])
    return member


def row_of(sitting: Sitting, item: Item, username: str) -> ItemMember:
    row = sitting.tools.session.get(ItemMember, (item.key, username))
    if row is None:
        raise NotAMember(who=username[:60])
    return row


def require_chair(sitting: Sitting, item: Item, *, voting: bool = False) -> None:
    """Raise ChairNeeded, in a vote ChairGone, where who chairs the item is away or recused."""
    chair = chair_of(sitting, item)
    row = row_of(sitting, item, chair)
    if not row.present or row.recused:
        name, reason = names_of(sitting, [chair]), "应当回避本项" if row.recused else "没有到会"
        raise (ChairGone if voting else ChairNeeded)(who=name, reason=reason)


def open_item(sitting: Sitting, item_key: int) -> Item:
    sitting.require(MeetingState.OPEN, act="这样办理")
    item = sitting.item(item_key)
    if item.state not in {ItemState.DISCUSSED, ItemState.VOTING}:
        raise WrongState(act="这样办理", state=f"这项议题{ItemState(item.state).label}")
    return item


def require_state(item: Item, *states: ItemState, act: str) -> None:
    if item.state not in states:
        raise WrongState(act=act, state=f"这项议题{ItemState(item.state).label}")
