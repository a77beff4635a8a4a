"""Small diagrams, written as text: elements by function, flows by the names of their ends."""

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="definitions" targetNamespace="http://jiaoyan.test/bpmn">'
)
TAIL = "</bpmn:definitions>"


def diagram(
    *elements: str, process_id: str = "P", extensions: str = "", declared: str = ""
) -> bytes:
    """A file with one executable process; `declared` are messages, signals, errors …"""
    process = (
        f'<bpmn:process id="{process_id}" isExecutable="true">{extended(extensions)}'
        f"{''.join(elements)}</bpmn:process>"
    )
    return f"{HEAD}{declared}{process}{TAIL}".encode()


def extended(extensions: str) -> str:
    """The extension elements, if there are any."""
    return f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""


def element(tag: str, element_id: str, extensions: str = "", inside: str = "", **more: str) -> str:
    """Any flow node."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in more.items())
    return f'<bpmn:{tag} id="{element_id}"{attributes}>{extended(extensions)}{inside}</bpmn:{tag}>'


def start(element_id: str = "start", *, form: str = "", extensions: str = "") -> str:
    """A none start event."""
    form_definition = f'<zeebe:formDefinition formId="{form}" />' if form else ""
    return element("startEvent", element_id, form_definition + extensions)


def end(element_id: str = "end") -> str:
    """A none end event."""
    return element("endEvent", element_id)


def user(
    element_id: str,
    *,
    assignee: str = "kim",
    form: str = "",
    extensions: str = "",
    inside: str = "",
    **more: str,
) -> str:
    """A user task of one person."""
    assignment = f"<zeebe:assignmentDefinition assignee={quoteattr(assignee)} />"
    form_definition = f'<zeebe:formDefinition formId="{form}" />' if form else ""
    everything = f"<zeebe:userTask />{assignment}{form_definition}{extensions}"
    return element("userTask", element_id, everything, inside, **more)


def service(element_id: str, *, task_type: str = "work", extensions: str = "", **more: str) -> str:
    """A service task."""
    definition = f"<zeebe:taskDefinition type={quoteattr(task_type)} />"
    return element("serviceTask", element_id, definition + extensions, **more)


def script(
    element_id: str, expression: str, *, result: str = "result", extensions: str = ""
) -> str:
    """A script task."""
    text = f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(result)} />"
    return element("scriptTask", element_id, text + extensions)


def rule(element_id: str, decision: str, *, result: str = "result", extensions: str = "") -> str:
    """A business rule task."""
    called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}" />'
    return element("businessRuleTask", element_id, called + extensions)


def exclusive(element_id: str, *, default: str = "", **more: str) -> str:
    """An exclusive gateway."""
    chosen = {"default": default} if default else {}
    return element("exclusiveGateway", element_id, **chosen, **more)


def parallel(element_id: str, **more: str) -> str:
    """A parallel gateway."""
    return element("parallelGateway", element_id, **more)


def flow(flow_id: str, source: str, target: str, condition: str | None = None) -> str:
    """A sequence flow."""
    text = (
        ""
        if condition is None
        else '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{escape(condition)}</bpmn:conditionExpression>"
    )
    return (
        f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">'
        f"{text}</bpmn:sequenceFlow>"
    )


def flows(*ends: str) -> str:
    """Plain flows along a row of elements; the flow from `a` to `b` is `a_b`."""
    return "".join(flow(f"{a}_{b}", a, b) for a, b in pairwise(ends))


def mapping(*, inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Input and output mappings: source by target."""
    parts = [
        f"<zeebe:{kind} source={quoteattr(source)} target={quoteattr(target)} />"
        for kind, pairs in (("input", inputs or {}), ("output", outputs or {}))
        for target, source in pairs.items()
    ]
    return f"<zeebe:ioMapping>{''.join(parts)}</zeebe:ioMapping>"


def properties(**values: str) -> str:
    """Our properties: `comment_required` stands for `jiaoyan.comment-required`."""
    parts = [
        f"<zeebe:property name={quoteattr('jiaoyan.' + name.replace('_', '-'))}"
        f" value={quoteattr(value)} />"
        for name, value in values.items()
    ]
    return f"<zeebe:properties>{''.join(parts)}</zeebe:properties>"


def message(name: str, key: str = "=id") -> str:
    """A message with its correlation key; its id is its name with `m_` before it."""
    subscription = f"<zeebe:subscription correlationKey={quoteattr(key)} />" if key else ""
    return f'<bpmn:message id="m_{name}" name="{name}">{extended(subscription)}</bpmn:message>'


def declare(tag: str, name: str) -> str:
    """A signal, error or escalation; its id is its kind and its name."""
    code = {"error": f' errorCode="{name}"', "escalation": f' escalationCode="{name}"'}.get(tag, "")
    return f'<bpmn:{tag} id="{tag}_{name}" name="{name}"{code} />'


def on(kind: str, name: str = "") -> str:
    """An event definition by kind: `message`, `signal`, `error`, `escalation`, `timer` …"""
    if kind == "message":
        return f'<bpmn:messageEventDefinition messageRef="m_{name}" />'
    if kind in ("signal", "error", "escalation"):
        reference = f' {kind}Ref="{kind}_{name}"' if name else ""
        return f"<bpmn:{kind}EventDefinition{reference} />"
    if kind in ("timeDuration", "timeCycle", "timeDate"):
        return (
            f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">'
            f"{escape(name)}</bpmn:{kind}></bpmn:timerEventDefinition>"
        )
    if kind == "conditional":
        return (
            '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">'
            f"{escape(name)}</bpmn:condition></bpmn:conditionalEventDefinition>"
        )
    if kind == "link":
        return f"<bpmn:linkEventDefinition name={quoteattr(name)} />"
    if kind == "compensate" and name:
        return f'<bpmn:compensateEventDefinition activityRef="{name}" />'
    return f"<bpmn:{kind}EventDefinition />"


def boundary(event_id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    cancel = "true" if interrupting else "false"
    return element(
        "boundaryEvent", event_id, inside=definition, attachedToRef=host, cancelActivity=cancel
    )


def catch(event_id: str, definition: str = "", **more: str) -> str:
    """An intermediate catch event."""
    return element("intermediateCatchEvent", event_id, inside=definition, **more)


def throw(event_id: str, definition: str = "", extensions: str = "") -> str:
    """An intermediate throw event."""
    return element("intermediateThrowEvent", event_id, extensions, definition)


def end_on(event_id: str, definition: str, extensions: str = "") -> str:
    """An end event that throws something."""
    return element("endEvent", event_id, extensions, definition)


def start_on(
    event_id: str, definition: str, *, interrupting: bool = True, extensions: str = ""
) -> str:
    """A start event with a trigger."""
    flag = "true" if interrupting else "false"
    return element("startEvent", event_id, extensions, definition, isInterrupting=flag)


def receive(element_id: str, message_name: str, inside: str = "") -> str:
    """A receive task."""
    return element("receiveTask", element_id, inside=inside, messageRef=f"m_{message_name}")


def call(element_id: str, process_id: str = "other", extensions: str = "") -> str:
    """A call activity."""
    called = f"<zeebe:calledElement processId={quoteattr(process_id)} />"
    return element("callActivity", element_id, called + extensions)


def inclusive(element_id: str, *, default: str = "") -> str:
    """An inclusive gateway."""
    chosen = {"default": default} if default else {}
    return element("inclusiveGateway", element_id, **chosen)


def event_gateway(element_id: str, **more: str) -> str:
    """An event based gateway."""
    return element("eventBasedGateway", element_id, **more)


def event_sub(
    element_id: str, definition: str, *inside: str, interrupting: bool = True, extensions: str = ""
) -> str:
    """An event subprocess: `<id>_s`, a row of user tasks, `<id>_e`."""
    first = start_on(f"{element_id}_s", definition, interrupting=interrupting)
    tasks = [user(one) for one in inside]
    row = flows(f"{element_id}_s", *inside, f"{element_id}_e")
    parts = (extended(extensions), first, *tasks, end(f"{element_id}_e"), row)
    return sub(element_id, *parts, triggeredByEvent="true")


def inner(
    element_id: str, *row: str, end_with: str = "", more: str = "", extensions: str = ""
) -> str:
    """A subprocess with a row of user tasks in it: `<id>_s`, the tasks, `<id>_e`."""
    last = end_on(f"{element_id}_e", end_with) if end_with else end(f"{element_id}_e")
    tasks = "".join(user(one) for one in row)
    way = flows(f"{element_id}_s", *row, f"{element_id}_e")
    return sub(element_id, extended(extensions), start(f"{element_id}_s"), tasks, last, way, more)


def sub(element_id: str, *inside: str, tag: str = "subProcess", **more: str) -> str:
    """A subprocess; its extensions, if any, come first in `inside`."""
    return element(tag, element_id, inside="".join(inside), **more)


def multi(
    inputs: str = "",
    *,
    item: str = "",
    outputs: str = "",
    output: str = "",
    sequential: bool = False,
    until: str = "",
    times: str = "",
) -> str:
    """Multi-instance characteristics."""
    wanted = {
        "inputCollection": inputs,
        "inputElement": item,
        "outputCollection": outputs,
        "outputElement": output,
    }
    attributes = "".join(f" {k}={quoteattr(v)}" for k, v in wanted.items() if v)
    zeebe = extended(f"<zeebe:loopCharacteristics{attributes} />") if attributes else ""
    cardinality = _formal("loopCardinality", times)
    completion = _formal("completionCondition", until)
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{zeebe}{cardinality}{completion}</bpmn:multiInstanceLoopCharacteristics>"
    )


def _formal(tag: str, text: str) -> str:
    if not text:
        return ""
    return f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{tag}>'
