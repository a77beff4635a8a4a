"""From the start to the end: a form, a decision by an office, a handler, a last look."""

from service.store.tables import InboxEntry, ProcessInstance, UserTask
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_store import OFFICE

REVIEW = ("review.bpmn", "application.form", "opinion.form", "receipt.form")


def test_an_application_goes_through_the_office_to_its_end(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    applicant, officer = stage.cast.applicant, stage.cast.officer

    started = stage.start("review", applicant, {"姓名": "王小明", "教龄": 8})
    done = stage.complete(
        stage.task(started.instance_key, "check"), officer, {"核对意见": "属实"}, outcome="approve"
    )
    confirm = stage.task(started.instance_key, "confirm")
    last = stage.complete(confirm, applicant, {"已知悉": True})

    assert started.title == "王小明的材料核对"
    assert done.next_tasks_for_actor == ()
    assert not last.incident
    variables = stage.variables(started.instance_key)
    assert variables["check_outcome"] == "approve"
    assert variables["姓名"] == "王小明"
    assert stage.row(ProcessInstance)["state"] == "COMPLETED"
    assert stage.row(ProcessInstance)["end_event"] == "办结"
    assert stage.acts(started.instance_key) == [
        "instance.started",
        "user-task.created",
        "user-task.claimed",
        "user-task.completed",
        "user-task.created",
        "user-task.completed",
        "instance.completed",
    ]
