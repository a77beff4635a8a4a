"""The meeting desk's frame: who may act, the lock, the revision, the chained record of each act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from processes.committee.access import find_meeting, require_secretary
from processes.committee.keeping_out import recused_from, require_untied
from processes.committee.norms import settings_of
from processes.committee.refusals import (
    DeskChanged,
    ItemNotFound,
    Locked,
    MeetingOver,
    Unfit,
    WrongState,
)
from processes.committee.rules import Quorum, RuleSettings, quorum_needed
from processes.committee.tables import (
    Attendee,
    Item,
    ItemState,
    Meeting,
    MeetingState,
    Presence,
)
from processes.registers.days import BUREAU_TIME
from processes.registers.party_group.tables import MEETINGS
from service.domain.actors import Actor
from service.domain.plain_text import legible
from service.procedure import ForGood, Toolbox, case_ended, lock_case, note_act

OPEN_ITEM = (ItemState.DISCUSSED, ItemState.VOTING)
LONGEST = 2000
"""Characters of a text that is entered at the desk."""


@dataclass(frozen=True, slots=True)
class There:
    """Who is there for the meeting itself, and how many it needs to sit (C-HALF)."""

    due: int
    present: int
    needed: int

    @property
    def is_too_few(self) -> bool:
        """Whether the meeting cannot sit."""
        return self.present < self.needed

    @property
    def words(self) -> str:
        """It in figures."""
        few = f"，不足{self.needed}人" if self.is_too_few else ""
        return f"应到{self.due}人，实到{self.present}人{few}"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting under its lock, and who acts on it."""

    tools: Toolbox
    actor: Actor
    now: datetime
    meeting: Meeting
    secretary: bool = False
    """The actor runs the desk, and does not sit at it as a member."""

    @property
    def settings(self) -> RuleSettings:
        """The rules of procedure that the meeting goes by."""
        return settings_of(self.meeting.settings)

    def attendees(self, *, due: bool | None = None) -> Sequence[Attendee]:
        """Return who is due or sits in, in their order."""
        wanted = select(Attendee).where(Attendee.meeting_key == self.meeting.key)
        if due is not None:
            wanted = wanted.where(Attendee.due == due)
        ordered = wanted.order_by(Attendee.due.desc(), Attendee.rank, Attendee.username)
        return self.tools.session.scalars(ordered).all()

    def member(self, username: str) -> Attendee | None:
        """Return a member due at this meeting, or None."""
        found = self.tools.session.get(Attendee, (self.meeting.key, username))
        return found if found is not None and found.due else None

    def items(self) -> Sequence[Item]:
        """Return the agenda in its order."""
        wanted = select(Item).where(Item.meeting_key == self.meeting.key)
        return self.tools.session.scalars(wanted.order_by(Item.position, Item.key)).all()

    def item(self, key: int) -> Item:
        """Return an item of this meeting. Raises ItemNotFound, and ItemTied to its secretary."""
        found = self.tools.session.get(Item, key) if 0 <= key < 2**63 else None
        if found is None or found.meeting_key != self.meeting.key:
            raise ItemNotFound
        self.require_untied(found)
        return found

    def require_untied(self, item: Item) -> None:
        """Raise ItemTied where who runs the desk is tied to whom an item is about (C-RECUSE)."""
        if self.secretary:
            require_untied(self.tools.session, item, self.actor)

    def open_item(self) -> Item | None:
        """Return the item that is being discussed or voted on; there is one at most (C-EACH)."""
        return next((item for item in self.items() if item.state in OPEN_ITEM), None)

    def is_there(self, attendee: Attendee) -> bool:
        """Tell whether somebody counts as present (C-REMOTE)."""
        return counts_as_present(Presence(attendee.presence), self.settings)

    def present(self) -> list[Attendee]:
        """Return the members due who are there."""
        return [one for one in self.attendees(due=True) if self.is_there(one)]

    def there(self) -> There:
        """Count who is there for the meeting itself (C-HALF)."""
        return there_of(self.attendees(due=True), self.settings)

    def require(self, *states: MeetingState, act: str) -> None:
        """Raise WrongState, or Locked, unless the meeting is in one of these states."""
        if self.meeting.state in {MeetingState.ARCHIVED}:
            raise Locked
        if self.meeting.state not in states:
            told = f"会议{MeetingState(self.meeting.state).label}"
            if self.meeting.state == MeetingState.CLOSED:
                told += "；记录的文字有误的，核对时在“改正纪要”里改"
            raise WrongState(act=act, state=told)

    def note(self, text: str, item: Item | None = None, *, for_good: ForGood | None = None) -> None:
        """Write the act into the chained history; what somebody saw before is stale now."""
        self.meeting.revision += 1
        self.meeting.changed_by = self.actor.username
        self.meeting.changed_by_name = self.actor.display_name or self.actor.username
        self.meeting.changed_at = self.now
        self.note_quietly(text, item, for_good=for_good)

    def note_quietly(
        self, text: str, item: Item | None = None, *, for_good: ForGood | None = None
    ) -> None:
        """Write the act into the chained history; what others see stays good to act on.

        It is read by readers of the register alone, and not by who is tied to the item's person or
        was recused from it. `for_good`: nobody ends the meeting's case behind it.
        """
        self.tools.session.flush()
        about = [item.subject] if item is not None and item.subject else []
        note_act(
            self.tools, self.meeting.key, text, register=MEETINGS, about=about,
            matter="" if item is None else str(item.key),
            kept_from=recused_from(self.tools.session, item), for_good=for_good,
            actor=self.actor, now=self.now,
        )  # fmt: skip


def there_of(due: Sequence[Attendee], settings: RuleSettings) -> There:
    """Count who of the members due is there for the meeting itself (C-HALF)."""
    there = [one for one in due if counts_as_present(Presence(one.presence), settings)]
    return There(len(due), len(there), quorum_needed(len(due), Quorum.HALF, settings))


def sit_down(
    tools: Toolbox, meeting_key: int, *, revision: int, actor: Actor, now: datetime
) -> Sitting:
    """Lock a meeting for an act of the secretary; `revision` is what they saw.

    Raises MeetingNotFound, DeskForbidden, DeskChanged: two secretaries at once are told who.
    """
    require_secretary(tools.session, actor)
    sitting = replace(take_seat(tools, meeting_key, actor=actor, now=now), secretary=True)
    meeting = sitting.meeting
    if meeting.revision != revision:
        when = meeting.changed_at.astimezone(BUREAU_TIME).strftime("%H:%M:%S")
        raise DeskChanged(who=meeting.changed_by_name, when=when)
    return sitting


def take_seat(tools: Toolbox, meeting_key: int, *, actor: Actor, now: datetime) -> Sitting:
    """Lock a meeting that the actor may see, for an act of their own.

    Raises MeetingNotFound, MeetingOver.
    """
    find_meeting(tools.session, meeting_key, actor)
    lock_case(tools, meeting_key)
    meeting = tools.session.get_one(
        Meeting, meeting_key, with_for_update=True, populate_existing=True
    )
    _require_case(tools, meeting)
    return Sitting(tools, actor, now, meeting)


def _require_case(tools: Toolbox, meeting: Meeting) -> None:
    """Raise MeetingOver where nothing could bring the minutes to signature any more."""
    over = select(Meeting.key).where(Meeting.key == meeting.key, case_ended(Meeting.key))
    kept = {MeetingState.ARCHIVED, MeetingState.CANCELLED}
    if meeting.state not in kept and tools.session.scalar(over) is not None:
        raise MeetingOver


def counts_as_present(presence: Presence, settings: RuleSettings) -> bool:
    """Tell whether this presence counts (C-REMOTE)."""
    return presence is Presence.PRESENT or (presence is Presence.REMOTE and settings.remote_counts)


def said(text: str, what: str, *, required: bool = True, longest: int = LONGEST) -> str:
    """Return a text as it is kept. Raises Unfit where it is missing or too long."""
    kept = legible(text.replace("\0", "")).strip()
    if required and not kept:
        raise Unfit(reason=f"请填写{what}")
    if len(kept) > longest:
        raise Unfit(reason=f"{what}最多{longest}字")
    return kept
