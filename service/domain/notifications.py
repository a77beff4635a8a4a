"""Notifications (提醒): what a person is told about, in which words, and while it still matters.

Not to be confused with a notice (公告), which is for the public. A text names steps, procedures and
colleagues, never what a case is about: it may leave the house by mail or by a robot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import NotFound
from service.domain.outgoing import Channel
from service.domain.plain_text import one_line

LONGEST_FACT = 80
"""Characters of a name that a text quotes."""


class NotificationKind(StrEnum):
    """What happened."""

    TASK_ARRIVED = "task-arrived"
    TASK_RETURNED = "task-returned"
    TASK_ASSIGNED = "task-assigned"
    TASK_TAKEN = "task-taken"
    TASK_RELEASED = "task-released"
    TASKS_HANDED_OVER = "tasks-handed-over"
    CASE_COMPLETED = "case-completed"
    CASE_TERMINATED = "case-terminated"
    DEPUTY_APPOINTED = "deputy-appointed"
    INCIDENT = "incident"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    URGED = "urged"
    DEADLINE_MOVED = "deadline-moved"
    DEADLINE_STUCK = "deadline-stuck"
    ENTRY_DECIDED = "entry-decided"
    ENTRY_EXPIRES = "entry-expires"
    MEETING_CHANGED = "meeting-changed"
    TERM_ENDS = "term-ends"
    TERM_ENDED = "term-ended"
    NOTICE_OWED = "notice-owed"


class Matters(StrEnum):
    """While what a notification is worth telling; it is dropped where that is over before."""

    ALWAYS = "always"
    WHILE_OPEN = "while-open"
    """The task is open, whoever has it."""
    WHILE_HELD = "while-held"
    """The task is open and the person's."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind is called where people choose, and what it says; `{…}` are its facts.

    `once`: whoever has not read the last one about the same procedure gets no other. `by_mail`:
    who has made no choice gets a mail. `public` is what applicants from outside are told, whose
    steps have other names than the house's; nothing: they are not told. `deputies`: who may do the
    task as somebody's deputy is told too.
    """

    label: str
    text: str
    matters: Matters = Matters.ALWAYS
    once: bool = False
    by_mail: bool = True
    public: str = ""
    deputies: bool = False


_FOR_A_PRINCIPAL = "你代理{principal}办理的任务："
_PUBLIC_TASK = "你申请的“{process}”有一步等你办理，请到办事大厅查看。"

WORDINGS: Mapping[NotificationKind, Wording] = {
    NotificationKind.TASK_ARRIVED: Wording(
        "有新任务等我办理",
        "“{process}”的“{step}”等你办理。",
        Matters.WHILE_HELD,
        by_mail=False,
        public=_PUBLIC_TASK,
    ),
    NotificationKind.TASK_RETURNED: Wording(
        "我办过的步骤又回到我这里",
        "“{process}”的“{step}”又回到你这里，请再次办理。",
        Matters.WHILE_HELD,
        public=_PUBLIC_TASK,
    ),
    NotificationKind.TASK_ASSIGNED: Wording(
        "有人把任务交给我", "{who}把“{process}”的“{step}”交给你办理。", Matters.WHILE_HELD
    ),
    NotificationKind.TASK_TAKEN: Wording(
        "我的任务改由别人办理",
        "{who}已把“{process}”的“{step}”改由{to}办理，你不用再办。",
        by_mail=False,
    ),
    NotificationKind.TASK_RELEASED: Wording(
        "我的任务被放回",
        "{who}已把你名下的“{process}”的“{step}”放回，由候选人签收。",
        by_mail=False,
    ),
    NotificationKind.TASKS_HANDED_OVER: Wording(
        "有人离岗，任务移交给我", "{who}把{former}的 {count} 项任务移交给你办理。"
    ),
    NotificationKind.CASE_COMPLETED: Wording(
        "我发起的事项办结",
        "你发起的“{process}”已办结。",
        public="你申请的“{process}”已办结，请到办事大厅查看结果。",
    ),
    NotificationKind.CASE_TERMINATED: Wording(
        "我发起的事项终止",
        "你发起的“{process}”已被终止。",
        public="你申请的“{process}”已终止，请到办事大厅查看。",
    ),
    NotificationKind.DEPUTY_APPOINTED: Wording(
        "有人请我代理", "{who}请你代为办理任务：{since}至{until}。"
    ),
    NotificationKind.INCIDENT: Wording(
        "流程异常（运维人员）", "“{process}”的“{step}”遇到异常，停在半路等待处理。", once=True
    ),
    NotificationKind.DUE_SOON: Wording(
        "我的任务快到期",
        "“{process}”的“{step}”将于 {due} 到期，请按时办理。",
        Matters.WHILE_OPEN,
        public="你申请的“{process}”有一步将于 {due} 到期，请到办事大厅办理。",
        deputies=True,
    ),
    NotificationKind.OVERDUE: Wording(
        "我的任务逾期",
        "“{process}”的“{step}”已于 {due} 逾期，请尽快办理。",
        Matters.WHILE_OPEN,
        public="你申请的“{process}”有一步已于 {due} 逾期，请尽快到办事大厅办理。",
        deputies=True,
    ),
    NotificationKind.ESCALATED: Wording(
        "别人的任务逾期，报到我这里",
        "“{process}”的“{step}”已于 {due} 逾期，报你督促：可以催办或改派，不能代为办理。",
        Matters.WHILE_OPEN,
    ),
    NotificationKind.URGED: Wording(
        "有人催我办理",
        "{who}催办“{process}”的“{step}”，请尽快办理。",
        Matters.WHILE_OPEN,
        public="请尽快到办事大厅办理你申请的“{process}”。",
        deputies=True,
    ),
    NotificationKind.DEADLINE_MOVED: Wording(
        "我的任务改了截止日",
        "“{process}”的“{step}”改为 {due} 截止（{why}），已经填写的都还在。",
        Matters.WHILE_OPEN,
        deputies=True,
    ),
    NotificationKind.DEADLINE_STUCK: Wording(
        "期限无法处理（运维人员）", "“{process}”的“{step}”{why}，请处理。"
    ),
    NotificationKind.ENTRY_DECIDED: Wording(
        "名册里我的登记有新的决定",
        "“{register}”里你的登记有新的决定，请在名册里查看。",
        public="你申请的“{process}”的结果有新的决定，请到办事大厅查看。",
    ),
    NotificationKind.ENTRY_EXPIRES: Wording(
        "名册里我的登记快到期",
        "“{register}”里你的登记将于 {until} 到期（含当日），到期自动失效；需要的请提前重新申请。",
        public="你申请的“{process}”的结果将于 {until} 到期（含当日），需要的请提前重新申请。",
    ),
    NotificationKind.MEETING_CHANGED: Wording(
        "通知过我的会议有变动", "“{process}”（{number}）{what}。"
    ),
    NotificationKind.TERM_ENDS: Wording(
        "我管的名册里有登记快到期",
        "“{register}”里有一条登记的{what}将于 {until} 到期（含当日），请提前核对办理。",
        by_mail=False,
    ),
    NotificationKind.TERM_ENDED: Wording(
        "我管的名册里有登记已到期",
        "“{register}”里有一条登记的{what}已于 {until} 到期，请核对后办理。",
        by_mail=False,
    ),
    NotificationKind.NOTICE_OWED: Wording(
        "我管的名册有公告要我发布", "“{what}”的事项已经取消，请发布终止公告，写明原因和依据。"
    ),
}


OF_KEEPERS = frozenset(
    {NotificationKind.TERM_ENDS, NotificationKind.TERM_ENDED, NotificationKind.NOTICE_OWED}
)
"""What those alone are told who keep a register."""

OF_CLOSED = "有一条提醒属于封闭的流程，内容不在邮件里写，请登录系统查看。"
"""What a mail says of a closed procedure: who is on its way reads it too."""

DIGEST = "digest"
"""What else a person may choose: the daily summary, by mail."""

DIGEST_ON_DAYS_OFF = "digest-days-off"
"""And that it comes on days off too; nobody gets it then who has not chosen so."""

PERSONAL_CHANNELS = (Channel.MAIL,)
SHARED_CHANNELS = tuple(channel for channel in Channel if channel.is_shared)
CHOOSABLE = (*PERSONAL_CHANNELS, *SHARED_CHANNELS)
"""Channels that a member of staff may choose where the house has them, in the order of the page."""


def wanted_by_default(kind: str, channel: Channel) -> bool:
    """Tell whether who has made no choice is told of this kind by this channel."""
    if channel is not Channel.MAIL:
        return False
    if kind == DIGEST_ON_DAYS_OFF:
        return False
    return kind == DIGEST or WORDINGS[NotificationKind(kind)].by_mail


class NotificationNotFound(NotFound):
    """没有找到这条提醒，它可能已经过期清理。"""

    code = "notification.not-found"


def worded(
    kind: NotificationKind, facts: Mapping[str, str], *, public: bool = False, principal: str = ""
) -> str:
    """Return what a notification says: one line. Each fact is cut, and quotes no line breaks.

    `public`: what an applicant from outside is told; the empty text for what is none of theirs.
    `principal`: the name of whom a deputy is told it for.
    """
    wording = WORDINGS[kind]
    text = wording.public if public else wording.text
    if principal:
        text, facts = _FOR_A_PRINCIPAL + text, {**facts, "principal": principal}
    return text.format_map({name: _cut(fact) for name, fact in facts.items()})


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST_FACT else line[: LONGEST_FACT - 1] + "…"
