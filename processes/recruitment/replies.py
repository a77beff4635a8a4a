"""Answers that come from outside, registered on a round's page: 用编批复, 备案和调动手续.

Each is a message to the case that waits for it. The bureau registers what an organ has answered;
it never answers in its place (S-ORGAN). What counts is what was registered: the step behind the
message compares it with the round's history, so nobody answers by sending messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment import rounds
from processes.recruitment.access import require_clerk
from processes.recruitment.candidacies import CandidacyNotFound, candidacy_of
from processes.recruitment.history import RoundNotFound, Step, locked, newest_said, note
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import CandidacyState, Round, RoundState
from processes.recruitment.variables import day_or_none
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.values import Variables
from service.procedure import Toolbox, lock_case, note_act, recusals, send_message

ESTABLISHMENT, FILING = "recruitment.establishment_reply", "recruitment.filing_reply"
ESTABLISHMENT_ACT, FILING_ACT = "establishment-reply", "filing-reply"
"""Acts of the round's history by which the answers are registered."""
ANSWERS = (ESTABLISHMENT_ACT, FILING_ACT)

_LONGEST = 60
_UNREGISTERED = (
    "收到的答复没有在本轮招聘的页面登记，不作数，继续等待。收到机关的答复后请人事科登记。"
)


class ReplyUnusable(Invalid):
    """答复没有登记：{problems}请改正后再登记。"""

    code = "recruitment.reply-unusable"


class NotAwaited(Conflict):
    """{what}现在不等待这个答复，没有登记。请刷新后核对。"""

    code = "recruitment.not-awaited"


class AnsweredAlready(Conflict):
    """{what}已经登记过答复（{number}），这次填写的不一样，没有登记。请刷新后核对已登记的答复。"""

    code = "recruitment.answered-already"


class Recused(Forbidden):
    """你{reason}，没有登记，请由他人登记。"""

    code = "recruitment.recused"


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
    """Register the answer of the organ for establishments to a round that waits for it, once.

    The same answer again changes nothing. Raises RoundNotFound, RecruitmentForbidden, NotAwaited,
    AnsweredAlready, ReplyUnusable.
    """
    session, today = tools.session, bureau_day(now)
    require_clerk(session, actor)
    lock_case(tools, _instance_of(tools, round_key))
    round_ = locked(session, round_key)
    said = establishment_said(reply)
    before = newest_said(session, round_key, ESTABLISHMENT_ACT)
    if before == said:
        return
    kept = any(post.seat_code for post in rounds.posts_of(session, round_key))
    if round_.state != RoundState.PLANNED or kept:
        raise NotAwaited(what=round_.title)
    if before is not None and not rounds.reply_problems(session, _reply_of(before), today=today):
        raise AnsweredAlready(what=round_.title, number=before["number"])
    if problems := rounds.reply_problems(session, reply, today=today):
        raise ReplyUnusable(problems="".join(problems))
    note(session, round_, ESTABLISHMENT_ACT, said, _step(tools, round_, actor, now),
         reason="登记用编批复")  # fmt: skip
    note_act(tools, round_.instance_key, f"登记用编批复：{said['answer']}", actor=actor, now=now)
    variables: Variables = {
        "reply_approved": reply.approved, "reply_organ": said["organ"],
        "reply_number": said["number"], "reply_dated_on": said["dated_on"],
    }  # fmt: skip
    send_message(tools, ESTABLISHMENT, correlation_key=str(round_key), variables=variables, now=now)


def register_filing(
    tools: Toolbox,
    round_key: int,
    candidacy_key: int,
    filing: Filing,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Register the answer to the filing of somebody whose appointment waits for it, once.

    The same answer again changes nothing. Raises RoundNotFound, CandidacyNotFound,
    RecruitmentForbidden, Recused, NotAwaited, AnsweredAlready, ReplyUnusable.
    """
    session = tools.session
    require_clerk(session, actor)
    lock_case(tools, _instance_of(tools, round_key))
    candidacy, round_ = candidacy_of(session, candidacy_key)
    if round_.key != round_key:
        raise CandidacyNotFound
    if reason := recusals(session, [candidacy.username]).get(actor.username):
        raise Recused(reason=reason)
    said = filing_said(candidacy_key, filing)
    before = newest_said(session, round_key, FILING_ACT, candidacy=str(candidacy_key))
    if before == said:
        return
    if candidacy.state != CandidacyState.FILING:
        raise NotAwaited(what=f"{candidacy.name}的事项")
    if before is not None:
        raise AnsweredAlready(what=f"{candidacy.name}的事项", number=before["number"])
    if problems := filing_problems(filing, today=bureau_day(now)):
        raise ReplyUnusable(problems="".join(problems))
    note(session, round_, FILING_ACT, said, _step(tools, round_, actor, now),
         reason="登记备案和调动手续的答复")  # fmt: skip
    note_act(
        tools,
        round_.instance_key,
        f"登记备案和调动手续的答复：{said['answer']}",
        actor=actor,
        now=now,
    )
    variables: Variables = {
        "filing_approved": filing.approved, "filing_organ": said["organ"],
        "filing_number": said["number"], "filing_dated_on": said["dated_on"],
    }  # fmt: skip
    send_message(tools, FILING, correlation_key=str(candidacy_key), variables=variables, now=now)


def establishment_said(reply: Reply) -> dict[str, str]:
    """Return an answer as the round's history says it."""
    answer = "核准" if reply.approved else "未核准"
    return _said(reply.organ, reply.number, answer, reply.dated_on)


def filing_said(candidacy_key: int, filing: Filing) -> dict[str, str]:
    """Return an answer to a filing as the round's history says it."""
    answer = "同意" if filing.approved else "不同意"
    said = _said(filing.organ, filing.number, answer, filing.dated_on)
    return {"candidacy": str(candidacy_key), **said}


def filing_problems(filing: Filing, *, today: date) -> list[str]:
    """Return why an answer to a filing is none."""
    problems = []
    if not filing.organ.strip() or not filing.number.strip():
        problems.append("须写明办理机关和文号。")
    if filing.dated_on is None or filing.dated_on > today:
        problems.append("日期没有填写，或者晚于今天。")
    return problems


def unregistered(session: Session, round_key: int, act: str, said: Mapping[str, str]) -> list[str]:
    """Return why what a message says is no answer: it is not the newest that was registered."""
    about = {key: said[key] for key in ("candidacy",) if key in said}
    return [] if newest_said(session, round_key, act, **about) == said else [_UNREGISTERED]


def _said(organ: str, number: str, answer: str, dated_on: date | None) -> dict[str, str]:
    return {
        "organ": organ.strip()[:_LONGEST],
        "number": number.strip()[:_LONGEST],
        "answer": answer,
        "dated_on": "" if dated_on is None else dated_on.isoformat(),
    }


def _reply_of(said: Mapping[str, str]) -> Reply:
    approved = said.get("answer") == "核准"
    dated_on = day_or_none(said.get("dated_on"))
    return Reply(approved, said.get("organ", ""), said.get("number", ""), dated_on)


def _instance_of(tools: Toolbox, round_key: int) -> int:
    found = tools.session.scalar(select(Round.instance_key).where(Round.key == round_key))
    if found is None:
        raise RoundNotFound
    return found


def _step(tools: Toolbox, round_: Round, actor: Actor, now: datetime) -> Step:
    rules = rounds.applied(tools.session, bureau_day(now))
    return Step(key=0, instance_key=round_.instance_key, actor=actor, now=now, rules=rules)
