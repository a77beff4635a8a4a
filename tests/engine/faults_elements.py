"""Diagrams with one fault each: elements, attributes and references."""

from tests.engine.builders import (
    HEAD,
    TAIL,
    diagram,
    element,
    end,
    flows,
    multi,
    on,
    properties,
    start,
    sub,
    user,
)
from tests.engine.checking import around, sound, with_user_task
from tests.engine.everything import DECLARED, begin, piece

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

_SHORT = (start(form="application"), user("it"), end(), flows("start", "it", "end"))

BY_NAME: dict[str, Fault] = {
    "start quantity": (around(user("it", startQuantity="2")), "quantity", "it"),
    "completion quantity": (around(user("it", completionQuantity="3")), "quantity", "it"),
    "multi-instance behavior": (
        around(user("it", inside=multi(times="2").replace("isSeq", 'behavior="One" isSeq'))),
        "multi-instance-behavior",
        "it",
    ),
    "a retention that is none": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(retention="ten years"),
        ),
        "process-retention",
        "P",
    ),
    "a mark that is neither": (
        diagram(*_SHORT, extensions=properties(closed="ja")),
        "process-closed",
        "P",
    ),
    "a seal that is neither true nor false": (
        diagram(*_SHORT, extensions=properties(sealed="ja")),
        "process-sealed",
        "P",
    ),
    "a mark of being called that is neither": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(called_only="ja"),
        ),
        "process-called-only",
        "P",
    ),
    "called only, with a form to start it": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(called_only="true"),
        ),
        "process-called-only",
        "P",
    ),
    "deadlines of a process that cannot be": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(owner="group:", remind_after="0"),
        ),
        "deadline",
        "P",
    ),
    "complex gateway": (around(element("complexGateway", "it")), "complex-gateway", "it"),
    "sequential ad-hoc subprocess": (
        around(
            sub(
                "it", user("one"),
                tag="adHocSubProcess", ordering="Sequential",
            )
        ),
        "ad-hoc-sequential",
        "it",
    ),
    "receive task that instantiates": (
        piece(
            element("receiveTask", "it", messageRef="m_paid", instantiate="true"),
            end(),
            flows("start", "it", "end"),
        ),
        "receive-task-instantiates",
        "it",
    ),
    "parallel multiple start": (
        piece(
            begin("all", on("signal", "alarm"), on("signal", "calm"), parallelMultiple="true"),
            user("a"),
            end(),
            flows("start", "a", "end"),
            flows("all", "a"),
        ),
        "parallel-multiple",
        "all",
    ),
    "parallel event gateway": (
        piece(
            element("eventBasedGateway", "g", eventGatewayType="Parallel"),
            *(
                element("intermediateCatchEvent", one, inside=on("signal", "alarm"))
                for one in ("a", "b")
            ),
            end(),
            flows("start", "g", "a", "end"),
            flows("g", "b", "end"),
        ),
        "parallel-multiple",
        "g",
    ),
    "compensation event subprocess": (
        piece(
            sub("it", user("work"), end("over"),
                sub(
                    "undo", begin("undo_start", on("compensate")), end("undo_end"),
                    flows("undo_start", "undo_end"), triggeredByEvent="true",
                ),
                start("in"), flows("in", "work", "over")),
            end(),
            flows("start", "it", "end"),
        ),
        "compensation-event-subprocess",
        "undo_start",
    ),
    "choreography": (beside('<bpmn:choreography id="c" />'), "choreography", "c"),
    "choreography task": (
        around(
            user("it")
            + '<bpmn:choreographyTask id="c" initiatingParticipantRef="a" />'
        ),
        "choreography",
        "c",
    ),
    "conversation": (
        pools('<bpmn:conversation id="talk"><bpmn:participantRef>us</bpmn:participantRef>'
              "<bpmn:participantRef>them</bpmn:participantRef></bpmn:conversation>"),
        "choreography",
        "talk",
    ),
    "data store with content": (
        beside('<bpmn:dataStore id="d" name="x" itemSubjectRef="item" />'), "data-store", "d",
    ),
    "data store with a state": (
        around(user("it") + '<bpmn:dataStoreReference id="archive" name="档案">'
               "<bpmn:dataState /></bpmn:dataStoreReference>"),
        "data-store",
        "archive",
    ),
    "data store that is read": (
        around(user("it", inside=read_from("archive"))
               + '<bpmn:dataStoreReference id="archive" name="档案" />'),
        "data-store",
        "it",
    ),
    "input of data": (around(user("it", inside=IO)), "data-content", "it"),
    "data that is assigned": (around(user("it", inside=DATA_ASSOCIATION)), "data-content", "it"),
    "items of data": (
        around(
            user(
                "it",
                inside='<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>x'
                "</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>",
            )
        ),
        "data-content",
        "it",
    ),
    **{
        f"the id {name}": (
            piece(user(name), end(), flows("start", name, "end")), "id-reserved", name,
        )
        for name in ("Start", "End", "Root")
    },
}  # fmt: skip
"""What is refused by its name."""

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
