"""Rules about sequence flows and gateways, one process at a time."""

from collections.abc import Collection, Iterable, Mapping

from service.engine.diagram import FlowSource, NodeSource, ProcessSource, bpmn
from service.engine.findings import Findings

_GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
_CONDITIONAL = frozenset({"exclusiveGateway"})


def check_flows(process: ProcessSource, found: Findings) -> None:
    """Check the flow of one process, whatever its nodes are."""
    here = {node.id for node in process.nodes}
    everywhere = {node.get("id") for node in process.node.getroottree().iter()}
    for flow in process.flows:
        _check_ends(flow, here, everywhere, found)
    _check_references(process, found)
    _check_starts(process, found)
    _check_ends_exist(process, found)
    outgoing = process.outgoing()
    for node in process.nodes:
        _check_defaults(node, outgoing.get(node.id, []), found)
        if node.tag in _CONDITIONAL:
            _check_exclusive(node, outgoing.get(node.id, []), found)
        else:
            _check_unconditional(node, outgoing.get(node.id, []), found)
    _check_directions(process, found)


def check_paths(process: ProcessSource, found: Findings) -> None:
    """Check that every node lies on a way from the start to an end.

    Only where every node runs: a boundary event, for one, starts ways that no flow shows.
    """
    outgoing, incoming = process.outgoing(), process.incoming()
    starts = [node.id for node in process.nodes if node.tag == "startEvent"]
    ends = [node.id for node in process.nodes if node.tag == "endEvent"]
    reached = _closure(starts, {n: [f.target for f in flows] for n, flows in outgoing.items()})
    ending = _closure(ends, {n: [f.source for f in flows] for n, flows in incoming.items()})
    for node in process.nodes:
        cut_off = bool(starts) and node.id not in reached
        endless = bool(ends) and node.id not in ending
        _check_way(node, outgoing, cut_off, endless, found)


def _check_way(
    node: NodeSource,
    outgoing: Mapping[str, list[FlowSource]],
    cut_off: bool,
    endless: bool,
    found: Findings,
) -> None:
    what = _what(node)
    if cut_off:
        found.add(
            "flow-unreachable",
            f"从开始事件走不到{what}，它永远不会执行。",
            "请用顺序流把它接上，或删去它。",
            at=node.node,
        )
    if node.tag != "endEvent" and not outgoing.get(node.id):
        found.add(
            "flow-dead-end",
            f"{what}没有出口。",
            "请用顺序流把它接到下一步，或接到结束事件。",
            at=node.node,
        )
    elif endless:
        found.add(
            "flow-endless",
            f"从{what}出发走不到任何结束事件，流程会永远停不下来。",
            "请检查循环，给它一个通向结束事件的出口。",
            at=node.node,
        )


def _check_ends(
    flow: FlowSource, here: Collection[str], everywhere: Collection[str], found: Findings
) -> None:
    for end, what in ((flow.source, "起点"), (flow.target, "终点")):
        if end in here:
            continue
        if end and end in everywhere:
            found.add(
                "flow-crossing",
                f"顺序流的{what}“{end}”不在同一个流程（或子流程）里。",
                "顺序流不能跨越流程边界，请把两端放进同一个流程。",
                at=flow.node,
            )
        else:
            found.add(
                "flow-ends",
                f"顺序流的{what}“{end or '空'}”不存在。",
                "请在设计器中重新连接，或删去这条顺序流。",
                at=flow.node,
            )


def _check_references(process: ProcessSource, found: Findings) -> None:
    targets = {flow.id: flow.target for flow in process.flows}
    sources = {flow.id: flow.source for flow in process.flows}
    for node in process.nodes:
        for tag, ends, what in (("incoming", targets, "入口"), ("outgoing", sources, "出口")):
            for reference in node.node.findall(bpmn(tag)):
                flow_id = (reference.text or "").strip()
                if ends.get(flow_id) != node.id:
                    found.add(
                        "flow-reference",
                        f"{_what(node)}列出的{what}“{flow_id}”与图中的顺序流不一致。",
                        "请在设计器中重新连接这条顺序流。",
                        at=node.node,
                    )


def _check_starts(process: ProcessSource, found: Findings) -> None:
    starts = [node for node in process.nodes if node.tag == "startEvent"]
    incoming = process.incoming()
    if not starts:
        found.add("start-count", "流程没有开始事件。", "请加上一个开始事件。", at=process.node)
    plain = [node for node in starts if not _has_definition(node)]
    for extra in plain[1:]:
        found.add(
            "start-count",
            f"流程有 {len(plain)} 个无触发条件的开始事件，只能有一个。",
            "请只保留一个开始事件；不同的入口可以用表单字段和排他网关区分。",
            at=extra.node,
        )
    for node in starts:
        if incoming.get(node.id):
            found.add(
                "start-incoming",
                "开始事件不能有入口。",
                "请把这条顺序流接到开始事件之后的元素。",
                at=node.node,
            )


def _has_definition(node: NodeSource) -> bool:
    return any(str(child.tag).endswith("EventDefinition") for child in node.node)


def _check_ends_exist(process: ProcessSource, found: Findings) -> None:
    ends = [node for node in process.nodes if node.tag == "endEvent"]
    outgoing = process.outgoing()
    if not ends:
        found.add("end-missing", "流程没有结束事件。", "请加上结束事件。", at=process.node)
    for node in ends:
        if outgoing.get(node.id):
            found.add(
                "end-outgoing",
                "结束事件不能有出口。",
                "请删去这条顺序流，或把结束事件换成别的元素。",
                at=node.node,
            )


def _check_defaults(node: NodeSource, outgoing: list[FlowSource], found: Findings) -> None:
    default = node.default_flow
    if default is None:
        return
    if node.tag not in _CONDITIONAL:
        found.add(
            "gateway-default-place",
            f"{_what(node)}不能有默认出口。",
            "请删去默认出口；需要按条件分支时请加一个排他网关。",
            at=node.node,
        )
    elif default not in {flow.id for flow in outgoing}:
        found.add(
            "gateway-default",
            f"{_what(node)}的默认出口“{default}”不是它的出口。",
            "请重新选择默认出口。",
            at=node.node,
        )


def _check_exclusive(node: NodeSource, outgoing: list[FlowSource], found: Findings) -> None:
    for flow in outgoing:
        conditional = bool((flow.condition or "").strip())
        if flow.id == node.default_flow and conditional:
            found.add(
                "gateway-default-condition",
                f"{_what(node)}的默认出口不能有条件。",
                "请删去条件，或把默认出口改为另一条。",
                at=flow.node,
            )
        if flow.id != node.default_flow and not conditional and len(outgoing) > 1:
            found.add(
                "gateway-condition",
                f"{_what(node)}的这个出口没有条件，也不是默认出口。",
                "请写上条件，或把它设为默认出口。",
                at=flow.node,
            )


def _check_unconditional(node: NodeSource, outgoing: list[FlowSource], found: Findings) -> None:
    for flow in outgoing:
        if flow.condition is not None:
            found.add(
                "flow-condition-place",
                f"{_what(node)}的出口不能有条件，条件不会起作用。",
                "请在它后面加一个排他网关，把条件写在网关的出口上。",
                at=flow.node,
            )
    if len(outgoing) > 1 and node.tag not in _GATEWAYS:
        found.add(
            "flow-several",
            f"{_what(node)}有 {len(outgoing)} 个出口，还不能运行。",
            "请在它后面加一个并行网关（同时走）或排他网关（选一条走）。",
            at=node.node,
        )


def _check_directions(process: ProcessSource, found: Findings) -> None:
    incoming, outgoing = process.incoming(), process.outgoing()
    for node in process.nodes:
        entries, exits = len(incoming.get(node.id, [])), len(outgoing.get(node.id, []))
        direction = node.node.get("gatewayDirection", "Unspecified")
        fits = {
            "Converging": exits <= 1,
            "Diverging": entries <= 1,
        }
        if not fits.get(direction, True):
            found.add(
                "gateway-direction",
                f"{_what(node)}标为 {direction}，但它有 {entries} 个入口、{exits} 个出口。",
                "请改正网关方向，或删去 gatewayDirection。",
                at=node.node,
            )


def _closure(seeds: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(seeds)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += edges.get(node, [])
    return seen


def _what(node: NodeSource) -> str:
    return f"“{node.name or node.id}”"
