"""Telephones and two secretaries at the same moment, on a real PostgreSQL."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from processes.committee import discussion, meetings
from processes.committee.desk import sit_down
from processes.committee.refusals import DeskChanged, Reconsidering, VotedAlready
from processes.committee.rules import Choice, Outcome
from processes.committee.tables import Item, Vote
from service.domain.errors import JiaoyanError
from service.store.history_check import verify
from tests.processes.conftest import SECRET
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    settle,
)

pytestmark = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


@pytest.fixture
def group(desk: Desk) -> Group:
    settle(desk)
    group = Group(desk, 7)
    group.begin(about_exit(), present=7)
    group.discuss()
    return group


def at_once(*acts: Callable[[], object]) -> list[JiaoyanError | None]:
    """Do all at the same moment; give what each was refused with."""
    barrier = Barrier(len(acts))

    def do(act: Callable[[], object]) -> JiaoyanError | None:
        barrier.wait()
        try:
            act()
        except JiaoyanError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def test_votes_of_many_telephones_are_all_counted_and_chained(group: Group, desk: Desk) -> None:
    group.begin_vote()
    others: Sequence[int] = range(2, 8)
    refused = at_once(*(lambda n=n: group.vote(n, Choice.YES) for n in others))
    assert refused == [None] * 6
    group.vote(1, Choice.NO)
    assert group.close_vote().outcome == Outcome.CARRIED
    with desk.rooms.read() as session:
        order = session.scalars(select(Vote.number).order_by(Vote.number)).all()
        assert verify(session, SECRET.encode()) == []
    assert order == [1, 2, 3, 4, 5, 6, 7]


def test_a_double_tap_is_one_vote(group: Group) -> None:
    group.begin_vote(method="secret")
    refused = at_once(*[lambda: group.vote(2, Choice.YES)] * 2)
    assert sorted(type(one).__name__ for one in refused) == ["NoneType", VotedAlready.__name__]
    group.votes(0, 6, voters=[1, 3, 4, 5, 6, 7])
    item = group.close_vote()
    assert isinstance(item.counts, dict)
    assert (item.counts["yes"], item.counts["no"]) == (1, 6)


def test_of_two_secretaries_one_acts_and_the_other_is_told(group: Group, desk: Desk) -> None:
    seen = group.meeting().revision

    def invite(actor_name: str) -> None:
        actor = SECRETARY if actor_name == SECRETARY.username else OTHER_SECRETARY
        with desk.rooms.write() as tools:
            sitting = sit_down(tools, group.key, revision=seen, actor=actor, now=desk.clock())
            meetings.invite_observer(sitting, f"列席{actor_name}", "")

    refused = at_once(lambda: invite(SECRETARY.username), lambda: invite(OTHER_SECRETARY.username))
    assert sorted(type(one).__name__ for one in refused) == [DeskChanged.__name__, "NoneType"]
    assert group.meeting().revision == seen + 1


def test_of_two_open_meetings_one_takes_a_decision_up_again(group: Group, desk: Desk) -> None:
    group.begin_vote()
    group.votes(7)
    group.close_vote()
    # given another meeting of the same day and members
    other = Group(desk, 0)
    other.prepare(about_plan())
    other.due = 7
    other.call(7)
    with other.sitting() as sitting:
        meetings.open_meeting(sitting)
    agreed = [actor_of(number).username for number in range(1, 6)]

    def take_up(at: Group) -> None:
        with at.sitting() as sitting:
            discussion.reconsider(
                sitting, sitting.tools.session.get_one(Item, group.only), proposer=agreed[0],
                reason="有新的情况", consenting=agreed,
            )  # fmt: skip

    refused = at_once(lambda: take_up(group), lambda: take_up(other))
    assert sorted(type(one).__name__ for one in refused) == ["NoneType", Reconsidering.__name__]
    with desk.rooms.read() as session:
        of_it = select(Item.key).where(Item.root_key == group.only)
        assert len(session.scalars(of_it).all()) == 2
