"""Diagrams with one fault each: events of every kind."""

from tests.engine.builders import (
    boundary,
    declare,
    element,
    end,
    flows,
    message,
    on,
    parallel,
    properties,
    start,
    sub,
    user,
)
from tests.engine.everything import DECLARED, begin, catch, ending, piece, throw
from tests.engine.faults_elements import Fault
from tests.engine.faults_flows import event_sub, row


def bordered(definition: str, *, interrupting: bool = True, host: str = "") -> bytes:
    """A user task with a boundary event `b` that leads to the end."""
    return row(
        host or user("it"),
        boundary("b", "it", definition, interrupting=interrupting),
        flows("b", "end"),
    )


def caught(*definitions: str) -> bytes:
    """An intermediate catch event `it`."""
    return row(catch("it", *definitions))


def thrown(*definitions: str) -> bytes:
    """An intermediate throw event `it`."""
    return row(throw("it", *definitions))


def ended(*definitions: str) -> bytes:
    """An end event `last`."""
    return piece(user("a"), ending("last", *definitions), flows("start", "a", "last"))


def started(*definitions: str) -> bytes:
    """A second start event `second`."""
    return row(user("it"), begin("second", *definitions), flows("second", "it"))


def within(definition: str, **more: str) -> bytes:
    """An event subprocess whose start event `in` has this definition."""
    return row(
        user("it"),
        event_sub(begin("in", definition, **more), end("out"), flows("in", "out")),
    )


NAMELESS = '<bpmn:message id="nameless" />' + '<bpmn:error id="codeless" name="x" />'
NO_KEY = message("bare", "")


def declaring(more: str, source: bytes) -> bytes:
    """The diagram with more declarations."""
    return source.replace(DECLARED.encode(), (DECLARED + more).encode())


PLACES: dict[str, Fault] = {
    **{
        f"a start event of {kind}": (started(on(kind)), "event-place", "second")
        for kind in ("error", "escalation", "compensate")
    },
    **{
        f"an end event of {kind}": (ended(on(kind, name)), "event-place", "last")
        for kind, name in (
            ("timeDuration", "PT1H"), ("conditional", "=true"), ("link", "x"),
        )
    },
    **{
        f"a catch event of {kind}": (caught(on(kind)), "event-place", "it")
        for kind in ("error", "escalation", "compensate")
    },
    **{
        f"a throw event of {kind}": (thrown(on(kind, name)), "event-place", "it")
        for kind, name in (
            ("error", "broken"), ("timeDuration", "PT1H"), ("conditional", "=true"),
            ("terminate", ""), ("cancel", ""),
        )
    },
    "a boundary event of link": (bordered(on("link", "x")), "event-place", "b"),
    "a cancel start of an event subprocess": (within(on("cancel")), "event-place", "in"),
    "a catch event without a definition": (caught(), "event-definition", "it"),
    "a boundary event without a definition": (bordered(""), "event-definition", "b"),
    "a cancel end in a process": (ended(on("cancel")), "cancel-place", "last"),
    "a cancel end in a subprocess of a transaction": (
        row(
            sub("it", start("in"), end("out"),
                sub("deep", start("din"), ending("dout", on("cancel")), flows("din", "dout")),
                flows("in", "deep", "out"), tag="transaction"),
            boundary("b", "it", on("cancel")), flows("b", "end"),
        ),
        "cancel-place",
        "dout",
    ),
    "a cancel boundary of a task": (bordered(on("cancel")), "cancel-place", "b"),
    "an error boundary that does not interrupt": (
        bordered(on("error"), interrupting=False), "event-interrupting", "b",
    ),
    "an error start that does not interrupt": (
        within(on("error"), isInterrupting="false"), "event-interrupting", "in",
    ),
    "a boundary event of nothing": (
        row(user("it"), boundary("b", "gone", on("signal", "alarm")), flows("b", "end")),
        "boundary-host",
        "b",
    ),
    "a boundary event of a gateway": (
        bordered(on("signal", "alarm"), host=element("parallelGateway", "it")),
        "boundary-host",
        "b",
    ),
    "a boundary event of something deeper": (
        row(
            sub("s", start("in"), user("deep"), end("out"), flows("in", "deep", "out")),
            boundary("b", "deep", on("signal", "alarm")), flows("b", "end"), it="s",
        ),
        "boundary-host",
        "b",
    ),
    "a boundary event of an event subprocess": (
        row(
            user("it"),
            event_sub(begin("in", on("signal", "calm")), end("out"), flows("in", "out")),
            boundary("b", "es", on("signal", "alarm")), flows("b", "end"),
        ),
        "boundary-host",
        "b",
    ),
    "a boundary event with an entry": (
        row(user("it"), boundary("b", "it", on("signal", "alarm")), flows("b", "end"),
            user("u"), flows("start", "u", "b")),
        "boundary-flows",
        "b",
    ),
    "a boundary event that leads nowhere": (
        row(user("it"), boundary("b", "it", on("signal", "alarm"))), "boundary-flows", "b",
    ),
    "the same error caught twice": (
        row(user("it"), boundary("a", "it", on("error", "late")),
            boundary("b", "it", on("error", "late")), flows("a", "end"), flows("b", "end")),
        "event-duplicate",
        "b",
    ),
    "two ways to undo one activity": (
        row(user("it"), boundary("a", "it", on("compensate")),
            boundary("b", "it", on("compensate"))),
        "event-duplicate",
        "b",
    ),
    "two event subprocesses of one message": (
        row(
            user("it"),
            *(
                sub(one, begin(f"{one}_in", on("message", "paid")), end(f"{one}_out"),
                    flows(f"{one}_in", f"{one}_out"), triggeredByEvent="true")
                for one in ("a", "b")
            ),
        ),
        "event-duplicate",
        "b_in",
    ),
    "a throw event without an entry": (
        row(user("it"), throw("t"), flows("t", "end")), "event-flows", "t",
    ),
    "a catch event that leads nowhere": (
        row(user("it"), catch("c", on("signal", "alarm")), flows("it", "c")),
        "event-flows",
        "c",
    ),
}  # fmt: skip

LINKS: dict[str, Fault] = {
    "a link without a target": (
        piece(user("a"), throw("t", on("link", "x")), flows("start", "a", "t"), end(),
              flows("a", "end")),
        "link-pair",
        "t",
    ),
    "a link that names another end": (
        piece(throw("t", '<bpmn:linkEventDefinition id="from" name="x"><bpmn:target>other'
                    "</bpmn:target></bpmn:linkEventDefinition>"),
              catch("c", on("link", "x")), parallel("p"), throw("u", on("link", "y")),
              catch("d", '<bpmn:linkEventDefinition id="other" name="y" />'), end(),
              flows("start", "p", "t"), flows("p", "u"), flows("c", "end"), flows("d", "end")),
        "link-pair",
        "t",
    ),
    "a link without a source": (
        row(user("it"), catch("c", on("link", "x")), flows("c", "end")), "link-pair", "c",
    ),
    "a link with two targets": (
        piece(throw("t", on("link", "x")), catch("c", on("link", "x")),
              catch("d", on("link", "x")), end(), flows("start", "t"), flows("c", "end"),
              flows("d", "end")),
        "link-pair",
        "d",
    ),
    "a link without a name": (
        piece(throw("t", on("link", " ")), catch("c", on("link", " ")), end(),
              flows("start", "t"), flows("c", "end")),
        "link-pair",
        "t",
    ),
    "a link into a subprocess": (
        row(throw("t", on("link", "x")),
            sub("it", start("in"), catch("c", on("link", "x")), end("out"), flows("in", "out"),
                flows("c", "out")), flows("start", "t")),
        "link-pair",
        "t",
    ),
    "a link source with an exit": (
        piece(throw("t", on("link", "x")), catch("c", on("link", "x")), end(),
              flows("start", "t", "end"), flows("c", "end")),
        "link-flows",
        "t",
    ),
    "a link target with an entry": (
        piece(throw("t", on("link", "x")), catch("c", on("link", "x")), user("u"), end(),
              flows("start", "t"), flows("start", "u", "c", "end")),
        "link-flows",
        "c",
    ),
}  # fmt: skip

DEFINITIONS: dict[str, Fault] = {
    "a message that is not said": (
        caught("<bpmn:messageEventDefinition />"), "event-reference", "it",
    ),
    "a message without a name": (
        declaring(NAMELESS, caught('<bpmn:messageEventDefinition messageRef="nameless" />')),
        "event-reference",
        "it",
    ),
    "a message that does not exist": (caught(on("message", "gone")), "reference", "it"),
    "a signal that does not exist": (caught(on("signal", "gone")), "reference", "it"),
    "a signal that is not said": (ended(on("signal")), "event-reference", "last"),
    "a message that an end does not say": (
        ended("<bpmn:messageEventDefinition />"), "event-reference", "last",
    ),
    "a receive task without a message": (
        row(element("receiveTask", "it")), "event-reference", "it",
    ),
    "an error end without an error": (ended(on("error")), "event-reference", "last"),
    "an error end without a code": (
        declaring(NAMELESS, ended('<bpmn:errorEventDefinition errorRef="codeless" />')),
        "event-reference",
        "last",
    ),
    "an escalation without a code": (thrown(on("escalation")), "event-reference", "it"),
    "an escalation that does not exist": (thrown(on("escalation", "gone")), "reference", "it"),
    "a caught code that is an expression": (
        declaring(
            declare("error", "x").replace('errorCode="x"', 'errorCode="=score"'),
            bordered(on("error", "x")),
        ),
        "event-code",
        "b",
    ),
    "a message without a key": (
        declaring(NO_KEY, caught(on("message", "bare"))), "message-key", "it",
    ),
    "a boundary message without a key": (
        declaring(NO_KEY, bordered(on("message", "bare"))), "message-key", "b",
    ),
    "a received message without a key": (
        declaring(NO_KEY, row(element("receiveTask", "it", messageRef="m_bare"))),
        "message-key",
        "it",
    ),
    "a condition that is not said": (
        caught("<bpmn:conditionalEventDefinition><bpmn:condition />"
               "</bpmn:conditionalEventDefinition>"),
        "event-condition",
        "it",
    ),
    "a condition in natural language": (
        caught("<bpmn:conditionalEventDefinition><bpmn:condition>=score > 1</bpmn:condition>"
               "</bpmn:conditionalEventDefinition>"),
        "event-condition",
        "it",
    ),
    "a condition that is no expression": (
        caught(on("conditional", "score > 1")), "event-condition", "it",
    ),
    "a time to live that is none": (
        row(throw("it", on("message", "news"), extensions=properties(message_ttl="soon"))),
        "message-time-to-live",
        "it",
    ),
    "a time to live of no message": (
        row(throw("it", on("signal", "alarm"), extensions=properties(message_ttl="PT1H"))),
        "property-place",
        "it",
    ),
}  # fmt: skip

WARNINGS: dict[str, Fault] = {
    "a key that is a fixed text": (
        declaring(message("fixed", "id"), caught(on("message", "fixed"))),
        "message-key",
        "it",
    ),
}
