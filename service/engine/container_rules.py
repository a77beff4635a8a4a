"""Rules about what a process or subprocess begins and ends with, and what it may hold.

Sources: BPMN 2.0.2, 10.3.5, 10.5.2, 10.5.3 and 13.5.4.
"""

from service.domain.problems import Severity
from service.engine.findings import Findings
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind


def check_containers(outline: Outline, found: Findings) -> None:
    """Check every container of a process."""
    for container in outline.containers:
        if container.is_ad_hoc:
            _check_ad_hoc(container, found)
        elif container.is_event_subprocess:
            _check_event_subprocess(container, found)
            _check_pair(container, found)
        else:
            _check_plain_starts(container, found)
            _check_pair(container, found)
            _check_content(container, found)
        _check_special(container, found)


def _check_plain_starts(container: Container, found: Findings) -> None:
    plain = [node for node in container.of("startEvent") if not node.triggers]
    for extra in plain[1:]:
        found.add(
            "start-count",
            f"{container.what}有 {len(plain)} 个无触发条件的开始事件，只能有一个。",
            "请只保留一个开始事件；不同的入口可以用表单字段和排他网关区分。",
            at=extra.node,
        )


def _check_pair(container: Container, found: Findings) -> None:
    """Start events and end events come together in a level, or there are none."""
    starts = container.of("startEvent")
    begins = starts or [node for node in container.nodes.values() if node.instantiates]
    ends = container.of("endEvent")
    if ends and not begins:
        found.add(
            "start-missing",
            f"{container.what}有结束事件，却没有开始事件。",
            "请加上一个开始事件，或去掉所有结束事件。",
            at=container.node,
        )
    if starts and not ends:
        found.add(
            "end-missing",
            f"{container.what}有开始事件，却没有结束事件。",
            "请加上结束事件。",
            at=container.node,
        )


def _check_content(container: Container, found: Findings) -> None:
    if any(node.tag != "boundaryEvent" and not node.aside for node in container.nodes.values()):
        return
    if container.owner is None:
        found.add(
            "start-missing", "流程是空的，无从开始。", "请画上开始事件和后面的步骤。",
            at=container.node,
        )  # fmt: skip
    else:
        found.add(
            "subprocess-empty",
            f"{container.what}里什么也没有，走到这里会直接通过。",
            "请展开它，画上里面的步骤，或改用任务。",
            at=container.node,
            severity=Severity.WARNING,
        )


def _check_event_subprocess(container: Container, found: Findings) -> None:
    starts = container.of("startEvent")
    if len(starts) != 1:
        found.add(
            "event-subprocess-start",
            f"事件{container.what}有 {len(starts)} 个开始事件，必须恰有一个。",
            "请让它恰有一个带触发条件的开始事件。",
            at=container.node,
        )
    for start in starts:
        if not start.triggers:
            found.add(
                "event-subprocess-start",
                f"事件{container.what}的开始事件没有触发条件。",
                "请给开始事件设置消息、定时、信号、错误、升级或条件，或去掉子流程的“由事件触发”。",
                at=start.node,
            )


def _check_ad_hoc(container: Container, found: Findings) -> None:
    for event in container.of("startEvent", "endEvent"):
        found.add(
            "ad-hoc-content",
            f"自由{container.what}里不能有开始事件和结束事件。",
            "请删去它；要做的活动直接画在里面。",
            at=event.node,
        )
    if not any(node.is_activity and not node.aside for node in container.nodes.values()):
        found.add(
            "ad-hoc-content",
            f"自由{container.what}里没有活动。",
            "请画上至少一个活动。",
            at=container.node,
        )


def _check_special(container: Container, found: Findings) -> None:
    for node in container.nodes.values():
        if node.is_event_subprocess and (node.loop is not None or node.for_compensation):
            what = "重复执行" if node.loop is not None else "用作补偿"
            found.add(
                "event-subprocess-plain",
                f"事件子流程{node.what}不能{what}。",
                "请去掉这个标记。",
                at=node.node,
            )
        if node.tag in ("transaction", "adHocSubProcess") and _event_triggered(node):
            found.add(
                "event-subprocess-plain",
                f"{node.what}不能同时由事件触发。",
                "请改用普通的事件子流程，把它放在里面。",
                at=node.node,
            )
        _check_cancel(node, found)


def _event_triggered(node: FlowNode) -> bool:
    return str(node.node.get("triggeredByEvent", "")).strip() in ("true", "1")


def _check_cancel(node: FlowNode, found: Findings) -> None:
    """A transaction that can be cancelled needs a way on: without one it would look completed."""
    if node.tag != "transaction" or node.inside is None:
        return
    cancels = any(TriggerKind.CANCEL in end.kinds for end in node.inside.of("endEvent"))
    caught = any(TriggerKind.CANCEL in event.kinds for event in node.boundaries)
    if cancels and not caught:
        found.add(
            "transaction-cancel",
            f"事务{node.what}里有取消结束事件，但边界上没有取消事件，取消之后无路可走。",
            "请在事务的边界上加一个取消事件，接到取消之后要做的事。",
            at=node.node,
        )
