"""An instance with as many branches as it may have: what comes from outside waits, and is not lost.

The limit is lowered here, so that three branches are too many.
"""

from datetime import timedelta

import pytest

from service.commands import incidents, messages
from service.domain.actors import SYSTEM, Actor
from service.engine import execution
from service.store.tables import Incident, Job, Message, MessageCorrelation, ProcessInstance
from tests.engine.builders import (
    declare,
    diagram,
    end,
    event_sub,
    flows,
    message,
    on,
    parallel,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

FULL = diagram(
    start(), parallel("fork"), *(user(name, assignee="zhang.min") for name in "abc"), end(),
    event_sub("told", on("message", "paid"), "read", interrupting=False),
    event_sub("rung", on("timeCycle", "R2/PT1H"), "remind", interrupting=False),
    *(flows("start", "fork", "a", "end"), flows("fork", "b", "end"), flows("fork", "c", "end")),
    process_id="full", declared=message("paid") + declare("signal", "term"),
)  # fmt: skip
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))


@pytest.fixture
def full(stage: Stage, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> int:
    """An instance that takes no further branch."""
    monkeypatch.setattr(execution, "TOKEN_LIMIT", 3)
    bring(FULL)
    return begin_with(stage, "full", id="7")


def pay(stage: Stage, *, keep: timedelta = timedelta()) -> int:
    with stage.rooms.write() as tools:
        sent = messages.publish(
            tools, "paid", correlation_key="7", variables={"sum": 5}, time_to_live=keep,
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    return sent.key


def give_up(stage: Stage, run_due: RunDue, kind: str) -> None:
    """Until the job of this kind is given up: each attempt after a longer pause."""
    for pause in PAUSES:
        assert run_due() == 0
        job = stage.row(Job, kind=kind)
        assert (job["state"], job["due_at"]) == ("waiting", stage.clock.now + pause)
        stage.clock.forward(seconds=pause.total_seconds())
    assert run_due() == 0
    assert stage.row(Job, kind=kind)["state"] == "failed"


def make_room(stage: Stage, key: int) -> None:
    for name in "abc":
        stage.complete(stage.task(key, name), stage.cast.applicant)


def retry(stage: Stage, operator: Actor) -> None:
    with stage.rooms.write() as tools:
        incident = stage.key(Incident, state="ACTIVE")
        assert incidents.retry(tools, incident, actor=operator, now=stage.clock.now).resolved


def test_a_message_is_tried_again_and_taken_as_soon_as_there_is_room(
    stage: Stage, full: int, run_due: RunDue
) -> None:
    pay(stage)
    assert run_due() == 0
    assert stage.open_tasks(full) == ["a", "b", "c"]

    stage.complete(stage.task(full, "a"), stage.cast.applicant)
    stage.complete(stage.task(full, "b"), stage.cast.applicant)
    stage.clock.forward(minutes=1)

    assert run_due() == 1
    assert stage.open_tasks(full) == ["c", "read"]
    assert stage.variables(full)["sum"] == 5
    assert stage.rows(Incident) == []


def test_a_message_that_finds_no_room_is_an_incident_and_kept(
    stage: Stage, full: int, run_due: RunDue, operator: Actor
) -> None:
    """It is kept beyond its time to live: it has been given to this instance."""
    sent = pay(stage)

    give_up(stage, run_due, "message")

    [incident] = stage.rows(Incident)
    assert (incident["type"], incident["element_id"]) == ("JOB_NO_RETRIES", "told_s")
    assert "分支已达 3 个" in str(incident["message"])
    assert stage.row(ProcessInstance)["open_incidents"] == 1
    with stage.rooms.write() as tools:
        assert messages.clean_up(tools, now=stage.clock.now) == 0
    make_room_but_one(stage, full)
    retry(stage, operator)
    assert run_due() == 1
    assert stage.open_tasks(full) == ["c", "read"]
    assert stage.key(Message) == sent
    assert stage.row(ProcessInstance)["open_incidents"] == 0


def make_room_but_one(stage: Stage, key: int) -> None:
    for name in "ab":
        stage.complete(stage.task(key, name), stage.cast.applicant)


def test_a_timer_that_finds_no_room_rings_on_a_retry_and_goes_on_ringing(
    stage: Stage, full: int, run_due: RunDue, operator: Actor
) -> None:
    begun = stage.clock.now
    stage.clock.forward(hours=1)
    give_up(stage, run_due, "timer")
    [incident] = stage.rows(Incident)
    assert incident["element_id"] == "rung_s"

    make_room_but_one(stage, full)
    retry(stage, operator)

    assert run_due() == 1
    assert stage.open_tasks(full) == ["c", "remind"]
    [again] = stage.rows(Job, kind="timer", state="waiting")
    assert again["due_at"] == begun + timedelta(hours=2)


def test_when_the_instance_ends_the_message_goes_to_another(
    stage: Stage, full: int, run_due: RunDue, bring: Bring
) -> None:
    pay(stage, keep=timedelta(days=1))
    give_up(stage, run_due, "message")
    other = begin_with(stage, "full", id="7")
    for name in "ab":
        stage.complete(stage.task(other, name), stage.cast.applicant)

    make_room(stage, full)
    assert stage.row(ProcessInstance, key=full)["state"] == "COMPLETED"
    run_due()

    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(ProcessInstance, key=full)["open_incidents"] == 0
    assert stage.open_tasks(other) == ["c", "read"]
    assert stage.row(MessageCorrelation)["instance_key"] == other


def test_what_was_to_ring_is_over_with_the_instance(
    stage: Stage, full: int, run_due: RunDue, operator: Actor
) -> None:
    stage.clock.forward(hours=1)
    give_up(stage, run_due, "timer")

    stage.cancel(full, operator)

    assert stage.row(Job, kind="timer")["state"] == "cancelled"
    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(ProcessInstance)["open_incidents"] == 0
    assert run_due() == 0
