"""What fails behind an accepted submission: it stands, the token waits, a job tries again."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from service.commands import incidents
from service.commands.handlers import BpmnError, TaskContext
from service.domain.actors import Actor
from service.domain.instances import IncidentResolvedAlready
from service.domain.values import Variables
from service.store.tables import CandidateGroup, Incident, Job, ProcessInstance, UserTask
from tests.fixtures_commands import Deploy, Desk, Stage


def handed_in(stage: Stage, deploy: Deploy) -> int:
    """An errand whose first task is completed; the handler behind it did what the desk says."""
    deploy("errand.bpmn")
    started = stage.start("errand")
    stage.complete(stage.task(started.instance_key, "ask"), stage.cast.applicant)
    return started.instance_key


def retry(stage: Stage, incident: int, operator: Actor) -> incidents.Retried:
    with stage.rooms.write() as tools:
        return incidents.retry(tools, incident, actor=operator, now=stage.clock.now)


def test_the_submission_stands_and_a_job_waits(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    desk.fails(OSError("网络不通"))
    key = handed_in(stage, deploy)

    assert stage.row(UserTask)["state"] == "COMPLETED"
    job = stage.row(Job, kind="handler")
    assert (job["kind"], job["state"], job["attempts"], job["retries"]) == (
        "handler",
        "waiting",
        1,
        2,
    )
    assert job["due_at"] == stage.clock.now + timedelta(seconds=30)
    assert job["last_error"] == "OSError：网络不通"
    assert stage.open_tasks(key) == []
    assert stage.acts(key)[-1] == "job.failed"


def test_what_the_handler_wrote_goes_and_what_the_person_wrote_stays(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    def write_and_fail(context: TaskContext) -> Variables:
        context.session.execute(insert(CandidateGroup), [{"id": "half", "name": "写了一半"}])
        raise ValueError("后一半不成")

    desk.acts.append(write_and_fail)
    handed_in(stage, deploy)

    assert "half" not in {row["id"] for row in stage.rows(CandidateGroup)}
    assert stage.row(UserTask)["state"] == "COMPLETED"


def test_a_database_error_in_a_handler_harms_nothing_else(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    """PostgreSQL refuses everything after an error, until it is rolled back to a savepoint."""

    def insert_twice(context: TaskContext) -> Variables:
        row = {"id": "twice", "name": "一"}
        context.session.execute(insert(CandidateGroup), [row, row])
        return {}

    desk.acts.append(insert_twice)
    handed_in(stage, deploy)

    assert str(stage.row(Job, kind="handler")["last_error"]).startswith("IntegrityError（")


def test_objects_left_unflushed_fail_within_the_savepoint(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    def add_a_bad_one(context: TaskContext) -> Variables:
        context.session.add(CandidateGroup(id="personnel-office", name="又一个"))
        return {}

    desk.acts.append(add_a_bad_one)
    handed_in(stage, deploy)

    assert stage.row(Job, kind="handler")["attempts"] == 1


def test_the_handlers_writing_commits_with_the_step(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    def write(context: TaskContext) -> Variables:
        group = {"id": f"g{context.element_instance_key}", "name": "登记"}
        context.session.execute(insert(CandidateGroup), [group])
        found = context.session.scalars(select(CandidateGroup.id)).all()
        return {"登记数": len(found)}

    desk.acts.append(write)
    key = handed_in(stage, deploy)

    assert stage.variables(key)["登记数"] == 2
    assert len(stage.rows(CandidateGroup)) == 2


def test_no_value_of_the_case_gets_into_error_texts(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    def quote(context: TaskContext) -> Variables:
        raise ValueError(f"重复登记：{context.variables['身份证号']}")

    deploy("errand.bpmn")
    desk.acts.append(quote)
    started = stage.start("errand")
    task = stage.task(started.instance_key, "ask")
    stage.complete(task, stage.cast.applicant, {"身份证号": "150302199001011234"}, strict=True)

    assert stage.row(Job, kind="handler")["last_error"] == "ValueError：重复登记：•••"
    assert "150302199001011234" not in str(stage.value(started.instance_key, "job.failed"))


def test_a_bpmn_error_is_an_incident_at_once(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    desk.fails(BpmnError("NOT_ELIGIBLE", "不符合条件"))
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")

    done = stage.complete(task, stage.cast.applicant)

    assert done.incident
    incident = stage.row(Incident)
    assert incident["type"] == "UNHANDLED_ERROR_EVENT"
    assert "NOT_ELIGIBLE" in str(incident["message"])
    assert stage.rows(Job, kind="handler") == []
    assert stage.row(ProcessInstance)["open_incidents"] == 1


def test_a_retry_goes_on_with_the_same_element_instance(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(BpmnError("NOT_YET"))
    key = handed_in(stage, deploy)

    retried = retry(stage, stage.key(Incident), operator)

    assert retried.resolved
    assert stage.open_tasks(key) == ["read"]
    first, second = desk.asked
    assert first.element_instance_key == second.element_instance_key
    incident = stage.row(Incident)
    assert (incident["state"], incident["resolved_by"]) == ("RESOLVED", operator.username)
    assert stage.row(ProcessInstance)["open_incidents"] == 0
    assert "incident.resolved" in stage.acts(key)


def test_a_retry_that_fails_again_makes_a_new_incident(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(BpmnError("NOT_YET"), times=2)
    handed_in(stage, deploy)
    first = stage.key(Incident)

    retried = retry(stage, first, operator)

    assert not retried.resolved
    states = {row["key"]: row["state"] for row in stage.rows(Incident)}
    assert states.pop(first) == "RESOLVED"
    assert list(states.values()) == ["ACTIVE"]
    assert stage.row(ProcessInstance)["open_incidents"] == 1


def test_a_second_retry_learns_who_was_faster(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(BpmnError("NOT_YET"))
    handed_in(stage, deploy)
    incident = stage.key(Incident)
    retry(stage, incident, operator)

    with pytest.raises(IncidentResolvedAlready, match="赵刚"):
        retry(stage, incident, operator)


def test_an_expression_that_fails_is_an_incident(stage: Stage, deploy: Deploy) -> None:
    deploy("missing_name.bpmn")
    started = stage.start("missing_name")

    done = stage.complete(stage.task(started.instance_key, "ask"), stage.cast.applicant)

    assert done.incident
    assert "sum" in str(stage.row(Incident)["message"])
    assert stage.row(ProcessInstance)["state"] == "ACTIVE"


def test_cancelling_ends_jobs_tasks_and_incidents(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(OSError("网络不通"))
    key = handed_in(stage, deploy)

    stage.cancel(key, operator)

    assert stage.row(Job, kind="handler")["state"] == "cancelled"
    instance = stage.row(ProcessInstance)
    assert (instance["state"], instance["end_event"]) == ("TERMINATED", "不再需要")
    assert stage.acts(key)[-1] == "instance.cancelled"


def test_cancelling_resolves_what_was_open(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(BpmnError("NEVER"))
    key = handed_in(stage, deploy)

    stage.cancel(key, operator)

    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(ProcessInstance)["open_incidents"] == 0


def test_what_no_variable_can_hold_is_a_failed_attempt(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    desk.result = {"日期": stage.clock.now}  # type: ignore[dict-item]  # the author's mistake
    handed_in(stage, deploy)

    assert "TextUnreadable" in str(stage.row(Job, kind="handler")["last_error"])


def test_a_handler_may_leave_a_note(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    def note(context: TaskContext) -> None:
        context.log("已登记第 3 号")

    desk.acts.append(note)
    key = handed_in(stage, deploy)

    assert stage.value(key, "service-task.note")["text"] == "已登记第 3 号"


def test_a_task_without_a_handler_waits_for_an_outside_worker(stage: Stage, deploy: Deploy) -> None:
    deploy("outside.bpmn")
    stage.start("outside")

    job = stage.row(Job)
    assert (job["kind"], job["type"], job["attempts"]) == ("outside", "elsewhere", 0)
