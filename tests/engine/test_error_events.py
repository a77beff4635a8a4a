"""Error events: BPMN 2.0.2, 10.5.6 and 13.5.3. The innermost catcher has them, and interrupts."""

from service.domain.events import (
    EventCaught,
    IncidentType,
)
from tests.engine.builders import (
    boundary,
    end,
    end_on,
    event_sub,
    extended,
    flows,
    mapping,
    on,
    parallel,
    service,
    start,
    sub,
    user,
)
from tests.engine.catchers import box, handled
from tests.engine.conftest import Play


def test_an_error_interrupts_the_scope_that_it_ends_in(play: Play) -> None:
    """Thrown from within: the scope ends while a token in it moves."""
    row = flows("s", "split", "a", "e") + flows("split", "b", "thrown")
    inside = start("s") + parallel("split") + user("a") + user("b") + end("e")
    thrower = sub("box", inside, end_on("thrown", on("error", "x")), row)
    event = boundary("caught", "box", on("error", "x"))
    player = play(handled(thrower, event, ways=flows("start", "box", "end"), caught="handler"))

    player.complete("b")

    assert player.terminated == ["a", "box"]
    assert player.waiting == ["handler"]
    assert "thrown" in player.done
    player.complete("handler")
    assert player.ending is not None


def two_boxes() -> bytes:
    return handled(
        parallel("split"),
        box(name="one"),
        box(name="two"),
        boundary("caught_one", "one", on("error", "x")),
        boundary("caught_two", "two", on("error", "x")),
        ways=flows("start", "split", "one", "end") + flows("split", "two", "end"),
        caught_one="handler_one",
        caught_two="handler_two",
    )


def test_an_error_in_one_of_two_subprocesses_fires_its_own_handler_alone(play: Play) -> None:
    """Stock: it fires both."""
    player = play(two_boxes())

    player.complete("one_work")

    assert player.waiting == ["handler_one", "two_work"]


def test_one_that_names_the_code_comes_before_one_that_catches_any(play: Play) -> None:
    player = play(
        handled(
            box(),
            boundary("any", "box", on("error")),
            boundary("exact", "box", on("error", "x")),
            ways=flows("start", "box", "end"),
            any="handler_any",
            exact="handler_exact",
        )
    )

    player.complete("box_work")

    assert player.waiting == ["handler_exact"]


def test_one_that_names_another_code_lets_it_by(play: Play) -> None:
    player = play(
        handled(
            sub(
                "outer",
                start("s"),
                box(),
                boundary("other", "box", on("error", "y")),
                user("never"),
                end("e"),
                flows("s", "box", "e"),
                flows("other", "never", "e"),
            ),
            boundary("any", "outer", on("error")),
            ways=flows("start", "outer", "end"),
            any="handler",
        )
    )

    player.complete("box_work")

    assert player.waiting == ["handler"]
    assert player.terminated == ["box", "outer"]


def test_the_inner_catcher_comes_before_the_outer(play: Play) -> None:
    player = play(
        handled(
            sub(
                "outer",
                start("s"),
                box(),
                boundary("inside", "box", on("error")),
                user("near"),
                end("e"),
                flows("s", "box", "e"),
                flows("inside", "near", "e"),
            ),
            boundary("exact", "outer", on("error", "x")),
            ways=flows("start", "outer", "end"),
            exact="far",
        )
    )

    player.complete("box_work")

    assert player.waiting == ["near"]


def test_an_event_subprocess_comes_before_the_border(play: Play) -> None:
    player = play(
        handled(
            box(more=event_sub("rescue", on("error"), "near")),
            boundary("exact", "box", on("error", "x")),
            ways=flows("start", "box", "end"),
            exact="far",
        )
    )

    player.complete("box_work")

    assert player.waiting == ["near"]
    player.complete("near")
    assert "box" in player.done
    assert player.ending is not None


def test_an_event_subprocess_of_the_process_catches_what_nobody_inside_does(play: Play) -> None:
    source = handled(
        box(), event_sub("rescue", on("error", "x"), "near"), ways=flows("start", "box", "end")
    )
    player = play(source)

    player.complete("box_work")

    assert player.terminated == ["box"]
    assert player.waiting == ["near"]


def test_an_error_that_nobody_catches_is_an_incident_where_it_was_thrown(play: Play) -> None:
    player = play(handled(box(), ways=flows("start", "box", "end")))

    player.complete("box_work")

    [incident] = player.incidents.values()
    assert incident.element_id == "box_e"
    assert incident.failure.type is IncidentType.UNHANDLED_ERROR_EVENT
    assert player.ending is None
    player.retry("box_e")
    assert player.stuck == ["box_e"]
    player.cancel()
    assert player.ending is not None


def test_what_an_error_says_is_seen_by_the_mappings_of_its_catcher_only(play: Play) -> None:
    mapped = extended(mapping(outputs={"why": "=errorCode + errorMessage", "n": "=amount"}))
    event = boundary("caught", "act", mapped + on("error", "x"))
    player = play(handled(service("act"), event, ways=flows("start", "act", "end"), caught="h"))

    player.throw_error("act", "x", amount=3, other=4)

    assert player.variables == {"why": "x说明", "n": 3}
    [caught] = [e for e in player.events if isinstance(e, EventCaught)]
    assert (caught.element_id, caught.code) == ("caught", "x")


def test_the_variables_of_an_error_go_out_without_mappings(play: Play) -> None:
    event = boundary("caught", "act", on("error", "x"))
    player = play(handled(service("act"), event, ways=flows("start", "act", "end"), caught="h"))

    player.throw_error("act", "x", amount=3)

    assert player.variables == {"amount": 3}
    assert player.waiting == ["h"]


def test_an_error_end_event_hands_over_what_its_input_mappings_made(play: Play) -> None:
    last = end_on("thrown", on("error", "x"), mapping(inputs={"why": '="no"'}))
    inside = sub("box", start("s"), last, flows("s", "thrown"))
    event = boundary("caught", "box", on("error", "x"))
    player = play(handled(inside, event, ways=flows("start", "box", "end"), caught="h"))

    assert player.variables == {"why": "no"}
    assert player.waiting == ["h"]
