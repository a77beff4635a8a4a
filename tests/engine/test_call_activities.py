"""Call activities: what goes into the called process, what comes back, and what escapes from it."""

import pytest

from service.domain.events import (
    CallNeeded,
    CallOver,
    EscalationUncaught,
    Escaped,
    Failure,
    IncidentType,
    InstanceTerminated,
)
from service.domain.values import Json
from service.engine import NotWaiting
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    flows,
    mapping,
    on,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import call, end_by, job, once_an_item, start_by, throw

INPUTS = mapping(inputs={"a": "=x + 1"})


def only_call(player: Player) -> CallNeeded:
    """The one call that is open."""
    [one] = player.calls.values()
    return one


def test_everything_that_is_seen_goes_into_the_called_process(play: Play) -> None:
    player = play(once_an_item(call("each", extensions=INPUTS)), x=1, y=[2])

    assert only_call(player).variables == {"x": 1, "y": [2], "a": 2}
    assert only_call(player).process_id == "Other"


def test_or_only_what_the_input_mappings_say(play: Play) -> None:
    player = play(once_an_item(call("each", extensions=INPUTS, parent=False)), x=1, y=[2])

    assert only_call(player).variables == {"a": 2}


def test_what_only_the_service_sets_does_not_go_in(play: Play) -> None:
    player = play(once_an_item(call("each")), x=1, initiator="kim", review_outcome="ok")

    assert only_call(player).variables == {"x": 1}


@pytest.mark.parametrize("process", ["=which", '="Oth" + "er"', "Other"])
def test_the_process_may_be_an_expression(play: Play, process: str) -> None:
    player = play(once_an_item(call("each", process)), which="Other")

    assert only_call(player).process_id == "Other"


@pytest.mark.parametrize("process", ["=missing", "=5", '=""', "=null"])
def test_a_process_that_cannot_be_named_is_an_incident(play: Play, process: str) -> None:
    player = play(once_an_item(call("each", process)))

    assert player.stuck == ["each"]
    assert player.calls == {}


def test_all_results_come_back_but_those_of_the_service(play: Play) -> None:
    player = play(once_an_item(call("each")), x=1)

    player.complete("each", x=2, y=3, initiator="lin", review_outcome="ok")

    assert player.variables == {"x": 2, "y": 3}
    assert player.waiting == ["last"]


def test_no_result_comes_back_where_none_should(play: Play) -> None:
    player = play(once_an_item(call("each", child=False)), x=1)

    player.complete("each", x=2, y=3)

    assert player.variables == {"x": 1}


def test_output_mappings_say_what_comes_back(play: Play) -> None:
    outputs = mapping(outputs={"total": "=y * 2", "said": "=review_outcome"})
    player = play(once_an_item(call("each", child=False, extensions=outputs)), x=1)

    player.complete("each", x=2, y=3, review_outcome="ok")

    assert player.variables == {"x": 1, "total": 6, "said": "ok"}


def test_an_outcome_of_the_same_name_in_the_called_process_stays_there(play: Play) -> None:
    """The called process may have a user task with the id of the call activity."""
    outputs = mapping(outputs={"total": "=y"})
    player = play(once_an_item(call("each", extensions=outputs)))

    player.complete("each", y=3, each_outcome="approve")

    assert player.variables == {"total": 3}


def test_a_result_mapping_that_fails_calls_nobody_again(play: Play) -> None:
    outputs = mapping(outputs={"total": "=y + bonus"})
    player = play(once_an_item(call("each", extensions=outputs)))
    player.complete("each", y=3)
    assert player.stuck == ["each"]

    player.set(bonus=1)
    player.retry("each")

    assert player.variables == {"bonus": 1, "total": 4}
    assert len([e for e in player.events if isinstance(e, CallNeeded)]) == 1


@pytest.mark.parametrize("how", ["error", "failure"])
def test_a_call_that_failed_is_an_incident_and_a_retry_calls_again(play: Play, how: str) -> None:
    player = play(once_an_item(call("each", extensions=INPUTS)), x=1)
    if how == "error":
        player.throw_error("each", "E")
    else:
        execution = player.resume()
        reason = Failure(IncidentType.CALLED_ELEMENT_ERROR, "没有这个流程")
        execution.fail(player.key_of("each"), reason)
        player.play(execution)
    assert player.stuck == ["each"]

    player.set(x=5)
    player.retry("each")

    assert player.stuck == []
    assert only_call(player).variables == {"x": 5, "a": 6}
    player.complete("each")
    assert player.waiting == ["last"]


def test_nothing_can_come_back_while_an_incident_holds_the_call(play: Play) -> None:
    player = play(once_an_item(call("each")))
    key = player.key_of("each")
    player.throw_error("each", "E")

    with pytest.raises(NotWaiting):
        player.resume().complete(key, {})
    with pytest.raises(NotWaiting):
        player.resume().escalate(key, "E", {})


def caught(kind: str, *, code: str = "E", interrupting: bool = True) -> bytes:
    """A call with an event at its border that leads to `late`."""
    event = boundary("border", "each", on(kind, code), interrupting=interrupting)
    return diagram(
        start(),
        call("each"),
        event,
        user("late"),
        user("last"),
        end(),
        flows("start", "each", "last", "end"),
        flows("border", "late", "end"),
        declared=declare(kind, "E"),
    )


@pytest.mark.parametrize("code", ["E", ""])
def test_an_error_of_the_called_process_is_caught_at_the_border(play: Play, code: str) -> None:
    player = play(caught("error", code=code))

    player.throw_error("each", "E", why="late")

    assert player.waiting == ["late"]
    assert player.variables == {"why": "late"}
    assert player.calls == {}


def test_an_error_of_another_code_is_an_incident(play: Play) -> None:
    player = play(caught("error"))

    player.throw_error("each", "F")

    assert player.stuck == ["each"]
    assert player.waiting == []


def escalate(player: Player, code: str, **variables: Json) -> bool:
    """The called process escalated."""
    execution = player.resume()
    known = execution.escalate(player.key_of("each"), code, variables)
    player.play(execution)
    return known


def test_an_escalation_that_interrupts_ends_the_call(play: Play) -> None:
    player = play(caught("escalation"))

    assert escalate(player, "E", why="x")

    assert player.waiting == ["late"]
    assert any(isinstance(event, CallOver) for event in player.events)


def test_one_that_interrupts_nothing_leaves_the_call(play: Play) -> None:
    player = play(caught("escalation", interrupting=False))

    assert escalate(player, "E")
    assert escalate(player, "E")

    assert player.waiting == ["late", "late"]
    assert len(player.calls) == 1


def test_one_that_nobody_catches_goes_by(play: Play) -> None:
    player = play(caught("escalation"))

    assert not escalate(player, "F")

    assert player.waiting == []
    assert len(player.calls) == 1


def test_an_error_is_caught_by_an_event_subprocess_around_the_call(play: Play) -> None:
    handler = sub(
        "handler",
        start_by("h", on("error", "E")),
        user("late"),
        end("he"),
        flows("h", "late", "he"),
        triggeredByEvent="true",
    )
    source = once_an_item(call("each") + handler, declared=declare("error", "E"))
    player = play(source)

    player.throw_error("each", "E")

    assert player.waiting == ["late"]


@pytest.mark.parametrize("how", ["terminate", "cancel"])
def test_the_called_process_ends_with_its_call(play: Play, how: str) -> None:
    player = play(once_an_item(call("each")))
    key = player.key_of("each")

    if how == "terminate":
        player.terminate("each")
    else:
        player.cancel()

    assert CallOver(key) in player.events
    assert player.calls == {}


class Above:
    """A calling instance that catches these codes."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def catches(self, code: str, *, is_error: bool) -> bool:
        """Whether it is one of them."""
        return code in self._codes


def called(kind: str) -> bytes:
    """A process that throws; `beside` runs beside it."""
    thrower = end_by("thrown", on(kind, "E"))
    return diagram(
        start(),
        '<bpmn:parallelGateway id="split" />',
        user("beside"),
        user("work"),
        thrower,
        end(),
        flows("start", "split", "beside", "end"),
        flows("split", "work", "thrown"),
        declared=declare(kind, "E"),
    )


def test_an_error_that_the_caller_catches_ends_this_instance(play: Play) -> None:
    player = play(called("error"), caller=Above("E"))

    player.complete("work")

    assert isinstance(player.ending, InstanceTerminated)
    [escaped] = [event for event in player.events if isinstance(event, Escaped)]
    assert (escaped.is_error, escaped.code) == (True, "E")


@pytest.mark.parametrize("caller", [None, Above("F")])
def test_an_error_that_no_caller_catches_is_an_incident_here(
    play: Play, caller: Above | None
) -> None:
    player = play(called("error"), caller=caller)

    player.complete("work")

    assert player.stuck == ["thrown"]
    assert player.waiting == ["beside"]


def test_an_escalation_escapes_and_this_instance_goes_on(play: Play) -> None:
    player = play(called("escalation"), caller=Above("E"))

    player.complete("work")

    assert [event.code for event in player.events if isinstance(event, Escaped)] == ["E"]
    assert player.waiting == ["beside"]


def test_an_escalation_that_nobody_catches_is_told(play: Play) -> None:
    player = play(called("escalation"), caller=Above())

    player.complete("work")

    assert any(isinstance(event, EscalationUncaught) for event in player.events)
    assert player.waiting == ["beside"]


def test_an_error_of_a_job_escapes_too(play: Play) -> None:
    player = play(once_an_item(job("each")), caller=Above("E"))

    player.throw_error("each", "E", why="x")

    assert isinstance(player.ending, InstanceTerminated)
    [escaped] = [event for event in player.events if isinstance(event, Escaped)]
    assert escaped.variables == {"why": "x"}


def test_what_is_caught_here_does_not_escape(play: Play) -> None:
    box = sub("each", start("s"), throw("t", on("escalation", "E")), end("e"), flows("s", "t", "e"))
    event = boundary("border", "each", on("escalation", "E"), interrupting=False)
    source = once_an_item(box + event + flows("border", "end"), declared=declare("escalation", "E"))

    player = play(source, caller=Above("E"))

    assert player.waiting == ["last"]
    assert not any(isinstance(event, Escaped) for event in player.events)
