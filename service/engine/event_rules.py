"""Rules about what an event definition says: references, names, keys, times, conditions.

Sources: BPMN 2.0.2, 8.4.3, 8.4.4 and 10.5.5; keys are Camunda 8's.
"""

from service.domain.problems import Severity
from service.engine.constructs import NAMES
from service.engine.diagram import bpmn
from service.engine.dialect import MESSAGE_TTL
from service.engine.findings import Findings
from service.engine.outline import EVENTS, FlowNode, Outline
from service.engine.run import ElementFailed
from service.engine.timer_rules import check_timer
from service.engine.timers import seconds
from service.engine.triggers import Trigger, TriggerKind
from service.engine.xml_source import XmlNode, reference

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

_CODED = {TriggerKind.ERROR: "错误", TriggerKind.ESCALATION: "升级"}
_NAMED = {TriggerKind.MESSAGE: "消息", TriggerKind.SIGNAL: "信号"}


def check_events(outline: Outline, found: Findings) -> None:
    """Check every event and receive task of a process."""
    for node in outline.all_nodes:
        if node.tag in EVENTS:
            for trigger in node.triggers:
                _check_trigger(node, trigger, found)
        elif node.tag == "receiveTask":
            _check_received(node, found)
        _check_time_to_live(node, found)


def catches(node: FlowNode) -> bool:
    """True for what waits for its triggers, false for what throws them."""
    return node.tag not in ("endEvent", "intermediateThrowEvent", "sendTask")


def publishes(node: FlowNode) -> bool:
    """True where the service itself sends the message."""
    return (
        not catches(node)
        and TriggerKind.MESSAGE in node.kinds
        and not node.extensions.job.task_type
    )


def _check_trigger(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    by_job = bool(node.extensions.job.task_type) and not catches(node)
    if trigger.kind in _NAMED and not (by_job and trigger.kind is TriggerKind.MESSAGE):
        _check_named(node, trigger, found)
    elif trigger.kind in _CODED:
        _check_code(node, trigger, found)
    elif trigger.kind is TriggerKind.TIMER:
        check_timer(node, trigger, found)
    elif trigger.kind is TriggerKind.CONDITIONAL:
        _check_condition(node, trigger, found)


def _check_received(node: FlowNode, found: Findings) -> None:
    if not node.triggers:
        found.add(
            "event-reference",
            f"接收任务{node.what}没有引用消息。",
            "请选择它等待的消息（messageRef）。",
            at=node.node,
        )
    for trigger in node.triggers:
        _check_named(node, trigger, found)


def _check_named(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    what = _NAMED[trigger.kind]
    if not trigger.name:
        found.add(
            "event-reference",
            f"{node.what}没有引用{what}，或引用的{what}没有名称。",
            f"请选择{what}，并给它写上名称。",
            at=node.node,
        )
        return
    waits = trigger.kind is TriggerKind.MESSAGE and catches(node) and not node.starts_process
    if waits and not trigger.correlation_key:
        found.add(
            "message-key",
            f"{node.what}等待的消息“{trigger.name.text.strip()}”没有关联键，"
            "不知道消息该给哪一件事项。",
            "请在消息的“关联键”（zeebe:subscription）里填写表达式，例如 =申请编号。",
            at=node.node,
        )
    elif waits and not trigger.correlation_key.is_feel:
        found.add(
            "message-key",
            f"{node.what}等待的消息的关联键是固定的文字，所有事项都等同一个键。",
            "如果它应当取变量的值，请在前面加上 =。",
            at=node.node,
            severity=Severity.WARNING,
        )


def _check_code(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    what = _CODED[trigger.kind]
    if catches(node):
        if trigger.name.is_feel:
            found.add(
                "event-code",
                f"{node.what}捕获的{what}代码不能是表达式。",
                "请写成固定的代码；要捕获任何代码时请不引用。",
                at=node.node,
            )
    elif not trigger.name:
        found.add(
            "event-reference",
            f"{node.what}没有引用{what}，或引用的{what}没有代码。",
            f"请选择{what}，并给它写上代码。",
            at=node.node,
        )


def _check_condition(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    if not trigger.condition or not trigger.condition.is_feel:
        found.add(
            "event-condition",
            f"{NAMES[trigger.kind]}{node.what}没有条件，或条件不是表达式。",
            "请填写以 = 开头的条件，例如 =金额 > 100。",
            at=node.node,
        )
    elif not all(_is_formal(one) for one in node.node.iter(bpmn("condition"))):
        found.add(
            "event-condition",
            f"{NAMES[trigger.kind]}{node.what}的条件没有标为可计算的表达式（tFormalExpression）。",
            '请在设计器中重新填写，或给 condition 加上 xsi:type="bpmn:tFormalExpression"。',
            at=node.node,
        )


def _is_formal(expression: XmlNode) -> bool:
    return reference(expression.get(_XSI_TYPE, "")) == "tFormalExpression"


def _check_time_to_live(node: FlowNode, found: Findings) -> None:
    written = node.extensions.properties.get(MESSAGE_TTL)
    if written is None:
        return
    if not publishes(node):
        found.add(
            "property-place",
            f"{MESSAGE_TTL} 写在{node.what}上不起作用：系统在这里不发布消息。",
            "请删去它。",
            at=node.node,
        )
        return
    try:
        seconds(written)
    except ElementFailed:
        found.add(
            "message-time-to-live",
            f"{MESSAGE_TTL} 的值“{written[:100]}”不是时长。",
            "请写成 ISO 8601 时长，如 PT1H。",
            at=node.node,
        )
