"""Cases and meetings that ended leave nothing that could be decided: items go, the desk is shut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import agenda, views
from processes.committee.ended import let_go
from processes.committee.refusals import CaseOver, MeetingOver
from processes.committee.tables import Item, ItemState, MeetingState
from service.commands import process_instances, starting
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, ObjectKind
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.diagrams_committee import ASKING
from tests.processes.party_group import (
    PROCESS,
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
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("ended"), feel) as desk:
        deploy(desk.rooms, [Upload("asking.bpmn", ASKING.encode())], actor=SYSTEM, now=desk.clock())
        with desk.rooms.database.write() as session:
            for on, kind in (
                ("asking", ObjectKind.PROCEDURE),
                ("asking", ObjectKind.RUNNING),
                (PROCESS, ObjectKind.RUNNING),
            ):
                right = (SECRETARIES, on, kind, Action.ACT)
                give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


def cancel(desk: Desk, case: int) -> None:
    with desk.rooms.write() as tools:
        process_instances.cancel(
            tools, case, reason="当事人撤回", actor=SECRETARY, now=desk.clock()
        )


def put_up_by_case(desk: Desk, name: str) -> tuple[int, int]:
    """A case that waits for the Party group; return it and its item."""
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


def test_the_item_of_an_ended_case_is_not_decided(bureau: Desk) -> None:
    next_day(bureau)
    case, item = put_up_by_case(bureau, "撤回的人")
    group = Group(bureau, 5)
    group.prepare(about_plan("终止当日计划"))
    cancel(bureau, case)
    with pytest.raises(CaseOver, match="已经办结或者终止"), group.sitting() as sitting:
        agenda.place(sitting, item)
    with bureau.rooms.read() as session:
        assert item not in {one.key for one in views.waiting_items(session, actor=SECRETARY)}
    # and in the morning it is written down as withdrawn, once
    for _ in range(2):
        with bureau.rooms.write() as tools:
            let_go(tools, bureau.clock())
    assert group.item(item).state == ItemState.WITHDRAWN
    assert "没有决定要等" in group.item(item).words


def test_nothing_is_done_at_the_desk_of_an_ended_meeting(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 5)
    group.begin(about_plan("先议的计划"), about_plan("后议的计划"), present=5)
    first, second = group.items.values()
    group.discuss(first)
    cancel(bureau, group.key)
    with pytest.raises(MeetingOver, match="另行召集会议"):
        group.close_vote(first)
    with bureau.rooms.write() as tools:
        let_go(tools, bureau.clock())
    assert group.meeting().state == MeetingState.CANCELLED
    assert group.item(first).state == ItemState.WITHDRAWN
    assert group.item(second).state == ItemState.WAITING
