"""Rules about link events: they pair up by name within one level. BPMN 2.0.2, 10.5.5."""

from service.engine.diagram import bpmn, label
from service.engine.findings import Findings
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import reference

_Links = dict[str, list[FlowNode]]


def check_links(outline: Outline, found: Findings) -> None:
    """Check the links of every container."""
    for container in outline.containers:
        sources = _by_name(container, "intermediateThrowEvent")
        targets = _by_name(container, "intermediateCatchEvent")
        for name, events in (*sources.items(), *targets.items()):
            for event in events if not name else ():
                found.add(
                    "link-pair",
                    f"链接事件{event.what}没有名称。",
                    "请给它写上名称；名称相同的抛出和捕获相连。",
                    at=event.node,
                )
        _check_pairs(sources, targets, found)
        _check_named(container, found)


def _check_pairs(sources: _Links, targets: _Links, found: Findings) -> None:
    for name in filter(None, sources):
        for source in sources[name] if name not in targets else ():
            found.add(
                "link-pair",
                f"链接“{name[:100]}”有抛出{source.what}，但同一层里没有捕获。",
                "请加上同名的链接捕获事件，或改正名称。",
                at=source.node,
            )
    for name in filter(None, targets):
        for extra in targets[name][1:]:
            found.add(
                "link-pair",
                f"链接“{name[:100]}”有 {len(targets[name])} 个捕获，只能有一个。",
                "请只保留一个捕获，或改用不同的名称。",
                at=extra.node,
            )
        for target in targets[name] if name not in sources else ():
            found.add(
                "link-pair",
                f"链接“{name[:100]}”有捕获{target.what}，但同一层里没有抛出。",
                "请加上同名的链接抛出事件，或改正名称。",
                at=target.node,
            )


def _check_named(container: Container, found: Findings) -> None:
    """What a link names as its other end is the one that its name leads to."""
    nodes = container.of("intermediateThrowEvent", "intermediateCatchEvent")
    tag = bpmn("linkEventDefinition")
    links = [(node, link) for node in nodes for link in node.node.findall(tag)]
    names = {link.get("id"): label(link) for _, link in links}
    for node, link in links:
        for other in (*link.findall(bpmn("source")), *link.findall(bpmn("target"))):
            if names.get(reference(other.text or "")) != label(link):
                found.add(
                    "link-pair",
                    f"链接事件{node.what}指明的另一端不是同一层里名称相同的链接。",
                    "请删去 source 或 target，或让两端的名称相同。",
                    at=node.node,
                )


def _by_name(container: Container, tag: str) -> _Links:
    links: _Links = {}
    for node in container.of(tag):
        for trigger in node.triggers:
            if trigger.kind is TriggerKind.LINK:
                links.setdefault(trigger.link, []).append(node)
    return links
