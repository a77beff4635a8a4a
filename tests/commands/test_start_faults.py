"""A timer of a start event whose job cannot be done: tried again, then told, then retried."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.commands import incidents
from service.domain.actors import Actor
from service.domain.instances import IncidentNotFound, IncidentResolvedAlready
from service.jobs.runner import JobRunner
from service.queries import incidents as incident_queries
from service.store.tables import Incident, Job, ProcessInstance, Resource
from service.store.tables.work import JobKind
from tests.engine.builders import diagram, element, end, flows, on, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring

DAILY = diagram(
    element("startEvent", "at_night", inside=on("timeCycle", "R3/P1D")),
    user("work", assignee="zhang.min"), end(), flows("at_night", "work", "end"),
    process_id="daily",
)  # fmt: skip


def run_due(stage: Stage) -> int:
    """By a program that has nothing in its caches."""
    rooms = stage.with_empty_caches().rooms
    return JobRunner(rooms, owner="worker-1", kinds=(JobKind.START,)).run_due()


def swap(stage: Stage, content: str) -> str:
    """Change what the diagram's row holds; returns what it held."""
    with stage.rooms.write() as tools:
        before = tools.session.scalars(select(Resource.content)).one()
        tools.session.execute(update(Resource).values(content=content))
    return before


@pytest.fixture
def given_up(stage: Stage, bring: Bring) -> str:
    """The diagram of a process that starts each day, and that no program can read any more."""
    bring(DAILY)
    sound = swap(stage, "<gone/>")
    stage.clock.forward(days=1)
    for pause in (1, 5, 0):
        assert run_due(stage) == 0
        stage.clock.forward(minutes=pause)
    return sound


def retry(stage: Stage, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        key = stage.key(Incident)
        incidents.retry(tools, key, actor=actor, now=stage.clock.now)


def test_it_is_tried_again_after_longer_and_longer_pauses(stage: Stage, bring: Bring) -> None:
    bring(DAILY)
    swap(stage, "<gone/>")
    stage.clock.forward(days=1)

    run_due(stage)

    job = stage.row(Job, kind="start")
    assert (job["state"], job["attempts"]) == ("waiting", 1)
    assert job["due_at"] == stage.clock.now + timedelta(minutes=1)
    assert stage.rows(Incident) == []


def test_the_operators_learn_which_start_did_not_come(
    stage: Stage, given_up: str, operator: Actor
) -> None:
    job = stage.row(Job, kind="start")
    assert (job["state"], job["attempts"]) == ("failed", 3)
    with stage.rooms.read() as session:
        [row] = incident_queries.open_page(session, actor=operator).rows
    assert (row.instance_key, row.process_id, row.element_id) == (0, "daily", "at_night")
    assert "定时启动试了 3 次" in row.message
    assert row.may_retry
    assert stage.rows(ProcessInstance) == []


def test_a_retry_starts_it_and_the_next_day_comes(
    stage: Stage, given_up: str, operator: Actor
) -> None:
    swap(stage, given_up)

    retry(stage, operator)

    assert run_due(stage) == 1
    assert len(stage.rows(ProcessInstance)) == 1
    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(Incident)["resolved_by"] == operator.username
    assert len(stage.rows(Job, kind="start", state="waiting")) == 1


def test_a_retry_that_fails_is_told_again(stage: Stage, given_up: str, operator: Actor) -> None:
    retry(stage, operator)
    for pause in (1, 5, 0):
        run_due(stage)
        stage.clock.forward(minutes=pause)

    assert len(stage.rows(Incident, state="ACTIVE")) == 1
    assert stage.row(Job, kind="start")["state"] == "failed"


def test_of_two_operators_the_second_learns_of_the_first(
    stage: Stage, given_up: str, operator: Actor
) -> None:
    retry(stage, operator)

    with pytest.raises(IncidentResolvedAlready):
        retry(stage, operator)


def test_a_stranger_learns_nothing_of_it(stage: Stage, given_up: str) -> None:
    with stage.rooms.read() as session:
        assert not incident_queries.open_page(session, actor=stage.cast.stranger).rows
    with pytest.raises(IncidentNotFound):
        retry(stage, stage.cast.stranger)


def test_a_new_version_ends_it(stage: Stage, given_up: str, bring: Bring) -> None:
    bring(DAILY.replace(b"R3", b"R4"))

    assert stage.row(Incident)["state"] == "RESOLVED"
    states = sorted(str(row["state"]) for row in stage.rows(Job, kind="start"))
    assert states == ["cancelled", "waiting"]
