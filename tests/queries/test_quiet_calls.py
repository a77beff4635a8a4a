"""What the system did by itself in called cases is folded away from what people did."""

import pytest

from service.jobs.runner import JobRunner
from service.queries import timeline
from service.web.timeline_runs import runs
from tests.engine.builders import call, catch, diagram, end, flows, message, on, script, start, user
from tests.fixtures_commands import WORK, Stage
from tests.fixtures_events import Bring, begin_with, bring

__all__ = ["bring"]

LOOKS = diagram(
    start(), script("look", "=1"), end(), flows("start", "look", "end"), process_id="in"
)
ASKS = diagram(start(), user("ask"), end(), flows("start", "ask", "end"), process_id="in")
WAITS = diagram(
    start(), catch("wait", on("message", "reply")), end(), flows("start", "wait", "end"),
    process_id="in", declared=message("reply", '="1"'),
)  # fmt: skip
DEEPER = diagram(
    start(), call("down", "in2"), end(), flows("start", "down", "end"), process_id="in"
)
DEEPEST = ASKS.replace(b'id="in"', b'id="in2"')
CALLS = diagram(
    start(), call("one", "in"), call("two", "in"), user("then"), end(),
    flows("start", "one", "two", "then", "end"), process_id="out",
)  # fmt: skip


def quiet_acts(stage: Stage, bring: Bring, *called: bytes) -> list[tuple[str, bool]]:
    bring(*called, CALLS)
    key = begin_with(stage, "out")
    JobRunner(stage.rooms, owner="worker-1", kinds=WORK).run_due()
    with stage.rooms.read() as session:
        entries = timeline.of_instance(session, instance_key=key, with_values=True)
    return [(one.act, one.is_quiet) for one in entries]


def test_what_asked_nobody_is_quiet(stage: Stage, bring: Bring) -> None:
    assert quiet_acts(stage, bring, LOOKS) == [
        ("instance.started", False),
        ("call.started", True), ("call.ended", True),
        ("call.started", True), ("call.ended", True),
    ]  # fmt: skip


@pytest.mark.parametrize("called", [(ASKS,), (WAITS,), (DEEPEST, DEEPER)])
def test_what_asks_somebody_or_waits_is_told(
    stage: Stage, bring: Bring, called: tuple[bytes, ...]
) -> None:
    assert quiet_acts(stage, bring, *called) == [
        ("instance.started", False),
        ("call.started", False),
    ]


def test_a_row_of_them_is_one_line(stage: Stage, bring: Bring) -> None:
    bring(LOOKS, CALLS)
    key = begin_with(stage, "out")
    JobRunner(stage.rooms, owner="worker-1", kinds=WORK).run_due()
    with stage.rooms.read() as session:
        entries = timeline.of_instance(session, instance_key=key, with_values=True)
    first, folded = runs(entries)
    assert (first.words, len(first.entries)) == ("", 1)
    assert len(folded.entries) == 4
