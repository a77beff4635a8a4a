"""The words of the auditor's pages: groups of events, and what an event tells besides."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from service.domain.access_events import EventGroup, RetentionClass
from service.domain.calendar_years import YearSource
from service.domain.dates import shown, shown_to_the_second
from service.domain.outgoing import Channel
from service.domain.recusal import TieKind, TieSource
from service.domain.values import Json
from service.queries.access_log import EventRow
from service.web.calendar_texts import kinds, source
from service.web.catalogue import _
from service.web.rights_texts import right_names
from service.web.web_settings import web_settings


def group_names() -> dict[EventGroup, str]:
    """What the tabs of the list say."""
    return {
        EventGroup.SIGN_INS: _("登录"),
        EventGroup.READINGS: _("查看个人信息"),
        EventGroup.EXPORTS: _("导出和下载"),
        EventGroup.ACCOUNTS: _("账号和权限"),
        EventGroup.RIGHTS: _("授权的变动"),
        EventGroup.REGISTERS: _("名册的变更"),
        EventGroup.SETTINGS: _("设置和运行"),
        EventGroup.AUDIT: _("审计"),
    }


def who(name: str, username: str) -> str:
    """A person, by both names where there are two."""
    if not username:
        return _("（未知用户名）")
    others = {
        "system": _("系统"),
        "organization-import": _("机构和人员"),
        "calendar": _("工作日历"),
    }
    if username in others:
        return others[username]
    return _("%(name)s（%(username)s）", name=name, username=username) if name else username


def subject(row: EventRow) -> str:
    """Whom or what an event is about; of a closed register nobody is named."""
    if row.withheld:
        return withheld()
    return who(row.subject_name, row.subject) if row.subject else ""


def withheld() -> str:
    """What stands for what a closed register keeps to itself."""
    return _("（保密，名册封闭）")


def exact(at: datetime) -> str:
    """A moment to the second: what happened within one minute keeps its order."""
    return shown_to_the_second(at)


def reference(row: EventRow, named_by_rights: Mapping[str, str]) -> str:
    """The very thing, in words where it has some.

    `named_by_rights` are registers, their parts and what is deployed by id, with their names.
    """
    if row.reference_name:
        return _("用户组“%(name)s”", name=row.reference_name)
    words = {
        "*": _("全部流程和名册"),
        "clock": _("时钟"),
        "person": _("按操作人查找"),
        "subject": _("按对象查找"),
        "organization-import": _("导入的文件"),
        "organization": _("机构和人员"),
        "access-log": _("访问日志"),
        "calendar/years": _("推算和公布的年份"),
        "calendar/hours": _("办公时间"),
    } | {f"outgoing/{one}": one.label for one in Channel}
    if row.reference in words:
        return words[row.reference]
    if row.reference in named_by_rights:
        return named_by_rights[row.reference]
    kind, slash, key = row.reference.rpartition("/")
    named = _references().get(kind) or web_settings().registers.get(kind)
    key = {"import": _("导入的文件"), "history": _("变更历史")}.get(key, key)
    return f"{named} {key}" if named and slash else row.reference


def details(row: EventRow) -> list[tuple[str, str]]:
    """What else the event tells: a label and a text each."""
    return [*told(row.details), *_kept_back(row)]


def summary(row: EventRow) -> str:
    """The same in one line; a right as people say it."""
    said = row.details
    if {"grantee_kind", "object", "action"} <= said.keys():
        kind, what, action = (str(said[name]) for name in ("grantee_kind", "object", "action"))
        right = right_names().get((what, action), f"{what}.{action}")
        return _("%(kind)s：%(right)s", kind=_values().get(kind, kind), right=right)
    return _line_of([*_readable(said), *_kept_back(row)])


def in_short(said: Mapping[str, Json]) -> str:
    """Details in one line, without what rows are compared with."""
    return _line_of(_readable(said))


def _kept_back(row: EventRow) -> list[tuple[str, str]]:
    labels = _labels()
    return [(labels.get(name, name), withheld()) for name in sorted(row.kept_back)]


def _readable(said: Mapping[str, Json]) -> list[tuple[str, str]]:
    return told({name: value for name, value in said.items() if name not in _FOR_COMPARISON})


def _line_of(parts: Iterable[tuple[str, str]]) -> str:
    return "；".join(_("%(label)s：%(said)s", label=a, said=b) for a, b in parts)


def place(row: EventRow) -> str:
    """Where the event stands in its chain."""
    words = {"day": row.day, "number": row.number}
    if row.retention == RetentionClass.PERMANENT:
        return _("%(day)s 长期保存的第 %(number)s 条", **words)
    return _("%(day)s 第 %(number)s 条", **words)


_FOR_COMPARISON = frozenset({"seal", "post"})
"""What rows are compared with by it (see `service.store.record_check`); nothing to read."""


def told(said: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Labels and texts of an event's details."""
    return [(label, text) for label, text in _lines(said) if text]


def _lines(said: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    labels, values = _labels(), _values()
    for name, value in said.items():
        if name == "versions" and isinstance(value, list):
            yield labels[name], "、".join(_version(str(each)) for each in value)
        elif name == "arranged" and isinstance(value, list):
            yield labels[name], "；".join(_arranged(str(each)) for each in value)
        else:
            yield labels.get(name, name), _text(value, {**values, **_values_of(name)})


def _references() -> dict[str, str]:
    return {
        "instance": _("事项"),
        "document": _("文件"),
        "token": _("令牌"),
        "deployment": _("部署"),
        "resource": _("文件"),
        "tie": _("回避申报"),
        "calendar": _("年份"),
        "calendar/period": _("时段"),
    }


def _version(said: str) -> str:
    """`process admission_review v3` in words."""
    kinds = {"process": _("流程"), "decision": _("决策"), "form": _("表单")}
    kind, _space, rest = said.partition(" ")
    name, _v, number = rest.rpartition(" v")
    if kind not in kinds or not name:
        return said
    return _("%(kind)s %(name)s 第 %(number)s 版", kind=kinds[kind], name=name, number=number)


def _arranged(said: str) -> str:
    """`2026-02-14: - > swapped 春节` in words."""
    day, _colon, change = said.partition(": ")
    names = dict(kinds())
    ways = (each.strip().partition(" ") for each in change.split(" > "))
    words = [
        _("照常") if kind == "-" else f"{names.get(kind, kind)} {name}".strip()
        for kind, _space, name in ways
    ]
    return _("%(day)s由%(change)s", day=day, change=_("改为").join(words))


def _text(value: Json, values: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_text(each, values) for each in value)
    if isinstance(value, dict):
        return "；".join(f"{name}：{_text(each, values)}" for name, each in value.items())
    if value is None:
        return ""
    said = str(value)
    return _moment(said) if _MOMENT.match(said) else values.get(said, said)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)


def _moment(said: str) -> str:
    try:
        return shown(datetime.fromisoformat(said))
    except ValueError:
        return said


def _labels() -> dict[str, str]:
    return {
        "way": _("方式"),
        "outcome": _("结果"),
        "locked": _("账号已锁定"),
        "reason": _("理由"),
        "what": _("内容"),
        "change": _("变更"),
        "name": _("名称"),
        "title": _("岗位"),
        "labels": _("范围"),
        "heads_unit": _("负责人"),
        "parent": _("上级"),
        "previous": _("原来"),
        "now": _("现在"),
        "arranged": _("改动的日期"),
        "provisional": _("暂估"),
        "announced": _("已经公布的年份"),
        "estimated": _("推算的年份"),
        "closing": _("下班时间"),
        "half_day_closing": _("半天的下班时间"),
        "half_days_count": _("半天计入工作日"),
        "groups": _("退出的用户组"),
        "rights": _("收回的权限"),
        "until": _("有效期至"),
        "by": _("方式"),
        "field": _("信息项"),
        "to": _("到"),
        "from": _("自"),
        "deputy": _("代理人"),
        "covers_open": _("包括已经在办的任务"),
        "processes": _("流程"),
        "post": _("任职编号"),
        "kind": _("类别"),
        "source": _("来源"),
        "other": _("另一方"),
        "seal": _("校验摘要"),
        "expires": _("有效期至"),
        "tasks": _("任务"),
        "sha256": _("文件摘要"),
        "units": _("机构数"),
        "people": _("人员数"),
        "posts": _("任职数"),
        "grantee_kind": _("授予"),
        "object": _("对象"),
        "action": _("可以"),
        "versions": _("版本"),
        "note": _("说明"),
        "instance": _("事项"),
        "incident": _("异常"),
        "messages": _("重新发送的消息数"),
        "process": _("流程"),
        "names": _("数据项"),
        "element": _("步骤"),
        "elements": _("步骤"),
        "rows": _("行数"),
        "changed": _("变动的项目"),
        "digest": _("记录摘要"),
        "rules": _("规则版本"),
        "filters": _("筛选条件"),
        "instances": _("事项数"),
        "entries": _("办理记录"),
        "chains": _("日志链"),
        "events": _("访问日志"),
        "findings": _("不符"),
        "first": _("其中"),
        "compared": _("对照的锚点"),
        "heads_of": _("锚点导出时间"),
        "before": _("清理到（不含）"),
        "days": _("保存天数"),
        "cases": _("事项"),
        "account_data": _("删除的账号信息"),
        "values": _("删除的记录内容"),
        "variables": _("删除的流程数据"),
        "documents": _("删除的文件"),
        "file": _("备份文件"),
        "taken_at": _("备份时间"),
        "operator": _("操作系统账号"),
        "host": _("主机"),
        "keys_lost": _("丢失的密钥"),
    }


def _values_of(name: str) -> dict[str, str]:
    """Words that mean something else under another name."""
    if name == "source":
        ties: dict[str, str] = {one.value: one.label for one in TieSource}
        return ties | {one.value: source(one) for one in YearSource}
    if name == "kind":
        return {one: one.label.partition("（")[0] for one in TieKind}
    return {}


def _values() -> dict[str, str]:
    return {
        "page": _("网页"),
        "basic": _("接口（用户名和密码）"),
        "password-change": _("修改密码时"),
        "wrong": _("用户名或密码不正确"),
        "locked": _("锁定"),
        "clock-pinned": _("停住演示的时钟"),
        "clock-reset": _("演示的时钟回到现在"),
        "password-rehashed": _("密码换用新的加密参数保存"),
        "staff": _("工作人员"),
        "public": _("公众"),
        "unlocked": _("解锁"),
        "renamed": _("改名"),
        "deactivated": _("停用"),
        "reactivated": _("重新启用"),
        "named": _("命名"),
        "member-added": _("加入"),
        "member-removed": _("移出"),
        "left": _("离岗"),
        "imported": _("导入"),
        "handed-over": _("移交"),
        "appointed": _("指定代理"),
        "dismissed": _("终止代理"),
        "declared": _("申报回避关系"),
        "ended": _("终止回避关系"),
        "data-key-rotated": _("更换个人信息的密钥"),
        "personal-data": _("登记个人信息"),
        "personal-data-removed": _("删除个人信息"),
        "password-link-invitation": _("邀请链接"),
        "password-link-reset": _("重设密码的链接"),
        "id_number": _("身份证号"),
        "mobile": _("手机号"),
        "mail": _("邮箱"),
        "register-entered": _("登记"),
        "register-changed": _("更正"),
        "register-ended": _("结束"),
        "register-reserved": _("预留"),
        "register-released": _("取消预留"),
        "unit-created": _("新建机构"),
        "unit-changed": _("修改机构"),
        "unit-moved": _("移动机构"),
        "unit-closed": _("撤销机构"),
        "unit-reopened": _("恢复机构"),
        "post-begun": _("任职"),
        "post-ended": _("离任"),
        "person": _("个人"),
        "group": _("用户组"),
        "everyone": _("所有人"),
        "procedure": _("流程"),
        "case": _("事项内容"),
        "running": _("运行情况"),
        "job": _("外部办理的系统步骤"),
        "deployment": _("流程设计"),
        "register": _("名册"),
        "task": _("任务"),
        "account": _("账号"),
        "audit": _("审计"),
        "notice": _("公告"),
        "objection": _("公示异议"),
        "recusal": _("回避申报"),
        "read": _("查看"),
        "act": _("操作"),
        "export": _("导出"),
    }
