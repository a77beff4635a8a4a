"""Tables of the Party group: its meetings, their items, who was there, the votes.

Of a secret ballot there are counts and that somebody voted; nobody's choice is ever in a row.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.procedure import JsonText, ProcessesBase


class MeetingState(StrEnum):
    """How far a meeting is."""

    PREPARING = "preparing"
    NOTICED = "noticed"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people read."""
        return _MEETING_STATES[self]


_MEETING_STATES = {
    MeetingState.PREPARING: "筹备中",
    MeetingState.NOTICED: "已通知",
    MeetingState.OPEN: "开会中",
    MeetingState.CLOSED: "已闭会，纪要未归档",
    MeetingState.ARCHIVED: "已归档",
    MeetingState.CANCELLED: "已取消",
}


class ItemState(StrEnum):
    """How far an item is."""

    WAITING = "waiting"
    AGENDA = "agenda"
    DISCUSSED = "discussed"
    VOTING = "voting"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """What people read."""
        return _ITEM_STATES[self]


_ITEM_STATES = {
    ItemState.WAITING: "待上会",
    ItemState.AGENDA: "已列入议程",
    ItemState.DISCUSSED: "讨论中",
    ItemState.VOTING: "表决中",
    ItemState.DECIDED: "已议定",
    ItemState.WITHDRAWN: "已撤回",
}


class Presence(StrEnum):
    """Whether somebody is there."""

    EXPECTED = "expected"
    PRESENT = "present"
    REMOTE = "remote"
    ABSENT = "absent"
    LEFT = "left"

    @property
    def label(self) -> str:
        """What people read."""
        return _PRESENCES[self]


_PRESENCES = {
    Presence.EXPECTED: "未登记",
    Presence.PRESENT: "到会",
    Presence.REMOTE: "线上参加",
    Presence.ABSENT: "缺席",
    Presence.LEFT: "已离会",
}


class SettingsRecord(ProcessesBase):
    """One version of the bureau's own rules of procedure (议事规则), never changed."""

    __tablename__ = "committee_settings"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[date]
    values: Mapped[Json] = mapped_column(JsonText, nullable=False)
    source: Mapped[str] = mapped_column(Text)
    """The document that sets it."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_name: Mapped[str] = mapped_column(Text)


class Meeting(ProcessesBase):
    """One meeting; its key is that of its instance."""

    __tablename__ = "committee_meeting"
    __table_args__ = (Index("ix_committee_meeting_planned_at", "planned_at", "key"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(Text, unique=True)
    """Such as 2026年第3次."""
    state: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    changed_by: Mapped[str] = mapped_column(Text)
    changed_by_name: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(Text)
    chair: Mapped[str] = mapped_column(Text)
    """User name of the member who chairs."""
    recorder: Mapped[str] = mapped_column(Text)
    """User name of who takes the minutes."""
    recorder_name: Mapped[str] = mapped_column(Text)
    settings: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """The rules of procedure in force on the day, frozen when it was opened."""
    rules_version: Mapped[str] = mapped_column(Text)
    noticed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    archive_number: Mapped[str] = mapped_column(Text)
    agenda_question: Mapped[int] = mapped_column(server_default="0")
    """How often the agenda was put before the 书记; what is asked anew has the next number."""
    agenda_before: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    """User name of before whom the agenda is; empty while nobody is asked."""
    agenda_agreed_at: Mapped[datetime | None]
    agenda_parts: Mapped[Json] = mapped_column(
        JsonText, nullable=False, server_default=sql("'{}'"), default=dict
    )
    """Keys of its items, as texts: `asked` in the question that is open, `agreed` so far."""
    agenda_delegate: Mapped[str] = mapped_column(Text, server_default=sql("''"), default="")
    """User name of who agrees in the place of the 书记 who cannot; empty for nobody."""


class Attendee(ProcessesBase):
    """Somebody due at a meeting or sitting in on it; who sits in has no vote."""

    __tablename__ = "committee_attendee"

    meeting_key: Mapped[int] = mapped_column(ForeignKey("committee_meeting.key"), primary_key=True)
    username: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[str] = mapped_column(Text)
    rank: Mapped[int]
    due: Mapped[bool] = mapped_column(Boolean)
    """A member in office on the day."""
    presence: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    """Why absent, why early."""
    noted_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the last notice was given to them; None for who was told nothing yet."""


class Item(ProcessesBase):
    """One item: of a case that waits for its decision, or put up by the office itself."""

    __tablename__ = "committee_item"
    __table_args__ = (
        Index("ix_committee_item_meeting_key", "meeting_key", "position"),
        Index("ix_committee_item_state", "state"),
        Index("ix_committee_item_subject", "subject", "item_class"),
        Index("ix_committee_item_root_key", "root_key"),
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Of the step that put it up: the same step run twice writes one item."""
    meeting_key: Mapped[int | None] = mapped_column(ForeignKey("committee_meeting.key"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    item_class: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    materials: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """What is put before the members, by name."""
    subject: Mapped[str] = mapped_column(Text)
    """User name of whom it is about; empty where it is about nobody or they have no account."""
    subject_name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    """Institution that employs them, or is to: whose leaders decide; its key, else its name."""
    matter: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    """What beside the person tells one matter from another: case number, round and seat."""
    process_id: Mapped[str] = mapped_column(Text)
    """Empty for what the office put up itself."""
    instance_key: Mapped[int | None] = mapped_column(BigInteger)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    previous_key: Mapped[int | None] = mapped_column(BigInteger)
    """The item whose matter is taken up again."""
    root_key: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The item that cases wait for; of a 复议, that of the decision it takes up."""
    ground: Mapped[str] = mapped_column(Text)
    """New evidence, or the 复议 that allows it."""
    chair: Mapped[str] = mapped_column(Text)
    """Who chairs this item, where not who chairs the meeting."""
    method: Mapped[str] = mapped_column(Text)
    round: Mapped[int]
    """1 at the first vote, one more each time a vote is annulled; 0 before."""
    readiness: Mapped[str] = mapped_column(Text)
    """The check of attendance before the vote, in words and figures."""
    counts: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """N, present, recused, barred, and votes by choice, once it is decided."""
    outcome: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    """Why it was deferred or returned."""
    escalate: Mapped[bool] = mapped_column(Boolean)
    rules_version: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None]


class SuperiorDecision(ProcessesBase):
    """Of an item that the party organ above has decided: by whom, and by which papers."""

    __tablename__ = "committee_superior_decision"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    organ: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date]
    sent_number: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date]
    documents: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """Keys of the files, `sent` and `reply`, in the case that entered them."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_name: Mapped[str] = mapped_column(Text)


class ItemMember(ProcessesBase):
    """A member due, as they take part in one item: there or not, recused or not."""

    __tablename__ = "committee_item_member"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    username: Mapped[str] = mapped_column(Text, primary_key=True)
    present: Mapped[bool] = mapped_column(Boolean)
    recused: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    """Why recused, to be read behind the name."""


class Statement(ProcessesBase):
    """What somebody said on an item, in the order in which it was said."""

    __tablename__ = "committee_statement"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    written: Mapped[bool] = mapped_column(Boolean)
    """The written opinion of somebody absent: read out, never counted."""
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(Text)


class Vote(ProcessesBase):
    """One open vote. Rounds that were annulled stay."""

    __tablename__ = "committee_vote"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int]
    """Order in the round, from 1."""
    choice: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(Text)
    """The member, or the secretary for them."""


class Ballot(ProcessesBase):
    """That a member has handed in a secret vote: no choice, no time, no order."""

    __tablename__ = "committee_ballot"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(Text, primary_key=True)


class BallotBox(ProcessesBase):
    """Secret votes by choice while they are given; emptied into the item when it is closed."""

    __tablename__ = "committee_ballot_box"

    item_key: Mapped[int] = mapped_column(ForeignKey("committee_item.key"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[str] = mapped_column(Text, primary_key=True)
    votes: Mapped[int]


class MinutesFile(ProcessesBase):
    """The minutes as they were archived, never changed: content, files, and what they hash to."""

    __tablename__ = "committee_minutes"

    meeting_key: Mapped[int] = mapped_column(ForeignKey("committee_meeting.key"), primary_key=True)
    content: Mapped[Json] = mapped_column(JsonText, nullable=False)
    docx: Mapped[bytes] = mapped_column(LargeBinary)
    docx_sha256: Mapped[str] = mapped_column(Text)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text)
    archived_at: Mapped[datetime]
