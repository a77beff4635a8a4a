"""The structure of a BPMN file as it is written: processes, flow nodes and sequence flows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.engine.dialect import BPMN
from service.engine.xml_source import XmlNode, flag, local_name, namespace

FLOW_NODES = frozenset(
    {
        *("startEvent", "endEvent", "boundaryEvent", "implicitThrowEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent"),
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask"),
        *("scriptTask", "businessRuleTask", "callActivity"),
        *("subProcess", "adHocSubProcess", "transaction"),
        *("choreographyTask", "callChoreography", "subChoreography"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway"),
        *("eventBasedGateway", "complexGateway"),
    }
)
"""Local names of every flow node of BPMN 2.0, run here or not."""


SUBPROCESSES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
"""Flow nodes with flow nodes inside."""


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A sequence flow as written; `condition` is None when it has none."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    node: XmlNode


@dataclass(frozen=True, slots=True)
class NodeSource:
    """A flow node as written; `tag` is its local name."""

    id: str
    name: str
    tag: str
    node: XmlNode

    @property
    def default_flow(self) -> str | None:
        """Id of its default flow."""
        default: str | None = self.node.get("default")
        return default


@dataclass(frozen=True, slots=True)
class ProcessSource:
    """A process or subprocess as written, its own level only."""

    id: str
    name: str
    executable: bool
    nodes: tuple[NodeSource, ...]
    flows: tuple[FlowSource, ...]
    node: XmlNode

    def outgoing(self) -> Mapping[str, list[FlowSource]]:
        """Flows by the id of the node they leave, in the order of the file."""
        return _grouped((flow.source, flow) for flow in self.flows)

    def incoming(self) -> Mapping[str, list[FlowSource]]:
        """Flows by the id of the node they enter, in the order of the file."""
        return _grouped((flow.target, flow) for flow in self.flows)


def bpmn(name: str) -> str:
    """The tag of a BPMN element with its namespace."""
    return f"{{{BPMN}}}{name}"


def read_processes(definitions: XmlNode) -> list[ProcessSource]:
    """The processes of a file, in its order."""
    return [read_process(node) for node in definitions.findall(bpmn("process"))]


def read_process(node: XmlNode) -> ProcessSource:
    """One process or subprocess: the flow nodes and flows directly in it."""
    children = [child for child in node if namespace(child) == BPMN]
    return ProcessSource(
        id=node.get("id", ""),
        name=label(node),
        executable=flag(node, "isExecutable"),
        nodes=tuple(read_node(child) for child in children if local_name(child) in FLOW_NODES),
        flows=tuple(_read_flow(child) for child in children if child.tag == bpmn("sequenceFlow")),
        node=node,
    )


def read_levels(process: XmlNode) -> Iterator[ProcessSource]:
    """A process and every subprocess in it, at any depth, the outer before the inner."""
    todo = [process]
    while todo:
        level = read_process(todo.pop(0))
        yield level
        todo += [node.node for node in level.nodes if node.tag in SUBPROCESSES]


def read_node(node: XmlNode) -> NodeSource:
    """One flow node."""
    return NodeSource(node.get("id", ""), label(node), local_name(node), node)


def label(node: XmlNode) -> str:
    """The name in one line: modelers keep the line breaks of a label."""
    return " ".join(str(node.get("name", "")).split())


def documentation(node: XmlNode) -> str:
    """The text of the element's documentation."""
    return str(node.findtext(bpmn("documentation")) or "").strip()


def _read_flow(node: XmlNode) -> FlowSource:
    return FlowSource(
        id=node.get("id", ""),
        name=label(node),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        condition=_condition(node),
        node=node,
    )


def _condition(node: XmlNode) -> str | None:
    expression = node.find(bpmn("conditionExpression"))
    return None if expression is None else str(expression.text or "")


def _grouped(pairs: Iterator[tuple[str, FlowSource]]) -> Mapping[str, list[FlowSource]]:
    groups: dict[str, list[FlowSource]] = {}
    for key, flow in pairs:
        groups.setdefault(key, []).append(flow)
    return groups
