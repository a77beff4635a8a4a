"""Rules about due dates, reminders and escalation."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from service.domain.deadline_settings import Fault, Field, faults_of, texts_of
from service.domain.problems import Severity
from service.engine import values
from service.engine.dialect import DUE_WORKING_DAYS, Source, read_extensions
from service.engine.findings import Findings
from service.engine.outline import FlowNode, Outline
from service.engine.run import ElementFailed
from service.engine.xml_source import XmlNode

LAST_YEAR = 2099
"""A due date that is written out beyond it is a slip of the pen."""

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_ABOUT_LATENESS = (Field.BEFORE, Field.AFTER, Field.EVERY, Field.LIMIT, Field.ESCALATE_AFTER)


def check_deadlines(outline: Outline, found: Findings) -> None:
    """Check what a process and its user tasks say of their deadlines."""
    process = outline.process.node
    said = texts_of(read_extensions(process).properties)
    _tell(faults_of(said), "流程", process, found)
    for node in outline.all_nodes:
        if node.tag == "userTask":
            _check_step(node, found)


def _check_step(node: FlowNode, found: Findings) -> None:
    texts, settings = texts_of(node.extensions.properties), node.extensions.user_task
    _tell(faults_of(texts, feel=True), node.what, node.node, found)
    if settings.due_date and Field.DUE in texts:
        found.add(
            "deadline-once",
            f"{node.what}既写了截止时间，又写了办理期限（{DUE_WORKING_DAYS}）。",
            "请只留一种：固定或计算出来的日期写截止时间，按工作日算的写办理期限。",
            at=node.node,
        )
    undated = not settings.due_date and Field.DUE not in texts
    if undated and any(field in texts for field in _ABOUT_LATENESS):
        found.add(
            "deadline-idle",
            f"{node.what}没有期限，写了提醒或上报也不会起作用。",
            f"请填写办理期限（{DUE_WORKING_DAYS}）或截止时间，也可以发布后在“期限设置”里设定。",
            at=node.node,
            severity=Severity.WARNING,
        )
    _check_dates(node, found)


def _check_dates(node: FlowNode, found: Findings) -> None:
    """Dates that are written out; what expressions give is known when the task arrives."""
    settings = node.extensions.user_task
    due = _written(settings.due_date, time(23, 59, 59))
    follow_up = _written(settings.follow_up_date, time(0))
    for what, date in (("截止时间", due), ("跟进时间", follow_up)):
        if date is not None and not 2000 <= date.astimezone(_SHANGHAI).year <= LAST_YEAR:
            found.add(
                "deadline-order",
                f"{node.what}的{what}在 {date.year} 年，多半是写错了。",
                "请改正年份；每次按到达时间算的期限请写办理期限，或用表达式。",
                at=node.node,
            )
    if due is not None and follow_up is not None and due < follow_up:
        found.add(
            "deadline-order",
            f"{node.what}的截止时间早于跟进时间，一开始就逾期了。",
            "请改正其中一个。",
            at=node.node,
        )


def _written(source: Source, at: time) -> datetime | None:
    if source.is_feel or not source:
        return None
    try:
        return values.moment(source.text, "", _SHANGHAI, at=at)
    except ElementFailed:
        return None  # told by the rule about written values


def _tell(faults: list[Fault], what: str, node: XmlNode, found: Findings) -> None:
    for fault in faults:
        found.add(
            "deadline",
            f"{what}的{fault.reason}（jiaoyan.{fault.field}）。",
            fault.remedy,
            at=node,
        )
