"""The words of the operators' pages: kinds of jobs, how they and the instances stand, how late."""

from datetime import datetime, timedelta

from service.domain.outgoing import Channel
from service.queries.jobs import JobRow, Standing
from service.queries.lateness import NOBODY
from service.queries.running import RunningState
from service.web.catalogue import _

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def job_kind(kind: str) -> str:
    """What a kind of job is called, also one that a newer program has written."""
    names = {
        "handler": _("系统步骤"),
        "outside": _("外部程序的步骤"),
        "timer": _("定时"),
        "start": _("定时启动"),
        "deadline": _("期限提醒和逾期上报"),
        "message": _("消息送达"),
        "signal": _("信号送达"),
        "begin": _("流程启动"),
        "call": _("下级流程的结果"),
        "send": _("外发消息"),
        "notify": _("提醒"),
        "pause": _("逐项办理"),
        "calendar": _("定期作业"),
    }
    return names.get(kind, _("其他作业"))


def job_subject(row: JobRow) -> str:
    """What a job is about: the step, the channel, the piece of calendar work."""
    if row.kind == "send":
        return Channel(row.type).label if row.type in set(Channel) else ""
    return row.element_name or _calendar_works().get(row.type, "")


def _calendar_works() -> dict[str, str]:
    return {
        "messages.clean-up": _("清理过期的消息"),
        "documents.clean-up": _("清理没有提交的文件"),
        "access-log.clean-up": _("清理到期的访问日志"),
        "verification-codes.clean-up": _("清理过期的验证码"),
        "notifications.clean-up": _("清理旧的提醒"),
        "working-days.keep": _("更新工作日历"),
        "notifications.digest": _("发送每日汇总"),
    }


def standings() -> dict[Standing, str]:
    """What the tabs of the list of jobs say."""
    return {
        Standing.DUE: _("到期未办"),
        Standing.HELD: _("正在执行"),
        Standing.LATER: _("未到期"),
        Standing.SUSPENDED: _("随流程挂起"),
        Standing.FAILED: _("失败"),
    }


def running_states() -> dict[RunningState, str]:
    """What the tabs of the list of instances say."""
    return {
        RunningState.ACTIVE: _("运行中"),
        RunningState.STOPPED: _("有异常"),
        RunningState.SUSPENDED: _("已挂起"),
        RunningState.COMPLETED: _("已办结"),
        RunningState.TERMINATED: _("已终止"),
    }


def behind(due_at: datetime, now: datetime) -> str:
    """How long ago something was due, in the largest unit; empty where it is not due yet."""
    late = now - due_at
    if late < timedelta():
        return ""
    if late < timedelta(minutes=1):
        return _("刚到期")
    if late < _HOUR:
        return _("已晚 %(count)s 分钟", count=int(late / timedelta(minutes=1)))
    if late < _DAY:
        return _("已晚 %(count)s 小时", count=int(late / _HOUR))
    return _("已晚 %(count)s 天", count=late.days)


def late_name(line_id: str, name: str, *, office: bool = False) -> str:
    """Name of a person or an office; whoever is nobody in words."""
    if line_id != NOBODY:
        return name
    return _("没有签收，或办理人没有岗位") if office else _("还没有人签收")


def late_bands() -> list[str]:
    """How lateness is told apart: see `lateness.STEPS`."""
    return [_("3 个工作日以内"), _("4 至 10 个工作日"), _("10 个工作日以上")]
