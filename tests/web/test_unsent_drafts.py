"""What somebody wrote and could not submit: shown to them alone, and thrown away when they say."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from service.commands import drafts, rights, user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.values import Json
from service.store.database import Database
from service.store.tables import Draft
from service.web.app_factory import WebSettings, create_app
from service.web.identity import COOKIE
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor, signed_in

TITLE = "你填写的内容（未提交）"


@pytest.fixture
def task(stage: Stage, deploy: Deploy, cast: Cast) -> int:
    """The office's task in a case of the applicant, claimed by the officer."""
    deploy(*REVIEW)
    key = stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, key, actor=cast.officer, now=stage.clock.now)
    return key


@pytest.fixture
def reader(colleague: Actor, rooms: Rooms) -> Actor:
    """The colleague, who may also read the cases: they go on seeing the task."""
    right = Grant(GranteeKind.PERSON, colleague.username, "review", ObjectKind.CASE, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    return colleague


def wrote(stage: Stage, task: int, actor: Actor) -> None:
    assert drafts.keep(
        stage.rooms,
        task,
        data={"核对意见": "写了很久"},
        comment="长篇意见",
        actor=actor,
        now=stage.clock.now,
    )


def unsent(page: str) -> dict[str, Json]:
    """The data of the form under the title of the unsent draft."""
    found = re.search(
        r'aria-labelledby="unsent-title">\s*<script type="application/json">(.*?)</script>',
        page,
        re.S,
    )
    assert found
    content = json.loads(found[1])
    assert isinstance(content, dict)
    return content


def test_the_loser_reads_it_beside_what_was_submitted(
    visit: Visit, cast: Cast, task: int, stage: Stage, reader: Actor
) -> None:
    wrote(stage, task, reader)
    stage.complete(task, cast.officer, {"核对意见": "属实"}, outcome="approve")

    page = visit(reader).get(f"/tasks/{task}").text

    assert TITLE in page
    assert "长篇意见" in page
    assert unsent(page)["readOnly"] is True
    assert unsent(page)["data"] == {"姓名": "张敏", "核对意见": "写了很久"}
    assert '"核对意见": "属实"' in page


def test_who_sees_the_task_no_more_reads_it_too(
    visit: Visit, cast: Cast, task: int, stage: Stage, colleague: Actor
) -> None:
    wrote(stage, task, colleague)
    stage.complete(task, cast.officer, {"核对意见": "属实"}, outcome="approve")

    page = visit(colleague).get(f"/tasks/{task}").text

    assert TITLE in page
    assert "已由李娜于 2026年3月2日 09:30 办理" in page
    assert unsent(page)["data"] == {"核对意见": "写了很久"}
    assert "属实" not in page


def test_while_another_holds_it_the_page_says_who_and_since_when(
    visit: Visit, task: int, stage: Stage, reader: Actor
) -> None:
    wrote(stage, task, reader)

    page = visit(reader).get(f"/tasks/{task}").text

    assert "自 2026年3月2日 09:30 起由李娜办理" in page
    assert unsent(page)["data"] == {"姓名": "张敏", "核对意见": "写了很久"}


def test_nobody_else_sees_it(
    visit: Visit, cast: Cast, task: int, stage: Stage, reader: Actor
) -> None:
    wrote(stage, task, reader)
    stage.complete(task, cast.officer, {"核对意见": "属实"}, outcome="approve")

    page = visit(cast.officer).get(f"/tasks/{task}").text

    assert TITLE not in page
    assert "写了很久" not in page
    assert "长篇意见" not in page
    assert visit(cast.stranger).get(f"/tasks/{task}").status_code == 404


def test_it_goes_when_its_writer_says_so(
    visit: Visit, cast: Cast, task: int, stage: Stage, reader: Actor
) -> None:
    wrote(stage, task, reader)
    stage.complete(task, cast.officer, outcome="approve")
    slow = visit(reader)
    assert f'action="/tasks/{task}/draft/discard"' in slow.get(f"/tasks/{task}").text

    answer = slow.post(f"/tasks/{task}/draft/discard")

    assert answer.location == f"/tasks/{task}"
    assert stage.rows(Draft) == []
    page = slow.get(f"/tasks/{task}").text
    assert "已删除你填写的内容" in page
    assert TITLE not in page


def test_who_sees_the_task_no_more_is_led_to_the_inbox(
    visit: Visit, cast: Cast, task: int, stage: Stage, colleague: Actor
) -> None:
    wrote(stage, task, colleague)
    stage.complete(task, cast.officer, outcome="approve")

    assert visit(colleague).post(f"/tasks/{task}/draft/discard").location == "/"
    assert stage.rows(Draft) == []
    assert visit(colleague).get(f"/tasks/{task}").status_code == 404


def test_nobody_throws_away_anothers(
    visit: Visit, cast: Cast, task: int, stage: Stage, colleague: Actor
) -> None:
    wrote(stage, task, colleague)
    stage.complete(task, cast.officer, outcome="approve")

    assert visit(cast.stranger).post(f"/tasks/{task}/draft/discard").status_code == 404
    visit(cast.officer).post(f"/tasks/{task}/draft/discard")

    assert stage.row(Draft)["username"] == colleague.username


BODY: dict[str, Json] = {
    "revision": 2,
    "outcome": "approve",
    "comment": "材料齐全",
    "data": {"核对意见": "属实"},
}


def test_a_form_sent_twice_leaves_nothing_unsent(
    visit: Visit, cast: Cast, task: int, stage: Stage
) -> None:
    office = visit(cast.officer)
    office.send("POST", f"/tasks/{task}/complete", BODY)

    again = office.send("POST", f"/tasks/{task}/complete", BODY)

    assert (again.status_code, again.get_json()["draftKept"]) == (409, True)
    assert stage.rows(Draft) == []
    assert TITLE not in office.get(f"/tasks/{task}").text


@pytest.fixture
def locked(rooms: Rooms, settings: WebSettings, cast: Cast) -> Iterator[Visitor]:
    """The officer's browser while another program keeps the write lock of the database."""
    impatient = replace(rooms, database=Database(rooms.database.url, wait_seconds=0.05))
    visitor = Visitor(create_app(impatient, settings).test_client())
    visitor.client.set_cookie(COOKIE, signed_in(rooms, cast.officer))
    with rooms.database.write() as session:
        session.execute(text("SELECT 1"))
        yield visitor
    impatient.database.dispose()


def test_a_database_that_is_too_busy_to_keep_it_says_so(
    task: int, locked: Visitor, stage: Stage
) -> None:
    refused = locked.send("POST", f"/tasks/{task}/complete", BODY)

    assert (refused.status_code, refused.get_json()["draftKept"]) == (503, False)
    assert "没有存为草稿" in refused.get_json()["detail"]
    assert stage.rows(Draft) == []


def test_a_busy_start_says_so_too(task: int, locked: Visitor, stage: Stage, cast: Cast) -> None:
    page = locked.get("/start/review").text
    body = re.search(r'"definitionKey": "(\d+)"', page)
    assert body
    sent: dict[str, Json] = {
        "definitionKey": body[1],
        "requestId": "r" * 20,
        "outcome": None,
        "data": {"姓名": "张敏"},
    }

    refused = locked.send("POST", "/start/review", sent)

    assert (refused.status_code, refused.get_json()["draftKept"]) == (503, False)
    assert stage.rows(Draft) == []
