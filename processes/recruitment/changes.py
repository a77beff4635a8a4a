"""What becomes of an announced post by a notice: its last day for scores moves, or it is cancelled.

The scheme that a round has announced is never written again (R-FROZEN). A change is an act of the
round's history with a notice of its own; what is in force is the announced with its changes.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from processes.recruitment.history import Step, newest_said, note
from processes.recruitment.plans import Plan
from processes.recruitment.tables import Round
from processes.recruitment.variables import day_or_none
from processes.registers.days import said_day

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
    reason = f"变更公告：评分截止日延长至{said_day(until)}"
    note(session, round_, EXTENDED, said, step, reason=reason)


def cancelling(session: Session, round_: Round, code: str, grounds: Grounds, step: Step) -> None:
    """Write down that a post is to be cancelled, by which approval; the caller has the lock."""
    said = {"post": code, "why": grounds.reason, "basis": grounds.basis}
    note(session, round_, CANCELLING, said, step, reason="决定取消岗位")


def why_cancelled(session: Session, round_: Round, code: str) -> Grounds | None:
    """Return why a post is cancelled before its time; None: that was not decided."""
    said = newest_said(session, round_.key, CANCELLING, post=code)
    return None if said is None else Grounds(said.get("why", ""), said.get("basis", ""))
