"""Conditional events: BPMN 2.0.2, 10.5.5. They fire when their condition becomes true."""

import pytest

from service.domain.events import ConditionUnclear, Subscribed
from tests.engine.builders import (
    boundary,
    catch,
    diagram,
    end,
    event_sub,
    exclusive,
    flows,
    inner,
    mapping,
    on,
    parallel,
    script,
    start,
    user,
)
from tests.engine.conftest import Play


def waits(condition: str) -> bytes:
    """A catch event with this condition, and a task beside it that may change variables."""
    ways = flows("start", "split", "wait", "after", "end") + flows("split", "work", "end")
    event = catch("wait", on("conditional", condition))
    return diagram(start(), parallel("split"), event, user("work"), user("after"), end(), ways)


def test_it_waits_until_a_variable_makes_it_true(play: Play) -> None:
    player = play(waits("=n > 3"), n=1)
    assert player.waiting == ["work"]
    player.set(n=3)
    assert player.waiting == ["work"]

    player.set(n=4)

    assert player.waiting == ["after", "work"]
    assert not any(isinstance(e, Subscribed) for e in player.events)


def test_what_another_branch_writes_is_seen(play: Play) -> None:
    player = play(waits("=n > 3"), n=1)

    player.complete("work", n=4)

    assert player.waiting == ["after"]


def test_one_that_holds_already_is_passed(play: Play) -> None:
    player = play(waits("=n > 3"), n=4)

    assert player.waiting == ["after", "work"]


def test_a_variable_that_does_not_exist_yet_leaves_it_false(play: Play) -> None:
    player = play(waits("=ready"))
    assert player.stuck == []
    assert not any(isinstance(e, ConditionUnclear) for e in player.events)

    player.set(ready=True)

    assert player.waiting == ["after", "work"]


def test_one_that_is_neither_true_nor_false_is_told_and_counts_as_false(play: Play) -> None:
    player = play(waits("=n"), n=7)

    [unclear] = [e for e in player.events if isinstance(e, ConditionUnclear)]
    assert unclear.element_id == "wait"
    assert player.stuck == []
    player.set(n=True)
    assert player.waiting == ["after", "work"]


def test_it_is_not_asked_again_for_variables_it_does_not_name(play: Play) -> None:
    player = play(waits("=n"), n=7, other=1)

    player.set(other=2)

    assert len([e for e in player.events if isinstance(e, ConditionUnclear)]) == 1


def test_a_filter_says_which_variables_count(play: Play) -> None:
    filtered = (
        '<bpmn:extensionElements><zeebe:conditionalFilter variableNames="m, k" />'
        "</bpmn:extensionElements>"
    )
    written = on("conditional", "=n > 3").replace("<bpmn:condition ", filtered + "<bpmn:condition ")
    ways = flows("start", "wait", "end")
    player = play(diagram(start(), catch("wait", written), end(), ways), n=1, m=1)

    player.set(n=4)
    assert player.ending is None
    player.set(m=2)

    assert player.ending is not None


def at_border(*, interrupting: bool) -> bytes:
    event = boundary("event", "act", on("conditional", "=n > 3"), interrupting=interrupting)
    ways = flows("start", "act", "end") + flows("event", "handler", "end")
    return diagram(start(), user("act"), event, user("handler"), end(), ways)


def test_one_that_does_not_interrupt_fires_each_time_it_becomes_true(play: Play) -> None:
    player = play(at_border(interrupting=False), n=1)

    player.set(n=4)
    player.set(n=5)
    assert player.waiting == ["act", "handler"]
    player.set(n=2)
    player.set(n=9)

    assert player.waiting == ["act", "handler", "handler"]


def test_its_memory_goes_with_the_activity(play: Play) -> None:
    player = play(at_border(interrupting=False), n=4)

    player.complete("act")

    assert '"a"' not in player.state
    assert player.waiting == ["handler"]


def test_it_sees_the_variables_of_its_own_scope(play: Play) -> None:
    rescue = event_sub("rescue", on("conditional", "=mine > 3"), "helper")
    box = inner("box", "work", more=rescue, extensions=mapping(inputs={"mine": "=n"}))
    player = play(diagram(start(), box, end(), flows("start", "box", "end")), n=1)
    player.set(mine=9)
    assert player.waiting == ["work"], "the scope's own variable hides the outer one"

    player.set("box", mine=4)

    assert player.waiting == ["helper"]


@pytest.mark.parametrize("first", ["=n > 3", "=n > 5"])
def test_one_condition_may_end_what_another_waits_for(play: Play, first: str) -> None:
    events = boundary("one", "act", on("conditional", first)) + boundary(
        "two", "act", on("conditional", "=n > 4")
    )
    ways = flows("start", "act", "end") + flows("one", "a", "end") + flows("two", "b", "end")
    player = play(diagram(start(), user("act"), events, user("a"), user("b"), end(), ways), n=1)

    player.set(n=9)

    assert player.waiting == ["a"]
    assert player.terminated == ["act"]


def test_what_one_fires_may_make_another_true(play: Play) -> None:
    ways = flows("start", "split", "one", "write", "end") + flows("split", "two", "end")
    events = catch("one", on("conditional", "=n > 3")) + catch("two", on("conditional", "=m"))
    source = diagram(
        start(), parallel("split"), events, script("write", "=true", result="m"), end(), ways
    )
    player = play(source, n=1)

    player.set(n=4)

    assert player.ending is not None


def test_one_that_is_true_whenever_it_is_met_does_not_run_for_ever(play: Play) -> None:
    """The steps or the seconds of the run end it, whichever are fewer."""
    event, again = catch("wait", on("conditional", "=n > 3")), '<bpmn:task id="again" />'
    ways = flows("start", "wait", "again", "wait")
    player = play(diagram(start(), event, again, ways), n=1)

    player.set(n=4)

    unclear = [e for e in player.events if isinstance(e, ConditionUnclear)]
    assert unclear or player.stuck
    player.cancel()
    assert player.ending is not None


def test_one_that_a_run_had_no_time_for_is_asked_by_the_next(play: Play) -> None:
    ways = flows("start", "split", "again", "slow", "again") + flows("split", "first", "wait")
    slow = script("slow", "=count(for i in 1..100000 return i)")
    event = catch("wait", on("conditional", "=ready"))
    gates = parallel("split") + exclusive("again")
    tasks = user("first") + user("after")
    source = diagram(start(), gates, slow, event, tasks, ways, flows("wait", "after"))
    player = play(source, ready=True)
    [incident] = player.incidents.values()
    execution = player.resume()
    execution.complete(player.key_of("first"), {})
    execution.retry(incident.element_instance_key)
    player.play(execution)
    assert [e.element_id for e in player.events if isinstance(e, ConditionUnclear)] == ["wait"]
    assert player.waiting == []

    player.set(other=1)

    assert player.waiting == ["after"]


def test_one_that_its_own_handler_keeps_true_fires_once(play: Play) -> None:
    rescue = event_sub("rescue", on("conditional", "=n > 3"), interrupting=False)
    ways = flows("start", "work", "end")
    player = play(diagram(start(), user("work"), end(), ways, rescue), n=1)

    for n in (4, 5, 1, 6):
        player.set(n=n)

    assert player.done.count("rescue") == 2
