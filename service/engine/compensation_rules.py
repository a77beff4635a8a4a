"""Rules about compensation: handlers, the events before them, and what is thrown.

Source: BPMN 2.0.2, 10.7.
"""

from service.engine.diagram import bpmn
from service.engine.findings import Findings
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import reference


def check_compensation(outline: Outline, found: Findings) -> None:
    """Check compensation in every container of a process."""
    compensable = _compensable(outline)
    for container in outline.containers:
        handlers = _handlers(container)
        for event in container.of("boundaryEvent"):
            if TriggerKind.COMPENSATION in event.kinds:
                _check_event(event, handlers.get(event.id, []), found)
        reached = {one.id for group in handlers.values() for one in group}
        for node in container.nodes.values():
            if node.for_compensation and not node.is_event_subprocess:
                _check_handler(node, node.id in reached, found)
            _check_throw(node, outline, compensable, found)


def _handlers(container: Container) -> dict[str, list[FlowNode]]:
    """The compensation activities that an association connects with each event."""
    handlers: dict[str, list[FlowNode]] = {}
    for association in container.node.findall(bpmn("association")):
        ends = [reference(association.get(end, "")) for end in ("sourceRef", "targetRef")]
        for one, other in (ends, ends[::-1]):
            event, handler = container.nodes.get(one), container.nodes.get(other)
            if event is None or handler is None or event.tag != "boundaryEvent":
                continue
            if TriggerKind.COMPENSATION in event.kinds and handler.is_activity:
                handlers.setdefault(event.id, []).append(handler)
    return handlers


def _check_event(event: FlowNode, handlers: list[FlowNode], found: Findings) -> None:
    if len(handlers) != 1:
        found.add(
            "compensation-event",
            f"补偿事件{event.what}用关联线连着 {len(handlers)} 个补偿活动，必须恰好一个。",
            "请用关联线（不是顺序流）把它连到一个补偿活动。",
            at=event.node,
        )
    for handler in handlers:
        if not handler.for_compensation:
            found.add(
                "compensation-event",
                f"补偿事件{event.what}连着的{handler.what}没有标为补偿活动。",
                "请把它改为补偿活动（isForCompensation）。",
                at=handler.node,
            )
    if event.host is not None and event.host.for_compensation:
        found.add(
            "compensation-handler",
            f"补偿活动{event.host.what}本身不能再被补偿。",
            "请删去它边界上的补偿事件。",
            at=event.node,
        )


def _check_handler(node: FlowNode, connected: bool, found: Findings) -> None:
    if not connected:
        found.add(
            "compensation-handler",
            f"补偿活动{node.what}没有与任何补偿事件相连，永远不会执行。",
            "请用关联线把它连到活动边界上的补偿事件，或取消补偿标记。",
            at=node.node,
        )


def _compensable(outline: Outline) -> frozenset[str]:
    """Activities that can be undone: by a handler, or because something inside can be."""
    found: set[str] = set()
    for container in reversed(outline.containers):
        undone = [
            event.host.id
            for event in container.of("boundaryEvent")
            if event.host is not None and TriggerKind.COMPENSATION in event.kinds
        ]
        found.update(undone)
        if container.owner is not None and any(name in found for name in container.nodes):
            found.add(container.owner.id)
    return frozenset(found)


def _check_throw(
    node: FlowNode, outline: Outline, compensable: frozenset[str], found: Findings
) -> None:
    if node.tag not in ("intermediateThrowEvent", "endEvent"):
        return
    for trigger in node.triggers:
        if trigger.kind is not TriggerKind.COMPENSATION or not trigger.activity:
            continue
        in_reach = any(trigger.activity in one.nodes for one in _in_reach(node.container))
        if not in_reach or trigger.activity not in compensable:
            what = "没有补偿活动" if in_reach else "不在这里能补偿的范围内"
            found.add(
                "compensation-activity",
                f"{node.what}要补偿的“{trigger.activity[:100]}”{what}。",
                "请选择同一层里带补偿事件的活动，或不指定活动（补偿这一层的全部）。",
                at=node.node,
            )


def _in_reach(container: Container) -> list[Container]:
    """Its own level, and from an event subprocess the one around it too."""
    reached = [container]
    while container.owner is not None and container.is_event_subprocess:
        container = container.owner.container
        reached.append(container)
    return reached
