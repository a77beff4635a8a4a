"""Due jobs are done once each, failed ones again after their pause, late workers write nothing."""

from datetime import timedelta

import pytest

from service.commands import work
from service.commands.work import ClaimedJob
from service.domain.actors import Actor
from service.jobs.runner import HOLD, PAUSE_AFTER_FAULT, JobRunner
from service.store.tables import Incident, Job, ProcessInstance
from tests.fixtures_commands import Deploy, Desk, Stage


@pytest.fixture
def runner(stage: Stage) -> JobRunner:
    return JobRunner(stage.rooms, owner="worker-1")


def claim(stage: Stage, owner: str = "worker-2") -> list[ClaimedJob]:
    with stage.rooms.write() as tools:
        types = stage.rooms.handlers.task_types
        return list(
            work.claim(
                tools.session, types=types, owner=owner, now=stage.clock.now, hold=HOLD, limit=10
            )
        )


def run(stage: Stage, job: ClaimedJob) -> bool:
    with stage.rooms.write() as tools:
        return work.run_job(tools, job.key, fencing=job.fencing, now=stage.clock.now)


def test_an_asynchronous_task_is_done_by_the_runner(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    assert desk.asked == []

    assert runner.run_due(stage.clock.now) == 1

    assert stage.row(Job)["state"] == "done"
    assert stage.variables(key)["办理"] == "完成"
    assert stage.open_tasks(key) == ["read"]
    assert desk.asked[0].actor.username == "system"
    assert desk.asked[0].started_by == "zhang.min"


def test_what_is_not_due_waits(stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk) -> None:
    deploy("later.bpmn")
    desk.fails(OSError("网络不通"))
    stage.start("later")
    runner.run_due(stage.clock.now)

    assert runner.next_due() == stage.clock.now + timedelta(seconds=30)
    assert runner.run_due(stage.clock.forward(seconds=29)) == 0
    assert runner.run_due(stage.clock.forward(seconds=1)) == 1
    assert runner.next_due() is None


def test_attempts_end_in_an_incident(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    desk.fails(OSError("网络不通"), times=3)
    key = stage.start("later").instance_key

    pauses = []
    for _ in range(3):
        assert runner.run_due(stage.clock.now) == 1
        if (due := runner.next_due()) is not None:
            pauses.append(due - stage.clock.now)
            stage.clock.now = due

    assert pauses == [timedelta(seconds=30), timedelta(minutes=2)]
    job, incident = stage.row(Job), stage.row(Incident)
    assert (job["state"], job["attempts"], job["retries"]) == ("failed", 3, 0)
    assert (incident["type"], incident["job_key"]) == ("JOB_NO_RETRIES", job["key"])
    assert stage.row(ProcessInstance)["open_incidents"] == 1
    assert stage.acts(key).count("job.failed") == 3


def test_a_job_is_claimed_once(stage: Stage, deploy: Deploy) -> None:
    deploy("later.bpmn")
    stage.start("later")

    assert len(claim(stage, "worker-1")) == 1
    assert claim(stage, "worker-2") == []


def test_a_dead_workers_job_is_taken_over(stage: Stage, deploy: Deploy, runner: JobRunner) -> None:
    deploy("later.bpmn")
    stage.start("later")
    claim(stage, "worker-that-dies")
    stage.clock.forward(seconds=HOLD.total_seconds())

    assert runner.run_due(stage.clock.now) == 1
    assert stage.row(Job)["state"] == "done"


def test_a_late_worker_writes_nothing(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    [late] = claim(stage, "late-worker")
    stage.clock.forward(seconds=HOLD.total_seconds())
    runner.run_due(stage.clock.now)
    before = stage.acts(key)

    assert run(stage, late) is False
    assert stage.acts(key) == before
    assert len(desk.asked) == 1


def test_an_older_number_writes_nothing_while_the_newer_holds(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    deploy("later.bpmn")
    stage.start("later")
    [older] = claim(stage, "slow")
    stage.clock.forward(seconds=HOLD.total_seconds())
    [newer] = claim(stage, "quick")

    assert run(stage, older) is False
    assert desk.asked == []
    assert run(stage, newer) is True


def test_each_of_many_is_done_once(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    for _ in range(25):
        stage.start("later")

    assert runner.run_due(stage.clock.now) == 25
    assert len({context.element_instance_key for context in desk.asked}) == 25
    assert runner.run_due(stage.clock.now) == 0


def test_a_job_of_a_cancelled_instance_is_not_done(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk, operator: Actor
) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    stage.cancel(key, operator)

    assert runner.run_due(stage.clock.now) == 0
    assert desk.asked == []


def test_an_outside_job_is_left_alone(stage: Stage, deploy: Deploy, runner: JobRunner) -> None:
    deploy("outside.bpmn")
    stage.start("outside")

    assert runner.next_due() is None
    assert runner.run_due(stage.clock.now) == 0
    assert stage.row(Job)["lock_owner"] is None


def test_stopping_lets_go_of_what_is_held(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    deploy("later.bpmn")
    for _ in range(3):
        stage.start("later")
    runner = JobRunner(stage.rooms, owner="worker-1")

    done = runner.run_due(stage.clock.now, stopped=lambda: len(desk.asked) == 1)

    assert done == 1
    waiting = stage.rows(Job, state="waiting")
    assert [row["lock_owner"] for row in waiting] == [None, None]


def test_one_that_cannot_be_tried_keeps_nobody_waiting(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    broken = stage.start("later").instance_key
    stage.start("later")
    stage.break_state(broken)

    assert runner.run_due(stage.clock.now) == 1

    job = stage.row(Job, instance_key=broken)
    assert (job["state"], job["lock_owner"]) == ("waiting", None)
    assert job["last_error"] == "StateUnreadable"
    assert job["due_at"] == stage.clock.now + PAUSE_AFTER_FAULT
