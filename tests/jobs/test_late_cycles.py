"""A cycle that nobody ran for a day fires once for what it missed, or each time if it asks so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.store.tables import HistoryEntry, Job, ProcessInstance
from tests.engine.builders import (
    diagram,
    element,
    end,
    event_sub,
    extended,
    flows,
    on,
    properties,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

HOURLY = {"a repetition": "R/PT1H", "a cron": "30 * * * *"}
"""Both fire at half past, for tests begin at 9:30 in Wuhai."""


def boundary(cycle: str, asked: str) -> bytes:
    event = element(
        "boundaryEvent", "ring", asked, on("timeCycle", cycle),
        attachedToRef="work", cancelActivity="false",
    )  # fmt: skip
    return diagram(
        start(), user("work"), event, end(), end("rung"), flows("start", "work", "end"),
        flows("ring", "rung"), process_id="late",
    )  # fmt: skip


def event_subprocess(cycle: str, asked: str) -> bytes:
    inner = event_sub("ring", on("timeCycle", cycle), interrupting=False)
    inner = inner.replace(
        '<bpmn:startEvent id="ring_s" isInterrupting="false">',
        f'<bpmn:startEvent id="ring_s" isInterrupting="false">{extended(asked)}',
    )
    assert extended(asked) in inner
    return diagram(
        start(), user("work"), inner, end(), flows("start", "work", "end"), process_id="late"
    )


def process_start(cycle: str, asked: str) -> bytes:
    event = element("startEvent", "ring", asked, on("timeCycle", cycle))
    return diagram(event, end(), flows("ring", "end"), process_id="late")


def fired(stage: Stage) -> int:
    """How often it rang, in whatever instance; a start event's firings are instances."""
    rung = [row for row in stage.rows(HistoryEntry) if row["act"] == "timer.fired"]
    begun = [row for row in stage.rows(ProcessInstance) if row["started_by"] == "system"]
    return len(rung) + len(begun)


def next_due(stage: Stage) -> datetime:
    (job,) = [job for job in stage.rows(Job, state="waiting") if job["kind"] in ("timer", "start")]
    assert isinstance(job["due_at"], datetime)
    return job["due_at"]


@pytest.mark.parametrize("cycle", HOURLY.values(), ids=HOURLY.keys())
@pytest.mark.parametrize("place", [boundary, event_subprocess, process_start])
@pytest.mark.parametrize("every", [False, True], ids=["once for all", "each of them"])
def test_a_day_without_a_worker(
    stage: Stage, bring: Bring, run_due: RunDue, cycle: str,
    place: Callable[[str, str], bytes], every: bool,
) -> None:  # fmt: skip
    bring(place(cycle, properties(timer_all_missed="true") if every else ""))
    if place is not process_start:
        begin_with(stage, "late")
    began = stage.clock.now

    stage.clock.forward(hours=24, minutes=10)
    run_due()

    assert fired(stage) == (24 if every else 1)
    assert next_due(stage) == began + timedelta(hours=25)
    stage.clock.forward(hours=1)
    run_due()
    assert fired(stage) == (25 if every else 2)


def test_a_limited_cycle_counts_what_it_missed_as_one(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(boundary("R3/PT1H", ""))
    begin_with(stage, "late")
    for _ in range(4):
        stage.clock.forward(hours=5)
        run_due()
    assert fired(stage) == 3


def test_days_are_those_of_shanghai_and_moments_are_kept_in_utc(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    """Nine in the morning is 01:00 UTC; where the diagram names a zone, it is that zone's."""
    bring(boundary("0 9 * * *", ""))
    begin_with(stage, "late")
    assert next_due(stage) == datetime(2026, 3, 3, 1, tzinfo=UTC)


def test_a_zone_that_the_diagram_names_counts(stage: Stage, bring: Bring) -> None:
    bring(boundary("R/2026-03-04T09:00:00+09:00/P1D", ""))
    begin_with(stage, "late")
    assert next_due(stage) == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("cycle", ["R/PT0.001S", "R/PT0S", "R/-PT1H"])
def test_a_cycle_that_comes_round_too_fast_is_an_incident_at_its_task(
    stage: Stage, bring: Bring, run_due: RunDue, cycle: str
) -> None:
    """The deploy check refuses it where it is written out; here a variable brings it."""
    bring(boundary("=cycle", ""))
    key = begin_with(stage, "late", cycle=cycle)
    stage.clock.forward(days=1)
    run_due()
    assert stage.row(ProcessInstance)["open_incidents"] == 1
    assert "间隔" in str(stage.value(key, "incident.raised")["message"])
    assert stage.rows(Job, kind="timer") == []


AT_A_DATE = diagram(
    start(), element("intermediateCatchEvent", "wait", inside=on("timeDate", "=at")), end(),
    flows("start", "wait", "end"), process_id="late",
)  # fmt: skip


def test_a_date_at_the_end_of_time_waits(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(AT_A_DATE)
    begin_with(stage, "late", at="9999-12-31T23:59:59")
    stage.clock.forward(days=36_500)
    assert run_due() == 0
    assert next_due(stage).year == 9999


def test_a_date_that_no_clock_has_is_an_incident(stage: Stage, bring: Bring) -> None:
    bring(AT_A_DATE)
    key = begin_with(stage, "late", at="9999-12-31T23:59:59-12:00")
    assert stage.value(key, "incident.raised")["type"] == "EXTRACT_VALUE_ERROR"
    assert stage.rows(Job, kind="timer") == []
