"""How the elements of a process belong together: flows, links, borders, levels, handlers."""

from service.domain.events import ElementType
from service.engine.diagram import ProcessSource, bpmn
from service.engine.dialect import Source
from service.engine.gateways import InclusiveGatewaySpec, JoinSpec
from service.engine.process_spec import ElementSpec, Flow, KernelProcessSpec, Level
from service.engine.triggers import SUBSCRIBING, TriggerKind
from service.engine.xml_source import XmlNode, flag, reference

_ALWAYS_INTERRUPT = frozenset({TriggerKind.ERROR, TriggerKind.CANCEL})


def connect(spec: KernelProcessSpec, source: ProcessSource) -> None:
    """Connect what lies directly in one process or subprocess. Raises KeyError for a loose end."""
    specs: dict[str, ElementSpec] = spec.task_specs
    defaults = {node.id: node.default_flow for node in source.nodes}
    for flow in source.flows:
        specs[flow.source].add_flow(
            Flow(
                id=flow.id,
                target=flow.target,
                condition=None if flow.condition is None else Source.read(flow.condition),
                is_default=defaults[flow.source] == flow.id,
            ),
            specs[flow.target],
        )
    _connect_links(specs, source)
    _attach(specs, source)
    _connect_handlers(specs, source)
    level = Level(
        entries=_entries(specs, source),
        starts=_starts(specs, source),
    )
    if specs.get(source.id) is not None and source.id != spec.name:
        specs[source.id].level = level
    else:
        spec.start.level = level
        spec.triggered_starts = _triggered(specs, source)


def finish(spec: KernelProcessSpec) -> None:
    """Note what a whole process has in it."""
    elements = [one for one in spec.task_specs.values() if isinstance(one, ElementSpec)]
    spec.has_conditions = any(
        trigger.kind is TriggerKind.CONDITIONAL for one in elements for trigger in one.triggers
    )
    joins = [one for one in elements if isinstance(one, JoinSpec) and len(one.incoming) > 1]
    spec.has_joins = bool(joins)
    spec.has_inclusive_joins = any(isinstance(one, InclusiveGatewaySpec) for one in joins)


def _connect_links(specs: dict[str, ElementSpec], source: ProcessSource) -> None:
    """A link throw event leads to the catch event of its name in the same level."""
    events = [specs[node.id] for node in source.nodes]
    linked = [(e, t.link) for e in events for t in e.triggers if t.kind is TriggerKind.LINK]
    targets = {
        link: event
        for event, link in linked
        if event.element.type is ElementType.INTERMEDIATE_CATCH_EVENT
    }
    for event, link in linked:
        if link in targets and targets[link] is not event:
            event.add_flow(Flow(id="", target=targets[link].name), targets[link])


def _attach(specs: dict[str, ElementSpec], source: ProcessSource) -> None:
    for node in source.nodes:
        event = specs[node.id]
        if node.tag == "boundaryEvent":
            event.interrupting = _interrupts(event, node.node, "cancelActivity")
            event.host = specs[reference(node.node.get("attachedToRef", ""))]
            if any(trigger.kind is TriggerKind.COMPENSATION for trigger in event.triggers):
                event.host.undo = event
            else:
                event.host.boundaries.append(event)
        elif node.tag == "startEvent":
            event.interrupting = _interrupts(event, node.node, "isInterrupting")


def _interrupts(event: ElementSpec, node: XmlNode, attribute: str) -> bool:
    """Errors and cancellations always do, whatever is written. BPMN 2.0.2, 10.5.2 and 10.5.4."""
    always = any(trigger.kind in _ALWAYS_INTERRUPT for trigger in event.triggers)
    return always or flag(node, attribute, default=True)


def _connect_handlers(specs: dict[str, ElementSpec], source: ProcessSource) -> None:
    """An association leads from a compensation event to its handler. BPMN 2.0.2, 10.7.1."""
    for association in source.node.findall(bpmn("association")):
        ends = [reference(association.get(end, "")) for end in ("sourceRef", "targetRef")]
        for one, other in (ends, ends[::-1]):
            event, handler = specs.get(one), specs.get(other)
            if event is not None and handler is not None and handler.for_compensation:
                event.handler = handler


def _entries(specs: dict[str, ElementSpec], source: ProcessSource) -> list[str]:
    """Where tokens start by themselves; of an ad-hoc subprocess, what can be begun."""
    starts = [node.id for node in source.nodes if node.tag == "startEvent"]
    if starts:
        return [name for name in starts if not specs[name].triggers]
    return [node.id for node in source.nodes if _can_begin(specs[node.id], node.node)]


def _can_begin(spec: ElementSpec, node: XmlNode) -> bool:
    arrives = bool(spec.incoming) or spec.host is not None
    aside = spec.for_compensation or spec.is_event_subprocess
    instantiates = flag(node, "instantiate")
    return not arrives and not aside and not instantiates


def _starts(specs: dict[str, ElementSpec], source: ProcessSource) -> list[ElementSpec]:
    found = []
    for node in source.nodes:
        if specs[node.id].is_event_subprocess:
            for start in node.node.findall(bpmn("startEvent")):
                found.append(start.get("id", ""))
    return [specs[name] for name in found if name in specs]


def _triggered(specs: dict[str, ElementSpec], source: ProcessSource) -> list[ElementSpec]:
    """Start events with a trigger, and the events behind a gateway that instantiates."""
    found = []
    for node in source.nodes:
        spec = specs[node.id]
        if node.tag == "startEvent" and any(t.kind in SUBSCRIBING for t in spec.triggers):
            found.append(spec)
        elif node.tag == "eventBasedGateway" and flag(node.node, "instantiate"):
            found += [specs[flow.target] for flow in spec.outgoing]
    return found
