"""A Party group at its desk: members for a day of their own, a meeting, its acts, in short form."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from processes.committee import agenda, discussion, meetings, records, voting
from processes.committee.desk import Sitting, sit_down, take_seat
from processes.committee.proposals import Proposal, Subject
from processes.committee.rules import Choice, ItemClass, Outcome, Quorum
from processes.committee.tables import (
    Item,
    Meeting,
    MeetingState,
    Presence,
    Statement,
)
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from processes.registers.party_group.members import Term
from processes.registers.party_group.tables import MEETINGS, MEMBERS, RULES
from service.commands import completion, starting
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.feel import FeelPool
from service.jobs.runner import JobRunner
from service.store.tables import CandidateGroup, Membership, Person, UserTask
from tests.fixtures_store import PASSWORD_HASH
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.kept_bureaus import open_copy
from tests.processes.registers.entering import CITY

SECRETARIES = "secretaries"
SECRETARY = Actor("secretary", "会议秘书01", frozenset({SECRETARIES}))
OTHER_SECRETARY = Actor("secretary2", "会议秘书02", frozenset({SECRETARIES}))
RULE_SETTERS = "rule-setters"
RULE_SETTER = Actor("office-head", "办公室主任01", frozenset({RULE_SETTERS}))
"""Sets the rules of procedure, and keeps no meeting."""
PROCESS = "committee_meeting"
OFFICE = "@ general"
"""The group of whoever has a post in the office that checks minutes."""
MOST = 11

Grant = tuple[str, str, ObjectKind, Action]
RIGHTS: Sequence[Grant] = (
    (SECRETARIES, PROCESS, ObjectKind.PROCEDURE, Action.ACT),
    (SECRETARIES, PROCESS, ObjectKind.CASE, Action.READ),
    (SECRETARIES, MEETINGS, ObjectKind.REGISTER, Action.READ),
    (SECRETARIES, MEETINGS, ObjectKind.REGISTER, Action.ACT),
    (SECRETARIES, MEMBERS, ObjectKind.REGISTER, Action.READ),
    (SECRETARIES, MEMBERS, ObjectKind.REGISTER, Action.ACT),
    (RULE_SETTERS, RULES, ObjectKind.REGISTER, Action.ACT),
)


def actor_of(number: int) -> Actor:
    """Member number 1 is the 书记 and chairs."""
    return Actor(f"member{number:02}", f"党组成员{number:02}")


def settle(desk: Desk) -> None:
    """Give accounts to secretaries and members, and the secretaries their rights."""
    people = [SECRETARY, OTHER_SECRETARY, RULE_SETTER, *map(actor_of, range(1, MOST + 1))]
    rows = [
        {
            "username": one.username,
            "display_name": one.display_name,
            "sort_name": one.username,
            "password_hash": PASSWORD_HASH,
            "active": True,
            "failed_sign_ins": 0,
            "locked_until": None,
            "created_at": desk.clock(),
        }
        for one in people
    ]
    with desk.rooms.database.write() as session:
        session.execute(insert(Person), rows)
        groups = [
            {"id": SECRETARIES, "name": "会议秘书"}, {"id": RULE_SETTERS, "name": "议事规则"},
        ]  # fmt: skip
        session.execute(insert(CandidateGroup), groups)
        session.execute(
            insert(Membership),
            [
                {"group_id": SECRETARIES, "username": one.username}
                for one in (SECRETARY, OTHER_SECRETARY)
            ]
            + [{"group_id": RULE_SETTERS, "username": RULE_SETTER.username}],
        )
        for right in RIGHTS:
            give_right(session, desk.rooms.keys.next(), right, desk.clock())


@dataclass(slots=True)
class Group:
    """One meeting of `due` members, who are in office on its day alone."""

    desk: Desk
    due: int
    key: int = 0
    items: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    def prepare(self, *items: Proposal) -> None:
        """Enter the members, begin the meeting's case, put the items on its agenda, give notice."""
        day = bureau_day(self.now)
        with self.desk.rooms.write() as tools:
            for number in range(1, self.due + 1):
                term = term_of(number, day)
                members.enter(tools, term, actor=SECRETARY, now=self.now)
        self.key = starting.start(
            self.desk.rooms,
            process_id=PROCESS,
            variables={"planned_at": self.now.isoformat(), "place": "三楼会议室"},
            actor=SECRETARY,
            now=self.now,
            through_form=False,
        ).instance_key
        for item in items:
            self.add(item)
        self.give_notice()
        self.run_jobs()

    def give_notice(self) -> None:
        """The 书记 has agreed to the agenda, and notice goes out."""
        with self.sitting() as sitting:
            sitting.meeting.agenda_agreed_at = self.now
            meetings.send_notice(sitting)

    def add(self, proposal: Proposal) -> int:
        """Put an item up and on the agenda."""
        with self.desk.rooms.write() as tools:
            key = agenda.put_up_by_office(tools, proposal, actor=SECRETARY, now=self.now)
        with self.sitting() as sitting:
            agenda.place(sitting, key)
        self.items[proposal.title] = key
        return key

    def begin(self, *items: Proposal, present: int) -> None:
        """Prepare, call the roll and open the meeting."""
        self.prepare(*(items or (about_exit(),)))
        self.call(present)
        with self.sitting() as sitting:
            meetings.open_meeting(sitting)
        self.run_jobs()

    def call(self, present: int) -> None:
        """Members 1 to `present` are there, the others are absent."""
        for number in range(1, self.due + 1):
            self.mark(number, Presence.PRESENT if number <= present else Presence.ABSENT)

    def mark(self, number: int, presence: Presence) -> None:
        with self.sitting() as sitting:
            meetings.mark(sitting, actor_of(number).username, presence, "请假")

    @contextmanager
    def sitting(self, actor: Actor = SECRETARY) -> Iterator[Sitting]:
        """The secretary at the desk, who has seen the newest revision."""
        revision = self.meeting().revision
        with self.desk.rooms.write() as tools:
            yield sit_down(tools, self.key, revision=revision, actor=actor, now=self.now)

    @property
    def only(self) -> int:
        """The one item."""
        (key,) = self.items.values()
        return key

    def discuss(self, key: int = 0, *, recuse: Sequence[int] = ()) -> None:
        with self.sitting() as sitting:
            discussion.discuss(sitting, key or self.only)
        for number in recuse:
            with self.sitting() as sitting:
                discussion.recuse(
                    sitting, key or self.only, actor_of(number).username, "与当事人共同署名"
                )

    def begin_vote(self, key: int = 0, method: str = "named") -> Outcome | None:
        """Who has not spoken by then had nothing to say."""
        with self.sitting() as sitting:
            if not has_been_discussed(sitting, key or self.only):
                discussion.nobody_speaks(sitting, key or self.only)
            return voting.begin_vote(sitting, key or self.only, method).outcome

    def vote(self, number: int, choice: Choice, key: int = 0) -> None:
        """The member votes, on a telephone of their own."""
        self.vote_as(actor_of(number), number, choice, key)

    def vote_as(self, actor: Actor, number: int, choice: Choice, key: int = 0) -> None:
        round_ = self.item(key).round
        with self.desk.rooms.write() as tools:
            sitting = take_seat(tools, self.key, actor=actor, now=self.now)
            voting.cast(sitting, key or self.only, actor_of(number).username, choice, round_=round_)

    def votes(
        self,
        yes: int,
        no: int = 0,
        abstain: int = 0,
        *,
        voters: Sequence[int] = (),
        chair: int = 1,
        key: int = 0,
    ) -> None:
        """So many of those who may vote say so; who chairs votes last, and yes."""
        order = [one for one in voters or range(1, self.due + 1) if one != chair]
        said = [Choice.NO] * no + [Choice.ABSTAIN] * abstain + [Choice.YES] * yes
        for number, choice in zip([*order, chair], said, strict=False):
            self.vote(number, choice, key)

    def close_vote(self, key: int = 0) -> Item:
        with self.sitting() as sitting:
            voting.close_vote(sitting, key or self.only)
        return self.item(key)

    def item(self, key: int = 0) -> Item:
        with self.desk.rooms.read() as session:
            return session.get_one(Item, key or self.only)

    def meeting(self) -> Meeting:
        with self.desk.rooms.read() as session:
            return session.scalars(select(Meeting).where(Meeting.key == self.key)).one()

    def run_jobs(self) -> None:
        JobRunner(self.desk.rooms, owner="worker-1").run_due()

    def close(self) -> None:
        with self.sitting() as sitting:
            meetings.close_meeting(sitting)
        assert self.meeting().state == MeetingState.CLOSED
        self.run_jobs()


def has_been_discussed(sitting: Sitting, key: int) -> bool:
    spoken = select(Statement.number).where(Statement.item_key == key, ~Statement.written)
    said = sitting.tools.session.scalar(spoken.limit(1)) is not None
    return said or records.is_silent(sitting.tools.session, sitting.item(key))


def term_of(number: int, day: date, *, until: date | None = None) -> Term:
    """A term of this day alone."""
    position = "书记" if number == 1 else "成员"
    one = actor_of(number)
    return Term(one.username, one.display_name, position, number, day, until or day, "任职文件")


def about_exit(name: str = "教研员01", username: str = "", **changes: str) -> Proposal:
    """An item that needs two thirds."""
    return Proposal(
        item_class=ItemClass.EXIT,
        title=changes.get("title", f"{name}退出教研队伍"),
        text="拟同意其退出教研队伍，另行安排工作。",
        subjects=(Subject(name, username, CITY),),
        materials=("调查报告", "本人申辩"),
        ground=changes.get("ground", ""),
    )


def about_plan(title: str = "年度教研计划") -> Proposal:
    """An item that needs half."""
    return Proposal(ItemClass.PLAN, title, "审定年度计划。")


def of_quorum(quorum: Quorum) -> Proposal:
    """An item of a class that needs this attendance."""
    return about_exit() if quorum is Quorum.TWO_THIRDS else about_plan()


def next_day(desk: Desk) -> None:
    """Another day: another group is in office."""
    desk.clock.now += timedelta(days=1)


@contextmanager
def open_bureau(template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    """One bureau for many tests: each has a day, and members, of its own."""
    begins = datetime.fromisoformat("2026-03-02T09:30+08:00")
    with open_copy(settle, template, folder, feel, begins) as desk:
        yield desk


def open_task(desk: Desk, group: Group, element: str) -> UserTask:
    with desk.rooms.read() as session:
        wanted = select(UserTask).where(
            UserTask.instance_key == group.key,
            UserTask.element_id == element,
            UserTask.ended_at.is_(None),
        )
        return session.scalars(wanted).one()


def complete(
    desk: Desk, group: Group, element: str, outcome: str, actor: Actor, comment: str = ""
) -> None:
    task = open_task(desk, group, element)
    completion.complete(
        desk.rooms,
        task.key,
        submission={},
        outcome=outcome,
        comment=comment,
        revision=task.revision,
        actor=actor,
        now=desk.clock(),
    )
