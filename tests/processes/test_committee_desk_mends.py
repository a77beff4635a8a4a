"""What the desk refuses or makes good: members of the day, late ties, a chair who left."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from processes.committee import discussion, meetings, views, voting
from processes.committee.desk_acts import ACTS, Sent
from processes.committee.proposals import Proposal
from processes.committee.refusals import (
    ChairGone,
    MembersChanged,
    NotAllVoted,
    TiedVoted,
)
from processes.committee.rules import Choice, Outcome, Tally
from processes.committee.tables import Presence
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from service.commands import ties
from service.domain.recusal import TieKind
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import (
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
    term_of,
)

YES, NO = Choice.YES, Choice.NO
Begin = Callable[..., Group]
_names = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("mends"), feel) as desk:
        yield desk


@pytest.fixture
def begin(bureau: Desk) -> Begin:
    next_day(bureau)

    def open_group(due: int, present: int, *items: Proposal) -> Group:
        group = Group(bureau, due)
        group.begin(*(items or (a_plan(),)), present=present)
        return group

    return open_group


def a_plan() -> Proposal:
    return about_plan(f"计划{next(_names)}")


def enter(group: Group, *numbers: int, days: int = 0) -> None:
    """Enter members of the meeting's day, or of one so many days later."""
    day = bureau_day(group.now + timedelta(days=days))
    with group.desk.rooms.write() as tools:
        for number in numbers:
            members.enter(tools, term_of(number, day), actor=SECRETARY, now=group.now)


def tie(group: Group, number: int, other: str) -> None:
    one = actor_of(number)
    with group.desk.rooms.write() as tools:
        ties.declare(
            tools, username=one.username, other=other, kind=TieKind.COLLATERAL, actor=one,
            now=group.now,
        )  # fmt: skip


def due_of(group: Group) -> list[str]:
    with group.desk.rooms.read() as session:
        _, due = meetings.due_at(session, group.key)
    return [one.username for one in due]


def test_members_who_came_since_the_notice_are_due_before_it_opens(bureau: Desk) -> None:
    # given a notice to six, and two more who are in office that day
    next_day(bureau)
    group = Group(bureau, 6)
    group.prepare(about_exit(f"某人{next(_names)}"))
    enter(group, 7, 8)
    group.call(6)
    # when it is to be opened
    with pytest.raises(MembersChanged, match="新任：党组成员07、党组成员08"):
        open_(group)
    with bureau.rooms.read() as session:
        seen = views.desk(session, group.key, actor=SECRETARY)
    assert seen.members_changed == "新任：党组成员07、党组成员08"
    # then one act takes over the list, and four of eight carry nothing
    with group.sitting() as sitting:
        assert "会议通知已重新发出" in ACTS["renew"](sitting, Sent({}))
    for number in (7, 8):
        group.mark(number, Presence.ABSENT)
    open_(group)
    group.discuss()
    group.begin_vote()
    group.votes(4, 2, voters=range(1, 7))
    item = group.close_vote()
    assert item.outcome == Outcome.NOT_CARRIED
    assert "应到8人" in item.words


def open_(group: Group) -> None:
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.run_jobs()


def test_the_notice_goes_to_the_members_of_the_day(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(a_plan())
    enter(group, 4, 5, days=1)
    with group.sitting() as sitting:
        meetings.reschedule(sitting, planned_at=group.now + timedelta(days=1), place="二楼")
    enter(group, 6, days=1)
    group.give_notice()
    assert due_of(group) == [actor_of(number).username for number in (4, 5, 6)]
    assert group.meeting().chair == actor_of(4).username
    next_day(bureau)  # whose group is taken


def test_a_tie_declared_after_the_vote_spoils_the_round(begin: Begin) -> None:
    group = begin(7, 7, about_exit("教研员05", "researcher05"))
    group.discuss()
    group.begin_vote()
    for number in (2, 3, 4):
        group.vote(number, YES)
    tie(group, 4, "researcher05")
    for number in (5, 6, 7):
        group.vote(number, NO)
    group.vote(1, YES)
    with pytest.raises(TiedVoted, match=r"党组成员04.*C-RECUSE"):
        group.close_vote()
    with group.sitting() as sitting:
        voting.annul(sitting, group.only, "党组成员04应当回避")
    group.begin_vote()
    group.votes(3, 3, voters=[1, 2, 3, 5, 6, 7])
    assert group.close_vote().outcome == Outcome.NOT_CARRIED


def test_a_tie_declared_before_the_member_voted_lets_the_round_go_on(begin: Begin) -> None:
    group = begin(7, 7, about_exit("教研员06", "researcher06"))
    group.discuss()
    group.begin_vote()
    tie(group, 4, "researcher06")
    group.votes(6, voters=[1, 2, 3, 5, 6, 7])
    assert group.close_vote().words.startswith("应到7人，实到7人，回避1人，赞成6票")


def test_paper_of_somebody_tied_is_not_counted(begin: Begin) -> None:
    group = begin(7, 7, about_exit("教研员07", "researcher07"))
    group.discuss()
    group.begin_vote(method="secret")
    tie(group, 4, "researcher07")
    with pytest.raises(TiedVoted), group.sitting() as sitting:
        voting.close_vote(sitting, group.only, Tally(7))


def test_without_its_chair_no_vote_comes_to_an_end(begin: Begin) -> None:
    # given a vote whose chair left before their turn
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    for number in range(2, 8):
        group.vote(number, YES)
    group.mark(1, Presence.LEFT)
    with pytest.raises(ChairGone, match="党组成员01没有到会"):
        group.close_vote()
    # when the round is void and another member chairs
    group.mark(3, Presence.LEFT)
    with group.sitting() as sitting:
        voting.annul(sitting, group.only, "主持人中途离会")
    with group.sitting() as sitting:
        discussion.delegate_item(sitting, group.only, actor_of(2).username)
    group.begin_vote()
    # then it is held anew, without who voted and left since
    group.votes(5, voters=[2, 4, 5, 6, 7], chair=2)
    assert group.close_vote().words.startswith("应到7人，实到5人，赞成5票")


def test_a_chair_recused_during_the_vote_is_no_chair(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    group.vote(2, YES)
    with group.sitting() as sitting:
        discussion.recuse(sitting, group.only, actor_of(1).username, "与当事人同乡合作")
    with pytest.raises(ChairGone, match="党组成员01应当回避"):
        group.close_vote()


def test_a_member_who_has_not_voted_keeps_it_open(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    group.vote(2, YES)
    with pytest.raises(NotAllVoted):
        group.close_vote()
