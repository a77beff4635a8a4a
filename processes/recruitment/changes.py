"""What becomes of an announced post by a notice: its last day for scores moves, or it is cancelled.

The scheme that a round has announced is never written again (R-FROZEN). A change is an act of the
round's history with a notice of its own; what is in force is the announced with its changes.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from processes.recruitment.history import Step, newest_said, note
from processes.recruitment.plans import Plan
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.tables import Round, RoundPost
from processes.recruitment.variables import day_or_none
from processes.registers.days import BUREAU_TIME, said_day
from processes.registers.norms import Refusal
from service.domain.disclosures import holds_identity_number, holds_mobile
from service.procedure import NoticeText

EXTENDED, CANCELLING = "scores-extended", "cancelling"
"""Acts of a round's history: the last day for scores was moved; a post is to be cancelled."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something announced is changed, as the notice says it, and who has approved it."""

    reason: str
    basis: str


def in_force(session: Session, round_: Round, code: str, plan: Plan) -> Plan:
    """Return what was announced for a post with what notices of change have moved since."""
    said = newest_said(session, round_.key, EXTENDED, post=code) or {}
    until = day_or_none(said.get("until"))
    return plan if until is None else replace(plan, scores_until=until)


def extend(
    session: Session, round_: Round, code: str, days: tuple[date | None, date], grounds: Grounds,
    step: Step, *, slug: str,
) -> None:  # fmt: skip
    """Write down that the last day for scores moves, from the first of `days` to the second.

    `slug` names the notice of change. The caller has locked the round.
    """
    before, until = days
    said = {
        "post": code, "before": "" if before is None else before.isoformat(),
        "until": until.isoformat(), "why": grounds.reason, "basis": grounds.basis, "notice": slug,
    }  # fmt: skip
    was = "" if before is None else f"由{said_day(before)}"
    reason = f"变更公告：评分截止日{was}延长至{said_day(until)}"
    note(session, round_, EXTENDED, said, step, reason=reason)


def cancelling(session: Session, round_: Round, code: str, grounds: Grounds, step: Step) -> None:
    """Write down that a post is to be cancelled, by which approval; the caller has the lock."""
    said = {"post": code, "why": grounds.reason, "basis": grounds.basis}
    note(session, round_, CANCELLING, said, step, reason="决定取消岗位")


def why_cancelled(session: Session, round_: Round, code: str) -> Grounds | None:
    """Return why a post is cancelled before its time; None: that was not decided."""
    said = newest_said(session, round_.key, CANCELLING, post=code)
    return None if said is None else Grounds(said.get("why", ""), said.get("basis", ""))


def grounds_problems(grounds: Grounds) -> list[Refusal]:
    """Return why these are no grounds for a change: both are given, and fit to be public."""
    problems, frozen = [], NORMS["R-FROZEN"]
    if not grounds.reason:
        problems.append(frozen.refuses("没有填写理由：变更和取消都要公开理由"))
    if not grounds.basis:
        problems.append(frozen.refuses("没有填写批准依据：公告公布的内容不得擅自变更"))
    text = f"{grounds.reason}\n{grounds.basis}"
    if holds_identity_number(text) or holds_mobile(text):
        problems.append(NORMS["R-SHOWN"].refuses("理由和批准依据会公开，不能有身份证号和手机号"))
    return problems


def change_notice(
    round_: Round, post: RoundPost, days: tuple[date | None, date], grounds: Grounds, now: datetime
) -> NoticeText:
    """Return the notice that the last day for scores moves, from the first of `days` to the second.

    It is open until the second is over.
    """
    before, until = days
    lines = [
        f"{round_.title}公告公布的岗位{post.code}（{post.seat}）评分截止日变更如下。",
        f"原评分截止日：{said_day(before)}。" if before else "",
        f"变更后：{said_day(until)}（含当日）。",
        f"原因：{grounds.reason}",
        f"批准依据：{grounds.basis}",
        "成绩的构成和计算办法、递补截止日不变。报考这个岗位的人员另在“我的申请”里告知。",
    ]
    ends = datetime.combine(until + timedelta(days=1), time(0), BUREAU_TIME).astimezone(UTC)
    return NoticeText(
        title=f"{round_.title}变更公告（岗位{post.code}）"[:100],
        body="\n".join(filter(None, lines)),
        opens_at=now,
        closes_at=ends,
    )
