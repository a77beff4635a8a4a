"""Due jobs are done once each, failed ones again after their pause, late workers write nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.commands import incidents, work
from service.commands.handlers import TaskContext
from service.commands.job_faults import MOST_ATTEMPTS
from service.commands.work import ClaimedJob
from service.domain.actors import Actor
from service.domain.values import Variables
from service.engine import StateUnreadable
from service.jobs.runner import BATCH, HOLD, JobRunner
from service.store.tables import Incident, Job, ProcessInstance
from tests.fixtures_commands import WORK, Deploy, Desk, Stage


@pytest.fixture
def runner(stage: Stage) -> JobRunner:
    return JobRunner(stage.rooms, owner="worker-1", kinds=WORK)


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

    assert runner.run_due() == 1

    assert stage.row(Job, kind="handler")["state"] == "done"
    assert stage.variables(key)["办理"] == "完成"
    assert stage.open_tasks(key) == ["read"]
    assert desk.asked[0].actor.username == "system"
    assert desk.asked[0].started_by == "zhang.min"


def test_what_is_not_due_waits(stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk) -> None:
    deploy("later.bpmn")
    desk.fails(OSError("网络不通"))
    stage.start("later")
    runner.run_due()

    assert runner.next_due() == stage.clock.now + timedelta(seconds=30)
    stage.clock.forward(seconds=29)
    assert runner.run_due() == 0
    stage.clock.forward(seconds=1)
    assert runner.run_due() == 1
    assert runner.next_due() is None


def test_attempts_end_in_an_incident(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    desk.fails(OSError("网络不通"), times=3)
    key = stage.start("later").instance_key

    pauses = []
    for _ in range(3):
        assert runner.run_due() == 1
        if (due := runner.next_due()) is not None:
            pauses.append(due - stage.clock.now)
            stage.clock.now = due

    assert pauses == [timedelta(seconds=30), timedelta(minutes=2)]
    job, incident = stage.row(Job, kind="handler"), stage.row(Incident)
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

    assert runner.run_due() == 1
    assert stage.row(Job, kind="handler")["state"] == "done"


def test_the_next_look_is_when_a_dead_worker_is_given_up(
    stage: Stage, deploy: Deploy, runner: JobRunner
) -> None:
    deploy("later.bpmn")
    stage.start("later")
    claim(stage, "worker-that-dies")

    assert runner.next_due() == stage.clock.now + HOLD


def test_a_late_worker_writes_nothing(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    [late] = claim(stage, "late-worker")
    stage.clock.forward(seconds=HOLD.total_seconds())
    runner.run_due()
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

    assert runner.run_due() == 25
    assert len({context.element_instance_key for context in desk.asked}) == 25
    assert runner.run_due() == 0


def test_a_job_of_a_cancelled_instance_is_not_done(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk, operator: Actor
) -> None:
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    stage.cancel(key, operator)

    assert runner.run_due() == 0
    assert desk.asked == []


def test_an_outside_job_is_left_alone(stage: Stage, deploy: Deploy, runner: JobRunner) -> None:
    deploy("outside.bpmn")
    stage.start("outside")

    assert runner.next_due() is None
    assert runner.run_due() == 0
    assert stage.row(Job)["lock_owner"] is None


def test_stopping_lets_go_of_what_is_held(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    deploy("later.bpmn")
    for _ in range(3):
        stage.start("later")
    runner = JobRunner(stage.rooms, owner="worker-1", kinds=WORK)

    done = runner.run_due(stopped=lambda: len(desk.asked) == 1)

    assert done == 1
    waiting = stage.rows(Job, state="waiting", kind="handler")
    assert [row["lock_owner"] for row in waiting] == [None, None]


def test_one_that_cannot_be_tried_keeps_nobody_waiting(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    deploy("later.bpmn")
    broken = stage.start("later").instance_key
    stage.start("later")
    stage.break_state(broken)

    assert runner.run_due() == 1

    job = stage.row(Job, instance_key=broken)
    assert (job["state"], job["lock_owner"]) == ("waiting", None)
    assert (job["last_error"], job["attempts"]) == ("StateUnreadable", 1)
    assert job["due_at"] == stage.clock.now + timedelta(seconds=30)


@pytest.fixture
def given_up(stage: Stage, deploy: Deploy, runner: JobRunner) -> tuple[int, str]:
    """An instance whose job could never be tried, and the state that was broken."""
    deploy("later.bpmn")
    key = stage.start("later").instance_key
    sound = str(stage.row(ProcessInstance)["engine_state"])
    stage.break_state(key)
    for _ in range(3):
        runner.run_due()
        stage.clock.forward(minutes=2)
    return key, sound


def mend(stage: Stage, state: str) -> None:
    with stage.rooms.write() as tools:
        tools.session.execute(update(ProcessInstance).values(engine_state=state))


def test_one_that_can_never_be_tried_ends_in_an_incident(
    stage: Stage, given_up: tuple[int, str], runner: JobRunner
) -> None:
    job, incident = stage.row(Job, kind="handler"), stage.row(Incident)
    assert (job["state"], job["attempts"], job["retries"]) == ("failed", 3, 0)
    assert (incident["type"], incident["job_key"]) == ("JOB_NO_RETRIES", job["key"])
    assert "StateUnreadable" in str(incident["message"])
    assert stage.row(ProcessInstance)["open_incidents"] == 1
    assert stage.acts(given_up[0])[-1] == "incident.raised"
    assert stage.value(given_up[0], "incident.raised")["name"] == "办理"
    assert runner.next_due() is None


def test_an_operator_retries_it_once_the_cause_is_gone(
    stage: Stage, given_up: tuple[int, str], runner: JobRunner, operator: Actor
) -> None:
    key, sound = given_up
    mend(stage, sound)
    with stage.rooms.write() as tools:
        incident = stage.key(Incident)
        assert incidents.retry(tools, incident, actor=operator, now=stage.clock.now).resolved

    assert runner.run_due() == 1
    assert stage.open_tasks(key) == ["read"]
    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(ProcessInstance)["open_incidents"] == 0


def test_a_retry_before_that_is_refused_and_changes_nothing(
    stage: Stage, given_up: tuple[int, str], operator: Actor
) -> None:
    with pytest.raises(StateUnreadable), stage.rooms.write() as tools:
        incidents.retry(tools, stage.key(Incident), actor=operator, now=stage.clock.now)

    assert stage.row(Incident)["state"] == "ACTIVE"


def test_its_incident_ends_with_the_instance(
    stage: Stage, given_up: tuple[int, str], operator: Actor
) -> None:
    key, sound = given_up
    mend(stage, sound)

    stage.cancel(key, operator)

    assert stage.row(Incident)["state"] == "RESOLVED"
    assert stage.row(ProcessInstance)["open_incidents"] == 0


def test_a_diagram_with_many_retries_is_given_up_all_the_same(
    stage: Stage, deploy: Deploy, runner: JobRunner
) -> None:
    deploy("later.bpmn")
    stage.break_state(stage.start("later").instance_key)
    with stage.rooms.write() as tools:
        tools.session.execute(update(Job).values(retries=1000))

    for _ in range(MOST_ATTEMPTS):
        assert stage.rows(Incident) == []
        runner.run_due()
        stage.clock.forward(minutes=2)

    assert stage.row(Incident)["type"] == "JOB_NO_RETRIES"


def test_a_long_run_goes_by_the_clock(
    stage: Stage, deploy: Deploy, runner: JobRunner, desk: Desk
) -> None:
    """No lock is taken that has expired, and no moment is older than what it tells of."""
    deploy("later.bpmn")
    for _ in range(BATCH + 1):
        stage.start("later")
    began = stage.clock.now

    def take_long(_context: TaskContext) -> Variables:
        stage.clock.forward(seconds=HOLD.total_seconds())
        return {}

    desk.acts.append(take_long)
    locks: list[object] = []

    def watch() -> bool:
        locks.extend(
            row["lock_expires_at"] for row in stage.rows(Job, state="waiting", kind="handler")
        )
        return False

    assert runner.run_due(stopped=watch) == BATCH + 1

    assert locks[-1] == began + 2 * HOLD
    ends = [row["ended_at"] for row in stage.rows(Job, kind="handler")]
    assert (ends.count(began), ends.count(began + HOLD)) == (1, BATCH)
