"""A process as its rules see it: every flow node with its flows, triggers, borders and insides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from service.engine.diagram import FlowSource, NodeSource, ProcessSource, read_process
from service.engine.dialect import Extensions, read_extensions
from service.engine.loop_settings import MultiInstance, StandardLoop, read_loop
from service.engine.triggers import Declarations, Trigger, TriggerKind, read_triggers
from service.engine.xml_source import XmlNode, flag, reference

GATEWAYS = frozenset(
    {
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway"),
        *("eventBasedGateway", "complexGateway"),
    }
)
EVENTS = frozenset(
    {
        *("startEvent", "endEvent", "boundaryEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent"),
    }
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(eq=False)
class FlowNode:
    """A flow node with what is around it; `flows` are those written in its own container."""

    source: NodeSource
    container: "Container"
    triggers: tuple[Trigger, ...]
    extensions: Extensions
    loop: MultiInstance | StandardLoop | None
    incoming: list[FlowSource] = field(default_factory=list)
    outgoing: list[FlowSource] = field(default_factory=list)
    host: "FlowNode | None" = None
    """The activity in the same container that a boundary event is attached to."""
    boundaries: list["FlowNode"] = field(default_factory=list)
    inside: "Container | None" = None
    """What lies in a subprocess."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.source.id

    @property
    def tag(self) -> str:
        """Its local name."""
        return self.source.tag

    @property
    def node(self) -> XmlNode:
        """It, as written."""
        return self.source.node

    @property
    def what(self) -> str:
        """How a designer knows it."""
        return f"“{self.source.name or self.id}”"

    @cached_property
    def kinds(self) -> frozenset[TriggerKind]:
        """The kinds of its triggers."""
        return frozenset(trigger.kind for trigger in self.triggers)

    @cached_property
    def for_compensation(self) -> bool:
        """True for an activity that undoes another."""
        return flag(self.node, "isForCompensation")

    @cached_property
    def is_event_subprocess(self) -> bool:
        """True for a subprocess that an event begins."""
        return self.tag == "subProcess" and flag(self.node, "triggeredByEvent")

    @property
    def is_activity(self) -> bool:
        """True for tasks, subprocesses and call activities."""
        return self.tag not in GATEWAYS and self.tag not in EVENTS

    @property
    def interrupts(self) -> bool:
        """Whether a boundary event, or the start of an event subprocess, interrupts."""
        name = "cancelActivity" if self.tag == "boundaryEvent" else "isInterrupting"
        return flag(self.node, name, default=True)

    @property
    def instantiates(self) -> bool:
        """True for an event based gateway that begins an instance."""
        return self.tag == "eventBasedGateway" and flag(self.node, "instantiate")

    @property
    def aside(self) -> bool:
        """True for what lies beside the flow: compensation activities and event subprocesses."""
        return self.for_compensation or self.is_event_subprocess

    @property
    def starts_process(self) -> bool:
        """True for an event, or receive task, that begins an instance of the process."""
        if self.container.owner is not None:
            return False
        if self.tag == "startEvent":
            return True
        before = [self.container.nodes.get(flow.source) for flow in self.incoming]
        return any(one is not None and one.instantiates for one in before)

    @property
    def behind_event_gateway(self) -> bool:
        """True where an event based gateway waits for it."""
        before = [self.container.nodes.get(flow.source) for flow in self.incoming]
        return any(one is not None and one.tag == "eventBasedGateway" for one in before)


@dataclass(eq=False)
class Container:
    """What lies directly in a process or subprocess. BPMN's name: flow elements container."""

    source: ProcessSource
    owner: FlowNode | None
    nodes: dict[str, FlowNode] = field(default_factory=dict)

    @property
    def node(self) -> XmlNode:
        """The process or subprocess, as written."""
        return self.source.node

    @property
    def what(self) -> str:
        """How a designer knows it."""
        return "流程" if self.owner is None else f"子流程{self.owner.what}"

    @property
    def is_ad_hoc(self) -> bool:
        """True inside an ad-hoc subprocess."""
        return self.owner is not None and self.owner.tag == "adHocSubProcess"

    @property
    def is_event_subprocess(self) -> bool:
        """True inside an event subprocess."""
        return self.owner is not None and self.owner.is_event_subprocess

    def of(self, *tags: str) -> list[FlowNode]:
        """The flow nodes of these kinds."""
        return [node for node in self.nodes.values() if node.tag in tags]


@dataclass(frozen=True, eq=False)
class Outline:
    """A process with all its containers, the outer before the inner."""

    process: ProcessSource
    containers: tuple[Container, ...]
    declared: Declarations

    @cached_property
    def nodes(self) -> Mapping[str, FlowNode]:
        """Every flow node by id, at any depth."""
        return {name: node for one in self.containers for name, node in one.nodes.items()}

    @property
    def begins_by_itself(self) -> bool:
        """Whether a call can begin it: by a plain start event, or where no event stands first."""
        starts = self.containers[0].of("startEvent")
        first = [node for node in self.containers[0].nodes.values() if node.instantiates]
        return any(not start.triggers for start in starts) or not (starts or first)

    @property
    def all_nodes(self) -> Iterator[FlowNode]:
        """Every flow node, at any depth."""
        for container in self.containers:
            yield from container.nodes.values()


def read_outline(process: ProcessSource, declared: Declarations) -> Outline:
    """Read a process with everything in it; of two elements with one id the first is meant."""
    containers: list[Container] = []
    todo = [Container(process, None)]
    while todo:
        container = todo.pop()
        containers.append(container)
        _fill(container, declared)
        for node in container.nodes.values():
            if node.tag in SUBPROCESSES:
                node.inside = Container(read_process(node.node), node)
                todo.append(node.inside)
    return Outline(process, tuple(containers), declared)


def _fill(container: Container, declared: Declarations) -> None:
    nodes = container.nodes
    for source in container.source.nodes:
        nodes.setdefault(source.id, _flow_node(source, container, declared))
    for flow in container.source.flows:
        if flow.source in nodes and flow.target in nodes:
            nodes[flow.source].outgoing.append(flow)
            nodes[flow.target].incoming.append(flow)
    for node in container.of("boundaryEvent"):
        host = nodes.get(reference(node.node.get("attachedToRef", "")))
        if host is not None and host.is_activity:
            node.host = host
            host.boundaries.append(node)


def _flow_node(source: NodeSource, container: Container, declared: Declarations) -> FlowNode:
    node = source.node
    return FlowNode(
        source=source,
        container=container,
        triggers=read_triggers(node, declared),
        extensions=read_extensions(node),
        loop=read_loop(node),
    )
