"""How an instance begins: by hand, or by an event. BPMN 2.0.2, 10.5.2 and 13.5.1."""

import pytest

from service.domain.events import ElementActivated, InstanceCompleted
from service.domain.keys import KeySource
from service.engine import Engine
from service.engine.errors import NoSuchStart
from service.feel import FeelPool
from tests.engine.builders import (
    catch,
    declare,
    diagram,
    end,
    event_gateway,
    event_sub,
    flows,
    mapping,
    message,
    on,
    start,
    start_on,
    user,
)
from tests.engine.conftest import Play, read_model
from tests.engine.player import NOW

DECLARED = message("order") + message("help", "=ticket") + declare("signal", "x")

KINDS = {
    "message": on("message", "order"),
    "signal": on("signal", "x"),
    "timer": on("timeCycle", "R/P1D"),
    "conditional": on("conditional", "=n > 3"),
}


def begun_by(definition: str, *more: str, extensions: str = "") -> bytes:
    """A process with a start by hand, and another by this event."""
    first = start_on("event", definition, extensions=extensions)
    ways = flows("start", "by_hand", "end") + flows("event", "by_event", "end")
    tasks = user("by_hand") + user("by_event")
    return diagram(start(), first, tasks, end(), ways, *more, declared=DECLARED)


@pytest.mark.parametrize("kind", KINDS)
def test_the_event_that_happened_begins_the_instance(play: Play, kind: str) -> None:
    player = play(begun_by(KINDS[kind]), start_event="event", n=1)

    assert player.waiting == ["by_event"]
    assert player.variables == {"n": 1}
    assert player.done == ["event"]
    assert player.awaited == []


@pytest.mark.parametrize("kind", KINDS)
def test_by_hand_the_events_begin_nothing(play: Play, kind: str) -> None:
    player = play(begun_by(KINDS[kind]))

    assert player.waiting == ["by_hand"]
    assert player.awaited == []


def test_its_output_mappings_say_what_it_brings(play: Play) -> None:
    mapped = mapping(outputs={"who": "=sender.name"})
    player = play(
        begun_by(KINDS["message"], extensions=mapped), start_event="event", sender={"name": "lin"}
    )

    assert player.variables == {"who": "lin"}


def test_what_it_brought_is_kept_until_its_mapping_is_mended(play: Play) -> None:
    mapped = mapping(outputs={"who": "=sender + lacking"})
    player = play(begun_by(KINDS["message"], extensions=mapped), start_event="event", sender="lin")
    assert player.stuck == ["event"]
    player.variables["lacking"] = "!"

    player.retry("event")

    assert player.variables == {"lacking": "!", "who": "lin!"}
    assert player.waiting == ["by_event"]


def test_events_of_the_process_may_name_what_the_message_brought(play: Play) -> None:
    rescue = event_sub("rescue", on("message", "help"), "helper")
    player = play(begun_by(KINDS["message"], rescue), start_event="event", ticket="T1")

    assert player.stuck == []
    assert [one.correlation_key for one in player.subscriptions.values()] == ["T1"]


def test_what_it_brought_is_kept_when_they_cannot_be_waited_for(play: Play) -> None:
    rescue = event_sub("rescue", on("message", "help"), "helper")
    player = play(begun_by(KINDS["message"], rescue), start_event="event", n=1)
    assert player.stuck == ["event"]
    player.variables["ticket"] = "T1"

    player.retry("event")

    assert player.variables == {"n": 1, "ticket": "T1"}
    assert player.awaited == ["rescue_s"]
    assert player.waiting == ["by_event"]


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_gateway_may_begin_an_instance(play: Play, which: str) -> None:
    gate = event_gateway("gate", instantiate="true")
    events = catch("first", on("message", "order")) + catch("second", on("signal", "x"))
    ways = flows("gate", "first", "a", "end") + flows("gate", "second", "b", "end")
    source = diagram(gate, events, user("a"), user("b"), end(), ways, declared=DECLARED)

    player = play(source, start_event=which, n=1)

    assert player.waiting == [{"first": "a", "second": "b"}[which]]
    assert player.done == [which]
    assert player.awaited == []
    assert player.variables == {"n": 1}


def begin(feel: FeelPool, source: bytes, start_event: str | None) -> None:
    model = read_model(source)
    engine = Engine(feel)
    engine.start(
        model, instance_key=1, variables={}, keys=KeySource(), now=NOW, start_event=start_event
    )


@pytest.mark.parametrize("event", ["start", "by_hand", "rescue_s", "missing", ""])
def test_what_cannot_begin_an_instance_is_refused(feel: FeelPool, event: str) -> None:
    source = begun_by(KINDS["message"], event_sub("rescue", on("message", "help"), "helper"))

    with pytest.raises(NoSuchStart):
        begin(feel, source, event)


def test_a_process_that_only_events_begin_is_not_begun_by_hand(feel: FeelPool) -> None:
    first = start_on("event", on("message", "order"))
    source = diagram(first, user("work"), flows("event", "work"), declared=DECLARED)

    with pytest.raises(NoSuchStart):
        begin(feel, source, None)


def test_each_element_without_an_entry_begins_where_there_is_no_start(play: Play) -> None:
    player = play(diagram(user("a"), user("b"), user("c"), end(), flows("a", "c", "end")))
    assert player.waiting == ["a", "b"]

    player.complete("a")
    player.complete("c")
    assert player.waiting == ["b"]
    player.complete("b")

    assert player.ending == InstanceCompleted(("end",))


def test_a_process_without_end_events_ends_with_its_last_token(play: Play) -> None:
    player = play(diagram(start(), user("a"), flows("start", "a")))

    player.complete("a")

    assert player.ending is not None


def test_the_instance_is_told_to_begin_at_its_event(play: Play) -> None:
    player = play(begun_by(KINDS["message"]), start_event="event")

    [event, task] = [e for e in player.events if isinstance(e, ElementActivated)]
    assert (event.element_id, event.scope_key) == ("event", 1)
    assert (task.element_id, task.scope_key) == ("by_event", 1)


@pytest.mark.parametrize("written", ["1", " true "])
def test_booleans_may_be_written_as_xml_allows(play: Play, written: str) -> None:
    gate = event_gateway("gate", instantiate=written)
    ways = flows("gate", "first", "end")
    source = diagram(gate, catch("first", on("message", "order")), end(), ways, declared=DECLARED)

    assert play(source, start_event="first").ending is not None


@pytest.mark.parametrize(("written", "interrupts"), [("1", True), ("0", False)])
def test_an_event_that_interrupts_may_be_written_with_a_digit(
    play: Play, written: str, interrupts: bool
) -> None:
    source = begun_by(KINDS["timer"], event_sub("rescue", on("signal", "x"), "helper"))
    player = play(source.replace(b'isInterrupting="true"', f'isInterrupting="{written}"'.encode()))

    player.trigger("rescue_s")

    assert ("by_hand" in player.terminated) is interrupts
