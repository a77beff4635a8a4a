"""The words of the auditor's pages: groups of events, and what an event tells besides."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from service.domain.access_events import EventGroup, RetentionClass
from service.domain.dates import shown, shown_to_the_second
from service.domain.outgoing import Channel
from service.domain.receipts import case_number
from service.domain.values import Json
from service.queries.access_log import EventRow
from service.web import audit_words
from service.web.calendar_texts import kinds
from service.web.catalogue import _
from service.web.limits import parse_key
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
    if kind == "instance" and (case := parse_key(key)) is not None:
        key = case_number(case)
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
        return _("%(kind)s：%(right)s", kind=audit_words.values().get(kind, kind), right=right)
    return _line_of([*_readable(said), *_kept_back(row)])


def in_short(said: Mapping[str, Json]) -> str:
    """Details in one line, without what rows are compared with."""
    return _line_of(_readable(said))


def _kept_back(row: EventRow) -> list[tuple[str, str]]:
    labels = audit_words.labels()
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
    labels, values = audit_words.labels(), audit_words.values()
    for name, value in said.items():
        if name == "versions" and isinstance(value, list):
            yield labels[name], "、".join(_version(str(each)) for each in value)
        elif name == "arranged" and isinstance(value, list):
            yield labels[name], "；".join(_arranged(str(each)) for each in value)
        else:
            yield labels.get(name, name), _text(value, {**values, **audit_words.values_of(name)})


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
