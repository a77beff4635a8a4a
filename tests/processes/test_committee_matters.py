"""What may be put up: one person, the class its words say, and no decided matter anew."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda
from processes.committee.matters import people_in, said_class
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import (
    AnotherClass,
    Blocked,
    MattersJoined,
    OnePersonOneItem,
    Unfit,
)
from processes.committee.rules import ItemClass, Outcome
from processes.committee.tables import Item, ItemState
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import SECRETARY, about_exit, next_day, open_bureau

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
    """Two of one name at two units; one person in two rounds."""
    name = f"张伟{next(_names)}"
    here = Proposal(
        ItemClass.RECRUITMENT,
        "确定人选",
        "拟聘。",
        (Subject(name, unit="甲校"),),
        matter="2026-1/01",
    )
    put_up(bureau, here, Outcome.NOT_CARRIED)
    put_up(bureau, replace(here, subjects=(Subject(name, unit="乙校"),)))
    put_up(bureau, replace(here, matter="2027-1/01"))
    with pytest.raises(Blocked):
        put_up(bureau, here)
