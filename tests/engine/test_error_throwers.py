"""Who throws errors: handlers, jobs, passes, called instances; and what ends with them."""

import pytest

from service.domain.events import (
    ElementCompleted,
    Escaped,
    EventCaught,
    Failure,
    IncidentType,
    InstanceTerminated,
    UserTaskEnded,
)
from service.engine import (
    HandlerDue,
    NotWaiting,
)
from tests.engine.builders import (
    boundary,
    call,
    end,
    end_on,
    event_sub,
    flow,
    flows,
    multi,
    on,
    parallel,
    service,
    start,
    sub,
    user,
)
from tests.engine.catchers import box, handled
from tests.engine.conftest import Play
from tests.engine.player import (
    Catches,
    Player,
)


def throw_while_due(player: Player, element_id: str, code: str) -> None:
    """Complete a task, and answer the work that becomes due with a BPMN error."""
    execution = player.resume()
    execution.complete(player.key_of(element_id), {})
    due = execution.advance()
    assert isinstance(due, HandlerDue)
    execution.throw_error(due.element_instance_key, code, "", {})
    player.play(execution)


def test_a_handler_of_ours_throws_in_the_same_run(play: Play) -> None:
    row = flows("start", "first", "act", "end")
    event = boundary("caught", "act", on("error", "x"))
    player = play(handled(user("first"), service("act"), event, ways=row, caught="h"))

    throw_while_due(player, "first", "x")

    assert player.waiting == ["h"]
    assert player.terminated == ["act"]


def test_what_a_handler_throws_and_nobody_catches_is_tried_again(play: Play) -> None:
    row = flows("start", "first", "act", "end")
    player = play(handled(user("first"), service("act"), ways=row))
    throw_while_due(player, "first", "x")
    assert player.stuck == ["act"]

    player.retry("act")

    assert player.waiting == ["act"]
    player.complete("act")
    assert player.ending is not None


def test_a_job_throws_past_its_own_subprocess(play: Play) -> None:
    """Interrupting from within: the thrower itself is among what ends."""
    inside = sub("box", start("s"), service("act"), end("e"), flows("s", "act", "e"))
    event = boundary("caught", "box", on("error"))
    player = play(handled(inside, event, ways=flows("start", "box", "end"), caught="h"))

    player.throw_error("act", "unknown")

    assert player.terminated == ["act", "box"]
    assert player.waiting == ["h"]


def test_an_error_with_an_incident_open_elsewhere_ends_that_too(play: Play) -> None:
    row = flows("s", "split", "broken", "e") + flows("split", "act", "e")
    inside = start("s") + parallel("split") + user("broken", assignee="=missing")
    whole = sub("box", inside, service("act"), end("e"), row)
    event = boundary("caught", "box", on("error"))
    player = play(handled(whole, event, ways=flows("start", "box", "end"), caught="h"))
    assert player.stuck == ["broken"]

    player.throw_error("act", "x")

    assert player.stuck == []
    assert player.waiting == ["h"]


def test_an_error_in_one_pass_ends_the_whole_activity(play: Play) -> None:
    whole = box(more=multi("=[1,2,3]", item="i"))
    event = boundary("caught", "box", on("error", "x"))
    player = play(handled(whole, event, ways=flows("start", "box", "end"), caught="h"))

    player.complete("box_work")

    assert player.waiting == ["h"]
    assert player.terminated.count("box") == 4
    player.complete("h")
    assert player.ending is not None


def test_an_event_subprocess_catches_the_error_of_its_own_pass_alone(play: Play) -> None:
    rescue = event_sub("rescue", on("error", "x"), "near")
    whole = box(more=rescue + multi("=[1,2]", item="i"))
    player = play(handled(whole, ways=flows("start", "box", "end")))

    player.complete("box_work")

    assert player.waiting == ["box_work", "near"]


def test_an_error_of_a_called_instance_is_caught_at_its_call(play: Play) -> None:
    event = boundary("caught", "act", on("error", "x"))
    player = play(handled(call("act"), event, ways=flows("start", "act", "end"), caught="h"))

    player.throw_error("act", "x")

    assert player.waiting == ["h"]
    assert player.calls == {}


def test_an_error_leaves_the_instance_for_its_caller(play: Play) -> None:
    source = handled(user("work"), box(), ways=flows("start", "work", "box"))
    player = play(source, caller=Catches("x"))
    player.complete("work")

    player.complete("box_work")

    assert Escaped(True, "x", "", {}) in player.events
    assert player.ending == InstanceTerminated()


def test_a_caller_that_does_not_catch_it_leaves_it_an_incident(play: Play) -> None:
    player = play(handled(box(), ways=flows("start", "box", "end")), caller=Catches("y"))

    player.complete("box_work")

    assert player.stuck == ["box_e"]


def test_a_person_throws_no_error(play: Play) -> None:
    player = play(handled(user("work"), ways=flows("start", "work", "end")))

    with pytest.raises(NotWaiting):
        player.resume().throw_error(player.key_of("work"), "x", "", {})


def test_work_that_failed_throws_nothing_until_it_is_retried(play: Play) -> None:
    failed = Failure(IncidentType.JOB_NO_RETRIES, "不可用")
    event = boundary("caught", "act", on("error", "x"))
    source = handled(service("act"), event, ways=flows("start", "act", "end"), caught="h")
    player = play(source, work=lambda due: failed)
    key = player.open_at("act")

    with pytest.raises(NotWaiting):
        player.resume().throw_error(key, "x", "", {})
    assert player.stuck == ["act"]


def test_the_end_that_threw_is_done_before_its_scope_ends(play: Play) -> None:
    event = boundary("caught", "box", on("error", "x"))
    player = play(handled(box(), event, ways=flows("start", "box", "end"), caught="h"))
    before = len(player.events)

    player.complete("box_work")

    told = [(type(e).__name__, getattr(e, "element_id", "")) for e in player.events[before:]]
    thrown, ended = ("ElementCompleted", "box_e"), ("ElementTerminated", "box")
    assert told.index(thrown) < told.index(ended) < told.index(("ElementActivated", "caught"))


def test_a_handler_that_throws_again_is_caught_one_further_out(play: Play) -> None:
    again = end_on("again", on("error", "y"))
    outer = sub(
        "outer",
        start("s"),
        box(),
        boundary("caught", "box", on("error", "x")),
        again,
        end("e"),
        flows("s", "box", "e") + flow("f", "caught", "again"),
    )
    event = boundary("far", "outer", on("error", "y"))
    player = play(handled(outer, event, ways=flows("start", "outer", "end"), far="h"))

    player.complete("box_work")

    assert player.waiting == ["h"]
    assert [e.element_id for e in player.events if isinstance(e, EventCaught)] == ["caught", "far"]


def test_a_task_is_ended_as_cancelled_by_an_error_beside_it(play: Play) -> None:
    row = flows("s", "split", "a", "e") + flows("split", "act", "e")
    inside = start("s") + parallel("split") + user("a") + service("act") + end("e")
    event = boundary("caught", "box", on("error"))
    source = handled(sub("box", inside, row), event, ways=flows("start", "box", "end"), caught="h")
    player = play(source)
    key = player.key_of("a")

    player.throw_error("act", "x")

    assert UserTaskEnded(key, cancelled=True) in player.events
    assert not any(isinstance(e, ElementCompleted) and e.element_id == "a" for e in player.events)


def test_an_error_interrupts_whatever_the_diagram_says(play: Play) -> None:
    """BPMN 2.0 knows no error event that does not."""
    event = boundary("caught", "box", on("error", "x"), interrupting=False)
    row = flows("s", "split", "a", "e") + flows("split", "act", "e")
    inside = start("s") + parallel("split") + user("a") + service("act") + end("e")
    source = handled(sub("box", inside, row), event, ways=flows("start", "box", "end"), caught="h")
    player = play(source)

    player.throw_error("act", "x")

    assert player.waiting == ["h"]
    assert "box" in player.terminated


def test_an_error_start_interrupts_whatever_the_diagram_says(play: Play) -> None:
    rescue = event_sub("rescue", on("error", "x"), "near", interrupting=False)
    source = handled(
        user("a"),
        service("act"),
        parallel("split"),
        rescue,
        ways=flows("start", "split", "a", "end") + flows("split", "act", "end"),
    )
    player = play(source)

    player.throw_error("act", "x")

    assert player.waiting == ["near"]
