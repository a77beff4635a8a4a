"""Conditional flows and several flows out of an activity: BPMN 2.0.2, 13.3.1."""

import pytest

from service.domain.events import IncidentType
from tests.engine.builders import (
    boundary,
    call,
    declare,
    diagram,
    element,
    end,
    flow,
    flows,
    inner,
    mapping,
    message,
    multi,
    on,
    receive,
    script,
    service,
    start,
    user,
)
from tests.engine.conftest import Play


def out_of(activity: str, *ways: str, **more: str) -> bytes:
    """An activity `act` with these flows to the tasks `a`, `b` and `c`."""
    tasks = user("a") + user("b") + user("c")
    after = flows("a", "end") + flows("b", "end") + flows("c", "end")
    return diagram(start(), activity, tasks, end(), flows("start", "act"), *ways, after, **more)


def with_default(activity: str, name: str = "to_c") -> str:
    """The same activity with a default flow."""
    return activity.replace('id="act"', f'id="act" default="{name}"', 1)


def test_every_flow_without_a_condition_is_taken(play: Play) -> None:
    player = play(out_of(user("act"), flows("act", "a"), flows("act", "b")))

    player.complete("act")

    assert player.waiting == ["a", "b"]
    player.complete("a")
    player.complete("b")
    assert player.ending is not None


CHOICE = flow("to_a", "act", "a", "=n > 1") + flow("to_b", "act", "b", "=n > 5")


@pytest.mark.parametrize(("n", "taken"), [(0, ["c"]), (3, ["a"]), (9, ["a", "b"])])
def test_conditions_choose_and_the_default_stands_in(play: Play, n: int, taken: list[str]) -> None:
    player = play(out_of(with_default(user("act")), CHOICE, flow("to_c", "act", "c")))

    player.complete("act", n=n)

    assert player.waiting == taken


def test_conditions_choose_behind_a_task_that_sends_too(play: Play) -> None:
    task = with_default(element("sendTask", "act", messageRef="m_order"))
    ways = (CHOICE, flow("to_c", "act", "c"))
    player = play(out_of(task, *ways, declared=message("order")), n=3, id="7")

    assert player.waiting == ["a"]


def test_a_flow_without_a_condition_is_taken_beside_the_others(play: Play) -> None:
    player = play(out_of(user("act"), CHOICE, flow("to_c", "act", "c")))

    player.complete("act", n=3)

    assert player.waiting == ["a", "c"]


def test_the_default_is_taken_when_only_a_plain_flow_is_beside_it(play: Play) -> None:
    ways = flow("to_a", "act", "a", "=n > 1") + flow("to_b", "act", "b") + flow("to_c", "act", "c")
    player = play(out_of(with_default(user("act")), ways))

    player.complete("act", n=0)

    assert player.waiting == ["b", "c"]


def test_a_condition_on_the_only_flow_counts(play: Play) -> None:
    """Stock: it is ignored."""
    player = play(out_of(user("act"), flow("to_a", "act", "a", "=n > 1")))

    player.complete("act", n=0)

    assert player.stuck == ["act"]
    assert player.waiting == []
    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.CONDITION_ERROR
    player.variables["n"] = 2
    player.retry("act")
    assert player.waiting == ["a"]
    assert player.done == ["start", "act"]


def test_a_retry_of_the_flows_asks_for_nothing_else_again(play: Play) -> None:
    """The results were written once: what was changed since is not overwritten."""
    task = user("act", extensions=mapping(outputs={"sum": "=given + 1"}))
    player = play(out_of(task, flow("to_a", "act", "a", "=sum > 10")))
    player.complete("act", given=1)
    assert player.stuck == ["act"]
    assert player.variables == {"sum": 2}
    player.variables["sum"] = 11

    player.retry("act")

    assert player.variables == {"sum": 11}
    assert player.waiting == ["a"]


def test_results_that_had_to_be_kept_do_not_hide_what_was_changed_since(play: Play) -> None:
    task = user("act", extensions=mapping(outputs={"sum": "=given + lacking"}))
    player = play(out_of(task, flow("to_a", "act", "a", "=given > 10")), given=0)
    player.complete("act", given=1)
    player.variables["lacking"] = 1
    player.retry("act")
    assert player.stuck == ["act"]
    player.variables["given"] = 11

    player.retry("act")

    assert player.waiting == ["a"]
    assert player.variables == {"given": 11, "lacking": 1, "sum": 2}


def test_conditions_see_the_results_of_the_activity(play: Play) -> None:
    player = play(out_of(script("act", "=4", result="n"), CHOICE))

    assert player.waiting == ["a"]


ACTIVITIES = {
    "service": service("act"),
    "call": call("act"),
    "subprocess": inner("act", "work"),
    "multi_instance": inner("act", "work", more=multi("=[1]", item="i")),
}


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_any_activity_may_have_conditions_behind_it(play: Play, kind: str) -> None:
    player = play(out_of(with_default(ACTIVITIES[kind]), CHOICE, flow("to_c", "act", "c")), n=3)

    player.complete("work" if "work" in player.waiting else "act")

    assert player.waiting == ["a"]


def test_a_multi_instance_activity_asks_once_and_not_in_each_pass(play: Play) -> None:
    whole = inner("act", "work", more=multi("=[1,2]", item="i"))
    player = play(out_of(whole, flow("to_a", "act", "a", "=n > 1")), n=0)
    player.complete("work")
    assert player.stuck == []

    player.complete("work")

    assert player.stuck == ["act"]
    player.variables["n"] = 2
    player.retry("act")
    assert player.waiting == ["a"]


def test_events_may_have_several_and_conditional_flows(play: Play) -> None:
    source = diagram(
        start(),
        user("a"),
        user("b"),
        user("c"),
        end(),
        flow("x", "start", "a", "=n > 1"),
        flow("y", "start", "b"),
        flows("a", "end") + flows("b", "end"),
        boundary("late", "b", on("signal", "x")),
        flows("late", "a") + flows("late", "c", "end"),
        declared=declare("signal", "x"),
    )
    player = play(source, n=2)
    assert player.waiting == ["a", "b"]

    player.trigger("late")

    assert player.waiting == ["a", "a", "c"]


def test_a_receive_task_chooses_by_what_its_message_brought(play: Play) -> None:
    source = out_of(receive("act", "paid"), CHOICE, declared=message("paid"))
    player = play(source, id=1)

    player.trigger("act", n=9)

    assert player.waiting == ["a", "b"]


def test_a_condition_that_is_no_boolean_is_an_incident(play: Play) -> None:
    player = play(out_of(user("act"), flow("to_a", "act", "a", "=n")))

    player.complete("act", n=1)

    assert player.stuck == ["act"]
    [incident] = player.incidents.values()
    assert "to_a" in incident.failure.message
