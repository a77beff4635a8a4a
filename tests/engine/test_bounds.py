"""Nothing runs without an end: not a loop, not a flood of tokens, not a long diagram."""

import pytest

from service.domain.events import IncidentType
from service.engine import HandlerDue
from service.engine.run import STEP_LIMIT, TOKEN_LIMIT, WORK_STEPS
from service.feel import Budget, FeelPool
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    mapping,
    on,
    parallel,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.engine.conftest import Play, read_model
from tests.engine.player import ROOT


def test_a_loop_that_never_waits_stops_as_an_incident(play: Play) -> None:
    player = play(diagram(start(), exclusive("a"), exclusive("b"), flows("start", "a", "b", "a")))

    [incident] = player.incidents.values()
    assert incident.element_id in ("a", "b")
    assert incident.failure.type is IncidentType.UNKNOWN
    assert str(STEP_LIMIT) in incident.failure.message


def test_its_brothers_have_gone_on(play: Play) -> None:
    player = play(
        diagram(
            start(),
            parallel("split"),
            exclusive("a"),
            exclusive("b"),
            user("task"),
            end(),
            flows("start", "split", "a", "b", "a"),
            flows("split", "task", "end"),
        )
    )

    assert player.waiting == ["task"]
    assert len(player.stuck) == 1


def test_a_loop_of_work_stops_earlier(play: Play) -> None:
    calls: list[HandlerDue] = []

    def work(due: HandlerDue) -> dict[str, int]:
        calls.append(due)
        return {"n": len(calls)}

    player = play(
        diagram(
            start(), exclusive("again"), service("send"), flows("start", "again", "send", "again")
        ),
        work=work,
    )

    assert len(calls) <= STEP_LIMIT / WORK_STEPS
    assert len(player.stuck) == 1


def test_the_expressions_of_one_run_share_a_budget(feel: FeelPool, play: Play) -> None:
    """Two seconds in all: the run ends as an incident, not as a hanging worker."""
    source = diagram(
        start(),
        exclusive("again"),
        script("slow", "=count(for i in 1..100000 return i)"),
        flows("start", "again", "slow", "again"),
    )

    player = play(source)

    [incident] = player.incidents.values()
    assert incident.failure.type in (IncidentType.EXTRACT_VALUE_ERROR, IncidentType.UNKNOWN)
    assert Budget().seconds == 2.0


def test_a_flood_of_tokens_stops_at_the_gateway(play: Play) -> None:
    player = play(
        diagram(
            start(),
            exclusive("merge"),
            parallel("split"),
            flows("start", "merge", "split", "merge"),
            flow("again", "split", "merge"),
        )
    )

    assert set(player.stuck) <= {"merge", "split"}
    assert len(player.open) <= TOKEN_LIMIT


def test_a_sequence_of_two_thousand_elements_is_parsed_and_run(play: Play) -> None:
    names = [f"g{i}" for i in range(2_000)]
    player = play(
        diagram(
            start(),
            *map(exclusive, names),
            user("last"),
            end(),
            flows("start", *names, "last", "end"),
        )
    )

    assert player.waiting == ["last"]
    assert player.done[1:] == names


def test_a_hundred_branches_join(play: Play) -> None:
    names = [f"u{i}" for i in range(100)]
    branches = [user(name) + flows("split", name, "join") for name in names]
    player = play(
        diagram(
            start(),
            parallel("split"),
            *branches,
            parallel("join"),
            end(),
            flows("start", "split"),
            flows("join", "end"),
        )
    )

    for name in reversed(names):
        player.complete(name)

    assert player.ending is not None


@pytest.mark.parametrize("turns", [200])
def test_every_turn_has_steps_of_its_own(play: Play, turns: int) -> None:
    """The limit is of one run: a loop that waits may go round for ever."""
    player = play("loop.bpmn", stop=False)

    for _ in range(turns):
        player.complete("form")

    assert player.waiting == ["form"]
    assert player.stuck == []
    assert read_model("loop.bpmn").elements
    assert player.resume().visible(ROOT) == {"stop": False}


def test_what_an_event_brought_is_kept_where_the_steps_run_out(play: Play) -> None:
    middle = throw("thrown", on("escalation", "x"), mapping(inputs={"why": "late"}))
    box = sub("box", start("s"), middle, flows("s", "thrown", "thrown"))
    event = boundary("caught", "box", on("escalation", "x"), interrupting=False)
    ways = flows("start", "box") + flows("caught", "end")
    source = diagram(start(), box, event, end(), ways, declared=declare("escalation", "x"))
    player = play(source)
    assert player.stuck == ["caught", "thrown"]
    player.variables["why"] = "changed"

    player.retry("caught")

    assert player.variables["why"] == "late"
