"""Answers that come from outside, registered on a round's page: 用编批复, 备案和调动手续.

Each is a message to the case that waits for it. The bureau registers what an organ has answered;
it never answers in its place (S-ORGAN).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from processes.recruitment import rounds
from processes.recruitment.access import require_clerk
from processes.recruitment.candidacies import CandidacyNotFound, candidacy_of
from processes.recruitment.history import RoundNotFound, Step, locked, note
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import CandidacyState, Round, RoundState
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid
from service.procedure import Toolbox, lock_case, note_act, send_message

ESTABLISHMENT, FILING = "recruitment.establishment_reply", "recruitment.filing_reply"
_LONGEST = 60


class ReplyUnusable(Invalid):
    """答复没有登记：{problems}请改正后再登记。"""

    code = "recruitment.reply-unusable"


class NotAwaited(Conflict):
    """{what}现在不等待这个答复，没有登记。请刷新后核对。"""

    code = "recruitment.not-awaited"


@dataclass(frozen=True, slots=True)
class Filing:
    """What 人社 or 编办 has answered to the filing of an appointment."""

    approved: bool
    organ: str
    number: str
    dated_on: date | None


def register_establishment(
    tools: Toolbox, round_key: int, reply: Reply, *, actor: Actor, now: datetime
) -> None:
    """Register the answer of the organ for establishments to a round that waits for it.

    Raises RoundNotFound, RecruitmentForbidden, NotAwaited, ReplyUnusable.
    """
    session = tools.session
    require_clerk(session, actor)
    lock_case(tools, _instance_of(tools, round_key))
    round_ = locked(session, round_key)
    kept = any(post.seat_code for post in rounds.posts_of(session, round_key))
    if round_.state != RoundState.PLANNED or kept:
        raise NotAwaited(what=round_.title)
    problems = rounds.reply_problems(session, reply, today=bureau_day(now))
    if problems:
        raise ReplyUnusable(problems="".join(problems))
    answer = "核准" if reply.approved else "未核准"
    said = {"organ": reply.organ, "number": reply.number[:_LONGEST], "answer": answer}
    note(session, round_, "establishment-reply", said, _step(tools, round_, actor, now),
         reason="登记用编批复")  # fmt: skip
    note_act(tools, round_.instance_key, f"登记用编批复：{answer}", actor=actor, now=now)
    send_message(
        tools,
        ESTABLISHMENT,
        correlation_key=str(round_key),
        variables={
            "reply_approved": reply.approved,
            "reply_organ": reply.organ,
            "reply_number": reply.number[:_LONGEST],
            "reply_dated_on": None if reply.dated_on is None else reply.dated_on.isoformat(),
        },
        now=now,
    )


def register_filing(
    tools: Toolbox,
    round_key: int,
    candidacy_key: int,
    filing: Filing,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Register the answer to the filing of somebody whose appointment waits for it.

    Raises RoundNotFound, CandidacyNotFound, RecruitmentForbidden, NotAwaited, ReplyUnusable.
    """
    session = tools.session
    require_clerk(session, actor)
    candidacy, round_ = candidacy_of(session, candidacy_key)
    if round_.key != round_key:
        raise CandidacyNotFound
    if candidacy.state != CandidacyState.FILING:
        raise NotAwaited(what=f"{candidacy.name}的事项")
    problems = []
    if not filing.organ.strip() or not filing.number.strip():
        problems.append("须写明办理机关和文号。")
    if filing.dated_on is None or filing.dated_on > bureau_day(now):
        problems.append("日期没有填写，或者晚于今天。")
    if problems:
        raise ReplyUnusable(problems="".join(problems))
    answer = "同意" if filing.approved else "不同意"
    said = {"candidacy": str(candidacy_key), "organ": filing.organ[:_LONGEST],
            "number": filing.number[:_LONGEST], "answer": answer}  # fmt: skip
    note(session, round_, "filing-reply", said, _step(tools, round_, actor, now),
         reason="登记备案和调动手续的答复")  # fmt: skip
    send_message(
        tools,
        FILING,
        correlation_key=str(candidacy_key),
        variables={
            "filing_approved": filing.approved,
            "filing_organ": filing.organ[:_LONGEST],
            "filing_number": filing.number[:_LONGEST],
            "filing_dated_on": None if filing.dated_on is None else filing.dated_on.isoformat(),
        },
        now=now,
    )


def _instance_of(tools: Toolbox, round_key: int) -> int:
    found = tools.session.scalar(select(Round.instance_key).where(Round.key == round_key))
    if found is None:
        raise RoundNotFound
    return found


def _step(tools: Toolbox, round_: Round, actor: Actor, now: datetime) -> Step:
    rules = rounds.applied(tools.session, bureau_day(now))
    return Step(key=0, instance_key=round_.instance_key, actor=actor, now=now, rules=rules)
