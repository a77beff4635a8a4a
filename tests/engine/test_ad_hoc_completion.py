"""When an ad-hoc subprocess is over, and what interrupts it."""

import pytest

from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    flows,
    mapping,
    message,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import ROOT
from tests.engine.repeated import ad_hoc, job, once_an_item, start_by
from tests.engine.test_ad_hoc_subprocesses import AB, CHOSEN, activate, end_activation, free


def test_the_condition_ends_what_is_left(play: Play) -> None:
    player = play(free(*AB, until="=enough"), chosen=["a", "b"], enough=False)
    activate(player, "a")

    player.complete("a")
    assert player.waiting == ["a", "b"]
    player.complete("a", enough=True)

    assert player.waiting == ["last"]
    assert player.terminated.count("b") == 1


def test_or_it_lets_them_finish(play: Play) -> None:
    player = play(free(*AB, until="=enough", rest=False), chosen=["a", "b"])

    player.complete("a", enough=True)
    assert player.waiting == ["b"]
    player.complete("b", enough=False)

    assert player.waiting == ["last"]


def test_while_the_condition_is_not_met_it_waits_for_more(play: Play) -> None:
    player = play(free(*AB, until="=enough"), chosen=["a"], enough=False)
    player.complete("a")
    assert player.waiting == []
    assert player.ending is None

    activate(player, "b")
    player.complete("b", enough=True)

    assert player.waiting == ["last"]


@pytest.mark.parametrize("until", ["=missing", "=1", "=null"])
def test_a_condition_that_fails_is_an_incident_and_a_retry_collects_nothing_twice(
    play: Play, until: str
) -> None:
    player = play(free(*AB, until=until, outputs="all", output="=1"), chosen=["a", "b"])
    player.complete("a")
    assert player.stuck == ["free"]

    player.set(missing=True)
    player.retry("free")

    if until == "=missing":
        assert player.variables["all"] == [1]
    else:
        assert player.stuck == ["free"]


def with_stop(*, interrupting: bool, until: str = "") -> bytes:
    """An ad-hoc subprocess with an event subprocess that begins at a message."""
    stop = sub(
        "stop",
        start_by("s", on("message", "m"), interrupting=interrupting),
        user("sorry"),
        end("e"),
        flows("s", "sorry", "e"),
        triggeredByEvent="true",
    )
    return once_an_item(
        ad_hoc("free", *AB, stop, chosen=CHOSEN, until=until), "free", declared=message("m", "=id")
    )


@pytest.mark.parametrize("until", ["", "=false"])
def test_an_event_subprocess_takes_it_over_and_ends_it(play: Play, until: str) -> None:
    player = play(with_stop(interrupting=True, until=until), chosen=["a", "b"], id="x")
    player.trigger("s")
    assert player.waiting == ["sorry"]

    player.complete("sorry")

    assert player.waiting == ["last"]


def test_an_event_subprocess_is_waited_for_before_anything_is_chosen(play: Play) -> None:
    player = play(with_stop(interrupting=False), chosen=[], id="x")
    assert player.awaited == ["s"]

    player.trigger("s")
    player.complete("sorry")
    assert player.ending is None
    assert player.waiting == []
    activate(player, "a")
    player.complete("a")

    assert player.waiting == ["last"]


def test_an_event_subprocess_that_cannot_be_waited_for_is_an_incident(play: Play) -> None:
    player = play(with_stop(interrupting=True), chosen=["a"])
    assert player.stuck == ["free"]

    player.set(id="x")
    player.retry("free")

    assert player.waiting == ["a"]
    assert player.awaited == ["s"]


def test_an_event_at_its_border_ends_everything_in_it(play: Play) -> None:
    source = diagram(
        start(),
        ad_hoc("free", *AB, chosen=CHOSEN),
        boundary("border", "free", on("timeDuration", "P1D")),
        user("late"),
        end(),
        flows("start", "free", "end"),
        flows("border", "late", "end"),
    )
    player = play(source, chosen=["a", "a"])

    player.trigger("border")

    assert player.waiting == ["late"]


def test_an_error_of_an_activity_is_caught_at_its_border(play: Play) -> None:
    source = diagram(
        start(),
        ad_hoc("free", user("a"), job("b"), chosen=CHOSEN),
        boundary("border", "free", on("error", "E")),
        user("late"),
        end(),
        flows("start", "free", "end"),
        flows("border", "late", "end"),
        declared=declare("error", "E"),
    )
    player = play(source, chosen=["a", "b"])

    player.throw_error("b", "E")

    assert player.waiting == ["late"]


def test_an_activation_can_be_ended_from_outside(play: Play) -> None:
    player = play(free(*AB), chosen=["a", "b"])

    end_activation(player)
    player.complete("b")

    assert player.waiting == ["last"]


def test_it_repeats(play: Play) -> None:
    loop = multi("=items", item="item", outputs="table", output="=all")
    box = ad_hoc(
        "free",
        *AB,
        loop,
        chosen="=item",
        outputs="all",
        output="=said",
        extensions=mapping(inputs={"all": "=[]"}),
    )
    player = play(once_an_item(box, "free"), items=[["a"], ["a", "b"]])

    player.complete("a", said=1)
    player.complete("b", said=3)
    player.complete("a", said=2)

    assert player.waiting == ["last"]
    assert player.variables["table"] == [[1], [3, 2]]


def test_what_waits_for_nothing_ends_it_at_once(play: Play) -> None:
    player = play(free(script("a", "=1"), chosen='=["a", "a"]', outputs="all", output="=result"))

    assert player.waiting == ["last"]
    assert player.resume().visible(ROOT) == {"all": [1, 1]}
