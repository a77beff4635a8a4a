"""A suspended instance stands still: timers, messages, tasks, jobs; and goes on as it was."""

from datetime import timedelta

import pytest

from service.commands import (
    drafts,
    element_instances,
    incidents,
    messages,
    signals,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.instances import InstanceEnded, InstanceForbidden, InstanceNotFound
from service.domain.suspension import (
    InstanceNotSuspended,
    InstanceSuspended,
    SuspensionReasonMissing,
)
from service.jobs.runner import JobRunner
from service.store.tables import (
    AccessEvent,
    Draft,
    Incident,
    Job,
    ProcessInstance,
)
from tests.commands.suspending import WAITS, WORK, due_at, resume, suspend
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_events import CALLED, CALLS, Bring, RunDue, begin_with, child_of


def test_a_task_cannot_be_completed_and_the_draft_is_kept(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    task, applicant = stage.task(key, "work"), stage.cast.applicant
    suspend(stage, key, operator)

    with (
        pytest.raises(InstanceSuspended) as refused,
        drafts.kept_if_refused(
            stage.rooms, task, data={}, comment="同意", actor=applicant, now=stage.clock.now
        ),
    ):
        stage.complete(task, applicant, comment="同意")

    assert (refused.value.who, refused.value.when) == ("赵刚", stage.clock.now)
    assert refused.value.draft_kept
    assert stage.row(Draft)["comment"] == "同意"
    resume(stage, key, operator)
    stage.complete(task, applicant)
    assert stage.row(ProcessInstance)["state"] == "COMPLETED"


def test_who_read_the_task_before_is_refused_under_the_lock(stage: Stage, bring: Bring) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    overtaken = stage.after_the_check(lambda: suspend(stage, key))
    with pytest.raises(InstanceSuspended):
        overtaken.complete(stage.task(key, "work"), stage.cast.applicant)
    assert stage.open_tasks(key) == ["work"]


def test_messages_and_signals_wait(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(WAITS)
    key = begin_with(stage, "waits", id="7")
    suspend(stage, key)
    with stage.rooms.write() as tools:
        messages.publish(
            tools, "paid", correlation_key="7", time_to_live=timedelta(), message_id="",
            variables={"sum": 5}, actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    assert run_due() == 0
    assert stage.row(Job, kind="message")["state"] == "suspended"
    stage.clock.forward(days=1)
    assert run_due() == 0
    resume(stage, key)
    run_due()
    assert stage.variables(key)["sum"] == 5

    suspend(stage, key)
    with stage.rooms.write() as tools:
        signals.broadcast(tools, "term", variables={}, actor=SYSTEM, now=stage.clock.now)
    run_due()
    assert stage.open_tasks(key) == []
    resume(stage, key)
    run_due()
    assert stage.open_tasks(key) == ["after"]


def test_a_handler_waits(stage: Stage, deploy: Deploy, desk: Desk, run_due: RunDue) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    suspend(stage, key)
    run_due()
    assert desk.asked == []
    resume(stage, key)
    assert run_due() == 1
    assert stage.open_tasks(key) == ["read"]


def test_a_job_that_was_claimed_before_waits_too(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    """The runner held it when the operator was faster at the instance's lock."""
    deploy("later.bpmn")
    key = stage.start("later").instance_key

    def between() -> bool:
        row = stage.row(ProcessInstance)
        if row["suspended_at"] is None and stage.row(Job)["lock_owner"] is not None:
            suspend(stage, key)
            with stage.rooms.write() as tools:  # as if it had come a moment later
                tools.session.execute(
                    Job.__table__.update().values(state="waiting")  # type: ignore[attr-defined]
                )
        return False

    assert JobRunner(stage.rooms, owner="w").run_due(stopped=between) == 0
    assert desk.asked == []
    assert (stage.row(Job)["state"], stage.row(Job)["lock_owner"]) == ("suspended", None)


def test_what_an_operator_does_to_a_running_one_is_refused(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    desk.fails(RuntimeError("kaputt"), times=9)
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    for _ in range(3):
        JobRunner(stage.rooms, owner="w").run_due()
        stage.clock.forward(minutes=5)
    suspend(stage, key, operator)
    with pytest.raises(InstanceSuspended), stage.rooms.write() as tools:
        incidents.retry(tools, stage.key(Incident), actor=operator, now=stage.clock.now)
    with pytest.raises(InstanceSuspended), stage.rooms.write() as tools:
        element_instances.set_variables(
            tools, key, {"a": 1}, local=True, actor=operator, now=stage.clock.now
        )


def test_a_suspended_instance_can_be_cancelled(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    suspend(stage, key)
    stage.cancel(key, operator)
    row = stage.row(ProcessInstance)
    assert (row["state"], row["suspended_at"]) == ("TERMINATED", None)
    assert {job["state"] for job in stage.rows(Job) if job["kind"] != "notify"} == {"cancelled"}
    stage.clock.forward(days=9)
    assert run_due() == 0


def test_the_called_instance_stands_still_alone_and_ends_with_its_caller(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(CALLED, CALLS)
    key = begin_with(stage, "calls")
    run_due()
    child = child_of(stage, key)
    suspend(stage, child)
    assert stage.row(ProcessInstance, key=key)["suspended_at"] is None
    stage.cancel(key, operator)
    assert stage.row(ProcessInstance, key=child)["state"] == "TERMINATED"


def test_a_suspended_caller_hears_later_what_became_of_the_called_one(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(CALLED, CALLS)
    key = begin_with(stage, "calls")
    run_due()
    child = child_of(stage, key)
    suspend(stage, key)
    stage.complete(stage.task(child, "work"), stage.cast.stranger)
    run_due()
    assert stage.row(ProcessInstance, key=key)["state"] == "ACTIVE"
    resume(stage, key)
    run_due()
    assert stage.row(ProcessInstance, key=key)["state"] == "COMPLETED"


def test_one_that_has_not_begun_waits_to_begin(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(CALLED, CALLS)
    key = begin_with(stage, "calls")
    child = child_of(stage, key)
    suspend(stage, child)
    run_due()
    assert stage.open_tasks(child) == []
    resume(stage, child)
    run_due()
    assert stage.open_tasks(child) == ["work"]


def test_it_is_recorded(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    suspend(stage, key, operator, "等上级\n批复")
    resume(stage, key, operator)
    assert stage.acts(key)[-2:] == ["instance.suspended", "instance.resumed"]
    assert stage.value(key, "instance.suspended") == {"reason": "等上级 批复"}
    kinds = [row["kind"] for row in stage.rows(AccessEvent, person=operator.username)]
    assert kinds == ["instance_suspended", "instance_resumed"]


def test_what_makes_no_sense_changes_nothing(stage: Stage, bring: Bring) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    with pytest.raises(InstanceNotSuspended):
        resume(stage, key)
    with pytest.raises(SuspensionReasonMissing):
        suspend(stage, key, reason=" ")
    suspend(stage, key)
    before = stage.row(ProcessInstance)
    with pytest.raises(InstanceSuspended):
        suspend(stage, key, reason="再挂起")
    assert stage.row(ProcessInstance) == before


def test_one_that_has_ended_is_refused(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    stage.cancel(key, operator)
    for act in (suspend, resume):
        with pytest.raises(InstanceEnded):
            act(stage, key)


def test_strangers_learn_nothing_and_the_applicant_may_not(stage: Stage, bring: Bring) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    for act in (suspend, resume):
        with pytest.raises(InstanceNotFound):
            act(stage, key, stage.cast.stranger)
        with pytest.raises(InstanceForbidden):
            act(stage, key, stage.cast.applicant)
        with pytest.raises(InstanceNotFound):
            act(stage, 4, stage.cast.applicant)


def test_an_instance_may_stand_still_again_and_again(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    began = stage.clock.now
    for _ in range(3):
        suspend(stage, key)
        stage.clock.forward(hours=5)
        resume(stage, key)
    assert due_at(stage, "soon") == began + timedelta(hours=17)
