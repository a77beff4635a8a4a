"""A handler's BPMN error goes to the event of the diagram that catches it, with its variables."""

import pytest
from sqlalchemy import insert

from service.commands.handlers import BpmnError, TaskContext
from service.domain.values import Json, Variables
from service.store.tables import CandidateGroup, Incident, Job, ProcessInstance
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    flows,
    on,
    properties,
    service,
    start,
    sub,
    user,
)
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring, RunDue, begin_with

DECLARED = declare("error", "FULL")


def with_boundary(extensions: str = "") -> bytes:
    return diagram(
        start(), service("work", extensions=extensions), end(),
        boundary("full", "work", on("error", "FULL")), user("other", assignee="zhang.min"),
        end("o"), flows("start", "work", "end"), flows("full", "other", "o"),
        process_id="errand", declared=DECLARED,
    )  # fmt: skip


IN_AN_EVENT_SUBPROCESS = diagram(
    start(), service("work"), end(),
    sub(
        "handling", element("startEvent", "full", inside=on("error", "FULL")),
        user("other", assignee="zhang.min"), end("o"), flows("full", "other", "o"),
        triggeredByEvent="true",
    ),
    flows("start", "work", "end"), process_id="errand", declared=DECLARED,
)  # fmt: skip


@pytest.mark.parametrize("source", [with_boundary(), IN_AN_EVENT_SUBPROCESS])
def test_it_is_caught_with_its_variables(
    stage: Stage, bring: Bring, desk: Desk, source: bytes
) -> None:
    desk.fails(BpmnError("FULL", "名额已满", {"left": 0}))
    bring(source)
    key = begin_with(stage, "errand")

    assert stage.open_tasks(key) == ["other"]
    assert stage.variables(key)["left"] == 0
    assert stage.rows(Incident) == []
    acts = stage.acts(key)
    assert "event.caught" in acts
    assert "job.failed" not in acts


def test_what_the_handler_wrote_before_is_undone(stage: Stage, bring: Bring, desk: Desk) -> None:
    def write_and_fail(context: TaskContext) -> Variables:
        context.session.execute(insert(CandidateGroup), [{"id": "half", "name": "一半"}])
        raise BpmnError("FULL")

    desk.acts.append(write_and_fail)
    bring(with_boundary())
    begin_with(stage, "errand")

    assert stage.rows(CandidateGroup, id="half") == []


def test_it_is_caught_from_a_job_too(
    stage: Stage, bring: Bring, run_due: RunDue, desk: Desk
) -> None:
    desk.fails(BpmnError("FULL"))
    bring(with_boundary(properties(**{"async": "true"})))
    key = begin_with(stage, "errand")
    run_due()

    assert stage.row(Job, kind="handler")["state"] == "done"
    assert stage.open_tasks(key) == ["other"]


def test_another_code_is_an_incident_at_once(
    stage: Stage, bring: Bring, run_due: RunDue, desk: Desk
) -> None:
    desk.fails(BpmnError("EMPTY"))
    bring(with_boundary(properties(**{"async": "true"})))
    begin_with(stage, "errand")
    run_due()

    job, incident = stage.row(Job, kind="handler"), stage.row(Incident)
    assert (job["state"], incident["job_key"]) == ("failed", job["key"])
    assert incident["type"] == "UNHANDLED_ERROR_EVENT"
    assert stage.row(ProcessInstance)["open_incidents"] == 1


@pytest.mark.parametrize("value", [float("nan"), "\x00"])
def test_an_error_that_cannot_be_kept_is_a_failure(
    stage: Stage, bring: Bring, desk: Desk, value: Json
) -> None:
    desk.fails(BpmnError("FULL", variables={"left": value}))
    bring(with_boundary())
    key = begin_with(stage, "errand")

    assert stage.open_tasks(key) == []
    assert stage.row(Job, kind="handler")["attempts"] == 1
