"""Rules about the ways through a process: where it begins, where it ends, what it cannot reach.

Sources: BPMN 2.0.2, 10.5.2, 10.5.3 and 13.2.
"""

from collections.abc import Iterable, Mapping

from service.domain.problems import Severity
from service.engine.findings import Findings
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind

_Ways = Mapping[str, list[str]]


def check_ways(outline: Outline, found: Findings) -> None:
    """Check the ways through every container."""
    for container in outline.containers:
        onward = _onward(container)
        _check_reached(container, onward, found)
        _check_exits(container, found)
        _check_ending(container, onward, found)


def _onward(container: Container) -> _Ways:
    """Where a token can go from each node: along flows, by events at its border, by a link."""
    targets = {
        trigger.link: node.id
        for node in container.of("intermediateCatchEvent")
        for trigger in node.triggers
        if trigger.kind is TriggerKind.LINK
    }
    ways: dict[str, list[str]] = {}
    for node in container.nodes.values():
        ways[node.id] = [flow.target for flow in node.outgoing]
        ways[node.id] += [event.id for event in node.boundaries]
        for trigger in node.triggers:
            if node.tag == "intermediateThrowEvent" and trigger.link in targets:
                ways[node.id].append(targets[trigger.link])
    return ways


def _entries(container: Container) -> list[str]:
    """Where tokens begin: the start events, or without any every node that nothing leads to."""
    nodes = container.nodes.values()
    aside = [node.id for node in nodes if node.aside]
    starts = [node.id for node in nodes if node.tag == "startEvent" or node.instantiates]
    if container.of("startEvent"):
        return starts + aside
    return starts + aside + [node.id for node in nodes if _begins(node)]


def _begins(node: FlowNode) -> bool:
    is_link = TriggerKind.LINK in node.kinds and node.tag == "intermediateCatchEvent"
    return not node.incoming and node.tag != "boundaryEvent" and not is_link


def _check_reached(container: Container, onward: _Ways, found: Findings) -> None:
    reached = _closure(_entries(container), onward)
    for node in container.nodes.values():
        loose = _begins(node)
        if node.id in reached or _told_elsewhere(node, loose=loose):
            continue
        found.add(
            "flow-unreachable",
            f"{node.what}没有入口，永远不会执行。"
            if loose
            else f"从开始走不到{node.what}，它永远不会执行。",
            "请用顺序流把它接上，或删去它。",
            at=node.node,
            severity=Severity.ERROR if loose else Severity.WARNING,
        )


def _told_elsewhere(node: FlowNode, *, loose: bool) -> bool:
    """Rules of their own say that an event is attached to nothing or has no entry."""
    if node.tag == "boundaryEvent":
        return node.host is None
    return loose and node.tag in _EXIT_ELSEWHERE and node.tag != "endEvent"


def _check_exits(container: Container, found: Findings) -> None:
    """With an end event, whatever else has no exit is loose; a start event always needs one."""
    has_ends = bool(container.of("endEvent"))
    for node in container.nodes.values():
        if node.outgoing or node.tag in _EXIT_ELSEWHERE or node.aside:
            continue
        if TriggerKind.LINK in node.kinds:
            continue
        if has_ends or node.tag == "startEvent":
            found.add(
                "flow-dead-end",
                f"{node.what}没有出口。",
                "请用顺序流把它接到下一步，或接到结束事件。",
                at=node.node,
            )


_EXIT_ELSEWHERE = frozenset(
    {"endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)
"""What ends a way, and what has a rule of its own."""


def _check_ending(container: Container, onward: _Ways, found: Findings) -> None:
    """A way round without an exit: it runs until somebody ends it."""
    ends = [node.id for node in container.nodes.values() if _ends(node)]
    if not container.of("endEvent"):
        return
    back: dict[str, list[str]] = {}
    for name, targets in onward.items():
        for target in targets:
            back.setdefault(target, []).append(name)
    ending = _closure(ends, back)
    for node in container.nodes.values():
        if node.id not in ending:
            found.add(
                "flow-endless",
                f"从{node.what}出发走不到任何结束事件，可能永远停不下来。",
                "请检查循环，给它一个通向结束事件的出口。",
                at=node.node,
                severity=Severity.WARNING,
            )


def _ends(node: FlowNode) -> bool:
    return not node.outgoing and not (
        TriggerKind.LINK in node.kinds and node.tag == "intermediateThrowEvent"
    )


def _closure(seeds: Iterable[str], edges: _Ways) -> set[str]:
    seen: set[str] = set()
    todo = list(seeds)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += edges.get(node, [])
    return seen
