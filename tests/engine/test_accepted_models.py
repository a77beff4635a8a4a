"""Models that look odd and are right: they are accepted, and they run."""

import random

import pytest

from service.engine import process_models
from service.feel import FeelPool
from tests.engine.builders import (
    boundary,
    declare,
    element,
    end,
    flows,
    on,
    service,
    start,
    sub,
    user,
)
from tests.engine.checking import check, errors
from tests.engine.everything import (
    DECLARED,
    association,
    begin,
    call,
    catch,
    ending,
    event_sub,
    handler,
    inner,
    piece,
    throw,
)
from tests.engine.faults_flows import row
from tests.engine.test_mutated_models import run_at_random


def without_start(*elements: str) -> bytes:
    """A process of these alone."""
    return piece(*elements).replace(start(form="application").encode(), b"")


ACCEPTED = {
    "no start and no end": without_start(user("a"), user("b"), flows("a", "b")),
    "a subprocess without start and end": row(sub("it", user("a"), user("b"))),
    "a gateway that instantiates, messages without keys": without_start(
        element("eventBasedGateway", "g", instantiate="true"),
        catch("a", on("message", "order")),
        catch("b", on("message", "paid")),
        end(),
        flows("g", "a", "end"),
        flows("g", "b", "end"),
    ),
    "starts with triggers alone": without_start(
        begin("in", on("message", "order")), user("a"), end(), flows("in", "a", "end")
    ),
    "a cron with seconds": row(
        user("it"), begin("daily", on("timeCycle", "0 0 9 * * MON")), flows("daily", "it")
    ),
    "a cron at a border": row(
        user("it"),
        boundary("b", "it", on("timeCycle", "0 9 * * *"), interrupting=False),
        flows("b", "end"),
    ),
    "any error beside a named one": row(
        user("it"),
        boundary("a", "it", on("error", "late")),
        boundary("b", "it", on("error")),
        flows("a", "end"),
        flows("b", "end"),
    ),
    "an error code by expression": row(
        sub("it", start("in"), ending("out", on("error", "x")), flows("in", "out")),
        boundary("b", "it", on("error")),
        flows("b", "end"),
    ).replace(
        DECLARED.encode(),
        (
            DECLARED + declare("error", "x").replace('errorCode="x"', 'errorCode="=string(score)"')
        ).encode(),
    ),
    "undoing from an event subprocess": row(
        service("it"),
        boundary("undo", "it", on("compensate")),
        handler("back", "undo"),
        event_sub("es", on("signal", "alarm")).replace(
            '<bpmn:manualTask id="es_work"></bpmn:manualTask>',
            throw("es_work", on("compensate", "it")),
        ),
        user("later"),
        flows("it", "later", "end"),
    ).replace(b"</bpmn:process>", association("undo", "back").encode() + b"</bpmn:process>"),
    "undoing what a subprocess holds": piece(
        inner(
            "it",
            service("it_it"),
            boundary("undo", "it_it", on("compensate")),
            handler("back", "undo"),
            association("undo", "back"),
        ),
        throw("t", on("compensate", "it")),
        end(),
        flows("start", "it", "t", "end"),
    ),
    "a call by expression": row(call("it", "=string(score)")),
    "a call of a version": row(call("it", bindingType="versionTag", versionTag="2")),
    "an error at the border of a handler": row(
        service("it"),
        boundary("undo", "it", on("compensate")),
        element(
            "serviceTask",
            "back",
            '<zeebe:taskDefinition type="work" />',
            isForCompensation="true",
        ),
        boundary("b", "back", on("error")),
        flows("b", "end"),
        throw("t", on("compensate")),
        flows("it", "t", "end"),
    ).replace(b"</bpmn:process>", association("undo", "back").encode() + b"</bpmn:process>"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_is_accepted_and_runs(feel: FeelPool, name: str) -> None:
    source = ACCEPTED[name]

    assert errors(check(source, feel)) == set()
    for seed in range(5):
        for model in process_models(source):
            run_at_random(model, feel, random.Random(seed))  # noqa: S311
