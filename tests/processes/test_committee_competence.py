"""Who may: the city decides on its own (C-LEVEL, trap 19), and who chaired signs the minutes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from processes.committee import agenda
from processes.committee.handlers import archive_minutes
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import OutOfJurisdiction, Unfit
from processes.committee.rules import ItemClass
from processes.committee.tables import MeetingState
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from service.commands.handlers import HandlerRegistry, TaskContext
from service.commands.user_tasks import assign
from service.domain.actors import SYSTEM, Actor
from service.domain.user_tasks import TaskIsPersonal
from service.domain.values import Variables
from service.feel import FeelPool
from service.jobs.runner import JobRunner
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OFFICE,
    SECRETARIES,
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
from tests.processes.registers import entering

OF_A_PERSON = [
    ItemClass.EXIT, ItemClass.DISCIPLINE, ItemClass.REVOCATION, ItemClass.RECRUITMENT,
]  # fmt: skip


@pytest.mark.parametrize("item_class", OF_A_PERSON)
def test_trap_19_a_district_s_researcher_is_the_district_s_to_decide_on(
    district: Desk, item_class: ItemClass
) -> None:
    about = about_exit("教研员02", "researcher02", title="研究教研员02")
    to_district = (Subject("教研员02", "researcher02", entering.DISTRICT),)
    about = replace(about, item_class=item_class, subjects=to_district)
    with pytest.raises(OutOfJurisdiction, match=r"海勃湾区教研室.*C-LEVEL"):
        put_up(district, about)


def test_trap_19_the_city_decides_on_its_own_and_recommends_to_the_district(district: Desk) -> None:
    city = about_exit("教研员01", "researcher01")
    to_district = replace(
        about_exit("教研员02", "researcher02"), item_class=ItemClass.OTHER, title="建议区教育局研究"
    )
    taken_on = replace(about_exit("教研员02", "researcher02"), item_class=ItemClass.RECRUITMENT)
    assert all(put_up(district, each) for each in (city, to_district, taken_on))


@pytest.mark.parametrize("item_class", OF_A_PERSON)
def test_of_somebody_without_an_account_the_unit_says_whose_they_are(
    district: Desk, item_class: ItemClass
) -> None:
    about = replace(about_exit("没有账号的人", title="研究一个人"), item_class=item_class)
    with pytest.raises(OutOfJurisdiction, match=r"海勃湾区教研室.*C-LEVEL"):
        put_up(district, replace(about, subjects=(Subject("没有账号的人", unit="海勃湾区教研室"),)))
    with pytest.raises(Unfit, match=r"请写明没有账号的人所在.*C-LEVEL"):
        put_up(district, replace(about, subjects=(Subject("没有账号的人"),)))
    assert put_up(district, about)


def put_up(desk: Desk, proposal: Proposal) -> int:
    with desk.rooms.write() as tools:
        return agenda.put_up_by_office(tools, proposal, actor=SECRETARY, now=desk.clock())


@pytest.fixture(scope="module")
def district(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    """Where 教研员01 is the city's and 教研员02 a district's, by the rosters."""
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("level"), feel) as bureau:
        _enter(bureau)
        yield bureau


def _enter(bureau: Desk) -> None:
    with bureau.rooms.write() as tools:
        for roster, cells in (
            (ESTABLISHMENT_ROSTER, entering.establishment()),
            (ESTABLISHMENT_ROSTER, entering.establishment(entering.DISTRICT)),
            (SEAT_ROSTER, entering.seat()),
            (SEAT_ROSTER, entering.seat("HB-01", unit_id=entering.DISTRICT)),
            (RESEARCHER_ROSTER, entering.researcher()),
            (
                RESEARCHER_ROSTER,
                entering.researcher("researcher02", unit_id=entering.DISTRICT, seat_code="HB-01"),
            ),
        ):
            entering.put(tools, roster, cells, now=bureau.clock())


def test_a_retry_still_knows_who_signed(district: Desk) -> None:
    """A job that archives later does so in the system's name; the signature is the chair's own."""
    next_day(district)
    group = Group(district, 5)
    group.begin(about_plan(), present=5)
    tried: list[Actor] = []

    def fails_once(context: TaskContext) -> Variables:
        tried.append(context.actor)
        if len(tried) == 1:
            raise OSError
        return archive_minutes(context)

    handlers = HandlerRegistry()
    for kind in district.rooms.handlers:
        archives = kind == "committee.archive"
        found = district.rooms.handlers.get(kind)
        assert found is not None
        handlers.register(kind, fails_once if archives else found.function)
    house = Desk(replace(district.rooms, handlers=handlers), district.clock)
    group.close()
    office = Actor("secretary", "会议秘书01", frozenset({SECRETARIES, OFFICE}))
    complete(house, group, "check_minutes", "ready", office)
    task = open_task(house, group, "sign_minutes")
    with house.rooms.write() as tools, pytest.raises(TaskIsPersonal):
        assign(tools, task.key, assignee=actor_of(2).username, actor=SYSTEM, now=house.clock())
    complete(house, group, "sign_minutes", "sign", actor_of(1))
    district.clock.now += timedelta(minutes=10)
    JobRunner(house.rooms, owner="worker-1").run_due()
    assert tried == [actor_of(1), SYSTEM]
    assert group.meeting().state == MeetingState.ARCHIVED
