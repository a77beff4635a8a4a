"""Rules about conditions, default flows and gateways.

Sources: BPMN 2.0.2, 8.4.9, 8.4.13 and 10.6.
"""

from service.domain.problems import Severity
from service.engine.diagram import FlowSource
from service.engine.findings import Findings
from service.engine.outline import EVENTS, Container, FlowNode, Outline
from service.engine.triggers import SUBSCRIBING, TriggerKind

_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})
_UNCONDITIONAL = EVENTS | {"parallelGateway", "eventBasedGateway"}
_MERGE_OR_SPLIT = _CHOICES | {"parallelGateway"}
"""The others have a rule about their exits, or do not run."""


def check_gateways(outline: Outline, found: Findings) -> None:
    """Check conditions, default flows and gateways of a process."""
    for node in outline.all_nodes:
        _check_default(node, found)
        if node.tag in _UNCONDITIONAL:
            _check_unconditional(node, found)
        elif node.tag in _CHOICES:
            _check_choice(node, found)
        elif node.is_activity:
            _check_activity(node, found)
        _check_direction(node, found)
        if node.tag == "eventBasedGateway":
            _check_event_gateway(node, found)
    for container in outline.containers:
        _check_deadlocks(container, found)


def has_condition(flow: FlowSource) -> bool:
    """True for a conditional sequence flow."""
    return bool((flow.condition or "").strip())


def _check_default(node: FlowNode, found: Findings) -> None:
    default = node.source.default_flow
    if default is None:
        return
    if node.tag in _UNCONDITIONAL:
        found.add(
            "gateway-default-place",
            f"{node.what}不能有默认出口。",
            "请删去默认出口；需要按条件分支时请加一个排他网关。",
            at=node.node,
        )
        return
    chosen = [flow for flow in node.outgoing if flow.id == default]
    if not chosen:
        found.add(
            "gateway-default",
            f"{node.what}的默认出口“{default}”不是它的出口。",
            "请重新选择默认出口。",
            at=node.node,
        )
    for flow in filter(has_condition, chosen):
        found.add(
            "gateway-default-condition",
            f"{node.what}的默认出口上的条件不起作用：别的出口都不成立时总是走这一条。",
            "请删去条件，或把默认出口改为另一条。",
            at=flow.node,
            severity=Severity.WARNING,
        )


def _check_unconditional(node: FlowNode, found: Findings) -> None:
    for flow in node.outgoing:
        if flow.condition is not None:
            found.add(
                "flow-condition-place",
                f"{node.what}的出口不能有条件。",
                "请在它后面加一个排他网关，把条件写在网关的出口上。",
                at=flow.node,
            )


def _check_choice(node: FlowNode, found: Findings) -> None:
    if len(node.outgoing) < 2:
        return
    exclusive = node.tag == "exclusiveGateway"
    for flow in node.outgoing:
        if flow.id == node.source.default_flow or has_condition(flow):
            continue
        found.add(
            "gateway-condition",
            f"{node.what}的这个出口没有条件，也不是默认出口"
            + ("。" if exclusive else "，每次都会走。"),
            "请写上条件，或把它设为默认出口。",
            at=flow.node,
            severity=Severity.ERROR if exclusive else Severity.WARNING,
        )


def _check_activity(node: FlowNode, found: Findings) -> None:
    conditional = [flow for flow in node.outgoing if has_condition(flow)]
    if node.source.default_flow is not None and not conditional:
        found.add(
            "flow-default-alone",
            f"{node.what}有默认出口，但别的出口都没有条件。",
            "请给别的出口写上条件，或取消默认出口。",
            at=node.node,
        )
    if conditional and len(node.outgoing) == 1:
        found.add(
            "flow-condition-alone",
            f"{node.what}只有一个出口，它不能有条件：条件不成立时就无路可走。",
            "请再画一个默认出口，或删去条件。",
            at=conditional[0].node,
        )


def _check_direction(node: FlowNode, found: Findings) -> None:
    entries, exits = len(node.incoming), len(node.outgoing)
    direction = node.node.get("gatewayDirection", "Unspecified").strip()
    fits = {
        "Converging": entries > 1 and exits <= 1,
        "Diverging": entries <= 1 and exits > 1,
        "Mixed": entries > 1 and exits > 1,
    }
    if node.tag in _MERGE_OR_SPLIT and entries < 2 and exits < 2:
        found.add(
            "gateway-idle",
            f"网关{node.what}只有 {entries} 个入口、{exits} 个出口，既不分支，也不汇合。",
            "请删去它，把前后的元素直接相连，或补上它的另一条分支。",
            at=node.node,
        )
    elif not fits.get(direction, True):
        found.add(
            "gateway-direction",
            f"{node.what}标为 {direction}，但它有 {entries} 个入口、{exits} 个出口。",
            "请改正网关方向，或删去 gatewayDirection。",
            at=node.node,
        )


def _check_event_gateway(node: FlowNode, found: Findings) -> None:
    if len(node.outgoing) < 2:
        found.add(
            "event-gateway-exits",
            f"事件网关{node.what}至少要有两个出口。",
            "请给每个等待的事件画一个出口；只等一个事件时去掉网关。",
            at=node.node,
        )
    if node.instantiates and (node.incoming or node.container.owner is not None):
        found.add(
            "event-gateway-instantiates",
            f"启动流程的事件网关{node.what}不能有入口，也不能放在子流程里。",
            "请去掉它的入口，或取消“启动流程”（instantiate）。",
            at=node.node,
        )
    targets = [node.container.nodes[flow.target] for flow in node.outgoing]
    for target in targets:
        complaint = _target_complaint(target)
        if complaint:
            found.add("event-gateway-targets", complaint, _TARGETS, at=target.node)
    tasks = [one for one in targets if one.tag == "receiveTask"]
    if tasks and any(TriggerKind.MESSAGE in one.kinds for one in targets if one not in tasks):
        found.add(
            "event-gateway-targets",
            f"事件网关{node.what}后面不能既有消息事件又有接收任务。",
            "请都改用消息事件，或都改用接收任务。",
            at=node.node,
        )


def _target_complaint(target: FlowNode) -> str:
    what = target.what
    is_event = target.tag == "intermediateCatchEvent" and target.kinds <= SUBSCRIBING
    if not is_event and target.tag != "receiveTask":
        return f"事件网关后面的{what}不是消息、定时、信号、条件事件或接收任务。"
    if len(target.incoming) > 1:
        return f"事件网关后面的{what}不能再有别的入口。"
    if target.boundaries:
        return f"事件网关后面的接收任务{what}不能有边界事件。"
    return f"事件网关后面的接收任务{what}不能重复执行。" if target.loop is not None else ""


_TARGETS = "请让事件网关的每个出口直接接到只由它进入的捕获事件或接收任务。"


def _check_deadlocks(container: Container, found: Findings) -> None:
    """The simple case: all ways into a parallel join come straight from one exclusive split."""
    for join in container.of("parallelGateway"):
        if len(join.incoming) < 2:
            continue
        sources = {_split_before(container, flow) for flow in join.incoming}
        split = container.nodes.get(sources.pop() or "") if len(sources) == 1 else None
        if split is not None and split.tag == "exclusiveGateway":
            found.add(
                "gateway-deadlock",
                f"并行网关{join.what}要等所有分支到齐，但排他网关{split.what}只走其中一条，"
                "流程会永远停在这里。",
                "请把汇合的网关改为排他网关，或把分支的网关改为并行网关。",
                at=join.node,
                severity=Severity.WARNING,
            )


def _split_before(container: Container, flow: FlowSource) -> str | None:
    """The node from which a plain row of tasks leads to this flow."""
    seen: set[str] = set()
    node = container.nodes[flow.source]
    while _is_plain_task(node) and node.id not in seen:
        seen.add(node.id)
        node = container.nodes[node.incoming[0].source]
    return node.id


def _is_plain_task(node: FlowNode) -> bool:
    alone = len(node.incoming) == 1 and len(node.outgoing) == 1 and not node.boundaries
    return node.is_activity and node.inside is None and alone
