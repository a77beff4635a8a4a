"""What is set of a deadline, in the words of an office, and what will happen by it."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.deadline_settings import (
    NONE,
    OWNER,
    SUPERIOR,
    Field,
    StepDeadline,
    group_of,
)
from service.domain.deadline_spans import Span, parts
from service.domain.deadlines import ActKind, due_after, plan
from service.domain.errors import Invalid
from service.domain.working_days import WorkingDays
from service.web.catalogue import _

_WORDS = {SUPERIOR: "上级负责人", OWNER: "流程负责人", NONE: "无"}
_CODES = {word: code for code, word in _WORDS.items()} | {"上级": SUPERIOR, "不提醒": NONE}
_GROUP, _GROUP_WORD = "group:", "组:"


def in_words(text: str) -> str:
    """Return a text of the settings as the page shows it: without the diagrams' words."""
    return ", ".join(_word(part) for part in parts(text))


def from_words(text: str) -> str:
    """Return what was written on the page as diagrams and store have it."""
    return ", ".join(_code(part) for part in parts(text))


def _word(part: str) -> str:
    if part.startswith(_GROUP):
        return _GROUP_WORD + part.removeprefix(_GROUP)
    return _WORDS.get(part, part)


def _code(part: str) -> str:
    for sign in (_GROUP_WORD, "组："):
        if part.startswith(sign):
            return _GROUP + part.removeprefix(sign).strip()
    return _CODES.get(part, part)


@dataclass(frozen=True, slots=True)
class FieldText:
    """One thing that can be set: its label and how it is written."""

    field: Field
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """What happens at a moment."""

    at: datetime
    text: str


def fields(*, of_procedure: bool) -> list[FieldText]:
    """Return what can be set for a step, or for all steps of a procedure."""
    first = (
        FieldText(
            Field.OWNER,
            _("流程负责人"),
            _("上报时找不到上级就报给他：用户名、组:组编号，或“负责人 @ 人事科”。"),
        )
        if of_procedure
        else FieldText(
            Field.DUE,
            _("办理期限（工作日）"),
            _("到达后几个工作日内办完；0 是当天下班前，已下班就到下一个工作日。"),
        )
    )
    return [
        first,
        FieldText(
            Field.BEFORE,
            _("到期前提醒"),
            _("提前几个工作日，多次用逗号隔开，如 3, 1；按时钟写 PT2H；不提醒写“无”。"),
        ),
        FieldText(Field.AFTER, _("逾期后提醒"), _("逾期几个工作日后第一次提醒；不提醒写“无”。")),
        FieldText(Field.EVERY, _("再次提醒的间隔"), _("之后每几个工作日一次；只提醒一次写“无”。")),
        FieldText(Field.LIMIT, _("逾期后最多提醒几次"), _("1 到 50。")),
        FieldText(Field.AT, _("提醒和上报的时刻"), _("北京时间，如 09:00。")),
        FieldText(
            Field.ESCALATE_AFTER,
            _("逾期上报的时间"),
            _("逾期几个工作日后上报，一级一个，用逗号隔开，如 2, 5；不上报写“无”。"),
        ),
        FieldText(
            Field.ESCALATE_TO,
            _("逾期上报的对象"),
            _("与时间一一对应：上级负责人、流程负责人、组:组编号，或“负责人 @ 人事科”。"),
        ),
        FieldText(Field.COOLDOWN, _("催办间隔（小时）"), _("同一任务两次催办至少隔几小时。")),
    ]


def words(settings: StepDeadline, *, dated: bool) -> list[str]:
    """Say what happens, a sentence each; `dated`: the diagram gives the due date itself."""
    said = [_due_words(settings, dated=dated)]
    if settings.due is None and not settings.due_expression and not dated:
        return said
    if settings.before:
        spans = _("、").join(_before_words(span) for span in settings.before)
        said.append(_("%(spans)s提醒办理人。", spans=spans))
    if settings.after is not None:
        said.append(_after_words(settings))
    if not settings.before and settings.after is None:
        said.append(_("不提醒。"))
    said += [
        _(
            "逾期 %(span)s报%(who)s。",
            span=_span_words(level.after),
            who=target_words(level.to, settings.owner),
        )
        for level in settings.levels
    ]
    if not settings.levels:
        said.append(_("不上报。"))
    return said


def urging_words(settings: StepDeadline) -> str:
    """Say how often the holder may be urged."""
    hours = int(settings.cooldown.total_seconds() // 3600)
    return _("发起人可以催办，两次至少隔 %(hours)s 小时。", hours=hours)


def target_words(to: str, owner: str) -> str:
    """Say who is told."""
    if to == SUPERIOR:
        return _("所在机构的上级负责人")
    if to == OWNER and not owner:
        return _("流程负责人（未设，改报运维人员）")
    if to == OWNER:
        return _("流程负责人（%(who)s）", who=owner)
    return _("“%(group)s”", group=group_of(to) or to)


def preview(settings: StepDeadline, now: datetime, calendar: WorkingDays) -> list[PreviewLine]:
    """Return what would happen to a task that arrives now; nothing where no days are set."""
    if settings.due is None:
        return []
    try:
        due = due_after(now, settings.due, calendar)
    except Invalid:
        return []
    lines = [PreviewLine(due.at, _("到期"))]
    for act in plan(settings, due_at=due.at, begun_at=now, calendar=calendar):
        if act.kind is ActKind.ESCALATE:
            level = settings.levels[act.number - 1]
            text = _("上报%(who)s", who=target_words(level.to, settings.owner))
        else:
            text = _("提醒办理人")
        lines.append(PreviewLine(act.at, text))
    return sorted(lines, key=lambda line: line.at)


def _due_words(settings: StepDeadline, *, dated: bool) -> str:
    if settings.due_expression:
        return _("期限：按流程图里的表达式算出的工作日数。")
    if settings.due == 0:
        return _("期限：到达当天下班前；已下班就到下一个工作日下班前。")
    if settings.due is not None:
        return _("期限：到达后 %(days)s 个工作日，当天下班前。", days=settings.due)
    return _("期限：流程图里的截止时间。") if dated else _("没有期限，不提醒也不上报。")


def _before_words(span: Span) -> str:
    if span.days == 0:
        return _("到期当天")
    return _("到期前 %(span)s", span=_span_words(span).rstrip())


def _after_words(settings: StepDeadline) -> str:
    if settings.after is None:
        return ""
    first = _("逾期 %(span)s提醒办理人", span=_span_words(settings.after))
    if settings.every is None or settings.limit == 1:
        return _("%(first)s，只提醒一次。", first=first)
    return _(
        "%(first)s，之后每 %(span)s一次，最多 %(limit)s 次。",
        first=first,
        span=_span_words(settings.every),
        limit=settings.limit,
    )


def _span_words(span: Span) -> str:
    if span.clock is None:
        return _("%(days)s 个工作日", days=span.days)
    minutes = int(span.clock.total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    named = ((days, _("天")), (hours, _("小时")), (minutes, _("分钟")))
    return "".join(f"{count} {unit}" for count, unit in named if count)
