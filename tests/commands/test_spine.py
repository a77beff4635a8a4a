"""From the start to the end: a form, a decision by an office, a handler, a last look."""

from service.commands.process_instances import Started
from service.store.tables import ElementInstance, InboxEntry, ProcessInstance, UserTask
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE


def approved(stage: Stage) -> Started:
    """An application that the office has checked; the applicant is to confirm."""
    started = stage.start("review", variables={"姓名": "王小明", "教龄": 8})
    task = stage.task(started.instance_key, "check")
    stage.complete(task, stage.cast.officer, {"核对意见": "材料齐全"}, outcome="approve")
    return started


def test_an_application_goes_through_the_office_to_its_end(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    started = approved(stage)

    stage.complete(
        stage.task(started.instance_key, "confirm"), stage.cast.applicant, {"已知悉": True}
    )

    instance = stage.row(ProcessInstance)
    assert (instance["state"], instance["end_event"]) == ("COMPLETED", "办结")
    assert instance["ended_at"] == stage.clock.now
    assert stage.acts(started.instance_key) == [
        "instance.started",
        "user-task.created",
        "user-task.claimed",
        "user-task.completed",
        "user-task.created",
        "user-task.completed",
        "instance.completed",
    ]


def test_the_title_comes_from_the_form(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)

    assert stage.start("review", variables={"姓名": "王小明"}).title == "王小明的材料核对"


def test_variables_hold_forms_outcome_and_what_the_handler_gave(
    stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    started = approved(stage)

    variables = stage.variables(started.instance_key)
    record = stage.row(ElementInstance, element_id="record")
    assert variables == {
        "姓名": "王小明",
        "教龄": 8,
        "核对意见": "材料齐全",
        "check_outcome": "approve",
        "登记号": f"R{record['key']}",
    }


def test_the_completed_task_says_who_how_and_when(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    approved(stage)

    task = stage.row(UserTask, element_id="check")
    assert task["state"] == "COMPLETED"
    assert (task["ended_by"], task["assignee"]) == ("li.na", "li.na")
    assert task["ended_at"] == stage.clock.now
    assert task["outcome"] == "approve"


def test_the_history_tells_opinion_outcome_and_values(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    started = stage.start("review", variables={"姓名": "王小明"})
    task = stage.task(started.instance_key, "check")

    stage.complete(
        task, stage.cast.officer, {"核对意见": "缺件"}, outcome="reject", comment="缺学历证明"
    )

    assert stage.value(started.instance_key, "user-task.completed") == {
        "name": "核对材料",
        "outcome": "reject",
        "outcome_label": "不予通过",
        "comment": "缺学历证明",
        "values": {"姓名": "王小明", "核对意见": "缺件"},
    }


def test_the_next_task_is_told_to_whom_it_waits_for(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    started = stage.start("errand")

    done = stage.complete(stage.task(started.instance_key, "ask"), stage.cast.applicant)

    assert done.next_tasks_for_actor == (stage.task(started.instance_key, "read"),)


def test_inboxes_of_an_office_and_a_person(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    started = approved(stage)

    entries = {
        (row["task_key"], row["holder_kind"], row["holder"]): row["state"]
        for row in stage.rows(InboxEntry)
    }
    check = stage.task(started.instance_key, "check")
    confirm = stage.task(started.instance_key, "confirm")
    assert entries == {
        (check, "group", OFFICE): "closed",
        (check, "person", "li.na"): "done",
        (confirm, "person", "zhang.min"): "open",
    }


def test_elements_are_left_behind_for_the_picture(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    approved(stage)

    states = {row["element_id"]: row["state"] for row in stage.rows(ElementInstance)}
    assert states == {
        "start": "COMPLETED",
        "check": "COMPLETED",
        "record": "COMPLETED",
        "confirm": "ACTIVE",
    }


def test_a_loaded_instance_goes_on_in_another_process(stage: Stage, deploy: Deploy) -> None:
    """Nothing but the store carries an instance over: the caches may be empty."""
    deploy(*REVIEW)
    started = approved(stage)

    stage.with_empty_caches().complete(
        stage.task(started.instance_key, "confirm"), stage.cast.applicant, {"已知悉": True}
    )

    assert stage.row(ProcessInstance)["state"] == "COMPLETED"
