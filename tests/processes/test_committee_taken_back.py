"""A case takes back what it has put up, as long as the group has not come to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import agenda
from processes.committee.handlers import take_item_back
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
from service.commands import starting
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, ObjectKind
from service.domain.values import Json
from service.feel import FeelPool
from service.procedure import TaskContext
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.diagrams_committee import ASKING
from tests.processes.party_group import (
    SECRETARIES,
    SECRETARY,
    Group,
    about_plan,
    next_day,
    open_bureau,
)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("taken"), feel) as desk:
        deploy(desk.rooms, [Upload("asking.bpmn", ASKING.encode())], actor=SYSTEM, now=desk.clock())
        with desk.rooms.database.write() as session:
            right = (SECRETARIES, "asking", ObjectKind.PROCEDURE, Action.ACT)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


def asking(desk: Desk, name: str) -> tuple[int, int]:
    """A case that waits for the Party group, and its item."""
    people: Json = [{"name": name, "username": "", "unit": "市教研机构"}]
    case = starting.start(
        desk.rooms,
        process_id="asking",
        variables={"who": name, "people": people},
        actor=SECRETARY,
        now=desk.clock(),
        through_form=False,
    ).instance_key
    with desk.rooms.read() as session:
        return case, session.scalars(select(Item.key).where(Item.instance_key == case)).one()


def take_back(desk: Desk, case: int, item: int) -> bool:
    """Run the service task in the name of this case."""
    with desk.rooms.write() as tools:
        context = TaskContext(
            session=tools.session, instance_key=case, element_instance_key=tools.keys.next(),
            element_id="take_back", process_id="asking", headers={"reason": "成绩要重新计算"},
            variables={"committee_item": str(item)}, now=desk.clock(), actor=SYSTEM,
            started_by=SECRETARY.username,
        )  # fmt: skip
        given = take_item_back(context)
    return given["item_taken_back"] is True


def of(desk: Desk, key: int) -> Item:
    with desk.rooms.read() as session:
        return session.get_one(Item, key)


def test_what_waits_goes_back_to_its_own_case_alone(bureau: Desk) -> None:
    case, item = asking(bureau, "甲")
    other, _ = asking(bureau, "乙")
    assert not take_back(bureau, other, item)
    assert not take_back(bureau, case, 0)
    assert of(bureau, item).state == ItemState.WAITING
    assert take_back(bureau, case, item)
    taken = of(bureau, item)
    assert (taken.state, taken.outcome) == (ItemState.WITHDRAWN, Outcome.RETURNED)
    assert taken.words == "由提出的事项撤回：成绩要重新计算"
    assert not take_back(bureau, case, item), "it is back already"


def test_off_the_agenda_of_a_meeting_that_sits_until_it_is_discussed(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    group.begin(about_plan("计划一"), about_plan("计划二"), present=3)
    first, second = group.items.values()
    group.discuss(first)
    with bureau.rooms.write() as tools:
        taken = [
            agenda.take_back(tools.session, key, "成绩要重新计算", now=bureau.clock())
            for key in (first, second)
        ]
    assert taken == [False, True], "what is discussed is decided"
    group.begin_vote(first)
    group.votes(3, key=first)
    group.close_vote(first)
    group.close()
    assert of(bureau, second).state == ItemState.WITHDRAWN
    assert of(bureau, first).outcome == Outcome.CARRIED


def test_what_was_agreed_to_be_taken_up_again_is_not_of_the_case(bureau: Desk) -> None:
    _, key = asking(bureau, "丙")
    with bureau.rooms.write() as tools:
        item = tools.session.get_one(Item, key)
        again = agenda.item_again(item, tools.keys.next(), "复议", actor="a", now=bureau.clock())
        again.root_key = key
        tools.session.add(again)
        tools.session.flush()
        assert not agenda.take_back(tools.session, again.key, "撤回", now=bureau.clock())
