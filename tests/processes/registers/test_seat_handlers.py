"""A diagram looks a cell up, keeps a seat, enters somebody; once a step, and never on two seats."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.registers.entries import EntryRefused
from processes.registers.seats import SEATS
from processes.registers.staffing import seats
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.seats import Step
from processes.registers.staffing.tables import Researcher, StaffSeat
from service import app
from service.commands import completion, deployments, starting
from service.commands.deployments import Upload
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.engine import Engine
from service.feel import FeelPool
from service.settings import Settings
from service.store.calendars import calendar_of
from service.store.tables import Incident, ProcessInstance, UserTask, Variable
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import (
    BEGAN,
    CITY,
    SEAT,
    part_timer,
    qualify,
    researcher,
    seat,
)

DIAGRAM = Path(__file__).parent / "filling.bpmn"
CHINESE = SEATS[SEAT]


@dataclass(frozen=True, slots=True)
class Case:
    """The diagram at work beside the office."""

    rooms: Rooms
    office: Office

    def start(self, **chosen: Json) -> int:
        wanted: dict[str, Json] = {
            "unit": "市教研机构", "seat": SEAT, "kind": "专职", "began_on": "2026-03-02", **chosen,
        }  # fmt: skip
        started = starting.start(
            self.rooms,
            process_id="filling",
            variables=wanted,
            actor=SYSTEM,
            now=self.office.now,
            through_form=False,
        )
        return started.instance_key

    def go_on(self, instance_key: int) -> None:
        with self.rooms.read() as session:
            task = session.scalars(
                select(UserTask).where(
                    UserTask.instance_key == instance_key, UserTask.ended_at.is_(None)
                )
            ).one()
        completion.complete(
            self.rooms,
            task.key,
            submission={},
            outcome=None,
            comment="",
            revision=task.revision,
            actor=SYSTEM,
            now=self.office.now,
        )

    def variables(self, instance_key: int) -> dict[str, Json]:
        with self.rooms.read() as session:
            rows = session.scalars(select(Variable).where(Variable.scope_key == instance_key))
            return {row.name: row.value for row in rows}

    def state(self, instance_key: int) -> str:
        with self.rooms.read() as session:
            assert session.scalars(select(Incident)).all() == []
            return session.get_one(ProcessInstance, instance_key).state

    def seat(self) -> StaffSeat:
        with self.rooms.read() as session:
            return session.scalars(select(StaffSeat)).one()


@pytest.fixture
def case(settings: Settings, feel: FeelPool, office: Office, now: datetime) -> Iterator[Case]:
    own = app.assemble(settings, app.discover(), clock=lambda: now)
    counting = feel.with_calendar(partial(calendar_of, own.database))
    rooms = replace(own, feel=counting, engine=Engine(counting), audit_key=b"k" * 32)
    deployments.deploy(rooms, [Upload(DIAGRAM.name, DIAGRAM.read_bytes())], actor=SYSTEM, now=now)
    yield Case(rooms, office)
    rooms.database.dispose()


def test_a_gap_is_filled_from_its_seat(case: Case) -> None:
    case.office.enter(SEAT_ROSTER, seat())
    with case.office.write() as tools:
        qualify(tools.session, "researcher01", case.office.now)
    key = case.start(person="researcher01")
    found = case.variables(key)["cell"]
    assert isinstance(found, dict)
    assert (found["gap"], found["colour"], found["due"]) == (True, "gap", "2026-10-20")
    assert (case.seat().reserved_for, case.seat().reserved_instance) == ("补员", key)
    case.go_on(key)
    assert case.variables(key).get("register_refusals") is None
    assert case.state(key) == "COMPLETED"
    assert case.seat().reserved_instance is None
    with case.rooms.read() as session:
        its = seats.look_up(session, unit=CITY, seat=CHINESE, day=date(2026, 3, 2))
        person = session.scalars(select(Researcher)).one()
    assert its is not None
    assert its.state.colour.value == "staffed"
    assert (person.username, person.seat_code) == ("researcher01", "SJ-01")


def test_nobody_else_takes_a_seat_that_is_kept(case: Case) -> None:
    case.office.enter(SEAT_ROSTER, seat())
    case.start()
    refused = case.office.refused(RESEARCHER_ROSTER, researcher())
    assert "已为补员预留" in refused["seat_code"]
    second = case.start()
    assert case.state(second) == "COMPLETED"
    told = case.variables(second)["register_refusals"]
    assert "没有空缺的岗位" in str(told)
    assert "S-ORGAN" in str(told)


def test_a_part_timer_is_refused_by_its_rule_and_the_seat_given_back(case: Case) -> None:
    case.office.enter(SEAT_ROSTER, seat())
    key = case.start(person="researcher02", kind="兼职", term_ends_on="2027-08-31")
    case.go_on(key)
    assert case.state(key) == "COMPLETED"
    assert "R-CH-1" in str(case.variables(key)["register_refusals"])
    assert case.seat().reserved_instance is None
    assert case.office.keys(RESEARCHER_ROSTER) == []


def step(office: Office, key: int, case: int = 7) -> Step:
    return Step(key, case, SYSTEM, office.now, "办理")


class TestOnceAStep:
    """The same step run twice does its work once."""

    def test_reserving(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        office.enter(SEAT_ROSTER, seat("SJ-02"))
        codes = []
        for _again in range(2):
            with office.database.write() as session:
                kept = seats.reserve(
                    session, step(office, 11), unit=CITY, seat=CHINESE, purpose="补员"
                )
                codes.append(kept.code)
        assert codes == ["SJ-01", "SJ-01"]

    def test_entering_occupying_and_leaving(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        office.enter(SEAT_ROSTER, seat("SJ-02"))
        for _again in range(2):
            with office.database.write() as session:
                seats.enter(session, step(office, 21), researcher(began_on=BEGAN))
        for _again in range(2):
            with office.database.write() as session:
                seats.occupy(session, step(office, 22), username="researcher01", code="SJ-02")
        with office.database.read() as session:
            person = session.scalars(select(Researcher)).one()
        assert (person.revision, person.seat_code) == (2, "SJ-02")
        for _again in range(2):
            with office.database.write() as session:
                seats.leave(
                    session, step(office, 23), username="researcher01", how="退休",
                    on=date(2026, 3, 1),
                )  # fmt: skip
        with office.database.read() as session:
            person = session.scalars(select(Researcher)).one()
        assert (person.revision, person.ended_on) == (3, date(2026, 3, 1))


class TestWhatIsRefused:
    def test_another_case_gives_nothing_back(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        with office.database.write() as session:
            seats.reserve(session, step(office, 31), unit=CITY, seat=CHINESE, purpose="补员")
            seats.release(session, step(office, 32, case=8), code="SJ-01")
        with office.database.read() as session:
            assert session.scalars(select(StaffSeat)).one().reserved_instance == 7

    def test_a_part_timer_occupies_no_seat(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        office.enter(RESEARCHER_ROSTER, part_timer(waiver="党组〔2026〕1号"))
        with (
            office.database.write() as session,
            pytest.raises(EntryRefused, match="R-CH-1"),
        ):
            seats.occupy(session, step(office, 41), username="researcher02", code="SJ-01")

    def test_a_seat_that_is_held(self, office: Office, staffed: tuple[int, int]) -> None:
        office.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        office.enter(RESEARCHER_ROSTER, researcher("researcher03", seat_code="SJ-02"))
        with office.database.write() as session, pytest.raises(EntryRefused, match="M2"):
            seats.occupy(session, step(office, 51), username="researcher03", code="SJ-01")
