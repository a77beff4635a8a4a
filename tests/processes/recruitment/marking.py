"""A post whose order hangs on one examiner's mark, and the ties that take it away."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
from processes.recruitment import candidacies, scoring
from service.commands import ties
from service.domain.actors import Actor
from service.store.tables import Disclosure, Notice, PersonalTie
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import run_jobs, settle_waiting
from tests.processes.recruitment.reconsidering import decide_again, take_up
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, teachers, tie
from tests.processes.recruitment.selection_cast import HEAD, RATERS

EIGHT = (HEAD, *RATERS)
TURNS = [(95, 88)] * 3 + [(85, 88)] * 5
"""Marks of eight: without the first examiner's the second candidate is the first."""
STAYS = [(90, 70)] * 6 + [(80, 70)] * 2
"""Marks of eight: without the first examiner's the first is still that, with 84.80 for 85.00."""
ALONE_BELOW = [(50,), (59,)] + [(60,)] * 6
"""Marks of eight for one alone: 59.83, and without the first examiner's 60.00."""
ALONE_ABOVE = [(100,), (61,), (60,), (60,), (60,), (60,), (59,), (58,)]
"""Marks of eight for one alone: 60.00, and without the first examiner's 59.80."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A post at work, and its candidates in the order in which they applied."""

    one: Selecting
    people: tuple[Actor, ...]

    @property
    def first(self) -> Actor:
        return self.people[0]

    @property
    def second(self) -> Actor:
        return self.people[1]

    def state(self, who: Actor) -> str:
        return self.one.candidacy(who).state

    def interview(self, marks: Sequence[tuple[float, ...]]) -> None:
        """Hold the interview before eight, who give these marks, one row each."""
        self.one.seat_panel(*EIGHT)
        self.one.attend()
        for rater, given in zip(EIGHT, marks, strict=True):
            self.one.rate(rater, *given)

    def tie(self, rater: Actor = HEAD, other: Actor | None = None) -> None:
        """Let an examiner declare to be a cousin of a candidate, the first by default."""
        tie(self.one.desk, rater.username, (other or self.first).username)
        self.one.run()

    def untie(self, rater: Actor = HEAD) -> None:
        """Let the examiner say that it was declared wrongly."""
        desk = self.one.desk
        with desk.rooms.write() as tools:
            newest = select(PersonalTie.key).where(PersonalTie.username == rater.username)
            key = tools.session.scalars(newest.order_by(PersonalTie.key.desc())).all()[0]
            ties.end(tools, key=key, why="登记有误", actor=rater, now=desk.clock())

    def order(self) -> list[tuple[str, str]]:
        """Names by rank, with their totals; who has no place is last."""
        with self.one.desk.rooms.read() as session:
            rows = scoring.ranks_of(session, self.one.post.code)
            names = {row.key: row.name for row in candidacies.of_post(session, self.one.post.code)}
        return [(names[row.candidacy_key], row.total) for row in rows]

    def published(self) -> list[str]:
        """The notices of scores, by what they say they are."""
        seat = self.one.post.seat
        with self.one.desk.rooms.read() as session:
            wanted = select(Notice.title).where(Notice.title.contains(f"{seat}"))
            titles = session.scalars(wanted.order_by(Notice.key))
            return [text.rpartition(seat)[2] for text in titles if "成绩" in text]

    def items(self) -> list[Item]:
        """What the case has put up, the oldest first."""
        with self.one.desk.rooms.read() as session:
            wanted = select(Item).where(Item.instance_key == self.one.case)
            return list(session.scalars(wanted.order_by(Item.key)))

    def shown(self) -> list[Disclosure]:
        """The 公示 of this post, the oldest first."""
        with self.one.desk.rooms.read() as session:
            wanted = select(Disclosure).where(Disclosure.instance_key.in_(self.one.family()))
            return list(session.scalars(wanted.order_by(Disclosure.key)))

    def set_item(self, state: ItemState, outcome: Outcome | None = None) -> int:
        """Let the item that waits come this far in the register, with nobody told."""
        desk = self.one.desk
        with desk.rooms.write() as tools:
            item = tools.session.get_one(Item, self.items()[-1].key)
            item.state = state
            if outcome is not None:
                item.outcome, item.decided_at = outcome, desk.clock()
            return item.key

    def overturn(self) -> None:
        """Let the Party group take its newest decision up again, and not carry it."""
        desk = self.one.desk
        decide_again(desk, take_up(desk, self.items()[-1].root_key), Outcome.NOT_CARRIED)
        self.one.run()

    def confirm(self) -> None:
        """Let the Party group take its newest decision up again, and carry it again."""
        desk = self.one.desk
        decide_again(desk, take_up(desk, self.items()[-1].root_key), Outcome.CARRIED)
        self.one.run()

    def carry(self) -> None:
        """Let the Party group carry the item that waits, at no cost."""
        settle_waiting(self.one.desk, self.one.case)
        self.one.run()

    def end_notice(self) -> None:
        """Let the days of the 公示 go by."""
        self.one.pass_days(12)
        run_jobs(self.one.desk)


def marked(desk: Desk, subject: str, marks: Sequence[tuple[float, ...]]) -> Marked:
    """Begin a post with so many candidates as there are marks in a row, and examine them."""
    people = tuple(teachers(desk, len(marks[0])))
    found = Marked(begin_post(desk, people, subject, keep_seat=True), people)
    found.one.write(*[80] * len(people))
    found.interview(marks)
    return found
