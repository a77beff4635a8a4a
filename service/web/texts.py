"""Texts, dates and sizes as people here read them.

The source texts in code and templates are Chinese; Flask-Babel looks them up in one catalogue, of
which `translations/messages.pot` is the list. Times are Beijing's.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import Babel

from service.domain.dates import said_day, shown, shown_end
from service.domain.events import ElementType, IncidentType
from service.domain.receipts import case_number
from service.queries.selects import MOST_COUNTED
from service.queries.timeline import TimelineEntry
from service.web.catalogue import _
from service.web.desk import signed_in
from service.web.identity import is_public_page
from service.web.timeline_runs import runs
from service.web.web_settings import WebSettings

ZONE = ZoneInfo("Asia/Shanghai")


def install(app: Flask, settings: WebSettings) -> None:
    """Set up the catalogue and the filters of the templates."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh_Hans_CN")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", str(ZONE))
    Babel(app)
    app.jinja_env.filters.update(
        moment=moment,
        ending=ending,
        day=day,
        counted=counted,
        size=size,
        runs=runs,
        case_number=case_number,
    )
    app.jinja_env.globals.update(
        act_text=act_text,
        calendar_day=calendar_day,
        incident_kind=incident_kind,
        step_kind=step_kind,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def names() -> dict[str, object]:
        return {
            "system_title": settings.title,
            "request_id": g.get("request_id", ""),
            "current_person": signed_in(),
            "idle_seconds": int(settings.idle.total_seconds()),
            "is_public_page": is_public_page(),
            "upload_bytes": settings.upload_bytes,
            "is_demonstration": settings.demonstration,
        }


def act_text(entry: TimelineEntry) -> str:
    """What somebody did, to be read behind their name."""
    values = {"step": entry.step, "other": entry.other, "outcome": entry.outcome}
    texts = {
        "instance.started": _("发起"),
        "user-task.completed": _("办理“%(step)s”", **values),
        "user-task.claimed": _("签收“%(step)s”", **values),
        "user-task.released": _("放回“%(step)s”", **values),
        "user-task.assigned": _("把“%(step)s”交给%(other)s办理", **values),
        "user-task.recused": _("因回避规定，不由%(other)s办理“%(step)s”", **values),
        "user-task.urged": _("催办“%(step)s”", **values),
        "user-task.canceled": _("结束未办的“%(step)s”", **values),
        "instance.completed": _("办结"),
        "instance.cancelled": _("终止流程"),
        "instance.suspended": _("挂起流程"),
        "instance.resumed": _("恢复流程"),
        "history.values-erased": _("依法删除了部分内容"),
        **_event_texts(entry.step),
        **_deadline_texts(entry),
    }
    text = texts.get(entry.act, _("处理了一步"))
    if entry.detail and entry.act not in _NAMED_FOR_PROGRAMS:
        text = _("%(act)s（%(detail)s）", act=text, detail=entry.detail)
    return _("%(act)s，结论：%(outcome)s", act=text, **values) if entry.outcome else text


_NAMED_FOR_PROGRAMS = frozenset(
    {"instance.triggered", "message.received", "message.sent", "event.caught"}
)
"""Acts whose detail is a name in the diagram's code; the step says the same in words."""


def _event_texts(step: str) -> dict[str, str]:
    """What came from outside, and what went there."""
    return {
        "instance.called": _("由上级流程调用而启动"),
        "instance.triggered": _("由事件启动"),
        "call.started": _("为“%(step)s”启动下级流程", step=step),
        "call.ended": _("“%(step)s”的下级流程已经结束", step=step),
        "message.received": _("“%(step)s”收到消息", step=step),
        "message.sent": _("“%(step)s”发出消息", step=step),
        "signal.received": _("“%(step)s”收到信号", step=step),
        "signal.sent": _("“%(step)s”发出信号", step=step),
        "timer.fired": _("“%(step)s”到时间了", step=step),
        "event.caught": _("“%(step)s”：上一步没有办成，转到后面处理", step=step),
        "escalation.uncaught": _("“%(step)s”的升级没有事件处理，流程继续", step=step),
        "condition.unclear": _("“%(step)s”的条件算不出结果，暂按不成立处理", step=step),
        "variables.set": _("修改流程数据"),
        "date.moved": _("按公布的放假安排，调整“%(step)s”的日期", step=step),
        "date.kept": _("放假安排公布后，“%(step)s”的日期保持不变", step=step),
        "ad-hoc.activated": _("在“%(step)s”中开始活动", step=step),
        "page.acted": _("在业务页面办理"),
        "page.acted-for-good": _("在业务页面办理（不能撤回）"),
    }


def _deadline_texts(entry: TimelineEntry) -> dict[str, str]:
    """What happened around a due date."""
    values = {"step": entry.step, "other": entry.other}
    reminded = (
        _("提醒：“%(step)s”已逾期", **values)
        if entry.kind == "overdue"
        else _("提醒：“%(step)s”快到期", **values)
    )
    escalated = _("“%(step)s”逾期，上报给%(other)s", **values)
    if entry.kind == "operators":
        escalated = _("“%(step)s”逾期，没有找到可以上报的人，已通知运维人员", **values)
    elif entry.kind == "owner":
        escalated = _("“%(step)s”逾期，没有上级可报，上报给流程负责人%(other)s", **values)
    doubtful = (
        _("“%(step)s”的期限早于到达时间，到达时就已逾期", **values)
        if entry.kind == "passed"
        else _("“%(step)s”的期限在十年以后，请核对", **values)
    )
    return {
        "deadline.moved": _("调整“%(step)s”的截止日", **values),
        "deadline.reminded": reminded,
        "deadline.escalated": escalated,
        "deadline.doubtful": doubtful,
        "deadline.failed": _("“%(step)s”的期限算不出来，暂按无期限处理", **values),
    }


def step_kind(kind: ElementType) -> str:
    """What to call a step that has no name."""
    names = {
        ElementType.START_EVENT: _("开始"),
        ElementType.END_EVENT: _("结束"),
        ElementType.INTERMEDIATE_CATCH_EVENT: _("等待事件"),
        ElementType.INTERMEDIATE_THROW_EVENT: _("发出事件"),
        ElementType.BOUNDARY_EVENT: _("边界事件"),
        ElementType.USER_TASK: _("人工办理"),
        ElementType.MANUAL_TASK: _("线下办理"),
        ElementType.SERVICE_TASK: _("系统处理"),
        ElementType.SEND_TASK: _("发送消息"),
        ElementType.RECEIVE_TASK: _("等待消息"),
        ElementType.BUSINESS_RULE_TASK: _("规则判定"),
        ElementType.SCRIPT_TASK: _("系统计算"),
        ElementType.CALL_ACTIVITY: _("调用流程"),
        ElementType.SUB_PROCESS: _("子流程"),
        ElementType.EVENT_SUB_PROCESS: _("事件子流程"),
        ElementType.AD_HOC_SUB_PROCESS: _("自由子流程"),
        ElementType.MULTI_INSTANCE_BODY: _("逐项办理"),
    }
    return names.get(kind, _("步骤"))


def incident_kind(kind: str) -> str:
    """What kind of incident it is; programs know it by the name in the API."""
    names: dict[str, str] = {
        IncidentType.EXTRACT_VALUE_ERROR: _("表达式无法计算"),
        IncidentType.CONDITION_ERROR: _("条件无法判断"),
        IncidentType.IO_MAPPING_ERROR: _("输入输出映射有误"),
        IncidentType.CALLED_DECISION_ERROR: _("没有可用的决策表"),
        IncidentType.CALLED_ELEMENT_ERROR: _("调用的流程无法启动"),
        IncidentType.DECISION_EVALUATION_ERROR: _("决策表没有得出结果"),
        IncidentType.FORM_NOT_FOUND: _("没有找到表单"),
        IncidentType.JOB_NO_RETRIES: _("系统步骤多次重试仍失败"),
        IncidentType.UNHANDLED_ERROR_EVENT: _("错误没有被流程图接住"),
    }
    return names.get(kind, _("其他异常"))


def moment(value: datetime) -> str:
    """2026年11月3日 10:32."""
    return shown(value)


def ending(value: datetime) -> str:
    """2026年11月3日 10:32, of the end of a span or a last moment; 2026年11月2日24时 at midnight."""
    return shown_end(value)


def day(value: datetime) -> str:
    """2026年11月3日."""
    return shown(value).split(" ")[0]


def calendar_day(value: date) -> str:
    """2026年11月3日, of a day that is no moment."""
    return said_day(value)


def clock(value: datetime) -> str:
    """10:32."""
    return shown(value).split(" ")[1]


def counted(count: int) -> str:
    """A number of waiting tasks, 999+ at most."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def size(count: int) -> str:
    """Bytes as people read them."""
    if count < 1024:
        return _("%(count)s 字节", count=count)
    if count < 1024 * 1024:
        return f"{-(-count // 1024)} KB"
    return f"{count / 1024 / 1024:.1f} MB"
