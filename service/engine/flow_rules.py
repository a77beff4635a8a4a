"""Rules about sequence flows: their ends, and what must have some or may have none.

Sources: BPMN 2.0.2, 7.6.1, 8.4.13, 10.5.2 to 10.5.4.
"""

from collections.abc import Iterator, Mapping

from service.engine.diagram import FLOW_NODES, FlowSource, bpmn
from service.engine.findings import Findings
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import flag, reference


def check_flows(outline: Outline, everywhere: Mapping[str, str], found: Findings) -> None:
    """Check the flows of every container; `everywhere` are the tags of the whole file, by id."""
    for container in outline.containers:
        for flow in container.source.flows:
            _check_ends(flow, container, everywhere, found)
            if outline.process.executable:
                _check_immediate(flow, found)
        _check_listed(container, found)
        for node in container.nodes.values():
            _check_without(node, found)
            _check_with(node, found)


def _check_ends(
    flow: FlowSource, container: Container, everywhere: Mapping[str, str], found: Findings
) -> None:
    for end, what in ((flow.source, "起点"), (flow.target, "终点")):
        if end in container.nodes:
            continue
        if everywhere.get(end) in FLOW_NODES:
            found.add(
                "flow-crossing",
                f"顺序流的{what}“{end}”不在同一个流程（或子流程）里。",
                "顺序流不能跨越流程或子流程的边界，请把两端放进同一个流程。",
                at=flow.node,
            )
        else:
            fault = "不是活动、网关或事件" if end in everywhere else "不存在"
            found.add(
                "flow-ends",
                f"顺序流的{what}“{end or '空'}”{fault}。",
                "请在设计器中重新连接，或删去这条顺序流；数据和注释请用关联线连接。",
                at=flow.node,
            )


def _check_immediate(flow: FlowSource, found: Findings) -> None:
    """Nothing may come between the ends of a flow of a process that runs."""
    if not flag(flow.node, "isImmediate", default=True):
        found.add(
            "flow-immediate",
            "可执行流程的顺序流不能标为不直接相连（isImmediate=false）。",
            "请删去 isImmediate。",
            at=flow.node,
        )


def _check_listed(container: Container, found: Findings) -> None:
    flows = container.source.flows
    ends: Mapping[str, Mapping[str, str]] = {
        "incoming": {flow.id: flow.target for flow in flows},
        "outgoing": {flow.id: flow.source for flow in flows},
    }
    for node in container.nodes.values():
        for tag, what in (("incoming", "入口"), ("outgoing", "出口")):
            for listed in node.node.findall(bpmn(tag)):
                flow_id = reference(listed.text or "")
                if ends[tag].get(flow_id) != node.id:
                    found.add(
                        "flow-reference",
                        f"{node.what}列出的{what}“{flow_id}”与图中的顺序流不一致。",
                        "请在设计器中重新连接这条顺序流。",
                        at=node.node,
                    )


def _check_without(node: FlowNode, found: Findings) -> None:
    """What may have no flow in, or none out."""
    for rule, kind, no_entry, no_exit in _limits(node):
        if no_entry and node.incoming:
            found.add(rule, f"{kind}{node.what}不能有入口。", _MOVE, at=node.node)
        if no_exit and node.outgoing:
            found.add(rule, f"{kind}{node.what}不能有出口。", _DROP, at=node.node)


def _limits(node: FlowNode) -> Iterator[tuple[str, str, bool, bool]]:
    """The rule, the kind of node, and whether it may have no flow in or none out."""
    if node.tag == "startEvent":
        yield "start-incoming", "开始事件", True, False
    if node.tag == "endEvent":
        yield "end-outgoing", "结束事件", False, True
    if node.tag == "boundaryEvent":
        yield "boundary-flows", "边界事件", True, _is_undo(node)
    if TriggerKind.LINK in node.kinds and node.tag != "boundaryEvent":
        catches = node.tag == "intermediateCatchEvent"
        yield "link-flows", "链接事件", catches, not catches
    if node.is_event_subprocess:
        yield "event-subprocess-flows", "事件子流程", True, True
    elif node.for_compensation:
        yield "compensation-handler", "补偿活动", True, True


def _check_with(node: FlowNode, found: Findings) -> None:
    """Events that must have a flow in or out. Others are looked at by the ways through a level."""
    is_link = TriggerKind.LINK in node.kinds
    if node.tag == "boundaryEvent" and not node.outgoing and not _is_undo(node):
        found.add(
            "boundary-flows",
            f"边界事件{node.what}没有出口。",
            "请用顺序流把它接到触发后要做的下一步。",
            at=node.node,
        )
    if node.tag not in ("intermediateCatchEvent", "intermediateThrowEvent"):
        return
    lacks = [
        "" if node.incoming or (is_link and node.tag == "intermediateCatchEvent") else "入口",
        "" if node.outgoing or (is_link and node.tag == "intermediateThrowEvent") else "出口",
    ]
    if any(lacks):
        found.add(
            "event-flows",
            f"中间事件{node.what}没有{'和'.join(filter(None, lacks))}。",
            "请用顺序流把它接到流程中。",
            at=node.node,
        )


def _is_undo(node: FlowNode) -> bool:
    return node.tag == "boundaryEvent" and TriggerKind.COMPENSATION in node.kinds


_MOVE = "请把这条顺序流接到别的元素，或删去它。"
_DROP = "请删去这条顺序流，或换成别的元素。"
