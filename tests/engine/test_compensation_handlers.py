"""Handlers: what they may be, what happens to them, who begins and who ends them."""

import pytest

from service.domain.events import Failure, IncidentType
from service.domain.values import Json
from service.engine import HandlerDue, NotWaiting
from service.engine.compensation import RECORD_LIMIT
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    flows,
    message,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import done_and_undone, end_by, job, start_by, throw, undo, undone_by
from tests.engine.test_compensation import AB, a_then_b, do
from tests.engine.test_compensation_in_scopes import BOX, with_box


def test_a_handler_may_be_a_subprocess_and_is_not_undone_itself(play: Play) -> None:
    inside = start("s") + done_and_undone("x") + user("y") + end("e") + flows("s", "x", "y", "e")
    source = diagram(
        start(),
        user("a"),
        undone_by("a", sub("un_a", inside)),
        throw("back", undo()),
        throw("again", undo()),
        user("last"),
        end(),
        flows("start", "a", "back", "again", "last", "end"),
    )
    player = play(source)

    do(player, "a", "x", "y")

    assert player.waiting == ["last"]


def test_an_incident_in_a_handler_holds_the_row(play: Play) -> None:
    failing = job("un_b", task_type="fails")
    source = diagram(
        start(),
        done_and_undone("a"),
        user("b"),
        undone_by("b", failing),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "a", "b", "back", "last", "end"),
    )
    answers: list[dict[str, Json] | Failure] = [Failure(IncidentType.JOB_NO_RETRIES, "不通"), {}]

    def work(due: HandlerDue) -> dict[str, Json] | Failure:
        return answers.pop(0)

    player = play(source, work=work)
    do(player, "a", "b")
    assert player.stuck == ["un_b"]
    assert player.waiting == []

    player.retry("un_b")
    player.complete("un_a")

    assert player.waiting == ["last"]


def test_an_error_in_a_handler_is_caught_around_it(play: Play) -> None:
    inside = (start("s"), user("a"), undone_by("a", job("un_a")), end("e"), flows("s", "a", "e"))
    box = sub(
        "box",
        sub("inner", *inside),
        throw("back", undo()),
        start("s2"),
        end("e2"),
        flows("s2", "inner", "back", "e2"),
    )
    player = play(
        diagram(
            start(),
            box,
            boundary("caught", "box", on("error", "E")),
            user("late"),
            end(),
            flows("start", "box", "end"),
            flows("caught", "late", "end"),
            declared=declare("error", "E"),
        )
    )
    player.complete("a")

    player.throw_error("un_a", "E")

    assert player.waiting == ["late"]


def test_the_border_of_a_completed_subprocess_catches_nothing(play: Play) -> None:
    inside = (start("s"), user("a"), undone_by("a", job("un_a")), end("e"), flows("s", "a", "e"))
    player = play(
        diagram(
            start(),
            sub("box", *inside),
            boundary("caught", "box", on("error", "E")),
            throw("back", undo()),
            user("late"),
            end(),
            flows("start", "box", "back", "end"),
            flows("caught", "late", "end"),
            declared=declare("error", "E"),
        )
    )
    player.complete("a")

    player.throw_error("un_a", "E")

    assert player.stuck == ["un_a"]
    assert player.waiting == []


def test_an_event_around_the_handlers_ends_them(play: Play) -> None:
    box = sub(
        "box", start("s"), *AB, throw("back", undo()), end("e"), flows("s", "a", "b", "back", "e")
    )
    player = play(
        diagram(
            start(),
            box,
            boundary("stop", "box", on("timeDuration", "P1D")),
            user("late"),
            end(),
            flows("start", "box", "end"),
            flows("stop", "late", "end"),
        )
    )
    do(player, "a", "b")
    assert player.waiting == ["un_b"]

    player.trigger("stop")

    assert player.waiting == ["late"]


def in_event_subprocess(*, interrupting: bool, activity: str = "") -> bytes:
    """`a`, a subprocess with `x`, then `b`; a message begins an event subprocess that undoes."""
    handler = sub(
        "handler",
        start_by("h", on("message", "stop"), interrupting=interrupting),
        done_and_undone("c"),
        end_by("back", undo(activity)),
        flows("h", "c", "back"),
        triggeredByEvent="true",
    )
    box = sub("box", start("s"), done_and_undone("x"), end("e"), flows("s", "x", "e"))
    return diagram(
        start(),
        done_and_undone("a"),
        box,
        user("b"),
        end(),
        handler,
        flows("start", "a", "box", "b", "end"),
        declared=message("stop", "=id"),
    )


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_subprocess_undoes_what_is_around_it_too(play: Play, interrupting: bool) -> None:
    player = play(in_event_subprocess(interrupting=interrupting), id="i")
    do(player, "a", "x")
    player.trigger("h")

    do(player, "c", "un_c", "un_x", "un_a")

    assert player.waiting == ([] if interrupting else ["b"])
    assert (player.ending is not None) == interrupting


def test_an_event_subprocess_can_name_an_activity_around_it(play: Play) -> None:
    player = play(in_event_subprocess(interrupting=True, activity="a"), id="i")
    do(player, "a", "x")
    player.trigger("h")

    do(player, "c", "un_a")

    assert player.ending is not None


@pytest.mark.parametrize("ended", ["handler", "back"])
def test_handlers_go_on_when_who_threw_is_ended_from_outside(play: Play, ended: str) -> None:
    player = play(in_event_subprocess(interrupting=False), id="i")
    do(player, "a", "x")
    player.trigger("h")
    do(player, "c", "un_c")
    assert player.waiting == ["b", "un_x"]

    player.terminate(ended)
    do(player, "b", "un_x")

    assert player.ending is not None


def test_a_handler_that_is_ended_from_outside_is_followed_by_the_next(play: Play) -> None:
    player = play(a_then_b())
    do(player, "a", "b")

    player.terminate("un_b")
    player.complete("un_a")

    assert player.waiting == ["last"]


def test_a_completed_subprocess_that_is_undone_is_no_open_element(play: Play) -> None:
    player = play(with_box(*BOX))
    keys = {one.element_id: key for key, one in player.open.items()}
    do(player, "a", "b")

    with pytest.raises(NotWaiting):
        player.resume().set_variables(keys["box"], {"x": 1}, local=True)
    with pytest.raises(NotWaiting):
        player.resume().terminate(keys["box"])


def test_an_inclusive_join_does_not_wait_for_what_is_undone(play: Play) -> None:
    """The throw event has sent its token on; the subprocess was passed long ago."""
    box = sub("box", start("s"), done_and_undone("a"), end("e"), flows("s", "a", "e"))
    source = diagram(
        start(),
        '<bpmn:inclusiveGateway id="split" />',
        box,
        throw("back", undo(waits=False)),
        script("other", "=1"),
        '<bpmn:inclusiveGateway id="join" />',
        user("last"),
        end(),
        flows("start", "split", "box", "back", "join", "last", "end"),
        flows("split", "other", "join"),
    )
    player = play(source)

    player.complete("a")

    assert player.waiting == ["last", "un_a"]


def test_a_scope_remembers_a_thousand_completions_at_most(play: Play) -> None:
    each = f'<bpmn:task id="x"></bpmn:task>{undone_by("x", user("un_x"))}'
    box = sub(
        "box", start("s"), each, end("e"), flows("s", "x", "e"), multi("=items", sequential=True)
    )
    source = diagram(
        start(), box, throw("back", undo()), end(), flows("start", "box", "back", "end")
    )

    player = play(source, items=[0] * (RECORD_LIMIT // 2 + 1))
    while player.pauses:
        player.go_on()

    [incident] = player.incidents.values()
    assert str(RECORD_LIMIT) in incident.failure.message
    assert player.done.count("x") == RECORD_LIMIT // 2 + 1
    assert len(player.state) < 100 * RECORD_LIMIT
