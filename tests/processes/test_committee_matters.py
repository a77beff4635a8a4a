"""What may be put up: one person, the class its words say, and no decided matter anew."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda
from processes.committee.again import ground_words
from processes.committee.matters import people_in, said_class
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import (
    AnotherClass,
    Blocked,
    MattersJoined,
    NothingNew,
    NotToldApart,
    OnePersonOneItem,
    Unfit,
)
from processes.committee.rules import ItemClass, Outcome
from processes.committee.tables import Item, ItemState
from processes.registers.days import bureau_day, said_day
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import SECRETARY, about_exit, next_day, open_bureau
from tests.processes.registers.entering import CITY, establishment, newcomer, put, qualify, seat

_names = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("matters"), feel) as desk:
        yield desk


def put_up(desk: Desk, proposal: Proposal, outcome: Outcome | None = None) -> Item:
    """Put an item up, and decide it at no cost."""
    next_day(desk)
    with desk.rooms.write() as tools:
        key = agenda.put_up_by_office(tools, proposal, actor=SECRETARY, now=desk.clock())
        item = tools.session.get_one(Item, key)
        if outcome is not None:
            item.state, item.outcome, item.decided_at = ItemState.DECIDED, outcome, desk.clock()
    return item


@pytest.mark.parametrize(
    "name",
    [
        "张三、李四",
        "张三，李四",
        "张三 李四",
        "张三和李四",
        "张三及李四",
        "张三;李四",
        "张三等3人",
        "张三等",
    ],
)
def test_a_name_that_hides_two_people_is_refused(bureau: Desk, name: str) -> None:
    with pytest.raises(OnePersonOneItem, match="C-ONE"):
        put_up(bureau, about_exit(name))


@pytest.mark.parametrize("name", ["李和平", "和志强", "乌力吉和希格", "欧阳及第", "阿拉坦·巴根"])
def test_a_name_with_such_a_word_in_it_is_one_person(name: str) -> None:
    assert people_in(name) == 1


def test_other_business_about_somebody_is_about_a_person(bureau: Desk) -> None:
    about = Proposal(ItemClass.OTHER, "外出进修", "拟同意。", (Subject("张三"),))
    item = put_up(bureau, about)
    assert item.item_class == ItemClass.PERSONAL
    assert ItemClass.PERSONAL.about_a_person


@pytest.mark.parametrize("item_class", [ItemClass.OTHER, ItemClass.PLAN, ItemClass.WORKSHOP])
def test_an_exit_is_not_hidden_in_business_about_nobody(
    bureau: Desk, item_class: ItemClass
) -> None:
    with pytest.raises(AnotherClass, match="教研员退出"):
        put_up(bureau, Proposal(item_class, "张三李四退出", "一并研究。"))


def test_an_exit_is_not_hidden_in_other_business_about_somebody(bureau: Desk) -> None:
    about = replace(about_exit("张三"), item_class=ItemClass.OTHER)
    with pytest.raises(AnotherClass, match="教研员退出"):
        put_up(bureau, about)


def test_rules_on_the_subject_are_about_nobody() -> None:
    assert said_class("教研员退出办法", about_a_person=False) is None
    assert said_class("教研员退出办法", about_a_person=True) is ItemClass.EXIT


def test_exit_and_sanction_are_two_items(bureau: Desk) -> None:
    with pytest.raises(MattersJoined, match="C-EACH"):
        put_up(bureau, about_exit("张三", title="给予张三警告处分并退出教研队伍"))


def test_plans_name_nobody(bureau: Desk) -> None:
    with pytest.raises(Unfit, match="C-ONE"):
        put_up(bureau, Proposal(ItemClass.PLAN, "年度计划", "审定。", (Subject("张三"),)))


def test_what_was_carried_comes_back_by_reconsideration_alone(bureau: Desk) -> None:
    about = about_exit(f"某人{next(_names)}", title="退出教研队伍")
    put_up(bureau, about, Outcome.CARRIED)
    fresh = replace(about, ground="新的证据", materials=("新的材料",))
    with pytest.raises(Blocked, match="只能在会上经超过半数成员同意复议"):
        put_up(bureau, fresh)


@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.NO_QUORUM, Outcome.RETURNED])
def test_what_was_not_decided_comes_back_freely(bureau: Desk, outcome: Outcome) -> None:
    about = about_exit(f"某人{next(_names)}", title="退出教研队伍")
    put_up(bureau, about, outcome)
    assert put_up(bureau, about).previous_key is None


def test_a_name_alone_makes_no_matter_the_same(bureau: Desk) -> None:
    """Two of one name at two units; one person in two rounds, whose cases number them."""
    name = f"张伟{next(_names)}"
    here = Proposal(
        ItemClass.RECRUITMENT,
        "确定人选",
        "拟聘。",
        (Subject(name, unit="甲校"),),
        matter="2026-1/01",
        instance_key=1,
    )
    put_up(bureau, here, Outcome.NOT_CARRIED)
    put_up(bureau, replace(here, subjects=(Subject(name, unit="乙校"),)))
    put_up(bureau, replace(here, matter="2027-1/01", instance_key=2))
    with pytest.raises(Blocked):
        put_up(bureau, here)


@pytest.mark.parametrize("item_class", [ItemClass.EXIT, ItemClass.RECRUITMENT])
def test_another_number_makes_no_decided_matter_another(
    bureau: Desk, item_class: ItemClass
) -> None:
    about = about_exit(f"某人{next(_names)}", title="研究一个人")
    about = replace(about, item_class=item_class, matter="案号1")
    put_up(bureau, about, Outcome.NOT_CARRIED)
    other = replace(about, matter="案号2", title="再次研究", text="另行提出。")
    with pytest.raises(Blocked, match="C-AGAIN"):
        put_up(bureau, other)
    with pytest.raises(Blocked, match="C-AGAIN"):
        put_up(bureau, replace(other, instance_key=7))
    # with new evidence and a material that was not there it comes, by whatever number
    fresh = replace(other, ground="新的调查结论", materials=("新的调查报告",))
    assert put_up(bureau, fresh).previous_key is not None


def test_of_one_person_another_incident_is_another_matter(bureau: Desk) -> None:
    who = Subject(f"某人{next(_names)}", unit=CITY)
    first = Proposal(
        ItemClass.DISCIPLINE, "给予警告处分（案号1）", "2025年9月有偿补课。", (who,), matter="案号1"
    )
    put_up(bureau, first, Outcome.NOT_CARRIED)
    # the same words by another number are the same matter
    with pytest.raises(Blocked):
        put_up(bureau, replace(first, title="给予警告处分（案号2）", matter="案号2"))
    other = replace(first, title="给予记过处分", text="2026年3月考务失职。", matter="案号2")
    # other words and another number are not enough: what is different is said, and shown
    for undistinguished in (other, replace(other, ground="另一件事，2026年3月", matter="另案")):
        with pytest.raises(NotToldApart, match="是另一件事的"):
            put_up(bureau, undistinguished)
    item = put_up(bureau, replace(other, ground="另一件事，2026年3月发生"))
    assert item.previous_key is None
    assert ground_words(item) == "与此前议过的不是同一件事：另一件事，2026年3月发生"


def test_a_number_typed_in_another_way_is_the_same_number(bureau: Desk) -> None:
    who = Subject(f"某人{next(_names)}", unit=CITY)
    first = Proposal(
        ItemClass.PERSONAL, "外出进修", "去北京进修。", (who,), matter="乌教人〔2026〕8号"
    )
    put_up(bureau, first, Outcome.NOT_CARRIED)
    for typed in ("乌教人[2026]8号", "乌教人（２０２６）8 号"):
        again = replace(first, title="参加培训", text="赴京学习。", matter=typed, ground="不同")
        with pytest.raises((Blocked, NothingNew)):
            put_up(bureau, again)


def test_two_that_wait_are_told_apart_too(bureau: Desk) -> None:
    who = Subject(f"某人{next(_names)}", unit=CITY)
    put_up(bureau, Proposal(ItemClass.PERSONAL, "外出进修", "去北京进修。", (who,)))
    other = Proposal(
        ItemClass.PERSONAL, "表彰奖励", "优秀教研员。", (who,), matter="乌教发〔2026〕9号"
    )
    with pytest.raises(NotToldApart, match="待上会"):
        put_up(bureau, other)
    assert put_up(bureau, replace(other, ground="表彰，不是进修")).state == ItemState.WAITING


def test_a_plan_does_not_come_back_by_a_number_either(bureau: Desk) -> None:
    plan = Proposal(ItemClass.PLAN, f"某项方案{next(_names)}甲", "审定。", matter="1")
    put_up(bureau, plan, Outcome.NOT_CARRIED)
    with pytest.raises(Blocked):
        put_up(bureau, replace(plan, matter="2"))
    assert put_up(bureau, replace(plan, title="另一项方案", matter="2")).previous_key is None


def test_who_came_anew_since_may_leave_again(bureau: Desk) -> None:
    about = about_exit("教师003", "teacher003")
    first = put_up(bureau, about, Outcome.CARRIED)
    assert first.matter == "退出教研队伍"
    with pytest.raises(Blocked):
        put_up(bureau, replace(about, matter="另案"))
    taken_on = replace(about, item_class=ItemClass.RECRUITMENT, title="聘任教师003为小学语文教研员")
    decided = str(put_up(bureau, taken_on, Outcome.CARRIED).key)
    next_day(bureau)
    with bureau.rooms.write() as tools:
        put(tools, ESTABLISHMENT_ROSTER, establishment(), now=bureau.clock())
        put(tools, SEAT_ROSTER, seat(), now=bureau.clock())
        began = bureau_day(bureau.clock())
        qualify(tools.session, "teacher003", bureau.clock())
        cells = newcomer("teacher003", began_on=began.isoformat(), appointment_basis=decided)
        put(tools, RESEARCHER_ROSTER, cells, now=bureau.clock())
    again = put_up(bureau, about)
    assert again.previous_key is None
    # what it is of is said by the roster, where the office has not
    assert again.matter == f"退出教研队伍（{said_day(began)}到岗）"
    revoked = replace(about, item_class=ItemClass.REVOCATION, title="撤销教师003的聘任")
    assert put_up(bureau, revoked).matter == f"撤销聘任（{said_day(began)}到岗）"
