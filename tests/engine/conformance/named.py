"""What is refused by its name, each with its diagram, and what is documentation."""

from collections.abc import Iterator

from tests.engine.builders import HEAD, diagram, element, end, flows, start, user
from tests.engine.conformance.activities import AD_HOC, between
from tests.engine.conformance.cells import Cell, do, process, startless, users

REFUSED, SAID = "refused by name", "documentation"

ORDER = ("start", "it", "end")
MULTI = (
    '<bpmn:multiInstanceLoopCharacteristics behavior="{}">'
    "<bpmn:loopCardinality>2</bpmn:loopCardinality>{}</bpmn:multiInstanceLoopCharacteristics>"
)
RULE = (
    '<bpmn:complexBehaviorDefinition id="it_rule"><bpmn:condition>=true</bpmn:condition>'
    "</bpmn:complexBehaviorDefinition>"
)


def multi(behavior: str, inside: str = "") -> str:
    """A user task of several instances that throws events when they are done."""
    return user("it", inside=MULTI.format(behavior, inside))


def beside(inside: str, source: bytes | None = None) -> bytes:
    """The same process, with something beside it in the file."""
    text = (source or between(user("it"))).decode()
    return text.replace(HEAD, HEAD + inside, 1).encode()


def with_id(element_id: str) -> bytes:
    """A user task that has this id."""
    ways = flows("start", element_id, "end")
    return process(users(element_id), end(), ways)


def talks(tag: str, inside: str = "") -> str:
    """A step of a choreography."""
    both = "".join(f"<bpmn:participantRef>{one}</bpmn:participantRef>" for one in ("it_p", "it_q"))
    return f'<bpmn:{tag} id="it_{tag}" initiatingParticipantRef="it_p">{both}{inside}</bpmn:{tag}>'


REFUSALS: dict[str, bytes] = {
    "startQuantity": between(user("it", startQuantity="2")),
    "completionQuantity": between(user("it", completionQuantity="2")),
    "multi-instance behavior None": between(multi("None")),
    "multi-instance behavior One": between(multi("One")),
    "multi-instance behavior Complex": between(multi("Complex", RULE)),
    "sequential ad-hoc subprocess": between(
        element("adHocSubProcess", "it", AD_HOC, users("deep"), ordering="Sequential")
    ),
    "receive task that instantiates": startless(
        element("receiveTask", "it", messageRef="m_order", instantiate="true")
    ),
    "data store with content": beside(
        '<bpmn:dataStore id="it_store" itemSubjectRef="it_item" />',
        between(user("it") + element("dataStoreReference", "it_kept", dataStoreRef="it_store")),
    ),
    "choreography": beside(
        '<bpmn:choreography id="it_c"><bpmn:participant id="it_p" /><bpmn:participant id="it_q" />'
        '<bpmn:messageFlow id="it_m" sourceRef="it_p" targetRef="it_q" />'
        + talks("choreographyTask", "<bpmn:messageFlowRef>it_m</bpmn:messageFlowRef>")
        + talks("subChoreography")
        + talks("callChoreography")
        + "</bpmn:choreography>"
    ),
    "conversation": beside(
        '<bpmn:collaboration id="pools"><bpmn:participant id="one" processRef="P" />'
        '<bpmn:participant id="two" /><bpmn:conversation id="it_talk">'
        "<bpmn:participantRef>one</bpmn:participantRef>"
        "<bpmn:participantRef>two</bpmn:participantRef></bpmn:conversation></bpmn:collaboration>"
    ),
    **{f"the id {name}": with_id(name) for name in ("Start", "End", "Root")},
}

LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="office"><bpmn:flowNodeRef>it</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:laneSet>"
)

DOCUMENTS: dict[str, bytes] = {
    "lanes": diagram(LANES, start(), user("it"), end(), flows("start", "it", "end")),
    "pools and message flows": beside(
        '<bpmn:collaboration id="pools"><bpmn:participant id="one" processRef="P" />'
        '<bpmn:participant id="two" /><bpmn:messageFlow id="talk" sourceRef="it" targetRef="two" />'
        "</bpmn:collaboration>"
    ),
    "data objects": between(
        user("it")
        + element("dataObject", "object")
        + element("dataObjectReference", "shown", dataObjectRef="object")
    ),
    "data stores without content": beside(
        '<bpmn:dataStore id="store" />',
        between(user("it") + element("dataStoreReference", "kept", dataStoreRef="store")),
    ),
    "text annotations and groups": process(
        user("it"),
        end(),
        flows("start", "it", "end"),
        '<bpmn:textAnnotation id="note"><bpmn:text>注意</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="noted" sourceRef="it" targetRef="note" />'
        '<bpmn:group id="around" />',
    ),
    "documentation": process(
        user("it").replace(
            "<bpmn:extensionElements>",
            "<bpmn:documentation>说明</bpmn:documentation><bpmn:extensionElements>",
            1,
        ),
        end(),
        flows("start", "it", "end"),
    ),
}


def cells() -> Iterator[Cell]:
    """Every one of them."""
    for construct, source in REFUSALS.items():
        yield Cell(REFUSED, construct, "deploy check", source, ORDER)
    for construct, source in DOCUMENTS.items():
        yield Cell(SAID, construct, "runs by", source, ORDER, do("it"))
