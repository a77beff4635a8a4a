"""The plan of a round (方案): how it is scored and when, read from its form, checked, announced.

Pure: values in, findings and values out. What a round announced is read back from
the same values, so nothing is worked out twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from processes.recruitment.approvals import Approval, approval_problems, read_approval
from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import Finding, refusals
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.scores import (
    Scheme,
    TieBreak,
    default_scheme,
    ratio_set_finding,
    scheme_findings,
)
from processes.recruitment.rules.terms import registration_findings
from processes.recruitment.variables import day_or_none, whole_or, words_of
from processes.registers.admission_norms import POSTING_DAY, ROUND_CUTOFF
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from processes.registers.settings import SettingValues
from service.domain.values import Json
from service.domain.working_days import WorkingDays

ORDERS: Mapping[str, tuple[TieBreak, ...]] = {
    "honour": (TieBreak.HONOUR, TieBreak.INTERVIEW, TieBreak.WRITTEN, TieBreak.EXTRA),
    "interview": (TieBreak.INTERVIEW, TieBreak.WRITTEN, TieBreak.EXTRA),
}
"""What the form offers as the order among equals."""
ORDER_WORDS = {
    TieBreak.HONOUR: "有市级以上名师、骨干教师、学科带头人、优秀教师称号",
    TieBreak.INTERVIEW: "面试成绩",
    TieBreak.WRITTEN: "笔试成绩",
    TieBreak.EXTRA: "加试",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as somebody filled it in; what was left out is None or 0, and found when checked."""

    scheme: Scheme
    ratio: int
    ratio_approval: Approval
    """By which the ratio is lower than the bureau's (R-RATIO); empty where it is not."""
    notice_days: int
    """Working days from the notice to the end of registration."""
    window_days: int
    """Days of registration, the first and the last included."""
    written_on: date | None
    interview_on: date | None
    scores_until: date | None
    """Last day on which scores are taken."""
    conditions: str
    contact: str

    @property
    def dates(self) -> tuple[tuple[str, date | None], ...]:
        """The days in the order in which they must come."""
        written = (("笔试日期", self.written_on),) if self.scheme.written_percent else ()
        return (
            *written,
            ("面试日期", self.interview_on),
            ("评分截止日", self.scores_until),
            ("递补截止日", self.scheme.substitutes_until),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """When one may register; both days inclusive."""

    opens_on: date
    closes_on: date


def proposed(channel: Channel, values: SettingValues) -> dict[str, Json]:
    """Return what the bureau's settings put into the form before anybody has written there."""
    scheme = default_scheme(channel, values)
    return {
        "plan_written_percent": scheme.written_percent,
        "plan_interview_percent": scheme.interview_percent,
        "plan_pass_line": scheme.pass_line,
        "plan_panel_least": scheme.panel_least,
        "plan_drop_extremes": scheme.drop_extremes,
        "plan_order": "honour" if TieBreak.HONOUR in scheme.tie_breaks else "interview",
        "plan_ratio": values.number(settings.OPENING_RATIO[channel]),
        "plan_notice_days": values.number(settings.NOTICE_DAYS),
        "plan_window_days": values.number(settings.REGISTRATION_MOST),
    }


def read(variables: Mapping[str, Json], values: SettingValues, *, honour_points: int = 0) -> Plan:
    """Read the form, or what a round has announced; that holds whatever is set since.

    `honour_points` are for a plan that is drawn up: no form asks for them.
    """
    order = ORDERS.get(words_of(variables, "plan_order"), ORDERS["interview"])
    return Plan(
        scheme=Scheme(
            written_percent=whole_or(variables.get("plan_written_percent"), -1),
            interview_percent=whole_or(variables.get("plan_interview_percent"), -1),
            pass_line=whole_or(variables.get("plan_pass_line"), 0),
            panel_least=whole_or(variables.get("plan_panel_least"), 0),
            drop_extremes=variables.get("plan_drop_extremes") is True,
            late_minutes=whole_or(
                variables.get("plan_late_minutes"), values.number(settings.LATE_MINUTES)
            ),
            tie_breaks=order,
            honour_points=whole_or(variables.get("plan_honour_points"), honour_points),
            substitutes_until=day_or_none(variables.get("plan_substitutes_until")),
        ),
        ratio=whole_or(variables.get("plan_ratio"), 0),
        ratio_approval=read_approval(variables, "plan_ratio_"),
        notice_days=whole_or(variables.get("plan_notice_days"), 0),
        window_days=whole_or(variables.get("plan_window_days"), 0),
        written_on=day_or_none(variables.get("plan_written_on")),
        interview_on=day_or_none(variables.get("plan_interview_on")),
        scores_until=day_or_none(variables.get("plan_scores_until")),
        conditions=words_of(variables, "plan_conditions"),
        contact=words_of(variables, "plan_contact"),
    )


def as_json(plan: Plan) -> dict[str, Json]:
    """Return a plan as a round keeps it: what `read` reads."""
    scheme = plan.scheme
    return {
        "plan_written_percent": scheme.written_percent,
        "plan_interview_percent": scheme.interview_percent,
        "plan_pass_line": scheme.pass_line,
        "plan_panel_least": scheme.panel_least,
        "plan_drop_extremes": scheme.drop_extremes,
        "plan_late_minutes": scheme.late_minutes,
        "plan_order": "honour" if TieBreak.HONOUR in scheme.tie_breaks else "interview",
        "plan_honour_points": scheme.honour_points,
        "plan_substitutes_until": _iso(scheme.substitutes_until),
        "plan_ratio": plan.ratio,
        "plan_ratio_organ": plan.ratio_approval.organ,
        "plan_ratio_basis": plan.ratio_approval.number,
        "plan_ratio_dated_on": _iso(plan.ratio_approval.dated_on),
        "plan_ratio_document": [*plan.ratio_approval.documents],
        "plan_notice_days": plan.notice_days,
        "plan_window_days": plan.window_days,
        "plan_written_on": _iso(plan.written_on),
        "plan_interview_on": _iso(plan.interview_on),
        "plan_scores_until": _iso(plan.scores_until),
        "plan_conditions": plan.conditions,
        "plan_contact": plan.contact,
    }


def window(plan: Plan, posted_on: date, calendar: WorkingDays) -> Window:
    """Return the window of a notice that is posted on a day. Raises DayOutsideCalendar."""
    closes_on = calendar.after(posted_on, max(plan.notice_days, 0)).date
    longest = timedelta(days=max(plan.window_days, 1) - 1)
    return Window(max(posted_on, closes_on - longest), closes_on)


def cutoff(its: Window, posted_on: date, values: SettingValues) -> date:
    """Return the day up to which teaching years count in a round (R-CUTOFF)."""
    at_posting = values.text(ROUND_CUTOFF) == POSTING_DAY
    return posted_on if at_posting else its.opens_on


def problems(
    channel: Channel, plan: Plan, posted_on: date, calendar: WorkingDays, values: SettingValues
) -> list[Refusal]:
    """Return why a plan may not be announced on a day, each with its rule and source."""
    its = window(plan, posted_on, calendar)
    found: list[Finding] = [
        *scheme_findings(channel, plan.scheme, values),
        *registration_findings(posted_on, its.opens_on, its.closes_on, calendar, values),
    ]
    told = refusals(found)
    lowered = ratio_set_finding(channel, plan.ratio, values)
    if not lowered.met and (missing := approval_problems(plan.ratio_approval, posted_on)):
        told += [*refusals([lowered]), *missing]
    if not 1 <= plan.scheme.pass_line <= 100:
        told.append(NORMS["R-PASS"].refuses("面试合格线应为1至100分"))
    if not 1 <= plan.ratio <= 10:
        told.append(NORMS["R-RATIO"].refuses("开考比例应为1至10比1"))
    if not plan.contact:
        told.append(NORMS["R-PLAN"].refuses("没有填写咨询方式"))
    return [*told, *_out_of_order(plan, its)]


def told(plan: Plan) -> list[str]:
    """Return the scheme in words, a line a rule, as the notice says it."""
    scheme = plan.scheme
    shares = f"总成绩＝笔试×{scheme.written_percent}%＋面试×{scheme.interview_percent}%"
    drop = "去掉一个最高分、一个最低分后取平均分" if scheme.drop_extremes else "取平均分"
    approval = plan.ratio_approval
    lowered = f"（依据：{approval.said}）" if approval.basis else ""
    order = "、".join(ORDER_WORDS[one] for one in scheme.tie_breaks)
    added = f"{shares}，保留两位小数，四舍五入。"
    return [
        added if scheme.written_percent else "不组织笔试，按面试成绩排名。",
        f"面试考官不少于{scheme.panel_least}人，同一岗位同一考官组、同一套题；{drop}。",
        f"面试使用国家通用语言文字，否则计0分；迟到{scheme.late_minutes}分钟以上的视为放弃。",
        f"参加面试人数不多于岗位数的，面试成绩应不低于{scheme.pass_line}分。",
        f"总成绩相同的，依次比较：{order}。{_bonus_told(scheme)}",
        f"开考比例{plan.ratio}∶1{lowered}，不足的经批准降低，或者取消岗位。",
        f"递补截止{said_day(scheme.substitutes_until)}，按总成绩依次递补，重新公示。",
    ]


def _bonus_told(scheme: Scheme) -> str:
    if not scheme.honour_points:
        return "不设加分项。"
    return f"{ORDER_WORDS[TieBreak.HONOUR]}的，总成绩加{scheme.honour_points}分，不设其他加分项。"


def _out_of_order(plan: Plan, its: Window) -> list[Refusal]:
    before, name = its.closes_on, "报名截止日"
    found: list[Refusal] = []
    for label, day in plan.dates:
        if day is None:
            found.append(NORMS["R-PLAN"].refuses(f"没有填写{label}"))
            continue
        if day < before or (day == before and name == "报名截止日"):
            said = f"{label}{said_day(day)}应在{name}{said_day(before)}之后"
            found.append(NORMS["R-PLAN"].refuses(said))
        before, name = max(before, day), label
    return found


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
