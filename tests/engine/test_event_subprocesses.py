"""Event subprocesses: BPMN 2.0.2, 10.3.5 and 13.5.4, each kind of start, interrupting or not."""

import pytest

from service.domain.events import (
    ElementActivated,
    ElementTerminated,
    EventCaught,
    Unsubscribed,
)
from service.engine import NotWaiting
from tests.engine.builders import (
    diagram,
    end,
    end_on,
    event_sub,
    flows,
    on,
    parallel,
    script,
    start,
    start_on,
    sub,
    throw,
    user,
)
from tests.engine.catchers import DECLARED, process
from tests.engine.conftest import Play

OUTSIDE = [("message", "help"), ("signal", "x"), ("timeDuration", "PT1H"), ("timeCycle", "R/PT1H")]


@pytest.mark.parametrize(("kind", "name"), OUTSIDE)
def test_one_that_interrupts_ends_everything_else(play: Play, kind: str, name: str) -> None:
    player = play(process(event_sub("rescue", on(kind, name), "helper")), id=1)

    player.trigger("rescue_s")

    assert player.terminated == ["work"]
    assert player.waiting == ["helper"]
    assert player.awaited == []
    player.complete("helper")
    assert player.ending is not None


@pytest.mark.parametrize(("kind", "name"), OUTSIDE)
def test_one_that_does_not_interrupt_runs_beside(play: Play, kind: str, name: str) -> None:
    rescue = event_sub("rescue", on(kind, name), "helper", interrupting=False)
    player = play(process(rescue), id=1)

    player.trigger("rescue_s")

    assert player.waiting == ["helper", "work"]
    player.complete("work")
    assert player.ending is None, "the process waits for its event subprocess"
    player.complete("helper")
    assert player.ending is not None


@pytest.mark.parametrize(("kind", "name"), OUTSIDE)
def test_one_that_is_not_needed_holds_nothing_up(play: Play, kind: str, name: str) -> None:
    """Stock: a waiting timer start blocks completion for ever."""
    rescue = event_sub("rescue", on(kind, name), "helper", interrupting=False)
    player = play(process(rescue), id=1)
    assert player.awaited == ["rescue_s"]

    player.complete("work")

    assert player.ending is not None


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_one_for_what_is_thrown_waits_until_it_is(play: Play, kind: str) -> None:
    """Stock: its handler runs at once when the process starts."""
    thrown = end_on("thrown", on(kind, "x"))
    player = play(
        diagram(
            start(),
            user("work"),
            thrown,
            flows("start", "work", "thrown"),
            event_sub("rescue", on(kind, "x"), "helper"),
            declared=DECLARED,
        )
    )
    assert player.waiting == ["work"]

    player.complete("work")

    assert player.waiting == ["helper"]
    [caught] = [e for e in player.events if isinstance(e, EventCaught)]
    assert (caught.element_instance_key, caught.element_id, caught.code) == (1, "rescue_s", "x")


def test_one_for_a_condition_fires_when_it_becomes_true(play: Play) -> None:
    player = play(process(event_sub("rescue", on("conditional", "=alarm"), "helper")), alarm=False)
    assert player.awaited == [], "the engine itself watches conditions"

    player.set(alarm=True)

    assert player.terminated == ["work"]
    assert player.waiting == ["helper"]
    assert not any(isinstance(e, Unsubscribed) for e in player.events)


def test_one_that_does_not_interrupt_is_triggered_again(play: Play) -> None:
    """Stock: a non-interrupting message reacts once only."""
    rescue = event_sub("rescue", on("message", "help"), "helper", interrupting=False)
    player = play(process(rescue), id=1)

    player.trigger("rescue_s", who="lin")
    player.trigger("rescue_s", who="wang")

    assert player.waiting == ["helper", "helper", "work"]
    assert player.variables["who"] == "wang"
    player.complete("helper")
    player.complete("work")
    player.complete("helper")
    assert player.ending is not None


def test_one_may_be_triggered_while_only_another_is_left(play: Play) -> None:
    rescue = event_sub("rescue", on("message", "help"), "helper", interrupting=False)
    player = play(process(rescue), id=1)
    player.trigger("rescue_s")
    player.complete("work")

    player.trigger("rescue_s")

    assert player.waiting == ["helper", "helper"]


def test_after_one_has_interrupted_no_other_of_that_scope_is_waited_for(play: Play) -> None:
    first = event_sub("first", on("message", "help"), "helper")
    second = event_sub("second", on("signal", "x"), "other", interrupting=False)
    player = play(process(first, second), id=1)
    execution = player.resume()

    player.trigger("first_s")

    assert Unsubscribed(1, ("first_s", "second_s")) in player.events
    with pytest.raises(NotWaiting):
        player.resume().trigger(1, "second_s", {})
    execution.trigger(1, "second_s", {})


def test_one_that_interrupts_ends_those_that_run_beside(play: Play) -> None:
    first = event_sub("first", on("message", "help"), "helper", interrupting=False)
    second = event_sub("second", on("signal", "x"), "other")
    player = play(process(first, second), id=1)
    player.trigger("first_s")

    player.trigger("second_s")

    assert player.terminated == ["work", "helper", "first"]
    assert player.waiting == ["other"]


def test_children_with_incidents_end_with_the_rest(play: Play) -> None:
    broken = user("broken", assignee="=missing")
    player = play(
        diagram(
            start(),
            parallel("split"),
            broken,
            user("sound"),
            end(),
            flows("start", "split", "broken", "end") + flows("split", "sound", "end"),
            event_sub("rescue", on("message", "help"), "helper"),
            declared=DECLARED,
        ),
        id=1,
    )
    assert player.stuck == ["broken"]

    player.trigger("rescue_s")

    assert player.stuck == []
    assert player.waiting == ["helper"]


def test_a_cycle_repeats_as_often_as_it_says(play: Play) -> None:
    rescue = event_sub("rescue", on("timeCycle", "R2/PT1H"), "helper", interrupting=False)
    player = play(process(rescue))

    player.trigger("rescue_s")
    assert player.awaited == ["rescue_s"]
    player.trigger("rescue_s")

    assert player.awaited == []
    assert player.waiting == ["helper", "helper", "work"]


def test_one_that_throws_what_starts_it_stops_at_the_bound(play: Play) -> None:
    """An escalation that starts itself anew without waiting ends as incidents, not for ever."""
    rescue = sub(
        "rescue",
        start_on("rescue_s", on("escalation", "x"), interrupting=False),
        end_on("rescue_e", on("escalation", "x")),
        flows("rescue_s", "rescue_e"),
        triggeredByEvent="true",
    )
    player = play(
        diagram(
            start(),
            throw("thrown", on("escalation", "x")),
            user("work"),
            end(),
            flows("start", "thrown", "work", "end"),
            rescue,
            declared=DECLARED,
        )
    )

    assert player.stuck != []
    player.cancel()
    assert player.ending is not None


def test_children_end_before_the_event_subprocess_begins(play: Play) -> None:
    player = play(process(event_sub("rescue", on("message", "help"), "helper")), id=1)
    before = len(player.events)

    player.trigger("rescue_s")

    told = [
        (type(e).__name__, e.element_id)
        for e in player.events[before:]
        if isinstance(e, ElementActivated | ElementTerminated)
    ]
    assert told == [
        ("ElementTerminated", "work"),
        ("ElementActivated", "rescue"),
        ("ElementActivated", "rescue_s"),
        ("ElementActivated", "helper"),
    ]


def test_a_condition_is_not_asked_in_a_scope_that_was_taken_over(play: Play) -> None:
    first = event_sub("first", on("message", "help"), "helper")
    second = event_sub("second", on("conditional", "=alarm"), "other")
    player = play(process(first, second), id=1, alarm=False)
    player.trigger("first_s")

    player.set(alarm=True)

    assert player.waiting == ["helper"]


def test_a_condition_that_holds_from_the_start_fires_once(play: Play) -> None:
    rescue = event_sub("rescue", on("conditional", "=n > 2"), "helper", interrupting=False)
    player = play(
        diagram(
            start(),
            script("three", "=3", result="n"),
            user("work"),
            end(),
            flows("start", "three", "work", "end"),
            rescue,
        )
    )
    assert player.waiting == ["helper", "work"]

    player.set(n=4)
    assert player.waiting == ["helper", "work"]
    player.set(n=1)
    player.set(n=5)

    assert player.waiting == ["helper", "helper", "work"]
