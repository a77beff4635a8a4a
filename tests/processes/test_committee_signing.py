"""Minutes whose signer or recorder is lost after the close, and items that nobody chaired."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from processes.committee import discussion, meetings, signing, views
from processes.committee.minutes import minutes_of
from processes.committee.proposals import Proposal
from processes.committee.refusals import ChairNeeded, Recused, Unfit, WrongState
from processes.committee.rules import Outcome
from processes.committee.tables import Meeting, MeetingState, MinutesFile
from service.commands import ties
from service.domain.recusal import TieKind
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    complete,
    next_day,
    open_bureau,
    open_task,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("signing"), feel) as desk:
        yield desk


def opened(bureau: Desk, *items: Proposal) -> Group:
    next_day(bureau)
    group = Group(bureau, 3)
    group.begin(*items, present=3)
    return group


def tie(bureau: Desk, number: int, other: str) -> None:
    one = actor_of(number)
    with bureau.rooms.write() as tools:
        ties.declare(
            tools, username=one.username, other=other, kind=TieKind.COLLATERAL, actor=one,
            now=bureau.clock(),
        )  # fmt: skip


def signature(group: Group) -> str:
    with group.desk.rooms.read() as session:
        return "\n".join(minutes_of(session, session.get_one(Meeting, group.key)).signature)


def change(group: Group, before: int, after: int) -> None:
    with group.sitting() as sitting:
        signing.change_signer(
            sitting, actor_of(before).username, actor_of(after).username, "已经调离"
        )
    group.run_jobs()


def test_another_one_checks_and_signs_where_both_are_lost(bureau: Desk) -> None:
    # given minutes that wait for a chair who is gone
    group = opened(bureau, about_plan(f"计划{next(_numbers)}"))
    group.discuss()
    group.begin_vote()
    group.votes(3)
    group.close_vote()
    with pytest.raises(WrongState), group.sitting() as sitting:
        signing.change_signer(sitting, "member01", "member02", "已经调离")
    group.close()
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    group.run_jobs()
    assert open_task(bureau, group, "sign_minutes").assignee == actor_of(1).username
    with pytest.raises(Unfit, match="请填写变更的理由"), group.sitting() as sitting:
        signing.change_signer(sitting, "member01", "member02", " ")
    with pytest.raises(Unfit, match="请选择现在应当签发"):
        change(group, 3, 2)
    # when another member is to sign, and another secretary to check
    change(group, 1, 2)
    assert open_task(bureau, group, "check_minutes").assignee == SECRETARY.username
    with pytest.raises(Unfit, match="党组成员01已经不再签发"):
        change(group, 2, 1)
    with group.sitting(OTHER_SECRETARY) as sitting:
        signing.take_check(sitting, "记录人住院")
    group.run_jobs()
    # then the steps follow, and the minutes say for whom, and who chaired
    complete(bureau, group, "check_minutes", "ready", OTHER_SECRETARY)
    group.run_jobs()
    complete(bureau, group, "sign_minutes", "sign", actor_of(2))
    group.run_jobs()
    assert group.meeting().state == MeetingState.ARCHIVED
    assert group.meeting().chair == actor_of(1).username
    with bureau.rooms.read() as session:
        assert session.get_one(MinutesFile, group.key).signed_by == actor_of(2).username
        text = str(minutes_of(session, session.get_one(Meeting, group.key)).as_json())
    for said in (
        "变更签发人：纪要由党组成员01签发，改为由党组成员02签发；理由：已经调离",
        "变更记录人：纪要由记录人会议秘书01核对，改为由会议秘书02核对；理由：记录人住院",
        "签发：党组成员02（代主持会议的党组成员01，见程序事项）",
        "核对：会议秘书02（代记录人，见程序事项）",
    ):
        assert said in text


def test_what_nobody_could_chair_is_signed_by_a_member_who_may_read_it(bureau: Desk) -> None:
    """The chair is tied, too few are left, and the item is put off before another one chairs."""
    group = opened(bureau, about_exit("某教研员", "researcher06", title="研究一个人"))
    tie(bureau, 1, "researcher06")
    group.discuss()
    with pytest.raises(ChairNeeded, match="党组成员01"), group.sitting() as sitting:
        discussion.put_off(
            sitting, group.only, Outcome.DEFERRED, "材料不足", proposer=actor_of(2).username
        )
    with group.sitting() as sitting:
        discussion.recuse(sitting, group.only, actor_of(2).username, "与当事人合作")
    assert group.begin_vote() is Outcome.DEFERRED
    assert group.item().chair == ""
    group.close()
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    group.run_jobs()
    # member 1 is tied and member 2 recused
    assert open_task(bureau, group, "sign_items").assignee == actor_of(3).username
    assert "第1项（签认）：党组成员03" in signature(group)
    with pytest.raises(Unfit, match="党组成员02应当回避"):
        change(group, 3, 2)
    with bureau.rooms.read() as session:
        listed = views.desk(session, group.key, actor=SECRETARY).signing
    assert [who for who, _ in listed] == [actor_of(1).username, actor_of(3).username]
    complete(bureau, group, "sign_items", "sign", actor_of(3))
    group.run_jobs()
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    group.run_jobs()
    assert group.meeting().state == MeetingState.ARCHIVED


def test_a_part_of_a_meeting_that_did_not_sit_is_signed_too(bureau: Desk) -> None:
    next_day(bureau)
    tie(bureau, 1, "researcher07")
    group = Group(bureau, 3)
    group.prepare(about_exit("某教研员", "researcher07", title="研究一个人"))
    group.call(1)
    with group.sitting() as sitting:
        meetings.declare_not_held(sitting, "两人外出")
    group.run_jobs()
    assert "第1项（签认）：党组成员02" in signature(group)
    change(group, 2, 3)
    assert "第1项（签认）：党组成员03" in signature(group)
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    group.run_jobs()
    assert open_task(bureau, group, "sign_items").assignee == actor_of(3).username


def test_an_item_is_put_off_by_who_takes_part_in_it(bureau: Desk) -> None:
    group = opened(bureau, about_plan(f"计划{next(_numbers)}"))
    group.discuss(recuse=[2])
    with pytest.raises(Recused, match="党组成员02"), group.sitting() as sitting:
        discussion.put_off(
            sitting, group.only, Outcome.DEFERRED, "材料不足", proposer=actor_of(2).username
        )
    with group.sitting() as sitting:
        discussion.put_off(
            sitting, group.only, Outcome.DEFERRED, "材料不足", proposer=actor_of(3).username
        )
    assert group.item().words == "缓议（党组成员03提议）：材料不足"
