"""What a called process asks before it ends in an error: would its caller catch it?

Each answer is compared with what happens when the error is thrown there.
"""

import pytest

from service.domain.events import Failure, IncidentType
from service.engine import process_models
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    flows,
    on,
    start,
    sub,
)
from tests.engine.conftest import Play

CALLED = '<zeebe:calledElement processId="Q" />'
DECLARED = declare("error", "E1") + declare("error", "E2") + declare("escalation", "E1")


def call(element_id: str = "call", **more: str) -> str:
    return element("callActivity", element_id, CALLED, **more)


def event_subprocess(kind: str, name: str, *inside: str, interrupting: bool = True) -> str:
    """One that starts by this event and does what is inside."""
    begin = element(
        "startEvent", "caught", inside=on(kind, name), isInterrupting=str(interrupting).lower()
    )
    return sub("handling", begin, *inside, end("handled"), triggeredByEvent="true")


AT_THE_BORDER = diagram(
    start(), call(), end(), boundary("b", "call", on("error", "E1")), end("e"),
    flows("start", "call", "end"), flows("b", "e"), declared=DECLARED,
)  # fmt: skip
AROUND = diagram(
    start(), sub("inner", start("s"), call(), end("t"), flows("s", "call", "t")), end(),
    boundary("b", "inner", on("error", "E1")), end("e"),
    flows("start", "inner", "end"), flows("b", "e"), declared=DECLARED,
)  # fmt: skip
IN_AN_EVENT_SUBPROCESS = diagram(
    start(), call(), end(), event_subprocess("error", "E1", flows("caught", "handled")),
    flows("start", "call", "end"), declared=DECLARED,
)  # fmt: skip
ANY_ERROR = diagram(
    start(), call(), end(), boundary("b", "call", on("error")), end("e"),
    flows("start", "call", "end"), flows("b", "e"), declared=DECLARED,
)  # fmt: skip
NOWHERE = diagram(start(), call(), end(), flows("start", "call", "end"), declared=DECLARED)


@pytest.mark.parametrize(
    ("source", "code", "expected"),
    [
        (AT_THE_BORDER, "E1", True),
        (AT_THE_BORDER, "E2", False),
        (AROUND, "E1", True),
        (AROUND, "E2", False),
        (IN_AN_EVENT_SUBPROCESS, "E1", True),
        (ANY_ERROR, "E2", True),
        (NOWHERE, "E1", False),
    ],
)
def test_what_is_said_to_be_caught_is(play: Play, source: bytes, code: str, expected: bool) -> None:
    [model] = process_models(source)
    player = play(source)

    player.throw_error("call", code)

    assert model.catches("call", code, is_error=True) is expected
    assert (player.stuck == []) is expected


def test_an_error_is_no_escalation() -> None:
    [model] = process_models(AT_THE_BORDER)
    assert not model.catches("call", "E1", is_error=False)


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_scope_that_was_taken_over_catches_nothing_more(play: Play, interrupting: bool) -> None:
    inside = call("second") + flows("caught", "second", "handled")
    kind = "escalation"
    source = diagram(
        start(), call(), end(),
        event_subprocess(kind, "", inside, interrupting=interrupting),
        flows("start", "call", "end"), declared=DECLARED,
    )  # fmt: skip
    [model] = process_models(source)
    player = play(source)
    execution = player.resume()
    execution.escalate(player.key_of("call"), "E1", {})
    player.play(execution)

    execution = player.resume()
    caught = execution.escalate(player.key_of("second"), "E1", {})

    assert caught is not interrupting
    assert model.catches("second", "E1", is_error=False) is caught


def test_a_call_that_is_made_again_waits_for_its_border_once(play: Play) -> None:
    source = diagram(
        start(), call(), end(), boundary("late", "call", on("timeDuration", "PT1H")), end("e"),
        flows("start", "call", "end"), flows("late", "e"),
    )  # fmt: skip
    player = play(source)
    execution = player.resume()
    execution.fail(player.key_of("call"), Failure(IncidentType.CALLED_ELEMENT_ERROR, "没有部署"))
    player.play(execution)

    player.retry("call")

    assert player.awaited == ["late"]
    player.complete("call")
    assert player.ending is not None
