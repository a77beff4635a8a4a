"""Ways around the desk that are shut: a matter put up twice, a tied secretary, a wrong click."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda, discussion, meetings
from processes.committee.desk_acts import ACTS, Sent
from processes.committee.proposals import Proposal
from processes.committee.records import of_meeting
from processes.committee.refusals import AlreadyUp, Blocked, ItemTied, WrongState
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
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
    next_day,
    open_bureau,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("bypasses"), feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    next_day(bureau)
    return Group(bureau, 3)


def put_up(desk: Desk, proposal: Proposal) -> int:
    with desk.rooms.write() as tools:
        return agenda.put_up_by_office(tools, proposal, actor=SECRETARY, now=desk.clock())


def tie_secretary(desk: Desk, other: str) -> None:
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=OTHER_SECRETARY.username, other=other, kind=TieKind.COLLATERAL,
            actor=OTHER_SECRETARY, now=desk.clock(),
        )  # fmt: skip


def test_a_matter_is_up_once_until_it_is_decided(bureau: Desk, group: Group) -> None:
    about = about_exit(f"某人{next(_numbers)}", title="退出教研队伍")
    plan = about_plan(f"方案{next(_numbers)}")
    put_up(bureau, plan)
    with pytest.raises(AlreadyUp, match="现在待上会"):
        put_up(bureau, plan)
    group.prepare(about)
    with pytest.raises(AlreadyUp, match="现在已列入议程"):
        put_up(bureau, about)
    group.call(3)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.discuss()
    with pytest.raises(AlreadyUp, match="现在讨论中"):
        put_up(bureau, about)
    group.begin_vote()
    group.votes(0, 3)
    assert group.close_vote().outcome == Outcome.NOT_CARRIED
    with pytest.raises(Blocked):
        put_up(bureau, about)


def test_whether_it_may_come_is_asked_again_when_it_is_discussed(
    bureau: Desk, group: Group
) -> None:
    """Of two that were put up before, the second is not the way behind what the first came to."""
    group.begin(about_exit(f"某人{next(_numbers)}"), present=3)
    with bureau.rooms.write() as tools:
        other = agenda.item_again(
            tools.session.get_one(Item, group.only), tools.keys.next(), "",
            actor=SECRETARY.username, now=bureau.clock(),
        )  # fmt: skip
        other.root_key, other.state = other.key, ItemState.DECIDED
        other.outcome, other.decided_at = Outcome.NOT_CARRIED, bureau.clock()
        tools.session.add(other)
    with pytest.raises(Blocked, match="C-AGAIN"):
        group.discuss()
    assert group.item().state == ItemState.AGENDA
    group.close()
    assert group.item().state == ItemState.WAITING


def test_a_tied_secretary_registers_no_reconsideration(bureau: Desk, group: Group) -> None:
    group.begin(about_exit("某教研员", "researcher03", title="研究一个人"), present=3)
    group.discuss()
    group.begin_vote()
    group.votes(3)
    group.close_vote()
    tie_secretary(bureau, "researcher03")
    form = {
        "item": [str(group.only)], "proposer": [actor_of(1).username], "reason": ["有新的情况"],
        "consenting": [actor_of(1).username, actor_of(2).username],
    }  # fmt: skip
    with pytest.raises(ItemTied, match="会议秘书02"), group.sitting(OTHER_SECRETARY) as sitting:
        ACTS["reconsider"](sitting, Sent(form))
    with group.sitting() as sitting:
        assert "同意复议" in ACTS["reconsider"](sitting, Sent(form))


def test_a_tied_secretary_puts_nothing_up(bureau: Desk, group: Group) -> None:
    tie_secretary(bureau, "researcher04")
    about = about_exit("某教研员", "researcher04")
    with pytest.raises(ItemTied, match="会议秘书02"), bureau.rooms.write() as tools:
        agenda.put_up_by_office(tools, about, actor=OTHER_SECRETARY, now=group.now)
    assert put_up(bureau, about)


def test_a_recusal_entered_by_mistake_is_taken_back_before_the_vote(
    bureau: Desk, group: Group
) -> None:
    group.begin(about_exit(f"某人{next(_numbers)}"), present=3)
    group.discuss(recuse=[2])
    form = {"item": [str(group.only)], "username": [actor_of(2).username], "reason": ["点错了人"]}
    with group.sitting() as sitting, pytest.raises(WrongState, match="党组成员03没有登记回避"):
        ACTS["unrecuse"](sitting, Sent({**form, "username": [actor_of(3).username]}))
    with group.sitting() as sitting:
        ACTS["unrecuse"](sitting, Sent(form))
    with bureau.rooms.read() as session:
        (told,) = of_meeting(session, group.key)
    assert told.line.startswith(
        f"撤销回避登记（{group.item().title}）：党组成员02的回避（与当事人共同署名）系误登，已撤销；"
        "理由：点错了人"
    )
    group.begin_vote()
    with group.sitting() as sitting, pytest.raises(WrongState, match="表决中"):
        ACTS["unrecuse"](sitting, Sent(form))
    group.votes(3)
    assert group.close_vote().words.startswith("应到3人，实到3人，赞成3票")


def test_no_act_takes_back_a_declared_tie(bureau: Desk, group: Group) -> None:
    with bureau.rooms.write() as tools:
        ties.declare(
            tools, username=actor_of(2).username, other="researcher05", kind=TieKind.COLLATERAL,
            actor=actor_of(2), now=bureau.clock(),
        )  # fmt: skip
    group.begin(about_exit("某教研员", "researcher05"), present=3)
    group.discuss()
    with pytest.raises(WrongState, match="应当回避"), group.sitting() as sitting:
        discussion.unrecuse(sitting, group.only, actor_of(2).username, "点错了人")


def test_what_was_withdrawn_before_is_no_item_of_a_meeting_that_did_not_sit(
    bureau: Desk, group: Group
) -> None:
    gone, left = about_plan(f"方案{next(_numbers)}"), about_plan(f"方案{next(_numbers)}")
    group.prepare(gone, left)
    with group.sitting() as sitting:
        agenda.return_item(
            sitting.tools, sitting.item(group.items[gone.title]), "已经终止", now=group.now
        )
    group.call(1)
    with group.sitting() as sitting:
        meetings.declare_not_held(sitting, "两人外出")
    assert group.item(group.items[gone.title]).outcome == Outcome.RETURNED
    assert group.item(group.items[left.title]).outcome == Outcome.NO_QUORUM
