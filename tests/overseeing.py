"""A house in which something of everything that operators look at has happened."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import instance_lock, suspension
from service.commands.handlers import BpmnError
from service.commands.instance_lock import act
from service.commands.job_rows import job_row
from service.domain.actors import SYSTEM, Actor
from service.queries import jobs, lateness
from service.queries.jobs import JobFilter
from service.queries.lateness import LateFilter
from service.store.tables import InboxEntry, Job, UserTask
from service.store.tables.work import JobKind
from tests.fixtures_commands import REVIEW, Deploy, Desk, Stage

_ALL_DUE = JobFilter()


def stopped(stage: Stage, desk: Desk, count: int, error: str = "登记系统停机") -> list[int]:
    """So many errands whose service task reports an error that the diagram does not provide for."""
    desk.fails(BpmnError("没有连上登记系统", error), times=count)
    keys = [stage.start("errand").instance_key for _ in range(count)]
    for key in keys:
        stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    return keys


def late(stage: Stage, due_at: datetime) -> int:
    """An errand whose open task was due then; returns the task's key."""
    task = stage.task(stage.start("errand").instance_key, "ask")
    make_late(stage, task, due_at)
    return task


def make_late(stage: Stage, task: int, due_at: datetime) -> None:
    """Let a task be due then, in the inbox too."""
    with stage.rooms.write() as tools:
        for entity, column in ((UserTask, UserTask.key), (InboxEntry, InboxEntry.task_key)):
            tools.session.execute(update(entity).where(column == task).values(due_at=due_at))


def suspended(stage: Stage, operator: Actor) -> int:
    """A case that stands still."""
    key = stage.start("errand").instance_key
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason="等上级答复", actor=operator, now=stage.clock.now)
    return key


def job(
    stage: Stage, kind: JobKind, due_at: datetime, instance_key: int = 0, **values: object
) -> int:
    """A job that waits; `values` are those of its columns that tests set."""
    with stage.rooms.write() as tools:
        row = job_row(
            tools, kind, instance_key=instance_key, element_instance_key=0, element_id="",
            now=stage.clock.now, due_at=due_at,
        )  # fmt: skip
        tools.session.execute(insert(Job), [{**row, **values}])
    return int(str(row["key"]))


def escalated(stage: Stage, task: int, ago: timedelta = timedelta(hours=1)) -> None:
    """Say in the history of its case that this task went up."""
    row = stage.row(UserTask, key=task)
    with stage.rooms.write() as tools:
        instance = instance_lock.lock(tools.session, int(str(row["instance_key"])))
        entry = act(
            "user-task.escalated", actor=SYSTEM.username, now=stage.clock.now - ago,
            element_id=str(row["element_id"]), element_instance_key=task,
            value={"name": str(row["name"])},
        )  # fmt: skip
        instance_lock.record(tools, instance, entry)


def busy_house(stage: Stage, desk: Desk, operator: Actor) -> None:
    """Something of everything; `errand.bpmn` is deployed."""
    now = stage.clock.now
    stopped(stage, desk, 3)
    suspended(stage, operator)
    task, *_ = [late(stage, now - timedelta(days=days)) for days in (30, 6, 1)]
    escalated(stage, task)
    case = int(str(stage.row(UserTask, key=task)["instance_key"]))
    job(stage, JobKind.TIMER, now - timedelta(minutes=7), case)
    job(stage, JobKind.CALENDAR, now + timedelta(hours=6), type="messages.clean-up")
    job(
        stage, JobKind.MESSAGE, now - timedelta(hours=2), case,
        attempts=2, retries=1, last_error="OSError",
    )  # fmt: skip


@pytest.fixture
def house(stage: Stage, deploy: Deploy, desk: Desk, operator: Actor) -> Stage:
    deploy("errand.bpmn")
    deploy(*REVIEW)
    busy_house(stage, desk, operator)
    return stage


def jobs_of(stage: Stage, actor: Actor, wanted: JobFilter = _ALL_DUE) -> list[str]:
    with stage.rooms.read() as session:
        page = jobs.page(session, actor=actor, wanted=wanted, now=stage.clock.now)
    return [row.kind for row in page.rows]


def late_tasks(stage: Stage, actor: Actor, wanted: LateFilter) -> list[int]:
    with stage.rooms.read() as session:
        page = lateness.tasks(session, actor=actor, wanted=wanted, now=stage.clock.now)
    return [one.days for one in page.rows]
