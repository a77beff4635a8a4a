"""What is said of a step's deadline, in short texts: in diagrams, on procedures, in the store.

Each layer is a mapping of texts by `Field`; what a nearer layer says counts, field by field. The
same reader serves the deploy check, the page of settings and the work itself, so all refuse alike.
A time span is a whole number of working days, or an ISO 8601 duration of clock time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from service.domain.accounts import is_group_id
from service.domain.deadline_spans import (
    MOST_DAYS,
    Span,
    hour,
    in_order,
    is_later,
    parts,
    whole,
)
from service.domain.deadline_spans import span as span_of
from service.domain.errors import Invalid
from service.domain.organization import LONGEST_REFERENCE, PostGroupInvalid, is_post_group, parse

MOST_REMINDERS = 50
MOST_BEFORE = 5
MOST_LEVELS = 5
MOST_HOURS = 720

NONE = "none"
"""As a text: no reminders, no escalation, whatever a wider layer says."""
SUPERIOR, OWNER = "superior", "owner"
_GROUP = "group:"


class Field(StrEnum):
    """What can be said; in a diagram each is the property `jiaoyan.<name>`."""

    DUE = "due-working-days"
    """Working days from the task's arrival to its due date; day 0 is that of the arrival."""
    BEFORE = "remind-before"
    """Spans before the due date at which the holder is reminded."""
    AFTER = "remind-after"
    """The span behind the due date at which they are reminded first."""
    EVERY = "remind-every"
    """The span between further reminders."""
    LIMIT = "remind-limit"
    """How many reminders there are behind the due date, at most."""
    AT = "remind-at"
    """The hour, in the bureau's time, of acts that are counted in working days."""
    ESCALATE_AFTER = "escalate-after"
    """The span behind the due date of each level."""
    ESCALATE_TO = "escalate-to"
    """Who is told at each level."""
    COOLDOWN = "urge-cooldown"
    """Hours between two 催办 of one task."""
    OWNER = "owner"
    """Who owns the procedure; said of the procedure alone."""


Texts = Mapping[Field, str]

BUILT_IN: Texts = {
    Field.BEFORE: "1",
    Field.AFTER: "1",
    Field.EVERY: "2",
    Field.LIMIT: "5",
    Field.AT: "09:00",
    Field.ESCALATE_AFTER: NONE,
    Field.COOLDOWN: "4",
}
"""Where nobody says otherwise: nothing that has a due date waits unseen."""

_PAIR = (Field.ESCALATE_AFTER, Field.ESCALATE_TO)
OF_STEPS = tuple(field for field in Field if field is not Field.OWNER)


class DeadlineUnfit(Invalid):
    """期限设置没有保存：{reason}。请改正后再提交。"""

    code = "deadline.unfit"

    def __init__(self, faults: "Sequence[Fault]") -> None:
        self.faults = tuple(faults)
        super().__init__(reason="；".join(fault.reason for fault in faults))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, in the words of a designer."""

    field: Field
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Level:
    """One level of escalation; `to` is `superior`, `owner`, or a group as `group_of` reads it."""

    after: Span
    to: str


@dataclass(frozen=True, slots=True)
class StepDeadline:
    """All that counts for one step.

    `due` is None where the diagram gives the date itself, or none; `due_expression`: it is worked
    out by the diagram's FEEL.
    """

    due: int | None
    due_expression: bool
    before: tuple[Span, ...]
    after: Span | None
    every: Span | None
    limit: int
    at: time
    levels: tuple[Level, ...]
    cooldown: timedelta
    owner: str


def texts_of(properties: Mapping[str, str], prefix: str = "jiaoyan.") -> dict[Field, str]:
    """Return what the properties of an element say of deadlines."""
    found = ((field, properties.get(f"{prefix}{field}")) for field in Field)
    return {field: text.strip() for field, text in found if text is not None and text.strip()}


def merged(layers: Iterable[Texts]) -> dict[Field, str]:
    """Return what counts: of each field the text of the first layer that has one.

    The two halves of escalation belong together and come from one layer.
    """
    result: dict[Field, str] = {}
    for layer in layers:
        escalates = any(field in layer for field in _PAIR)
        known = any(field in result for field in _PAIR)
        for field, text in layer.items():
            if field in _PAIR and escalates and known:
                continue
            result.setdefault(field, text)
    return result


def faults_of(texts: Texts, *, feel: bool = False) -> list[Fault]:
    """Return what is wrong with the texts of one layer; `feel`: a diagram may count by FEEL."""
    faults: list[Fault] = []
    for check in (_due_faults, _reminder_faults, _level_faults, _rest_faults):
        faults += check(texts, feel)
    return faults


def read(texts: Texts) -> StepDeadline:
    """Read merged texts that were checked layer by layer. Raises DeadlineUnfit."""
    said = merged((texts, BUILT_IN))
    faults = faults_of(said, feel=True)
    if faults:
        raise DeadlineUnfit(faults)
    due = said.get(Field.DUE, "")
    is_feel = due.startswith("=")
    return StepDeadline(
        due=None if is_feel or due in ("", NONE) else int(due),
        due_expression=is_feel,
        before=tuple(one for part in parts(said[Field.BEFORE]) if (one := span_of(part))),
        after=span_of(said[Field.AFTER]),
        every=span_of(said[Field.EVERY]),
        limit=int(said[Field.LIMIT]),
        at=hour(said[Field.AT]) or time(9),
        levels=_levels(said),
        cooldown=timedelta(hours=int(said[Field.COOLDOWN])),
        owner=said.get(Field.OWNER, ""),
    )


def group_of(to: str) -> str | None:
    """Return the group that a target names: the id of a group, or a post group's text."""
    text = to.strip()
    if text.startswith(_GROUP):
        return text.removeprefix(_GROUP).strip()
    return text if is_post_group(text) else None


def _due_faults(texts: Texts, feel: bool) -> list[Fault]:
    text = texts.get(Field.DUE)
    if text is None or text == NONE or (feel and text.startswith("=")):
        return []
    if whole(text, 0, MOST_DAYS) is None:
        remedy = f"请写 0 到 {MOST_DAYS} 的整数，0 是当天下班前" + (
            "；要按数据计算就写以 = 开头的表达式。" if feel else "。"
        )
        return [Fault(Field.DUE, f"办理期限“{text[:40]}”不是可用的工作日数", remedy)]
    return []


def _reminder_faults(texts: Texts, _feel: bool) -> list[Fault]:
    faults = []
    before = texts.get(Field.BEFORE)
    if before is not None and before != NONE:
        spans = [span_of(part) for part in parts(before)]
        if not spans or len(spans) > MOST_BEFORE or None in spans:
            faults.append(
                Fault(
                    Field.BEFORE,
                    f"到期前提醒“{before[:40]}”看不懂",
                    f"请写工作日数，多次用逗号隔开（最多 {MOST_BEFORE} 次），如 3, 1；"
                    "0 是到期当天；按时钟写 PT2H；不提醒写 none。",
                )
            )
    for field, what in ((Field.AFTER, "逾期后提醒"), (Field.EVERY, "再次提醒的间隔")):
        text = texts.get(field)
        if text is not None and text != NONE and not is_later(span_of(text)):
            faults.append(
                Fault(
                    field,
                    f"{what}“{text[:40]}”看不懂或太短",
                    f"请写 1 到 {MOST_DAYS} 的工作日数，或 1 分钟到 366 天的时长（如 PT2H）；"
                    "不要时写 none。",
                )
            )
    limit = texts.get(Field.LIMIT)
    if limit is not None and whole(limit, 1, MOST_REMINDERS) is None:
        faults.append(
            Fault(
                Field.LIMIT,
                f"提醒次数“{limit[:40]}”不在 1 到 {MOST_REMINDERS} 之间，提醒不能没完没了",
                f"请写 1 到 {MOST_REMINDERS} 的整数。",
            )
        )
    return faults


def _level_faults(texts: Texts, _feel: bool) -> list[Fault]:
    spans, targets = texts.get(Field.ESCALATE_AFTER), texts.get(Field.ESCALATE_TO)
    if spans == NONE and targets is None:
        return []
    if spans is None and targets is None:
        return []
    afters, tos = parts(spans or ""), parts(targets or "")
    if len(afters) != len(tos) or not afters or len(afters) > MOST_LEVELS:
        return [
            Fault(
                Field.ESCALATE_AFTER,
                f"逾期上报写了 {len(afters)} 个时间、{len(tos)} 个对象，要一一对应",
                f"每一级写一个时间和一个对象，用逗号隔开，最多 {MOST_LEVELS} 级，"
                "如 2, 5 和 superior, owner。",
            )
        ]
    faults = []
    if not all(is_later(span_of(part)) for part in afters):
        faults.append(
            Fault(
                Field.ESCALATE_AFTER,
                f"逾期上报的时间“{(spans or '')[:40]}”看不懂或太短",
                f"请写 1 到 {MOST_DAYS} 的工作日数，或 1 分钟到 366 天的时长（如 PT2H）。",
            )
        )
    elif not in_order([span_of(part) for part in afters]):
        faults.append(
            Fault(
                Field.ESCALATE_AFTER,
                f"逾期上报的时间“{(spans or '')[:40]}”没有一级比一级晚",
                "请从早到晚写，每一级都晚于前一级，单位一致。",
            )
        )
    for to in tos:
        if reason := _target_fault(to):
            faults.append(
                Fault(
                    Field.ESCALATE_TO,
                    f"上报对象“{to[:60]}”{reason}",
                    "请写 superior（上级负责人）、owner（流程负责人）、group:组编号，"
                    "或“负责人 @ 机构”这样的岗位。",
                )
            )
    return faults


def _rest_faults(texts: Texts, _feel: bool) -> list[Fault]:
    faults = []
    at = texts.get(Field.AT)
    if at is not None and hour(at) is None:
        faults.append(
            Fault(Field.AT, f"提醒的时刻“{at[:40]}”不是时刻", "请按 09:00 的样子写，北京时间。")
        )
    cooldown = texts.get(Field.COOLDOWN)
    if cooldown is not None and whole(cooldown, 1, MOST_HOURS) is None:
        faults.append(
            Fault(
                Field.COOLDOWN,
                f"催办间隔“{cooldown[:40]}”不是可用的小时数",
                f"请写 1 到 {MOST_HOURS} 的整数。",
            )
        )
    owner = texts.get(Field.OWNER)
    if owner is not None and (reason := _owner_fault(owner)):
        faults.append(
            Fault(
                Field.OWNER,
                f"流程负责人“{owner[:60]}”{reason}",
                "请写用户名、group:组编号，或“负责人 @ 机构”这样的岗位。",
            )
        )
    return faults


def _target_fault(to: str) -> str:
    if to in (SUPERIOR, OWNER):
        return ""
    group = group_of(to)
    if group is None:
        return "不能识别"
    return _group_fault(group)


def _owner_fault(owner: str) -> str:
    group = group_of(owner)
    if group is not None:
        return _group_fault(group)
    return "" if owner.isprintable() and 1 <= len(owner) <= LONGEST_REFERENCE else "不能识别"


def _group_fault(group: str) -> str:
    if is_group_id(group):
        return ""
    try:
        parse(group)
    except PostGroupInvalid:
        return "写得不对"
    return "" if is_post_group(group) else "不是组的编号"


def _levels(texts: Texts) -> tuple[Level, ...]:
    spans = [span_of(part) for part in parts(texts[Field.ESCALATE_AFTER])]
    targets = parts(texts.get(Field.ESCALATE_TO, ""))
    pairs = zip(spans, targets, strict=False)
    return tuple(Level(span, to) for span, to in pairs if span is not None)
