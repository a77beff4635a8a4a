"""Flow nodes, events, loops and extensions that do not run are refused by rule and element."""

import pytest

from service.feel import FeelPool
from tests.engine.builders import diagram, element, end, flows, start, user
from tests.engine.checking import around, check, errors

NODES = """task manualTask sendTask receiveTask subProcess adHocSubProcess transaction callActivity
    inclusiveGateway eventBasedGateway complexGateway intermediateCatchEvent
    intermediateThrowEvent""".split()  # noqa: SIM905

EVENTS = """message timer signal error escalation conditional link compensate terminate
    cancel""".split()  # noqa: SIM905

LOOPS = ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"]

NOT_RUN_EXTENSIONS = {
    "taskListeners": '<zeebe:taskListeners><zeebe:taskListener type="x" /></zeebe:taskListeners>',
    "executionListeners": "<zeebe:executionListeners />",
    "linkedResources": "<zeebe:linkedResources />",
    "loopCharacteristics": '<zeebe:loopCharacteristics inputCollection="=x" />',
    "calledElement": '<zeebe:calledElement processId="x" />',
    "userTaskForm": "<zeebe:userTaskForm />",
}


@pytest.mark.parametrize("tag", NODES)
def test_a_flow_node(feel: FeelPool, tag: str) -> None:
    problems = check(around(element(tag, "it")), feel)

    assert errors(problems) == {("element-supported", "it")}
    assert "还不能运行" in problems[0].message


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("place", ["startEvent", "endEvent"])
def test_an_event_definition(feel: FeelPool, kind: str, place: str) -> None:
    definition = f'<bpmn:{kind}EventDefinition id="why" />'
    if place == "startEvent":
        nodes = element(place, "start", inside=definition) + user("it") + end()
    else:
        nodes = start(form="application") + user("it") + element(place, "end", inside=definition)

    problems = check(diagram(nodes, flows("start", "it", "end")), feel)

    assert ("element-supported", "why") in errors(problems)


def test_a_boundary_event(feel: FeelPool) -> None:
    boundary = element(
        "boundaryEvent",
        "late",
        inside='<bpmn:timerEventDefinition id="when" />',
        attachedToRef="it",
    )
    source = diagram(
        start(form="application"),
        user("it"),
        boundary,
        end(),
        end("given_up"),
        flows("start", "it", "end"),
        flows("late", "given_up"),
    )

    assert errors(check(source, feel)) == {("element-supported", "late")}


@pytest.mark.parametrize("tag", LOOPS)
def test_loop_characteristics(feel: FeelPool, tag: str) -> None:
    source = around(user("it").replace("</bpmn:userTask>", f"<bpmn:{tag} /></bpmn:userTask>"))

    assert errors(check(source, feel)) == {("element-supported", "it")}


@pytest.mark.parametrize("name", NOT_RUN_EXTENSIONS)
def test_an_extension_of_camunda_8_that_does_not_run_here(feel: FeelPool, name: str) -> None:
    problems = check(around(user("it", extensions=NOT_RUN_EXTENSIONS[name])), feel)

    assert errors(problems) == {("extension-supported", "it")}
    assert name in problems[0].message


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("isForCompensation", "true"),
        ("startQuantity", "2"),
        ("completionQuantity", "2"),
    ],
)
def test_an_attribute(feel: FeelPool, attribute: str, value: str) -> None:
    source = around(user("it", **{attribute: value}))

    assert errors(check(source, feel)) == {("attribute-supported", "it")}
