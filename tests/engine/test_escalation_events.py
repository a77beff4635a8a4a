"""Escalation events: BPMN 2.0.2, 10.5.6. They interrupt or not, and may go by uncaught."""

import pytest

from service.domain.events import EscalationUncaught, Escaped, EventCaught, InstanceCompleted
from tests.engine.builders import (
    boundary,
    call,
    declare,
    diagram,
    end,
    end_on,
    event_sub,
    extended,
    flows,
    inner,
    mapping,
    on,
    start,
    sub,
    throw,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Catches

DECLARED = declare("escalation", "x") + declare("escalation", "y")


def thrower(*, ends: bool, more: str = "") -> str:
    """A subprocess with a task, an escalation, and a task behind it unless it ends there."""
    definition = on("escalation", "x")
    mapped = mapping(inputs={"why": '="late"'})
    if ends:
        last = end_on("thrown", definition, mapped)
        row = flows("s", "work", "thrown")
        return sub("box", start("s"), user("work"), last, row, more)
    row = flows("s", "work", "thrown", "next", "e")
    middle = throw("thrown", definition, mapped)
    return sub("box", start("s"), user("work"), middle, user("next"), end("e"), row, more)


def caught(box: str, *, interrupting: bool, code: str = "x") -> bytes:
    event = boundary("caught", "box", on("escalation", code), interrupting=interrupting)
    way = flows("start", "box", "after", "end") + flows("caught", "handler", "end")
    everything = (start(), box, event, user("handler"), user("after"), end(), way)
    return diagram(*everything, declared=DECLARED)


@pytest.mark.parametrize("ends", [True, False])
def test_one_that_interrupts_ends_the_scope(play: Play, ends: bool) -> None:
    player = play(caught(thrower(ends=ends), interrupting=True))

    player.complete("work")

    assert player.waiting == ["handler"]
    assert player.terminated == ["thrown", "box"]
    assert player.variables == {"why": "late"}


def test_one_that_does_not_interrupt_lets_the_thrower_go_on(play: Play) -> None:
    player = play(caught(thrower(ends=False), interrupting=False))

    player.complete("work")

    assert player.waiting == ["handler", "next"]
    assert player.terminated == []


def test_the_scope_of_an_end_event_goes_on_beside_its_handler(play: Play) -> None:
    player = play(caught(thrower(ends=True), interrupting=False))

    player.complete("work")

    assert player.waiting == ["after", "handler"]
    assert "box" in player.done


@pytest.mark.parametrize("ends", [True, False])
def test_one_that_nobody_catches_goes_by(play: Play, ends: bool) -> None:
    way = flows("start", "box", "after", "end")
    source = diagram(start(), thrower(ends=ends), user("after"), end(), way, declared=DECLARED)
    player = play(source)

    player.complete("work")

    [gone] = [e for e in player.events if isinstance(e, EscalationUncaught)]
    assert (gone.element_id, gone.code) == ("thrown", "x")
    assert player.stuck == []
    assert player.waiting == (["after"] if ends else ["next"])


def test_a_catcher_without_code_takes_any_but_one_with_the_code_first(play: Play) -> None:
    any_code = boundary("any", "box", on("escalation"), interrupting=False)
    exact = boundary("exact", "box", on("escalation", "x"), interrupting=False)
    way = flows("start", "box", "end") + flows("any", "a", "end") + flows("exact", "b", "end")
    tasks = user("a") + user("b")
    player = play(
        diagram(start(), thrower(ends=True), any_code, exact, tasks, end(), way, declared=DECLARED)
    )

    player.complete("work")

    assert player.waiting == ["b"]


def test_one_of_another_code_lets_it_by(play: Play) -> None:
    player = play(caught(thrower(ends=True), interrupting=True, code="y"))

    player.complete("work")

    assert player.waiting == ["after"]
    assert any(isinstance(e, EscalationUncaught) for e in player.events)


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_subprocess_comes_before_the_border(play: Play, interrupting: bool) -> None:
    rescue = event_sub("rescue", on("escalation"), "near", interrupting=interrupting)
    player = play(caught(thrower(ends=False, more=rescue), interrupting=True))

    player.complete("work")

    assert player.waiting == (["near"] if interrupting else ["near", "next"])
    assert "handler" not in player.waiting


def test_it_goes_out_through_scopes_that_do_not_catch_it(play: Play) -> None:
    middle = sub("middle", start("m"), thrower(ends=True), end("me"), flows("m", "box", "me"))
    event = boundary("caught", "middle", on("escalation", "x"))
    way = flows("start", "middle", "end") + flows("caught", "handler", "end")
    source = diagram(start(), middle, event, user("handler"), end(), way, declared=DECLARED)
    player = play(source)

    player.complete("work")

    assert player.terminated == ["thrown", "box", "middle"]
    assert player.waiting == ["handler"]


def test_its_code_is_seen_by_the_mappings_of_its_catcher(play: Play) -> None:
    mapped = extended(mapping(outputs={"what": "=escalationCode"}))
    event = boundary("caught", "box", mapped + on("escalation"), interrupting=False)
    way = flows("start", "box", "end") + flows("caught", "handler", "end")
    player = play(
        diagram(start(), thrower(ends=True), event, user("handler"), end(), way, declared=DECLARED)
    )

    player.complete("work")

    assert player.variables == {"what": "x"}
    [told] = [e for e in player.events if isinstance(e, EventCaught)]
    assert told.code == "x"


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_called_instance_escalates_to_its_call(play: Play, interrupting: bool) -> None:
    event = boundary("caught", "act", on("escalation", "x"), interrupting=interrupting)
    way = flows("start", "act", "end") + flows("caught", "handler", "end")
    source = diagram(start(), call("act"), event, user("handler"), end(), way, declared=DECLARED)
    player = play(source)

    execution = player.resume()
    assert execution.escalate(player.key_of("act"), "x", {"why": 1})
    player.play(execution)

    assert player.waiting == ["handler"]
    assert bool(player.calls) is not interrupting
    assert player.variables == {"why": 1}


def test_what_a_call_does_not_catch_goes_by(play: Play) -> None:
    source = diagram(start(), call("act"), end(), flows("start", "act", "end"), declared=DECLARED)
    player = play(source)

    execution = player.resume()

    assert not execution.escalate(player.key_of("act"), "x", {})


def test_it_leaves_the_instance_for_its_caller_and_the_instance_goes_on(play: Play) -> None:
    way = flows("start", "box", "after", "end")
    source = diagram(start(), thrower(ends=False), user("after"), end(), way, declared=DECLARED)
    player = play(source, caller=Catches("x"))

    player.complete("work")

    assert [e for e in player.events if isinstance(e, Escaped)] == [
        Escaped(False, "x", "", {"why": "late"})
    ]
    assert player.waiting == ["next"]


def test_an_end_event_of_the_process_starts_its_event_subprocess(play: Play) -> None:
    rescue = event_sub("rescue", on("escalation", "x"), "near", interrupting=False)
    last = end_on("last", on("escalation", "x"))
    way = flows("start", "work", "last")
    player = play(diagram(start(), user("work"), last, way, rescue, declared=DECLARED))

    player.complete("work")

    assert player.waiting == ["near"]
    player.complete("near")
    assert player.ending == InstanceCompleted(("last",))


def test_a_code_may_be_worked_out(play: Play) -> None:
    worked = '<bpmn:escalation id="escalation_e" escalationCode="=code" />'
    box = inner(
        "box", "work", end_with='<bpmn:escalationEventDefinition escalationRef="escalation_e" />'
    )
    event = boundary("caught", "box", on("escalation", "y"))
    way = flows("start", "box", "end") + flows("caught", "handler", "end")
    everything = (start(), box, event, user("handler"), end(), way)
    player = play(diagram(*everything, declared=DECLARED + worked), code="y")

    player.complete("work")

    assert player.waiting == ["handler"]
