"""Every expression of a process: where it stands, what it is called, which names it sees."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.diagram import FlowSource
from service.engine.dialect import TITLE, Source, read_extensions
from service.engine.event_rules import publishes
from service.engine.feel_vocabulary import (
    COUNTERS,
    names_around,
    names_at_border,
    names_caught,
    own_names,
    results_of,
    targets_of,
)
from service.engine.known import Known
from service.engine.loop_settings import MultiInstance, StandardLoop, read_completion
from service.engine.loops import LOOP_COUNTER
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import Trigger, TriggerKind
from service.engine.xml_source import XmlNode

_Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """One expression of a diagram: where it stands, what it is called, what it sees.

    `local` are names of its element and those around it; `open_ended` when anything may be among
    them; `alone` when it is asked before there is any variable.
    """

    node: XmlNode
    what: str
    source: Source
    local: frozenset[str] = frozenset()
    open_ended: bool = False
    alone: bool = False


def expressions_of(outline: Outline, known: Known) -> Iterator[Place]:
    """Every FEEL text of a process."""
    for place in _places(outline, known):
        if place.source.is_feel:
            yield place


def _places(outline: Outline, known: Known) -> Iterator[Place]:
    process = outline.process.node
    title = read_extensions(process).properties.get(TITLE, "")
    yield Place(process, "标题", Source.read(title))
    for container in outline.containers:
        around = names_around(container)
        for flow in container.source.flows:
            yield _condition(flow, container, around)
        for node in container.nodes.values():
            yield from _node_places(node, known, around)
            yield from _trigger_places(node, around)


def _condition(flow: FlowSource, container: Container, around: _Names) -> Place:
    source = container.nodes.get(flow.source)
    local = around if source is None else around | names_at_border(source)
    return Place(flow.node, "条件", Source.read(flow.condition or ""), local)


def _node_places(node: FlowNode, known: Known, around: _Names) -> Iterator[Place]:
    ext, inside = node.extensions, around | own_names(node)
    for mapping in ext.inputs:
        yield Place(node.node, f"输入映射“{mapping.target}”", mapping.source, inside)
    for what, source in _settings(node):
        yield Place(node.node, what, source, inside)
    results = results_of(node, known)
    seen = inside | (results or frozenset()) | targets_of(ext.outputs) | names_caught(node)
    is_open = results is None
    for mapping in ext.outputs:
        yield Place(node.node, f"输出映射“{mapping.target}”", mapping.source, seen, is_open)
    yield from _loop_places(node, around, seen, is_open=is_open)
    if node.tag == "adHocSubProcess":
        yield Place(node.node, "输出元素", ext.ad_hoc.output_element, inside, open_ended=True)
        completion = read_completion(node.node)
        yield Place(node.node, "完成条件", completion, inside, open_ended=True)


def _loop_places(node: FlowNode, around: _Names, seen: _Names, *, is_open: bool) -> Iterator[Place]:
    loop, at = node.loop, node.node
    if isinstance(loop, StandardLoop):
        yield Place(at, "循环条件", loop.condition, around | {LOOP_COUNTER})
    if isinstance(loop, MultiInstance):
        yield Place(at, "集合", loop.collections.input_collection, around)
        yield Place(at, "次数", loop.cardinality, around)
        yield Place(at, "输出元素", loop.collections.output_element, seen, is_open)
        yield Place(at, "完成条件", loop.completion, around | own_names(node) | COUNTERS)


def _trigger_places(node: FlowNode, around: _Names) -> Iterator[Place]:
    seen, begins = _seen_waiting(node, around), node.starts_process
    for trigger in node.triggers:
        conditional = trigger.kind is TriggerKind.CONDITIONAL
        for what, source in _trigger_sources(node, trigger):
            open_ended = begins and conditional
            alone = begins and not conditional
            yield Place(node.node, what, source, seen, open_ended=open_ended, alone=alone)


def _seen_waiting(node: FlowNode, around: _Names) -> _Names:
    """What an event sees while it is waited for, or when it throws."""
    if node.host is not None:
        return around | names_at_border(node.host)
    owner = node.container.owner
    if node.tag == "startEvent" and owner is not None:
        return names_around(owner.container)
    return around | own_names(node)


def _trigger_sources(node: FlowNode, trigger: Trigger) -> Iterator[tuple[str, Source]]:
    is_message = trigger.kind is TriggerKind.MESSAGE
    throws = node.tag in ("sendTask", "endEvent", "intermediateThrowEvent")
    if not (is_message and throws and not publishes(node)):
        yield ("消息名称" if is_message else "名称或代码"), trigger.name
        if not node.starts_process:
            yield "关联键", trigger.correlation_key
    yield "定时", trigger.when
    yield "触发条件", trigger.condition


def _settings(node: FlowNode) -> Iterator[tuple[str, Source]]:
    ext = node.extensions
    yield "办理人", ext.user_task.assignee
    yield "候选人", ext.user_task.candidate_users
    yield "候选组", ext.user_task.candidate_groups
    yield "截止时间", ext.user_task.due_date
    yield "办理期限", ext.user_task.due_working_days
    yield "跟进时间", ext.user_task.follow_up_date
    yield "优先级", ext.user_task.priority
    yield "回避对象", ext.user_task.recuse_from
    yield "任务类型", ext.job.task_type
    yield "重试次数", ext.job.retries
    yield "决策编号", ext.decision
    yield "脚本", ext.script
    yield "流程编号", ext.called.process_id
    yield "要开始的活动", ext.active_elements
