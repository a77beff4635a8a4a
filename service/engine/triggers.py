"""Event definitions: what an event waits for or throws, read from the diagram."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.engine.dialect import (
    ALL_MISSED,
    BPMN,
    MESSAGE_TTL,
    NOTHING,
    ZEEBE,
    Source,
    read_extensions,
    zeebe_nodes,
)
from service.engine.xml_source import XmlNode, flag, local_name, namespace, reference


class TriggerKind(StrEnum):
    """Event definitions by the local name of their element in BPMN 2.0."""

    MESSAGE = "messageEventDefinition"
    TIMER = "timerEventDefinition"
    SIGNAL = "signalEventDefinition"
    ERROR = "errorEventDefinition"
    ESCALATION = "escalationEventDefinition"
    CONDITIONAL = "conditionalEventDefinition"
    LINK = "linkEventDefinition"
    COMPENSATION = "compensateEventDefinition"
    TERMINATE = "terminateEventDefinition"
    CANCEL = "cancelEventDefinition"


class TimerKind(StrEnum):
    """The three ways to say when, by the local name of their element."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition.

    `name` is that of the message or signal, or the code of the error or escalation; empty catches
    any. `condition` is that of a conditional event and `watched` the variables that can change it
    (empty: all it names). `activity` is what a compensation throw undoes; empty: everything.
    """

    kind: TriggerKind
    name: Source = NOTHING
    correlation_key: Source = NOTHING
    time_to_live: str = ""
    timer: TimerKind = TimerKind.DURATION
    when: Source = NOTHING
    all_missed: bool = False
    condition: Source = NOTHING
    watched: frozenset[str] = frozenset()
    link: str = ""
    activity: str = ""
    waits: bool = True


SUBSCRIBING = frozenset(
    {TriggerKind.MESSAGE, TriggerKind.TIMER, TriggerKind.SIGNAL, TriggerKind.CONDITIONAL}
)
"""What comes from outside the token game, or from the variables: an element waits for it."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """Messages, signals, errors, escalations and reusable event definitions of a file, by id."""

    nodes: Mapping[str, XmlNode] = field(default_factory=dict)

    @classmethod
    def read(cls, definitions: XmlNode) -> "Declarations":
        """Those directly in the definitions."""
        tags = {"message", "signal", "error", "escalation", *TriggerKind}
        return cls({n.get("id", ""): n for n in definitions if local_name(n) in tags})

    def definitions(self, event: XmlNode) -> list[XmlNode]:
        """The definitions of an event: those written in it, then those it refers to."""
        kinds = set(TriggerKind)
        inside = [n for n in event if namespace(n) == BPMN]
        referred = [
            self.nodes.get(reference(n.text or ""))
            for n in inside
            if local_name(n) == "eventDefinitionRef"
        ]
        found = [n for n in inside if local_name(n) in kinds]
        return found + [n for n in referred if n is not None and local_name(n) in kinds]

    def name(self, written: str, attribute: str) -> Source:
        """The name or code of what is referred to; nothing when nothing is."""
        node = self.nodes.get(reference(written))
        return NOTHING if node is None else Source.read(str(node.get(attribute, "")))

    def correlation_key(self, written: str) -> Source:
        """The correlation key of a message."""
        node = self.nodes.get(reference(written))
        subscription = None if node is None else zeebe_nodes(node).get("subscription")
        return Source.read("" if subscription is None else subscription.get("correlationKey", ""))


def read_triggers(node: XmlNode, declared: Declarations) -> tuple[Trigger, ...]:
    """The triggers of an event; of a receive or send task, the message it refers to."""
    tag = local_name(node)
    if tag not in ("receiveTask", "sendTask") and not tag.endswith("Event"):
        return ()
    properties = read_extensions(node).properties
    if tag in ("receiveTask", "sendTask"):
        message = node.get("messageRef", "")
        return (_message(message, properties, declared),) if message else ()
    return tuple(_read(one, properties, declared) for one in declared.definitions(node))


def _read(node: XmlNode, properties: Mapping[str, str], declared: Declarations) -> Trigger:
    kind = TriggerKind(local_name(node))
    match kind:
        case TriggerKind.MESSAGE:
            return _message(node.get("messageRef", ""), properties, declared)
        case TriggerKind.SIGNAL:
            return Trigger(kind, name=declared.name(node.get("signalRef", ""), "name"))
        case TriggerKind.ERROR:
            return Trigger(kind, name=declared.name(node.get("errorRef", ""), "errorCode"))
        case TriggerKind.ESCALATION:
            code = declared.name(node.get("escalationRef", ""), "escalationCode")
            return Trigger(kind, name=code)
        case TriggerKind.TIMER:
            return _timer(node, properties)
        case TriggerKind.CONDITIONAL:
            return _conditional(node)
        case TriggerKind.LINK:
            return Trigger(kind, link=" ".join(str(node.get("name", "")).split()))
        case TriggerKind.COMPENSATION:
            waits = flag(node, "waitForCompletion", default=True)
            return Trigger(kind, activity=reference(node.get("activityRef", "")), waits=waits)
        case _:
            return Trigger(kind)


def _message(message: str, properties: Mapping[str, str], declared: Declarations) -> Trigger:
    return Trigger(
        TriggerKind.MESSAGE,
        name=declared.name(message, "name"),
        correlation_key=declared.correlation_key(message),
        time_to_live=properties.get(MESSAGE_TTL, ""),
    )


def _timer(node: XmlNode, properties: Mapping[str, str]) -> Trigger:
    for kind in TimerKind:
        written = node.find(f"{{{BPMN}}}{kind}")
        if written is not None:
            return Trigger(
                TriggerKind.TIMER,
                timer=kind,
                when=Source.read(str(written.text or "")),
                all_missed=properties.get(ALL_MISSED, "").strip() == "true",
            )
    return Trigger(TriggerKind.TIMER)


def _conditional(node: XmlNode) -> Trigger:
    written = node.find(f"{{{BPMN}}}condition")
    filters = node.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}conditionalFilter")
    names = "" if filters is None else str(filters.get("variableNames", ""))
    return Trigger(
        TriggerKind.CONDITIONAL,
        condition=Source.read("" if written is None else str(written.text or "")),
        watched=frozenset(name.strip() for name in names.split(",") if name.strip()),
    )
