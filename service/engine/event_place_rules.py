"""Rules about which kind of event may stand where.

Sources: BPMN 2.0.2, 10.5.2 (tables 10.84 to 10.86), 10.5.3, 10.5.4 and 10.5.6.
"""

from collections.abc import Iterator, Set
from enum import Enum

from service.engine.constructs import NAMES
from service.engine.findings import Findings
from service.engine.outline import EVENTS, Container, FlowNode, Outline
from service.engine.triggers import SUBSCRIBING, TriggerKind

_K = TriggerKind


class Place(Enum):
    """Where an event stands; the value is its name."""

    PROCESS_START = "流程的开始事件"
    EMBEDDED_START = "子流程的开始事件"
    EVENT_SUBPROCESS_START = "事件子流程的开始事件"
    CATCH = "中间捕获事件"
    THROW = "中间抛出事件"
    BOUNDARY = "边界事件"
    END = "结束事件"


_ALLOWED = {
    Place.PROCESS_START: SUBSCRIBING,
    Place.EMBEDDED_START: frozenset[TriggerKind](),
    Place.EVENT_SUBPROCESS_START: SUBSCRIBING | {_K.ERROR, _K.ESCALATION, _K.COMPENSATION},
    Place.CATCH: SUBSCRIBING | {_K.LINK},
    Place.THROW: frozenset({_K.MESSAGE, _K.SIGNAL, _K.ESCALATION, _K.COMPENSATION, _K.LINK}),
    Place.BOUNDARY: SUBSCRIBING | {_K.ERROR, _K.ESCALATION, _K.COMPENSATION, _K.CANCEL},
    Place.END: frozenset(
        {
            *(_K.MESSAGE, _K.SIGNAL, _K.ERROR, _K.ESCALATION),
            *(_K.COMPENSATION, _K.CANCEL, _K.TERMINATE),
        }
    ),
}

_CONTRADICTIONS = (
    (Place.CATCH, _K.LINK, None, "链接的捕获没有入口，别的捕获事件必须有入口"),
    (Place.BOUNDARY, _K.COMPENSATION, None, "补偿的边界事件没有出口，别的边界事件必须有出口"),
    (Place.END, _K.CANCEL, _K.ERROR, "取消要撤销事务里已完成的活动，错误则不撤销"),
)
"""Where one event cannot be both: a kind, and another beside it, None for any.

Source: BPMN 2.0.2, 10.5.4 (connections of intermediate events) and 10.3.5 (a transaction ends in
one of three ways).
"""

_ONE_CATCHER = frozenset({_K.ERROR, _K.ESCALATION, _K.COMPENSATION, _K.CANCEL})
"""Kinds of which one goes to one catcher, the first that is found."""

_ALWAYS_INTERRUPTS = {_K.ERROR, _K.CANCEL}


def place_of(node: FlowNode) -> Place:
    """Where an event stands."""
    owner = node.container.owner
    if node.tag == "startEvent" and owner is not None:
        return Place.EVENT_SUBPROCESS_START if owner.is_event_subprocess else Place.EMBEDDED_START
    return {
        "startEvent": Place.PROCESS_START,
        "intermediateCatchEvent": Place.CATCH,
        "intermediateThrowEvent": Place.THROW,
        "boundaryEvent": Place.BOUNDARY,
    }.get(node.tag, Place.END)


def check_event_places(outline: Outline, found: Findings) -> None:
    """Check the kinds of all events of a process."""
    for node in outline.all_nodes:
        if node.tag in EVENTS:
            _check_kinds(node, found)
            _check_interrupting(node, found)
            if node.tag == "boundaryEvent":
                _check_host(node, found)
    for container in outline.containers:
        _check_same(container, found)


def _check_kinds(node: FlowNode, found: Findings) -> None:
    place = place_of(node)
    if not node.triggers and place in (Place.CATCH, Place.BOUNDARY):
        found.add(
            "event-definition",
            f"{place.value}{node.what}没有说明等待什么。",
            "请选择它的类型：消息、定时、信号、条件等。",
            at=node.node,
        )
    for kind in sorted(node.kinds - _ALLOWED[place]):
        found.add(
            "event-place",
            f"{place.value}{node.what}不能是{NAMES[kind]}。",
            "请换成这里能用的事件类型，或把它移到能用的位置。",
            at=node.node,
        )
    _check_combined(node, place, found)
    _check_special(node, place, found)


def _check_combined(node: FlowNode, place: Place, found: Findings) -> None:
    for where, kind, other, why in _CONTRADICTIONS:
        beside = node.kinds - {kind} if other is None else node.kinds & {other}
        if place is where and kind in node.kinds and beside:
            found.add(
                "event-combination",
                f"{node.what}不能既是{NAMES[kind]}又是{NAMES[min(beside)]}：{why}。",
                "请拆成几个事件。",
                at=node.node,
            )


def _check_special(node: FlowNode, place: Place, found: Findings) -> None:
    if place is Place.EVENT_SUBPROCESS_START and _K.COMPENSATION in node.kinds:
        found.add(
            "compensation-event-subprocess",
            f"由补偿触发的事件子流程{node.what}不能运行。",
            "请改用边界上的补偿事件和补偿活动。",
            at=node.node,
        )
    owner = node.container.owner
    in_transaction = owner is not None and owner.tag == "transaction"
    if place is Place.END and _K.CANCEL in node.kinds and not in_transaction:
        found.add(
            "cancel-place",
            f"取消结束事件{node.what}不是直接放在事务里。",
            "取消结束事件只能直接放在事务子流程里；别处请用错误或终止结束事件。",
            at=node.node,
        )


def _check_interrupting(node: FlowNode, found: Findings) -> None:
    place = place_of(node)
    catches = place in (Place.BOUNDARY, Place.EVENT_SUBPROCESS_START)
    if catches and not node.interrupts and node.kinds & _ALWAYS_INTERRUPTS:
        found.add(
            "event-interrupting",
            f"{node.what}捕获错误或取消，必须是中断的。",
            "请把它改为中断的事件；不中断时请用升级事件。",
            at=node.node,
        )


def _check_host(node: FlowNode, found: Findings) -> None:
    host = node.host
    if host is None:
        found.add(
            "boundary-host",
            f"边界事件{node.what}没有附在同一层的活动上。",
            "请把它拖到活动的边界上。",
            at=node.node,
        )
        return
    if host.is_event_subprocess:
        found.add(
            "boundary-host",
            f"事件子流程{host.what}的边界上不能有事件。",
            "请把它附在别的活动上。",
            at=node.node,
        )
    if _K.CANCEL in node.kinds and host.tag != "transaction":
        found.add(
            "cancel-place",
            f"取消边界事件{node.what}没有附在事务上。",
            "取消事件只能附在事务子流程的边界上。",
            at=node.node,
        )


def _check_same(container: Container, found: Findings) -> None:
    """Of two that catch the same at one place, the second would never be reached."""
    for node in container.nodes.values():
        _tell_same(node.boundaries, _ONE_CATCHER, found)
    starts = [
        start
        for node in container.nodes.values()
        if node.inside is not None and node.is_event_subprocess
        for start in node.inside.of("startEvent")
    ]
    _tell_same(starts, _ONE_CATCHER | {_K.MESSAGE, _K.SIGNAL}, found)


def _tell_same(events: list[FlowNode], kinds: Set[TriggerKind], found: Findings) -> None:
    seen: dict[tuple[TriggerKind, str], FlowNode] = {}
    for event in events:
        for key in _caught(event, kinds):
            first = seen.setdefault(key, event)
            if first is not event:
                found.add(
                    "event-duplicate",
                    f"{event.what}与{first.what}在同一处捕获同样的事件，不知该由谁处理。",
                    "请删去其中一个，或改为捕获不同的代码。",
                    at=event.node,
                )


def _caught(event: FlowNode, kinds: Set[TriggerKind]) -> Iterator[tuple[TriggerKind, str]]:
    """What it alone may catch at its place; an empty name stands for any."""
    for trigger in event.triggers:
        subscribes = trigger.kind in SUBSCRIBING
        if trigger.kind in kinds and not (subscribes and not (event.interrupts and trigger.name)):
            yield trigger.kind, trigger.name.text.strip()
