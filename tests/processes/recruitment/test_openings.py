"""The form of a need as it opens: from a cell of the matrix, from the menu, and when refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from processes.recruitment import rounds
from processes.recruitment.rounds import Need
from processes.recruitment.rules.channel import Channel
from processes.registers.days import bureau_day
from processes.registers.seats import SEATS
from processes.sample.units import DISTRICTS
from service.domain.values import Json
from service.store.tables import ProcessInstance
from tests.processes.desk import TEACHER, Desk
from tests.processes.recruitment.deciding import run_jobs, tasks
from tests.processes.recruitment.selecting_bureau import browser_of
from tests.processes.recruitment.selection_cast import HEAD
from tests.processes.registers.entering import CITY

pytestmark = pytest.mark.usefixtures("begin")
START = "/start/recruitment_open"


def may_be_filled(bureau: Desk, name: str) -> bool:
    need = Need(Channel.OPEN, CITY, "市教研机构", (SEATS[name],), "recruitment_open")
    with bureau.rooms.read() as session:
        return not rounds.need_problems(session, need, today=bureau_day(bureau.clock()))


@pytest.fixture
def seat(bureau: Desk) -> str:
    """A seat of the city that nobody holds and no round is for."""
    return next(name for name in reversed(SEATS) if may_be_filled(bureau, name))


@pytest.fixture(scope="module")
def client(bureau: Desk, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The head of the institution, signed in."""
    return browser_of(bureau, tmp_path_factory.mktemp("head"), HEAD)


def island(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    form: dict[str, Any] = json.loads(found[1])
    return form


def send(client: FlaskClient, choice: str, **data: Json) -> Any:
    page = client.get(START, query_string={"choice": choice} if choice else None).text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    form = island(page)
    body = {**form["submit"]["body"], "data": {"need_reason": "退休后空缺", **data}}
    url = form["submit"]["url"]
    return client.post(url, json=body, headers={"X-CSRF-Token": token})


def cases(bureau: Desk) -> int:
    with bureau.rooms.read() as session:
        return session.scalar(select(func.count()).select_from(ProcessInstance)) or 0


def test_a_cell_gives_the_institution_and_fills_in_the_seat(client: FlaskClient, seat: str) -> None:
    page = client.get(START, query_string={"choice": f"{CITY}/{seat}"}).text
    assert f"已选定：市教研机构 {seat}。" in page
    form = island(page)
    assert form["data"] == {"need_unit": "市教研机构", "need_posts": [{"seat": seat}]}
    [unit] = [one for one in form["schema"]["components"] if one.get("key") == "need_unit"]
    assert unit["readonly"] is True


def test_what_is_no_gap_opens_no_form(bureau: Desk, client: FlaskClient) -> None:
    before = cases(bureau)
    filled = next(name for name in SEATS if not may_be_filled(bureau, name))
    for choice, why in (
        ("no-such-unit/小学语文", "没有“no-such-unit/小学语文”"),
        (f"{CITY}/小学武术", "这个教研机构和学段学科"),
        (f"{DISTRICTS[0].research.id}/小学语文", "C-LEVEL"),
        (f"{CITY}/{filled}", "R-GAP"),
    ):
        answer = client.get(START, query_string={"choice": choice})
        assert answer.status_code == 409
        assert why in answer.text
        assert "请回到配备矩阵" in answer.text
    assert cases(bureau) == before


def test_who_may_not_start_it_learns_of_no_gap(bureau: Desk, seat: str, tmp_path: Path) -> None:
    stranger = browser_of(bureau, tmp_path, TEACHER)
    answers = [
        stranger.get(START, query_string={"choice": one}) for one in (f"{CITY}/{seat}", "x/y")
    ]
    assert len({one.status_code for one in answers}) == 1
    assert answers[0].status_code in {403, 404}


@pytest.mark.parametrize("from_a_cell", [True, False])
def test_only_the_institution_counts_and_a_need_that_does_not_stand_says_why_first(
    bureau: Desk, client: FlaskClient, seat: str, from_a_cell: bool
) -> None:
    twice: Json = [{"seat": seat}, {"seat": seat}]
    choice = f"{CITY}/{seat}" if from_a_cell else ""
    answer = send(client, choice, need_unit="无此机构", need_posts=twice)
    case = int(answer.get_json()["location"].rsplit("/", 1)[1])
    assert bureau.variables(case)["need_unit"] == "市教研机构"
    run_jobs(bureau)
    [task] = tasks(bureau, case, "change_need")
    form = island(client.get(f"/tasks/{task.key}").text)
    assert "写了两次" in str(form["data"]["need_problems"])
    assert form["schema"]["components"][0]["id"] == "need_problems_list"
