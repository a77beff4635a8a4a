"""Event subprocesses inside scopes: what they wait for there, their variables, errors in them."""

import pytest

from service.engine import NotWaiting
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    end_on,
    event_sub,
    flows,
    inner,
    mapping,
    message,
    multi,
    on,
    start,
    start_on,
    sub,
    user,
)
from tests.engine.catchers import DECLARED, process
from tests.engine.conftest import Play


def nested(start_of: str, *, interrupting: bool = True) -> bytes:
    """An event subprocess inside a subprocess, with a task after that."""
    rescue = event_sub("rescue", start_of, "helper", interrupting=interrupting)
    box = inner("box", "work", more=rescue)
    way = flows("start", "box", "after", "end")
    return diagram(start(), box, user("after"), end(), way, declared=DECLARED)


def test_one_in_a_subprocess_takes_over_that_alone(play: Play) -> None:
    player = play(nested(on("message", "help")), id=1)

    player.trigger("rescue_s")
    assert player.waiting == ["helper"]
    player.complete("helper")

    assert "box" in player.done
    assert player.waiting == ["after"]


def test_what_waits_in_a_subprocess_belongs_to_it(play: Play) -> None:
    player = play(nested(on("message", "help")), id=1)
    [waiting] = player.subscriptions.values()
    assert waiting.element_instance_key == player.open_at("box")

    player.complete("work")

    assert player.awaited == []
    with pytest.raises(NotWaiting):
        player.resume().trigger(waiting.element_instance_key, "rescue_s", {})


def test_each_instance_of_a_scope_waits_by_itself(play: Play) -> None:
    rescue = event_sub("rescue", on("message", "help"), "helper")
    box = inner("box", "work", more=rescue + multi("=items", item="id"))
    player = play(
        diagram(start(), box, end(), flows("start", "box", "end"), declared=DECLARED),
        items=["a", "b"],
    )
    assert [s.correlation_key for s in player.subscriptions.values()] == ["a", "b"]

    player.trigger("rescue_s")

    assert player.waiting == ["helper", "work"]
    player.complete("helper")
    player.complete("work")
    assert player.ending is not None


def test_one_inside_another_waits_from_when_that_begins(play: Play) -> None:
    deep = event_sub("deep", on("signal", "x"), "deeper")
    row = start_on("rescue_s", on("message", "help")) + user("helper") + end("rescue_e")
    rescue = sub(
        "rescue", row, flows("rescue_s", "helper", "rescue_e"), deep, triggeredByEvent="true"
    )
    player = play(process(rescue), id=1)
    assert player.awaited == ["rescue_s"]

    player.trigger("rescue_s")
    assert player.awaited == ["deep_s"]
    player.trigger("deep_s")

    assert player.terminated == ["work", "helper"]
    assert player.waiting == ["deeper"]
    player.complete("deeper")
    assert player.ending is not None


def test_what_was_brought_is_seen_where_it_waits_next(play: Play) -> None:
    """The key of an event within names what the message around it brought."""
    deep = event_sub("deep", on("message", "more"), "deeper")
    row = start_on("rescue_s", on("message", "help")) + user("helper") + end("rescue_e")
    rescue = sub(
        "rescue", row, flows("rescue_s", "helper", "rescue_e"), deep, triggeredByEvent="true"
    )
    declared = message("help") + message("more", "=ticket")
    way = flows("start", "work", "end")
    player = play(diagram(start(), user("work"), end(), way, rescue, declared=declared), id=1)

    player.trigger("rescue_s", ticket="T9")

    assert player.stuck == []
    assert [s.correlation_key for s in player.subscriptions.values()] == ["T9"]


def test_a_key_that_is_null_is_an_incident_at_the_first_token_of_the_scope(play: Play) -> None:
    player = play(process(event_sub("rescue", on("message", "help"), "helper")))
    assert player.stuck == ["start"]
    assert player.waiting == []
    player.variables["id"] = "A1"

    player.retry("start")

    assert player.waiting == ["work"]
    assert [s.correlation_key for s in player.subscriptions.values()] == ["A1"]


def test_results_of_the_event_are_not_lost_when_what_follows_fails(play: Play) -> None:
    deep = event_sub("deep", on("message", "more"), "deeper")
    row = start_on("rescue_s", on("message", "help")) + user("helper") + end("rescue_e")
    rescue = sub(
        "rescue", row, flows("rescue_s", "helper", "rescue_e"), deep, triggeredByEvent="true"
    )
    declared = message("help") + message("more", "=ticket")
    way = flows("start", "work", "end")
    player = play(diagram(start(), user("work"), end(), way, rescue, declared=declared), id=1)
    player.trigger("rescue_s", who="lin")
    assert player.stuck == ["rescue_s"]
    player.variables["ticket"] = "T9"

    player.retry("rescue_s")

    assert player.variables == {"id": 1, "who": "lin", "ticket": "T9"}
    assert player.waiting == ["helper"]


def test_its_input_mappings_make_variables_of_its_own(play: Play) -> None:
    mapped = mapping(inputs={"mine": "=id + 1"}, outputs={"result": "=mine * 10"})
    rescue = event_sub(
        "rescue", on("message", "help"), "helper", interrupting=False, extensions=mapped
    )
    player = play(process(rescue), id=1)

    player.trigger("rescue_s", who="lin")
    assert player.resume().visible(player.key_of("helper")) == {"id": 1, "mine": 2, "who": "lin"}
    player.complete("helper")

    assert player.variables == {"id": 1, "who": "lin", "result": 20}


def test_its_input_mappings_may_fail_and_are_tried_again(play: Play) -> None:
    mapped = mapping(inputs={"mine": "=lacking"})
    rescue = event_sub("rescue", on("message", "help"), "helper", extensions=mapped)
    player = play(process(rescue), id=1)
    player.trigger("rescue_s", who="lin")
    assert player.stuck == ["rescue_s"]
    player.variables["lacking"] = 3

    player.retry("rescue_s")

    visible = player.resume().visible(player.key_of("helper"))
    assert visible == {"id": 1, "lacking": 3, "mine": 3, "who": "lin"}


def test_output_mappings_of_its_start_say_what_the_event_brings(play: Play) -> None:
    first = start_on(
        "rescue_s", on("message", "help"), extensions=mapping(outputs={"who": "=sender.name"})
    )
    row = flows("rescue_s", "helper", "rescue_e")
    rescue = sub("rescue", first, user("helper"), end("rescue_e"), row, triggeredByEvent="true")
    player = play(process(rescue), id=1)

    player.trigger("rescue_s", sender={"name": "lin"}, secret=1)

    assert player.variables == {"id": 1, "who": "lin"}


def test_an_error_inside_one_goes_to_the_border_of_its_scope(play: Play) -> None:
    """The scope it took over catches nothing more."""
    catch_all = event_sub("catch_all", on("error"), "never")
    row = flows("rescue_s", "rescue_e")
    rescue = sub(
        "rescue",
        start_on("rescue_s", on("message", "help")),
        end_on("rescue_e", on("error", "x")),
        row,
        triggeredByEvent="true",
    )
    box = inner("box", "work", more=rescue + catch_all)
    player = play(
        diagram(
            start(),
            box,
            boundary("caught", "box", on("error", "x")),
            user("after"),
            end(),
            flows("start", "box", "end") + flows("caught", "after", "end"),
            declared=DECLARED,
        ),
        id=1,
    )

    player.trigger("rescue_s")

    assert player.waiting == ["after"]
    assert "box" in player.terminated


def test_an_error_in_one_that_runs_beside_is_caught_in_its_scope(play: Play) -> None:
    rescue = sub(
        "rescue",
        start_on("rescue_s", on("message", "help"), interrupting=False),
        end_on("rescue_e", on("error", "x")),
        flows("rescue_s", "rescue_e"),
        triggeredByEvent="true",
    )
    player = play(process(rescue, event_sub("handler", on("error", "x"), "mend")), id=1)

    player.trigger("rescue_s")

    assert player.waiting == ["mend"]
    assert player.terminated == ["work", "rescue"]
