"""The cases of a lawyer's list, each through the commands of the meeting desk."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import discussion, meetings, rule_settings, voting
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import (
    ChairNeeded,
    ChairVotesLast,
    Circulation,
    NotPresent,
    OnePersonOneItem,
    WrongState,
)
from processes.committee.rules import Choice, ItemClass, Outcome, Quorum, RuleSettings
from processes.committee.tables import Presence, Statement, Vote
from processes.registers.days import bureau_day
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import (
    RULE_SETTER,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    of_quorum,
    open_bureau,
)

YES, NO = Choice.YES, Choice.NO
HALF, TWO_THIRDS = Quorum.HALF, Quorum.TWO_THIRDS
Begin = Callable[..., Group]
_names = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("committee"), feel) as desk:
        yield desk


@pytest.fixture
def begin(bureau: Desk) -> Begin:
    """Open a meeting of so many members, of whom so many are there."""
    next_day(bureau)

    def open_group(due: int, present: int, *items: Proposal) -> Group:
        group = Group(bureau, due)
        group.begin(*(items or (somebody(),)), present=present)
        return group

    return open_group


def somebody(**changes: str) -> Proposal:
    """An exit of somebody who was never on an agenda before."""
    return about_exit(f"某教研员{next(_names)}", **changes)


def a_plan() -> Proposal:
    return about_plan(f"计划{next(_names)}")


def set_rules(group: Group, settings: RuleSettings) -> None:
    """Rules of procedure for this day alone; the next day has the defaults again."""
    day = bureau_day(group.now)
    for each, values in ((day, settings), (day.replace(day=day.day + 1), RuleSettings())):
        with group.desk.rooms.write() as tools:
            rule_settings.set_rules(
                tools, values, effective_from=each, source="议事规则", actor=RULE_SETTER,
                now=group.now,
            )  # fmt: skip


def test_1_recusal_leaves_too_few_and_the_item_is_deferred(begin: Begin) -> None:
    group = begin(7, 4, a_plan())
    group.discuss(recuse=[4])
    assert group.begin_vote() is Outcome.DEFERRED
    assert group.item().words == (
        "应到7人，实到4人，应有半数以上即4人到会，回避1人后参加本项的为3人，少于4人，本项不表决，缓议"
    )


def test_2_four_of_seven_are_no_quorum_for_an_exit(begin: Begin) -> None:
    group = begin(7, 4)
    group.discuss(recuse=[4])
    assert group.begin_vote() is Outcome.NO_QUORUM
    assert "应有三分之二以上即5人到会" in group.item().readiness


def test_3_who_is_recused_does_not_count_for_the_item(begin: Begin) -> None:
    group = begin(7, 5)
    group.discuss(recuse=[5])
    assert group.begin_vote() is Outcome.DEFERRED


def test_3_unless_the_rules_of_procedure_count_them(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 7)
    set_rules(group, RuleSettings(recused_count_for_quorum=True))
    group.begin(somebody(), present=5)
    group.discuss(recuse=[5])
    assert group.begin_vote() is None
    group.votes(4, voters=[1, 2, 3, 4])
    item = group.close_vote()
    assert item.outcome == Outcome.CARRIED
    assert "设定第" in item.rules_version


@pytest.mark.parametrize(
    ("number", "due", "present", "yes", "no", "abstain", "quorum", "outcome"),
    [
        (4, 7, 6, 3, 1, 2, TWO_THIRDS, Outcome.NOT_CARRIED),
        (6, 8, 8, 4, 4, 0, TWO_THIRDS, Outcome.NOT_CARRIED),
        (7, 8, 6, 4, 1, 1, TWO_THIRDS, Outcome.NOT_CARRIED),
        (8, 9, 6, 5, 1, 0, TWO_THIRDS, Outcome.CARRIED),
        (9, 7, 7, 4, 3, 0, TWO_THIRDS, Outcome.CARRIED),
        (9, 7, 7, 4, 3, 0, HALF, Outcome.CARRIED),
    ],
)
def test_trap_4_votes_are_counted_of_those_due_as_in_4_and_6_to_9(
    begin: Begin,
    number: int,
    due: int,
    present: int,
    yes: int,
    no: int,
    abstain: int,
    quorum: Quorum,
    outcome: Outcome,
) -> None:
    group = begin(due, present, somebody() if quorum is TWO_THIRDS else a_plan())
    assert of_quorum(quorum).item_class
    group.discuss()
    assert group.begin_vote() is None
    group.votes(yes, no, abstain, voters=range(1, present + 1))
    item = group.close_vote()
    assert item.outcome == outcome
    assert f"赞成{yes}票" in item.words


def test_trap_4_written_opinions_are_kept_and_not_counted_as_in_5(begin: Begin) -> None:
    group = begin(7, 5)
    group.discuss()
    for absent in (6, 7):
        with group.sitting() as sitting:
            discussion.state(sitting, group.only, actor_of(absent).username, "同意", written=True)
    assert group.begin_vote() is None
    with pytest.raises(NotPresent):
        group.vote_as(SECRETARY, 6, YES)
    group.votes(3, 2, voters=range(1, 6))
    assert group.close_vote().outcome == Outcome.NOT_CARRIED
    with group.desk.rooms.read() as session:
        kept = session.scalars(select(Statement).where(Statement.item_key == group.only)).all()
    assert [one.written for one in kept] == [True, True]


def test_10_who_can_never_decide_asks_who_set_the_group_up(begin: Begin) -> None:
    group = begin(5, 5, a_plan())
    group.discuss(recuse=[3, 4, 5])
    assert group.begin_vote() is Outcome.DEFERRED
    assert group.item().escalate
    assert "报请批准设立党组的党组织" in group.item().words


def test_11_three_of_six_do_not_sit(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 6)
    group.prepare(a_plan())
    group.call(3)
    with pytest.raises(WrongState, match="应到6人，实到3人，不足4人"), group.sitting() as sitting:
        meetings.open_meeting(sitting)
    with group.sitting() as sitting:
        meetings.declare_not_held(sitting, "三人外出")
    item = group.item()
    assert item.outcome == Outcome.NO_QUORUM
    assert item.words == "应到6人，实到3人，不足4人，会议没有开成，本项未议"
    assert item.counts == {"due": 6, "present": 3, "recused": 0, "barred": 0}


def test_11_they_sit_where_half_is_enough_and_still_cannot_carry(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 6)
    set_rules(group, RuleSettings(half_includes_half=True))
    group.begin(a_plan(), present=3)
    group.discuss()
    assert group.begin_vote() is Outcome.DEFERRED
    assert "全部赞成也达不到4票" in group.item().words


def test_11_when_members_leave_there_is_no_quorum_for_the_next_item(begin: Begin) -> None:
    group = begin(6, 4, a_plan())
    group.mark(4, Presence.LEFT)
    group.discuss()
    assert group.begin_vote() is Outcome.NO_QUORUM


def test_12_another_member_chairs_where_the_chair_is_recused(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss(recuse=[1])
    with pytest.raises(ChairNeeded, match="党组成员01应当回避本项"):
        group.begin_vote()
    with group.sitting() as sitting:
        discussion.delegate_item(sitting, group.only, actor_of(2).username)
    assert group.begin_vote() is None
    group.votes(5, 1, voters=range(2, 8), chair=2)
    item = group.close_vote()
    assert item.outcome == Outcome.CARRIED
    assert item.words == "应到7人，实到7人，回避1人，赞成5票，反对1票，超过应到半数（3.5），通过"


@pytest.mark.parametrize(("leaving", "outcome"), [((6,), None), ((5, 6), Outcome.NO_QUORUM)])
def test_13_who_left_before_the_item_is_counted_anew(
    begin: Begin, leaving: tuple[int, ...], outcome: Outcome | None
) -> None:
    group = begin(7, 6)
    for number in leaving:
        group.mark(number, Presence.LEFT)
    group.discuss()
    assert group.begin_vote() is outcome


def test_13_who_leaves_during_the_vote_may_leave_it_without_a_quorum(begin: Begin) -> None:
    group = begin(7, 5)
    group.discuss()
    group.begin_vote()
    group.mark(5, Presence.LEFT)
    group.votes(4, voters=[1, 2, 3, 4])
    assert group.close_vote().outcome == Outcome.NO_QUORUM


def test_trap_5_two_people_are_two_items_as_in_14(begin: Begin) -> None:
    group = begin(7, 7)
    both = Proposal(ItemClass.EXIT, "甲乙退出", "一并研究", (Subject("甲"), Subject("乙")))
    with pytest.raises(OnePersonOneItem):
        group.add(both)


def test_trap_5_the_chair_cannot_vote_first_as_in_15(begin: Begin) -> None:
    group = begin(7, 5)
    group.discuss()
    group.begin_vote()
    with pytest.raises(ChairVotesLast, match="党组成员02、党组成员03"):
        group.vote(1, YES)
    assert group.item().round == 1


def test_15_a_vote_that_was_held_wrongly_is_held_anew(begin: Begin) -> None:
    group = begin(7, 5)
    group.discuss()
    group.begin_vote()
    group.vote(2, YES)
    with group.sitting() as sitting:
        voting.annul(sitting, group.only, "主持人先行表态")
    group.begin_vote()
    assert group.item().round == 2
    group.votes(4, 1, voters=range(1, 6))
    assert group.close_vote().outcome == Outcome.CARRIED
    with group.desk.rooms.read() as session:
        votes = session.scalars(select(Vote).where(Vote.item_key == group.only)).all()
    assert sorted({vote.round for vote in votes}) == [1, 2]


def test_trap_4_circulation_is_no_meeting_as_in_16(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    with pytest.raises(Circulation), group.sitting() as sitting:
        voting.begin_vote(sitting, group.only, "circulation")


def test_16_nobody_votes_when_the_meeting_is_over(begin: Begin) -> None:
    group = begin(7, 7)
    group.close()
    with pytest.raises(WrongState, match="已闭会"), group.sitting() as sitting:
        voting.begin_vote(sitting, 1, "named")


def test_17_who_changes_their_mind_afterwards_changes_nothing(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    group.votes(4, 3)
    group.close_vote()
    with pytest.raises(WrongState, match="已议定"):
        group.vote(5, NO)
    # three of seven are no more than half
    agreed = [actor_of(n).username for n in (2, 3, 4)]
    with group.sitting() as sitting:
        item = sitting.item(group.only)
        refused = discussion.reconsider(
            sitting, item, proposer=agreed[0], reason="情况有变", consenting=agreed
        )
    assert refused is None
    # four are
    agreed.append(actor_of(5).username)
    with group.sitting() as sitting:
        item = sitting.item(group.only)
        again = discussion.reconsider(
            sitting, item, proposer=agreed[0], reason="情况有变", consenting=agreed
        )
    assert again is not None
    assert group.item().outcome == Outcome.CARRIED
