"""Rules about forms and people."""

import re
from collections.abc import Collection
from datetime import time
from zoneinfo import ZoneInfo

from service.domain.accounts import is_group_id
from service.domain.organization import PostGroupInvalid, is_post_group, parse
from service.engine import values
from service.engine.dialect import (
    COMMENT_REQUIRED,
    NO_DEPUTY,
    OUTCOMES,
    PUBLIC_COMMENT,
    FormReference,
    read_names,
    read_outcomes,
)
from service.engine.elements import Binding
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.names import is_reserved, outcome_variable
from service.engine.outline import FlowNode, Outline
from service.engine.run import ElementFailed

_OUTCOME_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UTC = ZoneInfo("UTC")


def check_user_tasks(outline: Outline, known: Known, found: Findings) -> None:
    """Check the user tasks and forms of a process."""
    outcomes: dict[str, FlowNode] = {}
    for node in outline.all_nodes:
        if node.extensions.form is not None:
            _check_form(node, node.extensions.form, known, found)
        if node.tag != "userTask":
            continue
        _check_assignment(node, found)
        _check_literals(node, found)
        _check_outcomes(node, found)
        _check_post_groups(node, found)
        _check_deputy(node, found)
        first = outcomes.setdefault(outcome_variable(node.id), node)
        if first is not node:
            found.add(
                "outcome-variable",
                f"{node.what}与{first.what}的办理结果会写进同一个变量"
                f"“{outcome_variable(node.id)[:100]}”。",
                "请改动其中一个的编号，不要只差 - 、. 和 _。",
                at=node.node,
            )


def check_binding(node: FlowNode, written: str, found: Findings) -> None:
    """Check which version of a form or a decision is meant."""
    if written and written not in set(Binding):
        found.add(
            "binding-supported",
            f"版本绑定“{written[:100]}”还不能运行。",
            "请改为 latest（最新版本）或 deployment（同一次部署的版本）。",
            at=node.node,
        )


def _check_assignment(node: FlowNode, found: Findings) -> None:
    settings = node.extensions.user_task
    if not (settings.assignee or settings.candidate_users or settings.candidate_groups):
        found.add(
            "user-task-assignment",
            "用户任务没有办理人，也没有候选人或候选组，没有人能看到它。",
            "请在“办理人”一组里填写办理人、候选人或候选组。",
            at=node.node,
        )


def _check_literals(node: FlowNode, found: Findings) -> None:
    settings = node.extensions.user_task
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


def _check_post_groups(node: FlowNode, found: Findings) -> None:
    """A group that is written out can be read here; what an expression gives, when it is known."""
    source = node.extensions.user_task.candidate_groups
    if source.is_feel:
        return
    for text in (part.strip() for part in source.text.split(",")):
        if not is_post_group(text) or is_group_id(text):
            continue
        try:
            parse(text)
        except PostGroupInvalid as refusal:
            found.add(
                "user-task-posts",
                refusal.message,
                "请改正候选组；“·”隔开岗位和范围，“@”后面写机构。",
                at=node.node,
            )


def _check_deputy(node: FlowNode, found: Findings) -> None:
    said = node.extensions.properties.get(NO_DEPUTY, "false").strip()
    if said not in ("true", "false"):
        found.add(
            "user-task-deputy",
            f"{NO_DEPUTY} 只能是 true 或 false，现在是“{said[:100]}”。",
            "请改正取值；true 表示这一步不能由代理人办理。",
            at=node.node,
        )


def _check_outcomes(node: FlowNode, found: Findings) -> None:
    properties = node.extensions.properties
    names = [outcome.name for outcome in read_outcomes(properties)]
    wrong = [name for name in names if not _OUTCOME_NAME.fullmatch(name)]
    stray = [
        f"{setting} 里的“{name}”不是办理结果"
        for setting in (COMMENT_REQUIRED, PUBLIC_COMMENT)
        for name in read_names(properties.get(setting, ""))
        if name not in names
    ]
    for complaint in (
        f"办理结果的名称“{wrong[0]}”只能用字母、数字、- 和 _，以字母开头" if wrong else "",
        "办理结果的名称有重复" if len(set(names)) < len(names) else "",
        stray[0] if stray else "",
        f"{OUTCOMES} 是空的" if OUTCOMES in properties and not names else "",
    ):
        if complaint:
            found.add(
                "user-task-outcomes",
                f"{complaint}。",
                f"请写成“approve=同意; reject=不同意”的样子，"
                f"{COMMENT_REQUIRED} 和 {PUBLIC_COMMENT} 写其中的名称。",
                at=node.node,
            )


def _check_form(node: FlowNode, form: FormReference, known: Known, found: Findings) -> None:
    by_hand = node.container.owner is None and not node.triggers
    if node.tag == "startEvent" and not by_hand:
        found.add(
            "form-place",
            f"{node.what}不是由人发起的，表单不会出现。",
            "请删去表单，或写到流程的无触发条件的开始事件上。",
            at=node.node,
        )
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
            f"引用的表单“{form.form_id[:100]}”不存在。",
            "请先建好这张表单、与流程一起发布，或改正表单编号。",
            at=node.node,
        )
    else:
        _check_form_fields(node, form.form_id, known.forms[form.form_id], found)
    check_binding(node, form.binding, found)


def _check_form_fields(
    node: FlowNode, form_id: str, fields: Collection[str], found: Findings
) -> None:
    for name in sorted(filter(is_reserved, fields)):
        found.add(
            "name-reserved",
            f"表单“{form_id}”的字段“{name}”与系统变量同名，提交会改写它。",
            "请给这个字段换一个名称（key）。",
            at=node.node,
        )
