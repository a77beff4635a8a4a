"""What a suspended instance waited for comes so much later as it stood still."""

from datetime import UTC, datetime, timedelta

from service.commands import (
    user_tasks,
)
from service.domain.actors import SYSTEM
from service.jobs.runner import JobRunner
from service.store.tables import (
    InboxEntry,
    Job,
    UserTask,
)
from tests.commands.suspending import SHARED, WORK, due_at, resume, suspend
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with
from tests.fixtures_store import OFFICE


def test_timers_keep_what_is_left_of_their_time(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    began = stage.clock.now
    stage.clock.forward(hours=1)

    suspend(stage, key)
    stage.clock.forward(days=3)
    assert run_due() == 0
    assert JobRunner(stage.rooms, owner="w").next_due() is None
    resume(stage, key)

    assert due_at(stage, "soon") == began + timedelta(hours=2, days=3)
    assert due_at(stage, "again") == began + timedelta(hours=24, days=3)
    stage.clock.forward(minutes=59)
    run_due()
    assert stage.rows(Job, element_id="soon", state="done") == []
    stage.clock.forward(minutes=1)
    run_due()
    assert stage.rows(Job, element_id="soon", state="done") != []
    stage.clock.forward(hours=22)
    run_due()
    assert due_at(stage, "again") == began + timedelta(hours=48, days=3)


def test_a_cron_timer_goes_by_the_calendar_and_fires_once_for_what_it_missed(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    suspend(stage, key)
    stage.clock.forward(days=3)
    resume(stage, key)
    run_due()
    assert len(stage.rows(Job, element_id="mornings", state="done")) == 1
    assert due_at(stage, "mornings") == datetime(2026, 3, 6, 1, tzinfo=UTC)


def test_open_tasks_are_due_so_many_days_later(stage: Stage, bring: Bring) -> None:
    bring(WORK)
    key = begin_with(stage, "work")
    before = stage.row(UserTask)
    suspend(stage, key)
    stage.clock.forward(days=3, hours=20)
    resume(stage, key)
    after = stage.row(UserTask)
    for name in ("due_at", "follow_up_at"):
        assert after[name] - before[name] == timedelta(days=4)  # type: ignore[operator]
    assert stage.row(InboxEntry)["due_at"] == after["due_at"]
    assert stage.value(key, "instance.resumed") == {"days": 4}


def test_entries_that_wait_while_somebody_holds_the_task_move_too(
    stage: Stage, bring: Bring
) -> None:
    bring(SHARED)
    key = begin_with(stage, "shared")
    task, first, second = stage.task(key, "work"), stage.cast.officer, stage.cast.stranger
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=first, now=stage.clock.now)
        user_tasks.assign(tools, task, assignee=second.username, actor=SYSTEM, now=stage.clock.now)
    suspend(stage, key)
    stage.clock.forward(days=3)
    resume(stage, key)
    stage.assign(task, first.username, SYSTEM)
    with stage.rooms.write() as tools:
        user_tasks.release(tools, task, actor=first, now=stage.clock.now)

    entries = stage.rows(InboxEntry, task_key=task)
    assert {entry["holder"] for entry in entries} == {first.username, second.username, OFFICE}
    assert {entry["due_at"] for entry in entries} == {stage.row(UserTask)["due_at"]}
