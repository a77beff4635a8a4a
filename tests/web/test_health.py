"""What tells a watching program of the service: alive, ready, and its numbers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from service.commands import suspension
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.feel import FeelPool
from service.store.database import Busy, Database
from service.store.tables import Job, UserTask
from service.web import health
from service.web.app_factory import WebSettings, create_app
from service.web.kept import Kept
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import SECRET

TOKEN = "0123456789abcdef0123456789abcdef"


def asking(rooms: Rooms, schema_current: Callable[[], bool] = lambda: True) -> FlaskClient:
    settings = WebSettings(secret_key=SECRET, metrics_token=TOKEN)
    return create_app(rooms, settings, schema_current=schema_current).test_client()


@pytest.fixture
def nowhere() -> Database:
    return Database("postgresql://nobody@127.0.0.1:1/nothing", wait_seconds=1)


def test_alive_is_told_without_the_database(rooms: Rooms, nowhere: Database) -> None:
    client = asking(replace(rooms, database=nowhere))
    client.set_cookie("jiaoyan_session", "whatever")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_when_everything_answers(rooms: Rooms) -> None:
    answer = asking(rooms).get("/readyz")
    assert (answer.status_code, answer.text) == (200, "database ok\nmigrations ok\nhelpers ok\n")


def test_not_ready_without_the_database(rooms: Rooms, nowhere: Database) -> None:
    answer = asking(replace(rooms, database=nowhere)).get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "database failed\nmigrations failed\nhelpers ok\n"


def test_not_ready_behind_the_program_s_migrations(rooms: Rooms) -> None:
    answer = asking(rooms, lambda: False).get("/readyz")
    assert (answer.status_code, answer.text.splitlines()[1]) == (503, "migrations failed")


def test_not_ready_without_helpers(rooms: Rooms) -> None:
    closed = FeelPool()
    closed.close()
    answer = asking(replace(rooms, feel=closed)).get("/readyz")
    assert (answer.status_code, answer.text.splitlines()[2]) == (503, "helpers failed")


def test_however_often_one_asks_the_checks_run_once_in_a_while(rooms: Rooms) -> None:
    asked: list[bool] = []

    def current() -> bool:
        asked.append(True)
        return True

    client = asking(rooms, current)
    for _ in range(5):
        client.get("/readyz")
    assert len(asked) == 1
    assert health.KEPT_SECONDS < 5


def test_what_could_not_be_made_is_not_kept() -> None:
    asked: list[bool] = []

    def make() -> int:
        asked.append(True)
        if len(asked) == 1:
            raise Busy
        return 7

    kept = Kept(make, seconds=60)
    with pytest.raises(Busy):
        kept.get()
    assert [kept.get(), kept.get(), len(asked)] == [7, 7, 2]


@pytest.fixture
def busy(stage: Stage, deploy: Deploy, operator: Actor) -> Stage:
    """Two cases, one suspended, an overdue task, and a job that is late."""
    deploy(*REVIEW)
    now = stage.clock.now
    first, second = (_begun(stage) for _ in range(2))
    with stage.rooms.write() as tools:
        tools.session.execute(
            update(UserTask)
            .where(UserTask.instance_key == first)
            .values(due_at=now - timedelta(days=1))
        )
        suspension.suspend(tools, second, reason="停", actor=operator, now=now)
        job = {**_timer(tools.keys.next()), "due_at": now - timedelta(seconds=90)}
        tools.session.execute(insert(Job), [{**job, "created_at": now}])
    return stage


def _begun(stage: Stage) -> int:
    return stage.start("review", variables={"姓名": "王小明"}).instance_key


def _timer(key: int) -> dict[str, object]:
    return {
        "key": key, "kind": "timer", "type": "", "state": "waiting", "instance_key": 0,
        "element_instance_key": 0, "element_id": "", "attempts": 0, "retries": 3, "backoff": [],
        "headers": {}, "details": None, "fencing": 0,
    }  # fmt: skip


def numbers(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_the_numbers_say_what_waits_and_how_late(busy: Stage) -> None:
    found = numbers(asking(busy.rooms))
    assert found['jiaoyan_jobs{kind="timer",state="due"}'] == 1
    assert found['jiaoyan_job_lateness_seconds{kind="timer"}'] == 90
    assert found['jiaoyan_instances{process="review",state="active"}'] == 1
    assert found['jiaoyan_instances{process="review",state="suspended"}'] == 1
    assert found['jiaoyan_incidents_open{process="review"}'] == 0
    assert (found["jiaoyan_tasks_open"], found["jiaoyan_tasks_overdue"]) == (2, 1)
    assert found["jiaoyan_instances_started_recently"] == 2


def test_the_numbers_name_no_person(busy: Stage, cast: Cast) -> None:
    client = asking(busy.rooms)
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    text = answer.text
    assert cast.applicant.username not in text
    assert cast.applicant.display_name not in text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_without_the_token_there_are_no_numbers(rooms: Rooms, headers: dict[str, str]) -> None:
    answer = asking(rooms).get("/metrics", headers=headers)
    assert (answer.status_code, answer.text) == (401, "metrics.token-wrong\n")


def test_where_no_token_is_set_there_is_no_such_page(app: Flask) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404
