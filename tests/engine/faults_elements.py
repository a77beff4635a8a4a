"""Diagrams with one fault each: elements, attributes and references."""

from tests.engine.builders import (
    HEAD,
    TAIL,
    element,
    end,
    flows,
    start,
    sub,
    user,
)
from tests.engine.checking import around, sound, with_user_task
from tests.engine.everything import DECLARED, piece

Fault = tuple[bytes, str, str]
"""The diagram, the rule that it breaks, and the element at which that is told."""


def beside(declared: str) -> bytes:
    """A sound diagram with this before its process."""
    return sound().replace(HEAD.encode(), (HEAD + declared).encode())


def with_artifact(artifact: str) -> bytes:
    """A sound diagram with this behind its elements."""
    return sound().replace(b"</bpmn:process>", f"{artifact}</bpmn:process>".encode())


def pools(inside: str) -> bytes:
    """Two pools, one of which is the process, and this."""
    collaboration = (
        '<bpmn:collaboration id="C"><bpmn:participant id="us" processRef="P" />'
        f'<bpmn:participant id="them" name="申请人" />{inside}</bpmn:collaboration>'
    )
    return sound().replace(TAIL.encode(), (collaboration + TAIL).encode())


def message_flow(source: str, target: str) -> str:
    """A message flow `m`."""
    return f'<bpmn:messageFlow id="m" sourceRef="{source}" targetRef="{target}" />'


DATA_ASSOCIATION = (
    '<bpmn:property id="place" /><bpmn:dataInputAssociation id="data">'
    "<bpmn:targetRef>place</bpmn:targetRef>"
    '<bpmn:assignment><bpmn:from xsi:type="bpmn:tFormalExpression">=1</bpmn:from>'
    '<bpmn:to xsi:type="bpmn:tFormalExpression">x</bpmn:to></bpmn:assignment>'
    "</bpmn:dataInputAssociation>"
)


def read_from(*sources: str) -> str:
    """A data association from these to a property."""
    ends = "".join(f"<bpmn:sourceRef>{one}</bpmn:sourceRef>" for one in sources)
    return (
        '<bpmn:property id="place" /><bpmn:dataInputAssociation id="data">'
        f"{ends}<bpmn:targetRef>place</bpmn:targetRef></bpmn:dataInputAssociation>"
    )


IO = (
    '<bpmn:ioSpecification id="io"><bpmn:dataInput id="in" /><bpmn:inputSet>'
    "<bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet />"
    "</bpmn:ioSpecification>"
)

DRAFT = b'<bpmn:process id="draft"><bpmn:task id="idea" /></bpmn:process>'
"""A process beside it that does not run."""


ELEMENTS: dict[str, Fault] = {
    "an operation": (around(user("it", operationRef="op").replace("userTask", "serviceTask")),
                     "attribute-supported", "it"),
    "a transaction that stores": (
        piece(
            sub("it", start("in"), end("out"), flows("in", "out"),
                tag="transaction", method="##Store"),
            end(), flows("start", "it", "end"),
        ),
        "attribute-supported",
        "it",
    ),
    "an extension that must be understood": (
        beside('<bpmn:extension mustUnderstand="true" />'), "element-supported", "definitions",
    ),
    "an unknown zeebe attribute": (
        with_user_task(user("check", form="application").replace(
            ' id="check"', ' id="check" zeebe:retries="3"')),
        "extension-known",
        "check",
    ),
    "a drawing's reference to nothing": (
        with_artifact('<bpmn:association id="line" sourceRef="check" targetRef="gone" />'),
        "reference",
        "line",
    ),
    "a lane with a node that is gone": (
        sound().replace(
            b'isExecutable="true">',
            b'isExecutable="true"><bpmn:laneSet id="lanes"><bpmn:lane id="lane">'
            b"<bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
        ),
        "reference",
        "lane",
    ),
    "a lane with a node of another process": (
        sound().replace(
            b'isExecutable="true">',
            b'isExecutable="true"><bpmn:laneSet id="lanes"><bpmn:lane id="lane">'
            b"<bpmn:flowNodeRef>idea</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
        ).replace(TAIL.encode(), DRAFT + TAIL.encode()),
        "lane-nodes",
        "lane",
    ),
    "a message flow to a process without a pool": (
        pools(message_flow("check", "idea")).replace(TAIL.encode(), DRAFT + TAIL.encode()),
        "message-flow",
        "m",
    ),
    "a pool of fewer than none": (
        pools("").replace(b'name="\xe7\x94\xb3\xe8\xaf\xb7\xe4\xba\xba" />',
                          b'><bpmn:participantMultiplicity minimum="3" maximum="2" />'
                          b"</bpmn:participant>"),
        "pool-multiplicity",
        "them",
    ),
    "a public process that is executable": (
        sound().replace(b'isExecutable="true"', b'isExecutable="true" processType="Public"'),
        "process-private",
        "P",
    ),
    "data from two places": (
        around(user("it", inside=read_from("paper", "copy")) + '<bpmn:dataObject id="paper" />'
               '<bpmn:dataObject id="copy" />'),
        "data-association",
        "it",
    ),
    "data from a task": (
        around(user("it", inside=read_from("it"))), "data-association", "it",
    ),
    "a definition that belongs to another event": (
        piece(
            element("intermediateThrowEvent", "it",
                    inside='<bpmn:signalEventDefinition id="own" signalRef="signal_alarm" />'),
            element("endEvent", "over", inside="<bpmn:eventDefinitionRef>own"
                    "</bpmn:eventDefinitionRef>"),
            flows("start", "it", "over"),
        ),
        "reference",
        "over",
    ),
    "a pool of a process that is gone": (
        sound().replace(
            TAIL.encode(),
            b'<bpmn:collaboration id="C"><bpmn:participant id="us" processRef="Q" />'
            b"</bpmn:collaboration>" + TAIL.encode(),
        ),
        "reference",
        "us",
    ),
    "a reference to something else": (
        piece(element("receiveTask", "it", messageRef="signal_alarm"), end(),
              flows("start", "it", "end")),
        "reference",
        "it",
    ),
    "a message flow to nothing": (pools(message_flow("them", "gone")), "message-flow", "m"),
    "a message flow within a pool": (pools(message_flow("us", "check")), "message-flow", "m"),
    "a message flow out of a start": (pools(message_flow("start", "them")), "message-flow", "m"),
    "a message without an id": (
        piece(user("a"), end(), flows("start", "a", "end")).replace(
            DECLARED[:20].encode(), b'<bpmn:message name="loose" />' + DECLARED[:20].encode()
        ),
        "id-missing",
        "definitions",
    ),
    "an error code of ten thousand characters": (
        beside(f'<bpmn:error id="e" errorCode="{"x" * 10_000}" />'), "text-length", "e",
    ),
    "a task type of ten thousand characters": (
        around(element("serviceTask", "it", f'<zeebe:taskDefinition type="{"x" * 10_000}" />')),
        "text-length",
        "it",
    ),
}  # fmt: skip
