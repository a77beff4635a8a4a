"""Rules about what the extensions of an element say: forms, people, jobs, decisions, variables."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from service.domain.problems import Severity
from service.engine import values
from service.engine.diagram import NodeSource, ProcessSource
from service.engine.dialect import (
    ASYNC,
    COMMENT_REQUIRED,
    OUTCOMES,
    RETRY,
    Extensions,
    FormReference,
    Source,
    VariableMapping,
    read_durations,
    read_extensions,
    read_outcomes,
)
from service.engine.elements import Binding
from service.engine.findings import Findings
from service.engine.names import INITIATOR, is_reserved, outcome_variable
from service.engine.run import ElementFailed
from service.feel import PLAIN_NAME

_OUTCOME_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Known:
    """What exists around a diagram: deployed before, or part of the same deployment.

    `forms` gives the field keys of each form by form id; `decisions` the decision ids; `task_types`
    the types of service tasks that have a handler here.
    """

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decisions: Collection[str] = frozenset()
    task_types: frozenset[str] = frozenset()


def check_extensions(process: ProcessSource, known: Known, found: Findings) -> None:
    """Check what every element of a process says of itself."""
    for node in process.nodes:
        extensions = read_extensions(node.node)
        if extensions.form is not None:
            _check_form(node, extensions.form, known, found)
        _check_mappings(node, extensions, found)
        _CHECKS.get(node.tag, _nothing_more)(node, extensions, known, found)


def _nothing_more(node: NodeSource, ext: Extensions, known: Known, found: Findings) -> None:
    """Gateways and events say no more than what was checked."""


def _check_user_task(node: NodeSource, ext: Extensions, known: Known, found: Findings) -> None:
    settings = ext.user_task
    if not (settings.assignee or settings.candidate_users or settings.candidate_groups):
        found.add(
            "user-task-assignment",
            "用户任务没有办理人，也没有候选人或候选组，没有人能看到它。",
            "请在“分配”（assignmentDefinition）里填写办理人、候选人或候选组。",
            at=node.node,
        )
    _check_literals(node, ext, found)
    _check_outcomes(node, ext, found)


def _check_literals(node: NodeSource, ext: Extensions, found: Findings) -> None:
    settings = ext.user_task
    try:
        if not settings.priority.is_feel:
            values.priority(settings.priority.text)
        for source, what in (
            (settings.due_date, "截止时间"),
            (settings.follow_up_date, "跟进时间"),
        ):
            if not source.is_feel:
                values.moment(source.text, what, _UTC, at=time(0))
    except ElementFailed as failed:
        found.add("literal-value", failed.message, "请改正取值，表达式要以 = 开头。", at=node.node)


def _check_outcomes(node: NodeSource, ext: Extensions, found: Findings) -> None:
    outcomes = read_outcomes(ext.properties)
    names = [outcome.name for outcome in outcomes]
    wrong = [name for name in names if not _OUTCOME_NAME.fullmatch(name)]
    required = [n.strip() for n in ext.properties.get(COMMENT_REQUIRED, "").split(",") if n.strip()]
    stray = [name for name in required if name not in names]
    for complaint in (
        f"办理结果的名称“{wrong[0]}”只能用字母、数字、- 和 _，以字母开头" if wrong else "",
        "办理结果的名称有重复" if len(set(names)) < len(names) else "",
        f"{COMMENT_REQUIRED} 里的“{stray[0]}”不是办理结果" if stray else "",
        f"{OUTCOMES} 是空的" if OUTCOMES in ext.properties and not names else "",
    ):
        if complaint:
            found.add(
                "user-task-outcomes",
                f"{complaint}。",
                f"请写成“approve=同意; reject=不同意”的样子，{COMMENT_REQUIRED} 写其中的名称。",
                at=node.node,
            )


def _check_form(node: NodeSource, form: FormReference, known: Known, found: Findings) -> None:
    if not form.form_id or form.form_id.startswith("="):
        found.add(
            "form-id",
            "表单引用没有写明表单编号（不能用表达式）。",
            "请填写表单编号（formId），或删去表单引用。",
            at=node.node,
        )
    elif form.form_id not in known.forms:
        found.add(
            "form-known",
            f"引用的表单“{form.form_id}”不存在。",
            "请把表单与流程一起部署，或改正表单编号。",
            at=node.node,
        )
    else:
        _check_form_fields(node, form.form_id, known.forms[form.form_id], found)
    _check_binding(node, form.binding, found)


def _check_form_fields(
    node: NodeSource, form_id: str, fields: Collection[str], found: Findings
) -> None:
    for name in sorted(filter(is_reserved, fields)):
        found.add(
            "name-reserved",
            f"表单“{form_id}”的字段“{name}”与系统变量同名，提交会改写它。",
            "请给这个字段换一个名称（key）。",
            at=node.node,
        )


def _check_binding(node: NodeSource, binding: str, found: Findings) -> None:
    if binding and binding not in set(Binding):
        found.add(
            "binding-supported",
            f"版本绑定“{binding}”还不能运行。",
            "请改为 latest（最新版本）或 deployment（同一次部署的版本）。",
            at=node.node,
        )


def _check_service_task(node: NodeSource, ext: Extensions, known: Known, found: Findings) -> None:
    task_type = ext.job.task_type
    if not task_type:
        found.add(
            "service-task-type",
            "服务任务没有类型，系统不知道该做什么。",
            "请填写任务类型（zeebe:taskDefinition 的 type）。",
            at=node.node,
        )
    elif not task_type.is_feel and task_type.text.strip() not in known.task_types:
        found.add(
            "service-task-handler",
            f"任务类型“{task_type.text.strip()}”没有内置的处理程序，运行到这里会等待外部程序完成。",
            "如果它应由本系统处理，请检查拼写。",
            at=node.node,
            severity=Severity.NOTICE,
        )
    _check_retry(node, ext, found)


def _check_retry(node: NodeSource, ext: Extensions, found: Findings) -> None:
    retries, backoff = ext.job.retries, ext.properties.get(RETRY)
    if not retries.is_feel:
        try:
            values.retries(retries.text)
        except ElementFailed as failed:
            found.add("service-task-retry", failed.message, "请改正重试次数。", at=node.node)
    if backoff is not None and read_durations(backoff) is None:
        found.add(
            "service-task-retry",
            f"{RETRY} 的值“{backoff}”不是时间间隔。",
            "请写成用逗号分开的 ISO 8601 时长，如“PT1M, PT5M, PT30M”。",
            at=node.node,
        )
    if ext.properties.get(ASYNC, "true").strip() not in ("true", "false"):
        found.add(
            "service-task-retry", f"{ASYNC} 只能是 true 或 false。", "请改正取值。", at=node.node
        )


def _check_decision(node: NodeSource, ext: Extensions, known: Known, found: Findings) -> None:
    decision = ext.decision
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
            f"引用的决策“{decision.text.strip()}”不存在。",
            "请把决策表与流程一起部署，或改正决策编号。",
            at=node.node,
        )
    _check_binding(node, ext.decision_binding, found)
    _check_result_variable(node, ext, found)


def _check_script(node: NodeSource, ext: Extensions, known: Known, found: Findings) -> None:
    if not ext.script:
        found.add(
            "script-expression",
            "脚本任务没有表达式。",
            "请填写以 = 开头的 FEEL 表达式（zeebe:script 的 expression）。",
            at=node.node,
        )
    _check_result_variable(node, ext, found)


def _check_result_variable(node: NodeSource, ext: Extensions, found: Findings) -> None:
    if not PLAIN_NAME.fullmatch(ext.result_variable):
        found.add(
            "result-variable",
            f"结果变量名“{ext.result_variable}”是空的或不合要求。",
            "请填写变量名：只用汉字、字母、数字和下划线，不以数字开头。",
            at=node.node,
        )
    _check_reserved(node, ext.result_variable, found)


def _check_mappings(node: NodeSource, ext: Extensions, found: Findings) -> None:
    for mapping in (*ext.inputs, *ext.outputs):
        _check_mapping(node, mapping, found)
    for output in ext.outputs:
        _check_reserved(node, output.target.partition(".")[0], found)


def _check_mapping(node: NodeSource, mapping: VariableMapping, found: Findings) -> None:
    if not all(PLAIN_NAME.fullmatch(part) for part in mapping.target.split(".")):
        found.add(
            "mapping-target",
            f"映射目标“{mapping.target}”不是变量名。",
            "请填写变量名，或“变量.字段”：只用汉字、字母、数字和下划线，不以数字开头。",
            at=node.node,
        )
    if mapping.source == Source("", True) or not mapping.source.text:
        found.add(
            "mapping-source",
            f"映射目标“{mapping.target}”没有来源。",
            "请填写以 = 开头的表达式，或一段固定的文字。",
            at=node.node,
        )


def _check_reserved(node: NodeSource, name: str, found: Findings) -> None:
    if is_reserved(name):
        meaning = "发起人" if name == INITIATOR else "用户任务的办理结果"
        found.add(
            "name-reserved",
            f"变量“{name}”由系统记录{meaning}，流程不能改写它。",
            "请换一个变量名。",
            at=node.node,
        )


def outcome_variables(process: ProcessSource) -> set[str]:
    """The variables in which the outcomes of the process's user tasks are kept."""
    return {outcome_variable(node.id) for node in process.nodes if node.tag == "userTask"}


_CHECKS = {
    "userTask": _check_user_task,
    "serviceTask": _check_service_task,
    "businessRuleTask": _check_decision,
    "scriptTask": _check_script,
}
