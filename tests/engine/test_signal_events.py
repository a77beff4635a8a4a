"""Signal events: BPMN 2.0.2, 10.5.5. They reach everybody who waits, the thrower's instance too."""

import pytest

from service.domain.events import EventKind, SignalThrown
from tests.engine.builders import (
    boundary,
    catch,
    declare,
    diagram,
    end,
    end_on,
    event_sub,
    flows,
    inner,
    mapping,
    on,
    parallel,
    start,
    throw,
    user,
)
from tests.engine.conftest import Play

DECLARED = declare("signal", "x")


def test_a_signal_goes_out_at_an_end_event(play: Play) -> None:
    """Stock: none is sent."""
    last = end_on("last", on("signal", "x"), mapping(inputs={"n": "=m + 1"}))
    player = play(diagram(start(), last, flows("start", "last"), declared=DECLARED), m=1)

    [sent] = player.sent
    assert isinstance(sent, SignalThrown)
    assert (sent.name, sent.element_id, sent.variables) == ("x", "last", {"n": 2})
    assert player.ending is not None


def test_a_signal_goes_out_in_the_middle(play: Play) -> None:
    way = flows("start", "out", "after", "end")
    middle = throw("out", on("signal", "x"))
    player = play(diagram(start(), middle, user("after"), end(), way, declared=DECLARED))

    assert [one.name for one in player.sent] == ["x"]
    assert player.waiting == ["after"]


def test_a_catcher_waits_for_its_name_alone(play: Play) -> None:
    way = flows("start", "wait", "after", "end")
    waits = catch("wait", on("signal", "x"))
    player = play(diagram(start(), waits, user("after"), end(), way, declared=DECLARED))
    [told] = player.subscriptions.values()
    assert (told.kind, told.name, told.correlation_key) == (EventKind.SIGNAL, "x", "")

    player.trigger("wait", n=1)

    assert player.waiting == ["after"]
    assert player.variables == {"n": 1}


@pytest.mark.parametrize("kind", ["catch", "boundary", "event subprocess"])
def test_it_comes_back_to_the_instance_that_threw_it(play: Play, kind: str) -> None:
    beside = {
        "catch": catch("wait", on("signal", "x")),
        "boundary": user("wait") + boundary("event", "wait", on("signal", "x")),
        "event subprocess": user("wait") + event_sub("rescue", on("signal", "x"), "helper"),
    }[kind]
    event = {"catch": "wait", "boundary": "event", "event subprocess": "wait"}[kind]
    ways = flows("start", "split", "wait") + flows("split", "work", "out", "end")
    after = flows(event, "after") if kind != "event subprocess" else ""
    out = throw("out", on("signal", "x"))
    everything = (start(), parallel("split"), beside, user("work"), out, user("after"), end())
    player = play(diagram(*everything, ways, after, declared=DECLARED))
    player.complete("work")

    player.deliver()

    assert player.waiting == (["helper"] if kind == "event subprocess" else ["after"])


def test_it_reaches_everybody_who_waits(play: Play) -> None:
    ways = flows("start", "split", "a", "end") + flows("split", "b", "end")
    more = flows("split", "work", "out", "end")
    waits = catch("a", on("signal", "x")) + catch("b", on("signal", "x"))
    out = throw("out", on("signal", "x"))
    source = diagram(
        start(), parallel("split"), waits, user("work"), out, end(), ways, more, declared=DECLARED
    )
    player = play(source)
    player.complete("work")

    player.deliver()

    assert player.ending is not None


def test_the_first_who_is_reached_may_end_the_others(play: Play) -> None:
    box = inner("box", "work", more=event_sub("rescue", on("signal", "x"), "helper"))
    event = boundary("event", "box", on("signal", "x"))
    ways = flows("start", "box", "end") + flows("event", "after", "end")
    source = diagram(start(), box, event, user("after"), end(), ways, declared=DECLARED)
    player = play(source)
    player.events.append(SignalThrown(1, "elsewhere", "x", {}))

    player.deliver()

    assert player.waiting == ["after"]
    assert player.awaited == []


def test_a_name_may_be_worked_out(play: Play) -> None:
    declared = declare("signal", "x").replace('name="x"', 'name="=kind"')
    out = throw("out", on("signal", "x"))
    source = diagram(start(), out, end(), flows("start", "out", "end"), declared=declared)
    player = play(source, kind="flood")

    assert [one.name for one in player.sent] == ["flood"]


def test_a_name_that_is_missing_is_an_incident_and_it_goes_out_once(play: Play) -> None:
    declared = declare("signal", "x").replace('name="x"', 'name="=kind"')
    out = throw("out", on("signal", "x"))
    source = diagram(start(), out, end(), flows("start", "out", "end"), declared=declared)
    player = play(source)
    assert player.stuck == ["out"]
    player.variables["kind"] = "flood"

    player.retry("out")

    assert [one.name for one in player.sent] == ["flood"]
