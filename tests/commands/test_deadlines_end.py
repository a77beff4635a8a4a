"""How deadlines end, stand still, move and are bounded, and what they cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from service.commands import calendars, provisional_dates, suspension
from service.commands.calendar_estimates import bring_up_to_date
from service.domain.actors import SYSTEM
from service.store.tables import (
    Job,
    UserTask,
)
from tests.commands.late_steps import (
    LEVELS,
    begin,
    bureau_time,
    dated,
    job,
    open_entries,
    told,
    work,
)
from tests.commands.test_provisional_dates import FIFTH_WORKED
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flows,
    on,
    properties,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, begin_with
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Statements


def test_reminders_end_with_the_task(stage: Stage, bring: Bring) -> None:
    key = begin(stage, bring, dated())
    stage.complete(stage.task(key, "work"), stage.cast.stranger)
    assert job(stage) is None
    assert stage.row(Job, kind="deadline")["state"] == "cancelled"


def test_and_with_the_case_or_an_event_at_the_border(stage: Stage, bring: Bring) -> None:
    source = diagram(
        start(), user("work", assignee="wang.wei", extensions=properties(**LEVELS)), end(),
        boundary("out", "work", on("timeDuration", "PT1H")), end("out_end"),
        flows("start", "work", "end"), flows("out", "out_end"), process_id="dated",
    )  # fmt: skip
    begin(stage, bring, source)
    stage.clock.forward(hours=2)
    work(stage)
    assert job(stage) is None
    key = begin_with(stage, "dated")
    assert job(stage) is not None
    stage.cancel(key, SYSTEM)
    assert job(stage) is None


def test_a_suspended_case_stands_still_and_repeats_nothing(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    before = told(stage)
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason="等", actor=SYSTEM, now=stage.clock.now)
    work(stage, bureau_time(10, 12))
    assert told(stage) == before
    with stage.rooms.write() as tools:
        suspension.resume(tools, key, actor=SYSTEM, now=stage.clock.now)
    work(stage)
    assert told(stage) == before
    # Due on Sunday 8 now: the third reminder and the second level are the third day behind.
    assert job(stage) == bureau_time(11)
    work(stage, bureau_time(11))
    assert told(stage)[len(before) :] == [("wang.wei", "overdue"), ("sun.li", "escalated")]


def test_a_due_date_before_the_start_is_bounded_and_said(stage: Stage, bring: Bring) -> None:
    late = '<zeebe:taskSchedule dueDate="=date(&quot;2026-01-05&quot;)" />'
    key = begin(stage, bring, dated(due_working_days="none", more=late))
    assert stage.value(key, "deadline.doubtful") == {"name": "work", "why": "passed"}
    assert job(stage) == bureau_time(3)  # lateness counts from the arrival
    assert stage.open_tasks(key) == ["work"]


def test_a_due_date_in_the_year_9999_is_bounded_and_said(stage: Stage, bring: Bring) -> None:
    far = '<zeebe:taskSchedule dueDate="9999-12-31" />'
    key = begin(stage, bring, dated(due_working_days="none", more=far))
    assert stage.value(key, "deadline.doubtful")["why"] == "far"
    assert job(stage) is not None


def test_days_beyond_the_calendar_leave_the_step_without_a_date_and_tell_the_operators(
    stage: Stage, bring: Bring, operator: object
) -> None:
    key = begin(stage, bring, dated(due_working_days="250"))
    assert stage.row(UserTask)["due_at"] is None
    assert "工作日历只有" in str(stage.value(key, "deadline.failed")["message"])
    work(stage)
    assert told(stage) == [("zhao.gang", "deadline-stuck")]


def test_a_provisional_due_date_moves_with_its_reminders(stage: Stage, bring: Bring) -> None:
    stage.clock.now = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
    bring_up_to_date(stage.rooms, now=stage.clock.now)
    key = begin(stage, bring, dated(due_working_days="5"))
    row = stage.row(UserTask)
    assert row["due_provisional"]
    before = job(stage)
    with stage.rooms.write() as tools:
        calendars.import_year(
            tools, year=2027, days=FIFTH_WORKED, confirmed=True, actor=SYSTEM,
            now=stage.clock.now,
        )  # fmt: skip
    provisional_dates.settle(stage.rooms, now=stage.clock.now)
    assert "date.moved" in stage.acts(key)
    moved = job(stage)
    assert before is not None
    assert moved is not None
    assert moved == before + timedelta(days=1)


def test_a_holder_who_is_reminded_submits_the_page_they_have_open(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    task = stage.task(key, "work")
    revision = stage.row(UserTask, key=task)["revision"]
    assert isinstance(revision, int)
    work(stage, bureau_time(6, 12))
    stage.complete(task, stage.cast.stranger, revision=revision)
    assert stage.open_tasks(key) == ["next"]
    assert open_entries(stage, "superior") == []


@pytest.mark.parametrize("said", [{}, {"due_working_days": "none"}])
def test_what_it_costs(
    stage: Stage,
    bring: Bring,
    count_statements: Callable[[], AbstractContextManager[Statements]],
    said: dict[str, str],
) -> None:
    """A step with a due date behind one that had none, and one that ends: at most 15 each."""
    bring(
        diagram(
            start(), user("first", assignee="zhang.min"),
            user("work", assignee="wang.wei", extensions=properties(**{**LEVELS, **said})),
            user("last", assignee="zhang.min"), end(),
            flows("start", "first", "work", "last", "end"), process_id="dated",
        )
    )  # fmt: skip
    key = begin_with(stage, "dated")
    for element, actor in (("first", stage.cast.applicant), ("work", stage.cast.stranger)):
        task = stage.task(key, element)
        with count_statements() as statements:
            stage.complete(task, actor)
        assert len(statements) + 1 <= 15, statements.texts
