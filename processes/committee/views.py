"""What the pages show of meetings and items, for whom they may show it to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from processes.committee import amending, consent, records, signers
from processes.committee.access import find_meeting, is_secretary, may, visible_meetings
from processes.committee.amending import Entry
from processes.committee.desk import OPEN_ITEM, There, there_of
from processes.committee.item_view import OpenItem, VoteLine, open_view
from processes.committee.keeping_out import kept_from, parts_to_sign
from processes.committee.membership import difference
from processes.committee.norms import settings_of
from processes.committee.records import Told
from processes.committee.refusals import MeetingNotFound
from processes.committee.rules import (
    RuleSettings,
)
from processes.committee.tables import (
    Attendee,
    Item,
    ItemState,
    Meeting,
    MeetingState,
    MinutesFile,
    Presence,
)
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.procedure import case_ended, missing_steps, read_cursor, write_cursor

PAGE_SIZE = 50
CONSENT, OTHER_SIGNERS = consent.AGREEING, "sign_signers_changed"
STEPS_OF_TODAY = (CONSENT, OTHER_SIGNERS)
"""Steps that meetings begun on an older diagram may lack: consent to the agenda, 变更签发人."""


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A line of the list of meetings."""

    meeting: Meeting
    items: int
    has_seat: bool


@dataclass(frozen=True, slots=True)
class DeskView:
    """The secretary's desk."""

    meeting: Meeting
    settings: RuleSettings
    people: Sequence[Attendee]
    items: Sequence[Item]
    waiting: Sequence[Item]
    open_item: OpenItem | None
    minutes: MinutesFile | None
    records: Sequence[Told]
    """What happened to the procedure, but for what is about items that are kept from the actor."""
    silent: bool
    """无人发言 was entered for the open item."""
    asked_places: str
    """Which items are before somebody now, as 第1、3项; empty for all of them, and for none."""
    sent_back: str
    """Why the agenda was sent back, where that was the last said of it."""
    amendable: Sequence[Entry]
    """Texts of the minutes that may be put right now."""
    too_few: There | None
    """Before the opening, with the roll called: who is there, where it is too few to sit."""
    names: Mapping[str, str]
    secretary: bool
    kept_from: frozenset[int]
    """Items that are not the actor's to read, or to work on."""
    me: str
    """User name of who looks."""
    busy: bool
    """An item is discussed or voted on, whoever may read it."""
    signing: Sequence[tuple[str, str]]
    """Once it is closed: who has to sign what, as user name and words."""
    checker: str
    """User name of who checks the minutes."""
    outdated: frozenset[str]
    """Steps that the diagram lacks by which the meeting was begun, of `STEPS_OF_TODAY`."""
    members_changed: str
    """What the register of members says otherwise than the notice; empty where nothing."""


@dataclass(frozen=True, slots=True)
class SeatView:
    """What a member sees on their telephone."""

    meeting: Meeting
    me: Attendee
    people: Sequence[Attendee]
    items: Sequence[Item]
    open_item: OpenItem | None
    mine: VoteLine | None
    may_vote: bool
    why_not: str
    kept_from: frozenset[int]
    names: Mapping[str, str]
    asked: frozenset[int]
    """Items of the agenda that are put before them now."""


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Some lines of the list, and where the next page begins (None: it is the last)."""

    rows: Sequence[MeetingRow]
    next: str | None


_NEWEST = "meetings-newest"


def meetings_of(
    session: Session, *, actor: Actor, after: str | None = None, limit: int = PAGE_SIZE
) -> MeetingPage:
    """Return a page of the meetings that the actor may see, the newest first. Raises BadCursor."""
    items = select(func.count()).where(Item.meeting_key == Meeting.key).scalar_subquery()
    seat = (
        select(func.count())
        .where(
            Attendee.meeting_key == Meeting.key, Attendee.username == actor.username, Attendee.due
        )
        .scalar_subquery()
    )
    wanted = select(Meeting, items, seat).where(visible_meetings(actor))
    place = tuple_(Meeting.planned_at, Meeting.key)
    if after:
        wanted = wanted.where(place < tuple_(*read_cursor(after, _NEWEST, (datetime, int))))
    found = session.execute(
        wanted.order_by(Meeting.planned_at.desc(), Meeting.key.desc()).limit(limit + 1)
    )
    rows = [MeetingRow(meeting, count, bool(mine)) for meeting, count, mine in found]
    if len(rows) <= limit:
        return MeetingPage(rows, None)
    last = rows[limit - 1].meeting
    return MeetingPage(rows[:limit], write_cursor(_NEWEST, [last.planned_at, last.key]))


def waiting_items(session: Session, *, actor: Actor) -> Sequence[Item]:
    """Return the items that wait for an agenda and whose case still waits, the oldest first.

    Those that are kept from the actor are left out.
    """
    heard = or_(Item.instance_key.is_(None), Item.root_key != Item.key)
    wanted = (
        select(Item)
        .where(Item.state == ItemState.WAITING, or_(heard, ~case_ended(Item.instance_key)))
        .order_by(Item.proposed_at)
    )
    found = session.scalars(wanted.limit(500)).all()
    hidden = kept_from(session, found, actor.username)
    return [item for item in found if item.key not in hidden]


def desk(session: Session, key: int, *, actor: Actor) -> DeskView:
    """Return the desk of a meeting. Raises MeetingNotFound for who does not read the register."""
    if not may(session, actor, Action.READ):
        raise MeetingNotFound
    meeting = find_meeting(session, key, actor)
    people, items = _people(session, key), _items(session, key)
    names = {one.username: one.name for one in people}
    before = meeting.state in {MeetingState.PREPARING, MeetingState.NOTICED}
    noticed = meeting.state == MeetingState.NOTICED
    hidden = hidden_items(session, key, actor)
    open_one = next((item for item in items if item.state in OPEN_ITEM), None)
    told = records.of_meeting(session, key)
    shown = None
    if open_one is not None and open_one.key not in hidden:
        shown = open_view(session, meeting, open_one, people)
    return DeskView(
        meeting=meeting,
        settings=settings_of(meeting.settings),
        people=people,
        items=items,
        waiting=waiting_items(session, actor=actor) if before else (),
        kept_from=hidden,
        open_item=shown,
        minutes=session.get(MinutesFile, key),
        records=[one for one in told if not one.is_kept(hidden)],
        asked_places=consent.asked_places(session, meeting),
        sent_back=consent.last_words(told, hidden),
        silent=shown is not None and records.is_silent(session, shown.item),
        amendable=_amendable(session, meeting, hidden),
        too_few=_too_few(meeting, people) if noticed else None,
        names=names,
        secretary=is_secretary(session, actor),
        me=actor.username,
        busy=open_one is not None,
        signing=_signing(session, meeting, names) if meeting.state == MeetingState.CLOSED else (),
        checker=signers.checker_of(session, meeting)[0],
        outdated=frozenset(missing_steps(session, key, STEPS_OF_TODAY)),
        members_changed=difference(session, meeting).words if noticed else "",
    )


def _signing(
    session: Session, meeting: Meeting, names: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    signer = signers.signer_of(session, meeting)
    parts = dict.fromkeys(parts_to_sign(session, meeting).values())
    words = {who: f"{names.get(who, who)}（签认应当回避的议题）" for who in parts}
    return [(signer, f"{names.get(signer, signer)}（签发）"), *words.items()]


def _amendable(session: Session, meeting: Meeting, hidden: frozenset[int]) -> Sequence[Entry]:
    if not amending.may_amend(session, meeting):
        return ()
    return [one for one in amending.entries(session, meeting) if one.item_key not in hidden]


def _too_few(meeting: Meeting, people: Sequence[Attendee]) -> There | None:
    due = [one for one in people if one.due]
    if any(one.presence == Presence.EXPECTED for one in due):
        return None
    there = there_of(due, settings_of(meeting.settings))
    return there if there.is_too_few else None


def hidden_items(session: Session, key: int, actor: Actor) -> frozenset[int]:
    """Return what somebody must read nothing of: items of a meeting, and of its records."""
    listed = [*_items(session, key), *records.items_of(session, key)]
    return kept_from(session, listed, actor.username)


def seat(session: Session, key: int, *, actor: Actor) -> SeatView:
    """Return a member's view of a meeting they are due at. Raises MeetingNotFound for others."""
    meeting = find_meeting(session, key, actor)
    people = _people(session, key)
    me = next((one for one in people if one.due and one.username == actor.username), None)
    if me is None:
        raise MeetingNotFound
    settled = meeting.state != MeetingState.PREPARING or meeting.agenda_before == actor.username
    items = _items(session, key) if settled else []
    open_one = next((item for item in items if item.state in OPEN_ITEM), None)
    hidden = kept_from(session, items, actor.username)
    opened = None if open_one is None else open_view(session, meeting, open_one, people)
    mine = None
    if opened is not None:
        mine = next((line for line in opened.lines if line.username == actor.username), None)
    why_not = _why_not(opened, mine, hidden=opened is not None and opened.item.key in hidden)
    return SeatView(
        meeting=meeting,
        me=me,
        people=people,
        items=items,
        open_item=opened,
        mine=mine,
        may_vote=opened is not None and not why_not,
        why_not=why_not,
        kept_from=hidden,
        names={one.username: one.name for one in people},
        asked=consent.asked_items(meeting)
        if meeting.agenda_before == actor.username
        else frozenset(),
    )


def agenda_to_settle(session: Session, actor: Actor, key: int) -> SeatView | None:
    """Return the agenda as it is put before who settles it; None where nothing is before them."""
    try:
        view = seat(session, key, actor=actor)
    except MeetingNotFound:
        return None
    return view if view.meeting.agenda_before == actor.username else None


def _why_not(opened: OpenItem | None, mine: VoteLine | None, *, hidden: bool) -> str:
    """Say why the member cannot vote now; nothing where they can."""
    if opened is None or opened.item.state != ItemState.VOTING:
        return "还没有开始表决"
    if mine is None or not mine.present:
        return "你没有登记到会，不能表决；已经到会的，请告诉会议秘书"
    if mine.recused or hidden:
        return "你应当回避本项"
    if mine.voted:
        return "你已经表态"
    if mine.chairs:
        waiting = [
            one.name
            for one in opened.lines
            if one.present and not one.recused and not one.voted and not one.chairs
        ]
        if waiting:
            return f"主持人末位表态，请等{'、'.join(waiting)}表态"
    return ""


def _people(session: Session, key: int) -> Sequence[Attendee]:
    wanted = select(Attendee).where(Attendee.meeting_key == key)
    ordered = wanted.order_by(Attendee.due.desc(), Attendee.rank, Attendee.username)
    return session.scalars(ordered).all()


def _items(session: Session, key: int) -> Sequence[Item]:
    wanted = select(Item).where(Item.meeting_key == key)
    return session.scalars(wanted.order_by(Item.position, Item.key)).all()
