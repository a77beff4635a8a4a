"""Rules about pools, message flows and lanes: they are documentation, but must make sense.

Sources: BPMN 2.0.2, 7.6.2, 9.2, 9.3 and 10.8.
"""

import re
from collections.abc import Mapping

from service.domain.problems import Severity
from service.engine.diagram import bpmn
from service.engine.findings import Findings
from service.engine.outline import FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import XmlNode, reference

_MESSAGE = TriggerKind.MESSAGE
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def check_collaborations(definitions: XmlNode, outlines: list[Outline], found: Findings) -> None:
    """Check pools and message flows, and say that they and the lanes steer nothing."""
    nodes = {name: (one, node) for one in outlines for name, node in one.nodes.items()}
    for collaboration in definitions.findall(bpmn("collaboration")):
        pools = {
            pool.get("id", ""): reference(pool.get("processRef", ""))
            for pool in collaboration.findall(bpmn("participant"))
        }
        for multiplicity in collaboration.iter(bpmn("participantMultiplicity")):
            _check_multiplicity(multiplicity, found)
        flows = collaboration.findall(bpmn("messageFlow"))
        for flow in flows:
            _check_flow(flow, pools, nodes, found)
        if flows:
            _tell(
                f"{len(flows)} 条消息流只作说明：收发消息以事件和任务上的设置为准。",
                collaboration,
                found,
            )
    for outline in outlines:
        if outline.process.node.find(bpmn("laneSet")) is not None:
            _tell("泳道只作说明：谁来办理以用户任务的“办理人”为准。", outline.process.node, found)
        _check_lanes(outline, nodes, found)


def _check_flow(
    flow: XmlNode,
    pools: dict[str, str],
    nodes: dict[str, tuple[Outline, FlowNode]],
    found: Findings,
) -> None:
    homes = []
    for name, what, sends in (("sourceRef", "起点", True), ("targetRef", "终点", False)):
        end = reference(flow.get(name, ""))
        if end in pools:
            homes.append(pools[end] or end)
            continue
        outline, node = nodes.get(end, (None, None))
        if outline is None or node is None:
            _refuse(f"消息流的{what}“{end[:100] or '空'}”不存在", flow, found)
        elif not _may_exchange(node, sends=sends):
            _refuse(f"消息流的{what}{node.what}不能{'发出' if sends else '接收'}消息", flow, found)
        else:
            homes.append(outline.process.id)
            if outline.process.id not in pools.values():
                _refuse(f"消息流的{what}{node.what}不在这张图的任何池里", flow, found)
    if len(homes) == 2 and homes[0] == homes[1]:
        _refuse("消息流的两端在同一个流程（池）里", flow, found)


def _check_multiplicity(node: XmlNode, found: Findings) -> None:
    least, most = node.get("minimum", "0").strip(), node.get("maximum", "1").strip()
    if not (_NUMBER.fullmatch(least) and _NUMBER.fullmatch(most)):
        return
    if int(least) < 0 or int(most) < max(1, int(least)):
        found.add(
            "pool-multiplicity",
            f"参与者的数量从 {least[:20]} 到 {most[:20]} 不成立。",
            "请改正：最少是 0 以上，最多是 1 以上且不小于最少。",
            at=node,
        )


def _check_lanes(
    outline: Outline, nodes: Mapping[str, tuple[Outline, FlowNode]], found: Findings
) -> None:
    for shown in outline.process.node.iter(bpmn("flowNodeRef")):
        home, node = nodes.get(reference(shown.text or ""), (outline, None))
        if home is not outline and node is not None:
            found.add(
                "lane-nodes",
                f"泳道里的{node.what}属于另一个流程。",
                "请把它从泳道的列表（flowNodeRef）中删去，或在设计器中重新放置。",
                at=shown,
            )


def _may_exchange(node: FlowNode, *, sends: bool) -> bool:
    if node.is_activity:
        return True
    catching = ("startEvent", "boundaryEvent", "intermediateCatchEvent")
    throwing = ("endEvent", "intermediateThrowEvent")
    return _MESSAGE in node.kinds and node.tag in (throwing if sends else catching)


def _refuse(message: str, flow: XmlNode, found: Findings) -> None:
    found.add(
        "message-flow",
        f"{message}。",
        "消息流只能连接两个不同的池，或其中的任务和消息事件；请重新连接或删去它。",
        at=flow,
    )


def _tell(message: str, at: XmlNode, found: Findings) -> None:
    found.add(
        "documentation-only",
        message,
        "只作说明时不必改动。",
        at=at,
        severity=Severity.NOTICE,
    )
