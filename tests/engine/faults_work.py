"""Diagrams with one fault each: loops, calls, jobs, mappings and properties."""

from tests.engine.builders import (
    HEAD,
    TAIL,
    boundary,
    diagram,
    element,
    end,
    flows,
    mapping,
    multi,
    on,
    properties,
    rule,
    script,
    start,
    sub,
    user,
)
from tests.engine.everything import (
    JOB,
    association,
    begin,
    call,
    catch,
    ending,
    handler,
    piece,
    throw,
)
from tests.engine.faults_elements import Fault
from tests.engine.faults_flows import row


def repeated(**settings: str) -> bytes:
    """A user task `it` with multi-instance characteristics."""
    return row(user("it", inside=multi(**settings)))  # type: ignore[arg-type]


ONLY_BY_EVENT = diagram(
    begin("q_start", on("signal", "alarm")), end("q_end"), flows("q_start", "q_end"),
    process_id="Q",
).decode().removeprefix(HEAD).removesuffix(TAIL)  # fmt: skip
"""A process that a signal starts."""


def looped(inside: str = "", **attributes: str) -> bytes:
    """A user task `it` with a standard loop."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    loop = f"<bpmn:standardLoopCharacteristics{written}>{inside}</bpmn:standardLoopCharacteristics>"
    return row(user("it", inside=loop))


def loop_while(condition: str) -> str:
    """The condition of a standard loop."""
    return f'<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:loopCondition>'


def called(attributes: str, **more: str) -> bytes:
    """A call activity `it` with these attributes of its called element."""
    return row(element("callActivity", "it", f"<zeebe:calledElement {attributes} />", **more))


LOOPS: dict[str, Fault] = {
    "nothing to repeat over": (repeated(), "multi-instance-items", "it"),
    "two things to repeat over": (
        repeated(inputs="=[1]", times="2"), "multi-instance-items", "it",
    ),
    "a literal collection": (repeated(inputs="members"), "multi-instance-items", "it"),
    "a number of times that is none": (repeated(times="often"), "multi-instance-items", "it"),
    "an input element without a collection": (
        repeated(item="one", times="2"), "multi-instance-items", "it",
    ),
    "an output collection alone": (
        repeated(inputs="=[1]", outputs="all"), "multi-instance-output", "it",
    ),
    "a literal output element": (
        repeated(inputs="=[1]", outputs="all", output="one"), "multi-instance-output", "it",
    ),
    "an output element of an ad-hoc subprocess alone": (
        row(sub("it", '<bpmn:extensionElements><zeebe:adHoc outputElement="=1" />'
                "</bpmn:extensionElements>", user("a"), tag="adHocSubProcess")),
        "multi-instance-output",
        "it",
    ),
    "a strange input element": (
        repeated(inputs="=[1]", item="a-b"), "multi-instance-names", "it",
    ),
    "an output collection that is the service's": (
        repeated(inputs="=[1]", outputs="initiator", output="=1"), "name-reserved", "it",
    ),
    "a completion condition that is no expression": (
        repeated(times="2", until="true"), "loop-condition", "it",
    ),
    "a loop condition that is no expression": (
        looped(loop_while("score > 1")), "loop-condition", "it",
    ),
    "a loop that never begins": (looped(loopMaximum="0"), "loop-maximum", "it"),
    "a negative maximum": (looped(loopMaximum="-3"), "loop-maximum", "it"),
}  # fmt: skip

WORK: dict[str, Fault] = {
    "a send task that sends nothing": (row(element("sendTask", "it")), "send-what", "it"),
    "a job of an event that is no message": (
        row(throw("it", on("signal", "alarm"), extensions=JOB)), "task-type-place", "it",
    ),
    "a job of a plain end": (
        piece(user("a"), ending("last", extensions=JOB), flows("start", "a", "last")),
        "task-type-place",
        "last",
    ),
    "a job of two messages": (
        row(throw("it", on("message", "news"), on("message", "paid"), extensions=JOB)),
        "task-type-place",
        "it",
    ),
    "a decision and a job": (row(rule("it", "grade", extensions=JOB)), "task-implementation", "it"),
    "a script and a job": (row(script("it", "=1", extensions=JOB)), "task-implementation", "it"),
    "irreversible without its lawful act": (
        row(script("it", "=1", extensions=properties(irreversible="true"))), "irreversible", "it",
    ),
    "a title anew that is neither yes nor no": (
        row(script("it", "=1", extensions=properties(retitle="=number"))), "retitle", "it",
    ),
    "a title anew where there is none": (
        row(script("it", "=1", extensions=properties(retitle="true"))), "retitle", "it",
    ),
    "a retry of what is no job": (
        row(script("it", "=1", extensions=properties(retry="PT1M"))), "property-place", "it",
    ),
    "a call of nothing": (row(element("callActivity", "it")), "call-process", "it"),
    "a call that says two processes": (
        called('processId="P"', calledElement="Q"), "call-process", "it",
    ),
    "a call that says its process twice": (
        called('processId="P" processIdExpression="=which"'), "call-process", "it",
    ),
    "a call of an unknown process": (row(call("it", "gone")), "call-known", "it"),
    "a call of a process that only an event begins": (
        row(call("it", "Q")).replace(TAIL.encode(), (ONLY_BY_EVENT + TAIL).encode()),
        "call-begins",
        "it",
    ),
    "a call of a version tag that is not said": (
        called('processId="P" bindingType="versionTag"'), "call-binding", "it",
    ),
    "a call with a tag that is not meant": (
        called('processId="P" versionTag="2"'), "call-binding", "it",
    ),
    "a call of an unknown binding": (
        called('processId="P" bindingType="newest"'), "call-binding", "it",
    ),
    "inputs of a boundary event": (
        row(user("it"), boundary("b", "it", on("signal", "alarm")).replace(
            ">", "><bpmn:extensionElements>" + mapping(inputs={"a": "=1"})
            + "</bpmn:extensionElements>", 1), flows("b", "end")),
        "mapping-place",
        "b",
    ),
    "inputs of a start with a trigger": (
        row(user("it"), begin("second", on("signal", "alarm"),
                              extensions=mapping(inputs={"a": "=1"})), flows("second", "it")),
        "mapping-place",
        "second",
    ),
    "inputs of an event behind a gateway": (
        piece(element("eventBasedGateway", "g"),
              catch("c", on("signal", "alarm"), extensions=mapping(inputs={"a": "=1"})),
              catch("d", on("signal", "calm")), end(), flows("start", "g", "c", "end"),
              flows("g", "d", "end")),
        "mapping-place",
        "c",
    ),
    "outputs of a compensation event": (
        row(user("it"), boundary("undo", "it", on("compensate")).replace(
            ">", "><bpmn:extensionElements>" + mapping(outputs={"a": "=1"})
            + "</bpmn:extensionElements>", 1), handler("back", "undo")).replace(
            b"</bpmn:process>", association("undo", "back").encode() + b"</bpmn:process>"),
        "mapping-place",
        "undo",
    ),
    "a form at a start with a trigger": (
        row(user("it"), begin("second", on("signal", "alarm"),
                              extensions='<zeebe:formDefinition formId="application" />'),
            flows("second", "it")),
        "form-place",
        "second",
    ),
    "a form at the start of a subprocess": (
        row(sub("it", start("in", form="application"), end("out"), flows("in", "out"))),
        "form-place",
        "in",
    ),
    "two tasks with one outcome": (
        row(user("it-1"), user("it_1"), flows("it-1", "it_1", "end"), it="it-1"),
        "outcome-variable",
        "it_1",
    ),
    "a listener": (
        row(user("it", extensions="<zeebe:taskListeners />")), "extension-supported", "it",
    ),
    "a job of an ad-hoc subprocess": (
        row(sub("it", f"<bpmn:extensionElements>{JOB}</bpmn:extensionElements>", user("a"),
                tag="adHocSubProcess")),
        "extension-place",
        "it",
    ),
    "events that a condition is asked at": (
        row(catch("it", on("conditional", "=score > 1").replace(
            "<bpmn:condition ", '<bpmn:extensionElements><zeebe:conditionalFilter'
            ' variableEvents="create" /></bpmn:extensionElements><bpmn:condition '))),
        "extension-supported",
        "it",
    ),
}  # fmt: skip

WARNINGS: dict[str, Fault] = {
    "reminders of a step without a due date": (
        row(user("it", extensions=properties(remind_after="1"))),
        "deadline-idle",
        "it",
    ),
    "a loop without end": (looped(), "loop-condition", "it"),
}
