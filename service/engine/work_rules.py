"""Rules about work: jobs, decisions, scripts, calls and what an ad-hoc subprocess begins."""

from collections.abc import Callable

from service.domain.problems import Severity
from service.engine import values
from service.engine.dialect import ASYNC, RETRY, read_durations, zeebe_nodes
from service.engine.event_rules import catches
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.loop_rules import check_loop_names
from service.engine.mapping_rules import check_result_variable
from service.engine.outline import FlowNode, Outline
from service.engine.run import ElementFailed
from service.engine.timer_rules import check_missed
from service.engine.triggers import TriggerKind
from service.engine.user_task_rules import check_binding
from service.engine.xml_source import reference

_CALL_BINDINGS = frozenset({"", "latest", "deployment", "versionTag"})


def check_work(outline: Outline, known: Known, found: Findings) -> None:
    """Check the work of every element of a process."""
    for node in outline.all_nodes:
        _CHECKS.get(node.tag, _nothing_more)(node, known, found)
        _check_job(node, known, found)
        check_missed(node, found)


def _nothing_more(node: FlowNode, known: Known, found: Findings) -> None:
    """Gateways and catching events say no more than what was checked."""


def _check_service_task(node: FlowNode, known: Known, found: Findings) -> None:
    if not node.extensions.job.task_type:
        found.add(
            "service-task-type",
            "服务任务没有类型，系统不知道该做什么。",
            "请填写任务类型（zeebe:taskDefinition 的 type）。",
            at=node.node,
        )


def _check_sender(node: FlowNode, known: Known, found: Findings) -> None:
    """A send task, or an event that throws a message: by a job, or published by the service."""
    if node.tag == "sendTask":
        if not node.extensions.job.task_type and not any(one.name for one in node.triggers):
            found.add(
                "send-what",
                f"发送任务{node.what}既没有任务类型，也没有引用有名称的消息。",
                "请填写任务类型（zeebe:taskDefinition），或选择要发布的消息（messageRef）。",
                at=node.node,
            )
    elif node.extensions.job.task_type and node.kinds != {TriggerKind.MESSAGE}:
        found.add(
            "task-type-place",
            f"{node.what}写了任务类型，但它不是（只是）消息事件，任务类型不起作用或会盖过别的定义。",
            "请删去任务类型，或把消息拆成单独的事件。",
            at=node.node,
        )
    elif node.extensions.job.task_type and len(node.triggers) > 1:
        found.add(
            "task-type-place",
            f"{node.what}用一个任务类型发送 {len(node.triggers)} 个消息。",
            "请拆成几个事件。",
            at=node.node,
        )


def _check_job(node: FlowNode, known: Known, found: Findings) -> None:
    task_type, properties = node.extensions.job.task_type, node.extensions.properties
    if not task_type:
        for name in (ASYNC, RETRY):
            if name in properties and node.tag != "serviceTask":
                found.add(
                    "property-place",
                    f"{name} 写在{node.what}上不起作用：它没有任务类型。",
                    "请删去它，或填写任务类型。",
                    at=node.node,
                )
        return
    if catches(node) and node.tag in ("startEvent", "boundaryEvent", "intermediateCatchEvent"):
        return
    if not task_type.is_feel and task_type.text.strip() not in known.task_types:
        found.add(
            "service-task-handler",
            f"任务类型“{task_type.text.strip()[:100]}”没有内置的处理程序，"
            "运行到这里会等待外部程序完成。",
            "如果应由本系统处理，请检查任务类型的拼写。",
            at=node.node,
            severity=Severity.NOTICE,
        )
    _check_retry(node, found)


def _check_retry(node: FlowNode, found: Findings) -> None:
    properties, retries = node.extensions.properties, node.extensions.job.retries
    backoff = properties.get(RETRY)
    if not retries.is_feel:
        try:
            values.retries(retries.text)
        except ElementFailed as failed:
            found.add("service-task-retry", failed.message, "请改正重试次数。", at=node.node)
    if backoff is not None and read_durations(backoff) is None:
        found.add(
            "service-task-retry",
            f"{RETRY} 的值“{backoff[:100]}”不是可用的时间间隔。",
            "请写成用逗号分开的 ISO 8601 时长，如“PT1M, PT5M, PT30M”，每个从 1 秒到 366 天。",
            at=node.node,
        )
    if properties.get(ASYNC, "true").strip() not in ("true", "false"):
        found.add(
            "service-task-retry", f"{ASYNC} 只能是 true 或 false。", "请改正取值。", at=node.node
        )


def _check_decision(node: FlowNode, known: Known, found: Findings) -> None:
    decision, by_job = node.extensions.decision, bool(node.extensions.job.task_type)
    if by_job and decision:
        _tell_both(node, "决策", found)
    if by_job:
        return
    if not decision:
        found.add(
            "decision-id",
            "业务规则任务没有引用决策。",
            "请填写决策编号（zeebe:calledDecision 的 decisionId）。",
            at=node.node,
        )
    elif not decision.is_feel and decision.text.strip() not in known.decisions:
        found.add(
            "decision-known",
            f"引用的决策“{decision.text.strip()[:100]}”不存在。",
            "请先建好这个决策、与流程一起发布，或改正决策编号。",
            at=node.node,
        )
    check_binding(node, node.extensions.decision_binding, found)
    check_result_variable(node, found)


def _check_script(node: FlowNode, known: Known, found: Findings) -> None:
    script, by_job = node.extensions.script, bool(node.extensions.job.task_type)
    if by_job and script:
        _tell_both(node, "表达式", found)
    if by_job:
        return
    if not script:
        found.add(
            "script-expression",
            "脚本任务没有表达式。",
            "请填写以 = 开头的 FEEL 表达式（zeebe:script 的 expression）。",
            at=node.node,
        )
    check_result_variable(node, found)


def _tell_both(node: FlowNode, what: str, found: Findings) -> None:
    found.add(
        "task-implementation",
        f"{node.what}既有任务类型又有{what}，互相矛盾。",
        f"请只保留任务类型或{what}中的一种。",
        at=node.node,
    )


def _check_call(node: FlowNode, known: Known, found: Findings) -> None:
    called = node.extensions.called
    process, written = called.process_id, reference(node.node.get("calledElement", ""))
    if not process:
        found.add(
            "call-process",
            f"调用活动{node.what}没有写明调用哪个流程。",
            "请填写流程编号（zeebe:calledElement 的 processId）。",
            at=node.node,
        )
    elif written and (process.is_feel or written != process.text.strip()):
        found.add(
            "call-process",
            f"调用活动{node.what}的 calledElement（{written[:100]}）与流程编号不一致。",
            "请删去 calledElement，只保留 zeebe:calledElement。",
            at=node.node,
        )
    elif _says_twice(node):
        found.add(
            "call-process",
            f"调用活动{node.what}把流程写了两次（processId 和 processIdExpression）。",
            "请只保留 processId。",
            at=node.node,
        )
    elif not process.is_feel and process.text.strip() in known.uncallable:
        found.add(
            "call-begins",
            f"调用的流程“{process.text.strip()[:100]}”只由事件启动，不能被调用。",
            "请给那个流程加上无触发条件的开始事件，或改为调用别的流程。",
            at=node.node,
        )
    elif not process.is_feel and process.text.strip() not in known.processes:
        found.add(
            "call-known",
            f"调用的流程“{process.text.strip()[:100]}”不存在。",
            "请先画好它、一起发布，或改正流程编号。",
            at=node.node,
        )
    _check_call_binding(node, found)


def _says_twice(node: FlowNode) -> bool:
    called = zeebe_nodes(node.node)["calledElement"]
    return bool(called.get("processId") and called.get("processIdExpression"))


def _check_call_binding(node: FlowNode, found: Findings) -> None:
    called = node.extensions.called
    by_tag = called.binding == "versionTag"
    if called.binding not in _CALL_BINDINGS or by_tag != bool(called.version_tag):
        found.add(
            "call-binding",
            f"调用活动{node.what}的版本绑定不对：绑定为“{called.binding[:100] or 'latest'}”，"
            f"版本标签为“{called.version_tag[:100]}”。",
            "请选 latest、deployment，或选 versionTag 并填写版本标签。",
            at=node.node,
        )


def _check_ad_hoc(node: FlowNode, known: Known, found: Findings) -> None:
    active, settings = node.extensions.active_elements, node.extensions.ad_hoc
    if active.text.strip() and not active.is_feel:
        found.add(
            "ad-hoc-elements",
            f"自由子流程{node.what}要开始的活动不是表达式。",
            '请写成以 = 开头的列表，例如 =["check"]。',
            at=node.node,
        )
    if bool(settings.output_collection) != bool(settings.output_element):
        found.add(
            "multi-instance-output",
            f"自由子流程{node.what}的输出集合和输出元素只写了一个。",
            "请两个都填写，或都删去。",
            at=node.node,
        )
    check_loop_names(node, "", settings.output_collection, found)


_CHECKS: dict[str, Callable[[FlowNode, Known, Findings], None]] = {
    "serviceTask": _check_service_task,
    "sendTask": _check_sender,
    "intermediateThrowEvent": _check_sender,
    "endEvent": _check_sender,
    "businessRuleTask": _check_decision,
    "scriptTask": _check_script,
    "callActivity": _check_call,
    "adHocSubProcess": _check_ad_hoc,
}
