"""What people see of provisional dates: the mark on a date, and those that wait for a decision."""

import re
from datetime import UTC, datetime

import pytest

from service.commands import calendars, provisional_dates, provisional_notes
from service.commands.calendar_estimates import bring_up_to_date
from service.domain.actors import SYSTEM, Actor
from service.store.tables import ProvisionalDate, UserTask
from tests.clocks import Clock
from tests.commands.test_calendars import NEXT_YEAR
from tests.commands.test_provisional_dates import DECEMBER, FIFTH_WORKED
from tests.fixtures_commands import (
    Deploy,
    Stage,
)
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.fixture
def clock() -> Clock:
    return Clock(DECEMBER)


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock.now


@pytest.fixture
def case(stage: Stage, deploy: Deploy) -> int:
    """A case at a step that is due in a year not announced yet."""
    bring_up_to_date(stage.rooms, now=DECEMBER)
    deploy("dated.bpmn")
    return stage.start("dated").instance_key


def announced(stage: Stage, case: int) -> str:
    """Announce the date, then a year unlike its estimate; return the address to decide."""
    with stage.rooms.write() as tools:
        provisional_notes.announce(tools, subject_key=stage.task(case, "work"), now=DECEMBER)
        calendars.import_year(
            tools, year=2027, days=FIFTH_WORKED, confirmed=True, actor=SYSTEM, now=DECEMBER
        )
    provisional_dates.settle(stage.rooms, now=DECEMBER)
    return f"/operations/dates/{stage.key(ProvisionalDate, state='flagged')}/decide"


def test_a_provisional_date_says_so_wherever_it_is_shown(
    visit: Visit, stage: Stage, case: int, cast: Cast
) -> None:
    person = visit(cast.applicant)
    pages = ("/inbox/todo", f"/tasks/{stage.task(case, 'work')}", f"/instances/{case}")
    for page in pages:
        text = person.get(page).text
        assert "2027年1月5日 23:59" in text, page
        assert ">暂估<" in text, page
    with stage.rooms.write() as tools:
        calendars.import_year(tools, year=2027, days=NEXT_YEAR, actor=SYSTEM, now=DECEMBER)
    provisional_dates.settle(stage.rooms, now=DECEMBER)
    for page in pages:
        assert ">暂估<" not in person.get(page).text, page


def test_an_announced_date_is_decided_by_who_hands_out_tasks(
    visit: Visit, stage: Stage, case: int, operator: Actor
) -> None:
    office = visit(operator)
    assert "等待决定的日期" not in office.get("/operations").text
    decide = announced(stage, case)
    page = office.get("/operations").text
    assert "2027年1月5日 23:59" in page
    assert "2027年1月6日 23:59" in page
    assert re.search(r"改为新日期", page)
    assert office.post(decide, {"move": "1"}).location == "/operations"
    assert "日期已调整" in office.get("/operations").text
    assert stage.row(UserTask, element_id="work")["due_at"] == datetime(
        2027, 1, 6, 15, 59, 59, tzinfo=UTC
    )
    assert office.post(decide, {"move": "1"}).status_code == 404


def test_a_stranger_decides_nothing(
    visit: Visit, stage: Stage, case: int, cast: Cast, operator: Actor
) -> None:
    decide = announced(stage, case)
    for person in (cast.applicant, cast.officer, cast.stranger):
        assert visit(person).post(decide, {"move": "1"}).status_code == 404
    assert visit(operator).client.post(decide).status_code == 400  # without its token
    assert stage.key(ProvisionalDate, state="flagged")


def test_the_timeline_tells_that_a_date_moved(
    visit: Visit, stage: Stage, case: int, cast: Cast
) -> None:
    with stage.rooms.write() as tools:
        calendars.import_year(
            tools, year=2027, days=FIFTH_WORKED, confirmed=True, actor=SYSTEM, now=DECEMBER
        )
    provisional_dates.settle(stage.rooms, now=DECEMBER)
    page = visit(cast.applicant).get(f"/instances/{case}").text
    assert "按公布的放假安排，调整“审核”的日期（2027年1月6日 23:59）" in page
