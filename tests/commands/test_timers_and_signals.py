"""Timers fire when they are due, signals reach all who wait, long rows of items go on by jobs."""

from datetime import datetime, timedelta

import pytest

from service.commands import signals
from service.domain.actors import SYSTEM, Actor
from service.domain.messages import EventsForbidden
from service.domain.values import Json
from service.engine import StartUnclear
from service.store.tables import EventSubscription, Job, ProcessInstance, StartSubscription
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    flows,
    multi,
    on,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

RINGS = diagram(
    start(), user("work", assignee="zhang.min"),
    boundary("late", "work", on("timeCycle", "R3/PT1H"), interrupting=False),
    user("remind", assignee="zhang.min"), end(), end("reminded"),
    flows("start", "work", "end"), flows("late", "remind", "reminded"), process_id="rings",
)  # fmt: skip
EVERY_DAY = diagram(
    element("startEvent", "start", inside=on("timeCycle", "R2/P1D")),
    user("work", assignee="zhang.min"), end(), flows("start", "work", "end"), process_id="daily",
)  # fmt: skip
HEARS = diagram(
    start(), element("intermediateCatchEvent", "hear", inside=on("signal", "term")),
    user("after", assignee="zhang.min"), end(), flows("start", "hear", "after", "end"),
    process_id="hears", declared=declare("signal", "term"),
)  # fmt: skip
BEGINS = diagram(
    element("startEvent", "start", inside=on("signal", "term")),
    user("work", assignee="zhang.min"), end(), flows("start", "work", "end"),
    process_id="begins", declared=declare("signal", "term"),
)  # fmt: skip
CALLS_OUT = diagram(
    start(), element("intermediateThrowEvent", "shout", inside=on("signal", "term")), end(),
    flows("start", "shout", "end"), process_id="shouts", declared=declare("signal", "term"),
)  # fmt: skip
LONG_ROW = diagram(
    start(), element("task", "count", inside=multi(times="2500", sequential=True)), end(),
    flows("start", "count", "end"), process_id="row",
)  # fmt: skip


def broadcast(stage: Stage, by: Actor = SYSTEM, **variables: Json) -> None:
    with stage.rooms.write() as tools:
        signals.broadcast(tools, "term", variables=variables, actor=by, now=stage.clock.now)


def due(stage: Stage, kind: str) -> list[datetime]:
    return [r["due_at"] for r in stage.rows(Job, kind=kind, state="waiting")]  # type: ignore[misc]


def test_a_cycle_rings_as_often_as_it_says(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(RINGS)
    key = begin_with(stage, "rings")

    for _ in range(4):
        stage.clock.forward(hours=1)
        run_due()

    assert stage.open_tasks(key) == ["remind", "remind", "remind", "work"]
    assert due(stage, "timer") == []
    assert stage.acts(key).count("timer.fired") == 3


def test_a_timer_rings_no_more_when_its_task_is_done(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(RINGS)
    key = begin_with(stage, "rings")
    stage.complete(stage.task(key, "work"), stage.cast.applicant)
    stage.clock.forward(hours=1)

    assert run_due() == 0
    assert stage.row(Job)["state"] == "cancelled"


def test_a_late_runner_keeps_the_pace(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(RINGS)
    begin_with(stage, "rings")
    begun = stage.clock.now
    stage.clock.forward(minutes=90)
    run_due()

    assert due(stage, "timer") == [begun + timedelta(hours=2)]


def test_a_timer_starts_instances(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(EVERY_DAY)
    for _ in range(3):
        stage.clock.forward(days=1)
        run_due()

    found = stage.rows(ProcessInstance)
    assert [row["started_by"] for row in found] == ["system", "system"]
    assert stage.open_tasks(int(str(found[0]["key"]))) == ["work"]
    assert due(stage, "start") == []


def test_a_new_version_winds_its_timer_anew(stage: Stage, bring: Bring) -> None:
    bring(EVERY_DAY)
    stage.clock.forward(hours=5)
    bring(EVERY_DAY.replace(b"P1D", b"P2D"))

    assert due(stage, "start") == [stage.clock.now + timedelta(days=2)]
    assert len(stage.rows(StartSubscription)) == 1


def test_a_start_that_is_no_time_is_refused_with_the_deployment(stage: Stage, bring: Bring) -> None:
    with pytest.raises(StartUnclear):
        bring(EVERY_DAY.replace(b"R2/P1D", b"daily"))
    assert stage.rows(StartSubscription) == []


def test_a_signal_reaches_all_who_wait_and_starts_who_begins_by_it(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(HEARS, BEGINS)
    waiting = [begin_with(stage, "hears") for _ in range(2)]

    broadcast(stage, year=2026)
    assert run_due() == 3

    assert [stage.open_tasks(key) for key in waiting] == [["after"], ["after"]]
    assert [stage.variables(key) for key in waiting] == [{"year": 2026}, {"year": 2026}]
    assert len(stage.rows(ProcessInstance, process_id="begins", state="ACTIVE")) == 1
    assert stage.rows(EventSubscription) == []


def test_a_signal_is_not_kept(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(HEARS)
    broadcast(stage)
    key = begin_with(stage, "hears")

    assert run_due() == 0
    assert stage.open_tasks(key) == []


def test_a_thrown_signal_reaches_others(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(HEARS, CALLS_OUT)
    key = begin_with(stage, "hears")
    begin_with(stage, "shouts")
    run_due()

    assert stage.open_tasks(key) == ["after"]
    assert "signal.received" in stage.acts(key)


def test_a_stranger_sends_no_signal(stage: Stage, bring: Bring) -> None:
    with pytest.raises(EventsForbidden):
        broadcast(stage, by=stage.cast.stranger)


def test_a_long_row_of_items_goes_on_in_transactions_of_its_own(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(LONG_ROW)
    key = begin_with(stage, "row")
    assert stage.row(ProcessInstance, key=key)["state"] == "ACTIVE"

    assert run_due() >= 1

    assert stage.row(ProcessInstance, key=key)["state"] == "COMPLETED"
