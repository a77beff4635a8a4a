"""Diagrams with one fault each: levels, flows, gateways and compensation."""

from tests.engine.builders import (
    boundary,
    element,
    end,
    exclusive,
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
from tests.engine.everything import association, begin, catch, ending, handler, piece, throw
from tests.engine.faults_elements import Fault


def row(*inside: str, it: str = "it") -> bytes:
    """Start, these with `it` among them, end."""
    return piece(*inside, end(), flows("start", it, "end"))


def event_sub(*inside: str, **more: str) -> str:
    """An event subprocess `es`."""
    return sub("es", *inside, triggeredByEvent="true", **more)


TIMED = begin("es_start", on("timeDuration", "PT1H"))
ES = (TIMED, end("es_end"), flows("es_start", "es_end"))
BOOKED = (
    service("it"),
    boundary("undo", "it", on("compensate")),
)

LEVELS: dict[str, Fault] = {
    "an end without a start": (
        piece().replace(b'<bpmn:startEvent id="start">', b'<bpmn:task id="start">')
        .replace(b"</bpmn:startEvent>", b"</bpmn:task>")
        .replace(b'<zeebe:formDefinition formId="application" />', b"")
        .replace(b"</bpmn:process>", (end() + flows("start", "end")).encode()
                 + b"</bpmn:process>"),
        "start-missing",
        "P",
    ),
    "an empty process": (
        piece().replace(start(form="application").encode(), b""), "start-missing", "P",
    ),
    "a start without an end": (piece(user("it"), flows("start", "it")), "end-missing", "P"),
    "two plain starts in a subprocess": (
        row(sub("it", start("a"), start("b"), end("c"), flows("a", "c"), flows("b", "c"))),
        "start-count",
        "b",
    ),
    "a subprocess that a message starts": (
        row(sub("it", begin("in", on("message", "paid")), end("out"), flows("in", "out"))),
        "event-place",
        "in",
    ),
    "an event subprocess without a start": (
        row(user("it"), event_sub(user("a"))), "event-subprocess-start", "es",
    ),
    "an event subprocess with two starts": (
        row(user("it"), event_sub(*ES, begin("es_2", on("signal", "alarm")),
                                  flows("es_2", "es_end"))),
        "event-subprocess-start",
        "es",
    ),
    "an event subprocess that nothing triggers": (
        row(user("it"), event_sub(start("s"), end("e"), flows("s", "e"))),
        "event-subprocess-start",
        "s",
    ),
    "a flow into an event subprocess": (
        row(event_sub(*ES), it="es"), "event-subprocess-flows", "es",
    ),
    "a repeated event subprocess": (
        row(user("it"), event_sub(multi(times="2"), *ES)), "event-subprocess-plain", "es",
    ),
    "an event subprocess that compensates": (
        row(user("it"), event_sub(*ES, isForCompensation="true")),
        "event-subprocess-plain",
        "es",
    ),
    "a transaction that an event triggers": (
        row(user("it"), sub("t", *ES, tag="transaction", triggeredByEvent="true")),
        "event-subprocess-plain",
        "t",
    ),
    "an ad-hoc subprocess with a start": (
        row(sub("it", start("in"), user("a"), flows("in", "a"), tag="adHocSubProcess")),
        "ad-hoc-content",
        "in",
    ),
    "an ad-hoc subprocess without activities": (
        row(sub("it", tag="adHocSubProcess")), "ad-hoc-content", "it",
    ),
    "an ad-hoc subprocess with literal elements": (
        row(sub("it", '<bpmn:extensionElements><zeebe:adHoc activeElementsCollection="a" />'
                "</bpmn:extensionElements>", user("a"), tag="adHocSubProcess")),
        "ad-hoc-elements",
        "it",
    ),
    "a cancelled transaction without a way on": (
        row(sub("it", start("in"), ending("out", on("cancel")), flows("in", "out"),
                tag="transaction")),
        "transaction-cancel",
        "it",
    ),
}  # fmt: skip

FLOWS: dict[str, Fault] = {
    "a flow into a subprocess": (
        row(user("it"), sub("s", user("deep")), flow("over", "it", "deep")),
        "flow-crossing",
        "over",
    ),
    "a flow out of a subprocess": (
        row(sub("it", start("in"), user("deep"), end("out"), flows("in", "deep", "out"),
                flow("over", "deep", "end"))),
        "flow-crossing",
        "over",
    ),
    "a loose flow in a subprocess": (
        row(sub("it", start("in"), end("out"), flows("in", "out"),
                flow("loose", "in", "gone"))),
        "flow-ends",
        "loose",
    ),
    "a start that leads nowhere in a subprocess": (
        row(sub("it", start("in"), user("a"), end("out"), flows("a", "out"))),
        "flow-dead-end",
        "in",
    ),
    "a task that nothing leads to in a subprocess": (
        row(sub("it", start("in"), user("a"), end("out"), flows("in", "out"),
                flows("a", "out"))),
        "flow-unreachable",
        "a",
    ),
    "a condition behind an event": (
        piece(catch("c", on("signal", "alarm")), end(), flows("start", "c"),
              flow("out", "c", "end", "=score > 1")),
        "flow-condition-place",
        "out",
    ),
    "a condition behind a parallel gateway": (
        piece(parallel("g"), end(), flows("start", "g"), flow("out", "g", "end", "=score > 1")),
        "flow-condition-place",
        "out",
    ),
    "a default without conditions": (
        row(user("it", default="it_end"), user("b"), flows("it", "b", "end")),
        "flow-default-alone",
        "it",
    ),
    "an empty condition": (
        piece(user("it"), end(), flows("start", "it"), flow("one", "it", "end", ""),
              flow("two", "it", "end")),
        "feel-condition",
        "one",
    ),
    "a default at a parallel gateway": (
        row(parallel("it", default="it_end")), "gateway-default-place", "it",
    ),
    "a mixed gateway with one exit": (
        piece(parallel("it", gatewayDirection="Mixed"), user("a"), end(),
              flows("start", "it", "a", "end"), flows("it", "end")),
        "gateway-direction",
        "it",
    ),
    "a converging gateway with one entry": (
        piece(parallel("it", gatewayDirection="Converging"), user("a"), end(),
              flows("start", "it", "a", "end"), flows("it", "end")),
        "gateway-direction",
        "it",
    ),
    "a gateway that neither splits nor joins": (row(exclusive("it")), "gateway-idle", "it"),
    "a gateway that leads nowhere": (
        piece(parallel("split"), parallel("it"), end(), flows("start", "split", "end"),
              flows("split", "it")),
        "gateway-idle",
        "it",
    ),
    "a single conditional exit": (
        piece(user("it"), end(), flows("start", "it"), flow("out", "it", "end", "=score > 1")),
        "flow-condition-alone",
        "out",
    ),
    "a flow whose ends do not touch": (
        row(user("it")).replace(b'id="it_end"', b'id="it_end" isImmediate="false"'),
        "flow-immediate",
        "it_end",
    ),
    "a flow to a note": (
        row(user("it"), flow("loose", "it", "note")).replace(
            b"</bpmn:process>", b'<bpmn:textAnnotation id="note" /></bpmn:process>'),
        "flow-ends",
        "loose",
    ),
    "an event gateway with one exit": (
        piece(element("eventBasedGateway", "it"), catch("c", on("signal", "alarm")), end(),
              flows("start", "it", "c", "end")),
        "event-gateway-exits",
        "it",
    ),
    "an event gateway before a user task": (
        piece(element("eventBasedGateway", "g"), catch("c", on("signal", "alarm")), user("u"),
              end(), flows("start", "g", "c", "end"), flows("g", "u", "end")),
        "event-gateway-targets",
        "u",
    ),
    "an event gateway before a message and a receive task": (
        piece(element("eventBasedGateway", "g"), catch("c", on("message", "paid")),
              element("receiveTask", "r", messageRef="m_news"), end(),
              flows("start", "g", "c", "end"), flows("g", "r", "end")),
        "event-gateway-targets",
        "g",
    ),
    "an event behind a gateway with another entry": (
        piece(parallel("p"), element("eventBasedGateway", "g"), catch("c", on("signal", "alarm")),
              catch("d", on("signal", "calm")), end(), flows("start", "p", "g", "c", "end"),
              flows("g", "d", "end"), flows("p", "c")),
        "event-gateway-targets",
        "c",
    ),
    "a receive task behind a gateway with a border": (
        piece(element("eventBasedGateway", "g"), element("receiveTask", "r", messageRef="m_news"),
              boundary("b", "r", on("signal", "alarm")), catch("c", on("signal", "calm")), end(),
              flows("start", "g", "c", "end"), flows("g", "r", "end"), flows("b", "end")),
        "event-gateway-targets",
        "r",
    ),
    "a repeated receive task behind a gateway": (
        piece(element("eventBasedGateway", "g"),
              element("receiveTask", "r", messageRef="m_news", inside=multi(times="2")),
              catch("c", on("signal", "calm")), end(),
              flows("start", "g", "c", "end"), flows("g", "r", "end")),
        "event-gateway-targets",
        "r",
    ),
    "an event gateway that instantiates in the middle": (
        piece(user("u"), element("eventBasedGateway", "g", instantiate="true"),
              catch("c", on("signal", "alarm")), catch("d", on("signal", "calm")), end(),
              flows("start", "u", "g", "c", "end"), flows("g", "d", "end")),
        "event-gateway-instantiates",
        "g",
    ),
}  # fmt: skip

COMPENSATION: dict[str, Fault] = {
    "a compensation event without a handler": (row(*BOOKED), "compensation-event", "undo"),
    "a compensation event with a flow": (
        row(*BOOKED, user("u"), flows("undo", "u", "end")), "boundary-flows", "undo",
    ),
    "a handler that is no compensation activity": (
        row(*BOOKED, element("task", "back"), flows("start", "back", "end")).replace(
            b"</bpmn:process>", association("undo", "back").encode() + b"</bpmn:process>"),
        "compensation-event",
        "back",
    ),
    "a compensation activity alone": (
        row(user("it"), handler("back", "")), "compensation-handler", "back",
    ),
    "a compensation activity in the flow": (
        row(*BOOKED, handler("back", "undo"), flows("it", "back")).replace(
            b"</bpmn:process>", association("undo", "back").encode() + b"</bpmn:process>"),
        "compensation-handler",
        "back",
    ),
    "undoing what undoes": (
        row(*BOOKED, handler("back", "undo"), boundary("undo2", "back", on("compensate")),
            handler("forth", "undo2")).replace(
            b"</bpmn:process>", (association("undo", "back")
                                 + association("undo2", "forth")).encode() + b"</bpmn:process>"),
        "compensation-handler",
        "undo2",
    ),
    "undoing what cannot be undone": (
        piece(user("a"), throw("t", on("compensate", "a")), end(),
              flows("start", "a", "t", "end")),
        "compensation-activity",
        "t",
    ),
    "undoing what is out of reach": (
        row(sub("it", start("in"), service("deep"), boundary("undo", "deep", on("compensate")),
                handler("back", "undo"), end("out"), flows("in", "deep", "out"),
                association("undo", "back")),
            ending("last", on("compensate", "deep")), parallel("p"), flows("p", "last"),
            flows("it", "p")),
        "compensation-activity",
        "last",
    ),
}  # fmt: skip

WARNINGS: dict[str, Fault] = {
    "a default with a condition": (
        piece(exclusive("it", default="one"), user("a"), end(), flows("start", "it"),
              flow("one", "it", "a", "=score > 1"), flow("two", "it", "end", "=score > 2"),
              flows("a", "end")),
        "gateway-default-condition",
        "one",
    ),
    "an inclusive exit that is always taken": (
        piece(element("inclusiveGateway", "g"), end(), flows("start", "g"),
              flow("one", "g", "end", "=score > 1"), flow("two", "g", "end")),
        "gateway-condition",
        "two",
    ),
    "a choice before a parallel join": (
        piece(exclusive("split", default="split_b"), element("task", "a"), element("task", "b"),
              parallel("join"), end(), flows("start", "split"),
              flow("to_a", "split", "a", "=score > 1"), flows("split", "b", "join", "end"),
              flows("a", "join")),
        "gateway-deadlock",
        "join",
    ),
    "an empty subprocess": (row(sub("it")), "subprocess-empty", "it"),
    "a loop without an exit": (
        piece(parallel("p"), end(), flows("start", "p", "end"), user("a"), user("b"),
              flows("p", "a", "b", "a")),
        "flow-endless",
        "a",
    ),
    "a way round that nothing leads to": (
        row(user("it"), user("a"), exclusive("g", default="x"),
            flow("back", "g", "a", "=score > 1"), flows("a", "g"), flow("x", "g", "end")),
        "flow-unreachable",
        "a",
    ),
}  # fmt: skip
