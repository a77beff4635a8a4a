"""Acts of the desk that stand beside the vote: put off, delegate, move, remote, a wrong roll."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda, discussion, meetings, rule_settings
from processes.committee.refusals import ChairNeeded, NotAMember, NotPresent, WrongState
from processes.committee.rules import Choice, Outcome, RecusalBase, RuleSettings
from processes.committee.tables import ItemState, MeetingState, Presence
from processes.registers.days import bureau_day
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import (
    RULE_SETTER,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
)

YES = Choice.YES
Begin = Callable[..., Group]
_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("acts"), feel) as desk:
        yield desk


@pytest.fixture
def prepare(bureau: Desk) -> Begin:
    """Give notice of so many items to so many members, under these settings of the day."""
    next_day(bureau)

    def of(due: int, settings: RuleSettings | None = None, plans: int = 1) -> Group:
        group = Group(bureau, due)
        day = bureau_day(bureau.clock())
        if settings is not None:
            for each, values in ((day, settings), (day + timedelta(days=1), RuleSettings())):
                with bureau.rooms.write() as tools:
                    rule_settings.set_rules(
                        tools, values, effective_from=each, source="议事规则", actor=RULE_SETTER,
                        now=bureau.clock(),
                    )  # fmt: skip
        group.prepare(*(about_plan(f"计划{next(_numbers)}") for _ in range(plans)))
        return group

    return of


def open_(group: Group) -> Group:
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.run_jobs()
    return group


def order(group: Group) -> list[int]:
    with group.sitting() as sitting:
        return [item.key for item in sitting.items()]


@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.RETURNED])
def test_an_item_is_put_off_before_a_vote_with_a_reason(prepare: Begin, outcome: Outcome) -> None:
    group = prepare(3)
    group.call(3)
    open_(group)
    group.discuss()
    with group.sitting() as sitting:
        discussion.put_off(sitting, group.only, outcome, "分歧较大", proposer="member01")
    item = group.item()
    assert (item.outcome, item.words) == (outcome, f"{outcome.label}（党组成员01提议）：分歧较大")
    assert item.state == ItemState.DECIDED
    assert item.counts == {"due": 3, "present": 3, "recused": 0, "barred": 0}


def test_nothing_is_put_off_once_a_vote_is_on(prepare: Begin) -> None:
    group = prepare(3)
    group.call(3)
    open_(group)
    group.discuss()
    group.begin_vote()
    with pytest.raises(WrongState, match="表决中"), group.sitting() as sitting:
        discussion.put_off(sitting, group.only, Outcome.DEFERRED, "分歧较大", proposer="member01")


def test_another_member_chairs_where_the_chair_stays_away(prepare: Begin) -> None:
    group = prepare(3)
    group.mark(1, Presence.ABSENT)
    group.mark(2, Presence.PRESENT)
    group.mark(3, Presence.PRESENT)
    with pytest.raises(WrongState, match="请先委托其他成员主持"):
        open_(group)
    with pytest.raises(NotAMember), group.sitting() as sitting:
        meetings.delegate_chair(sitting, actor_of(9).username)
    with group.sitting() as sitting:
        meetings.delegate_chair(sitting, actor_of(3).username)
    open_(group)
    group.discuss()
    group.begin_vote()
    group.votes(2, voters=[2, 3], chair=3)
    assert group.close_vote().outcome == Outcome.CARRIED
    assert group.meeting().chair == actor_of(3).username


def test_who_chaired_an_item_stays_named_when_the_chair_changes(prepare: Begin) -> None:
    group = prepare(3)
    group.call(3)
    open_(group)
    group.discuss()
    group.begin_vote()
    group.votes(3)
    group.close_vote()
    with group.sitting() as sitting:
        meetings.delegate_chair(sitting, actor_of(2).username)
    assert group.item().chair == actor_of(1).username


def test_nobody_absent_chairs_an_item(prepare: Begin) -> None:
    group = prepare(3)
    group.call(2)
    open_(group)
    group.discuss()
    with pytest.raises(ChairNeeded, match="党组成员03"), group.sitting() as sitting:
        discussion.delegate_item(sitting, group.only, actor_of(3).username)


def test_a_meeting_is_moved_and_opened_by_a_roll_of_its_new_day(
    prepare: Begin, bureau: Desk
) -> None:
    group = prepare(3)
    group.call(3)
    with group.sitting() as sitting:
        meetings.reschedule(sitting, planned_at=group.now + timedelta(hours=2), place="二楼")
    assert (group.meeting().state, group.meeting().place) == (MeetingState.PREPARING, "二楼")
    with pytest.raises(WrongState, match="筹备中"):
        open_(group)
    group.give_notice()
    bureau.clock.now += timedelta(hours=2)
    with pytest.raises(WrongState, match="党组成员01、党组成员02、党组成员03的到会情况还没有登记"):
        open_(group)
    with group.sitting() as sitting:
        assert {(one.note, one.noted_at) for one in sitting.attendees(due=True)} == {("", None)}
    group.call(3)
    assert open_(group).meeting().state == MeetingState.OPEN


def test_nobody_is_there_before_the_day(prepare: Begin, bureau: Desk) -> None:
    group = prepare(3)
    bureau.clock.now -= timedelta(days=1)
    group.mark(2, Presence.ABSENT)
    with pytest.raises(WrongState, match="还没有到会议当日"):
        group.mark(3, Presence.PRESENT)
    bureau.clock.now += timedelta(days=1)
    with pytest.raises(WrongState, match="党组成员01、党组成员03的到会情况还没有登记"):
        open_(group)


def test_an_item_is_taken_off_and_another_moved_up(prepare: Begin) -> None:
    group = prepare(3, plans=3)
    first, second, third = order(group)
    with group.sitting() as sitting:
        agenda.move_up(sitting, third)
    assert order(group) == [first, third, second]
    with pytest.raises(WrongState, match="已经是第1项"), group.sitting() as sitting:
        agenda.move_up(sitting, first)
    with group.sitting() as sitting:
        agenda.take_off(sitting, third)
    assert order(group) == [first, second]
    assert group.item(third).state == ItemState.WAITING
    assert group.meeting().state == MeetingState.PREPARING


@pytest.mark.parametrize("counts", [False, True])
def test_who_takes_part_by_video_is_there_where_the_rules_say_so(
    prepare: Begin, *, counts: bool
) -> None:
    group = prepare(3, RuleSettings(remote_counts=counts))
    group.mark(1, Presence.PRESENT)
    group.mark(2, Presence.REMOTE)
    group.mark(3, Presence.ABSENT)
    if not counts:
        with pytest.raises(WrongState, match="应到3人，实到1人，不足2人"):
            open_(group)
        return
    open_(group)
    group.discuss()
    assert group.begin_vote() is None
    group.votes(2, voters=[1, 2])
    assert group.close_vote().outcome == Outcome.CARRIED


def test_of_a_reduced_base_the_recused_are_no_part(prepare: Begin) -> None:
    group = prepare(
        6, RuleSettings(recusal_base=RecusalBase.REDUCED, recused_count_for_quorum=True)
    )
    group.add(about_exit(f"某人{next(_numbers)}"))
    group.give_notice()
    group.call(6)
    open_(group)
    key = order(group)[-1]
    group.discuss(key, recuse=[5, 6])
    group.begin_vote(key)
    group.votes(3, 1, voters=[1, 2, 3, 4], key=key)
    item = group.close_vote(key)
    assert item.outcome == Outcome.CARRIED
    assert "超过应到（不含应回避的）半数（2）" in item.words


def test_a_wrong_roll_is_put_right_and_counted_anew(prepare: Begin) -> None:
    group = prepare(4)
    group.call(3)
    open_(group)
    group.discuss()
    with pytest.raises(NotPresent), group.sitting() as sitting:
        discussion.state(sitting, group.only, actor_of(4).username, "同意", written=False)
    group.mark(4, Presence.PRESENT)
    with group.sitting() as sitting:
        discussion.state(sitting, group.only, actor_of(4).username, "同意", written=False)
    assert group.begin_vote() is None
    assert "实到4人" in group.item().readiness
    # whoever comes when the vote has begun takes no part in it
    group.mark(4, Presence.ABSENT)
    group.mark(4, Presence.PRESENT)
    with pytest.raises(NotPresent):
        group.vote(4, YES)
