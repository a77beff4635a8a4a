"""What is registered on a round's page: 用编批复, 备案, 调动手续, an early end of a trial.

Each is a message to the case that waits for it. The bureau registers what an organ has answered;
it never answers in its place (S-ORGAN). What counts is what was registered: the step behind the
message compares it with the round's history, so nobody answers by sending messages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from processes.recruitment import rounds
from processes.recruitment.access import require_clerk
from processes.recruitment.candidacies import CandidacyNotFound, candidacy_of
from processes.recruitment.filings import (
    FILING_ACT,
    TRANSFER_ACT,
    Filing,
    answer_problems,
    filing_said,
    said_of,
)
from processes.recruitment.history import (
    acts_of,
    case_of,
    locked,
    newest_said,
    note,
    said_in,
)
from processes.recruitment.rounds import Reply
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.terms import early_end_finding
from processes.recruitment.steps import page_step
from processes.recruitment.tables import Candidacy, CandidacyState, RoundState
from processes.recruitment.variables import day_or_none
from processes.registers.days import bureau_day
from processes.registers.norms import Refusal
from service.domain.actors import Actor
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.values import Json, Variables
from service.procedure import Toolbox, lock_case, note_act, recusals, send_message

ESTABLISHMENT = "recruitment.establishment_reply"
FILING, TRANSFER = "recruitment.filing_reply", "recruitment.transfer_reply"
TRIAL_END = "recruitment.trial_ended"
"""Messages to the cases that wait."""
ESTABLISHMENT_ACT = "establishment-reply"
TRIAL_END_ACT = "trial-end"
"""Acts of the round's history by which they are registered."""

_UNREGISTERED = "收到的答复没有在本轮招聘的页面登记，不作数，继续等待；收到机关的答复后请人事科登记"


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
class TrialEnd:
    """Why somebody's trial ends before its last day (R-T6b), by which paper of which day."""

    ground: str
    number: str
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class _Kind:
    """One thing that is registered about a candidate, once; `state` is where they wait for it."""

    act: str
    message: str
    state: CandidacyState
    noted: str


_FILED = _Kind(FILING_ACT, FILING, CandidacyState.FILING, "登记备案的答复")
_TRANSFERRED = _Kind(
    TRANSFER_ACT, TRANSFER, CandidacyState.TRANSFERRING, "登记编制和调动手续的答复"
)
_ENDED = _Kind(TRIAL_END_ACT, TRIAL_END, CandidacyState.ON_TRIAL, "登记提前结束试用")


def register_establishment(
    tools: Toolbox, round_key: int, reply: Reply, *, actor: Actor, now: datetime
) -> None:
    """Register the answer of the organ for establishments to a round that waits for it, once.

    The same answer again changes nothing. Raises RoundNotFound, RecruitmentForbidden, NotAwaited,
    AnsweredAlready, ReplyUnusable.
    """
    session, today = tools.session, bureau_day(now)
    require_clerk(session, actor)
    lock_case(tools, case_of(session, round_key))
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
        raise ReplyUnusable(problems="".join(f"{one}。" for one in problems))
    note(session, round_, ESTABLISHMENT_ACT, said, page_step(session, round_, actor, now),
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
    said, today = filing_said(candidacy_key, filing), bureau_day(now)

    def problems_for(candidacy: Candidacy) -> list[Refusal]:
        return answer_problems(tools.session, candidacy, FILING_ACT, filing, today=today)

    variables = {"filing_approved": filing.approved, **_named("filing", said)}
    about = (round_key, candidacy_key)
    _register(tools, about, _FILED, said, problems_for, variables, actor, now)


def register_transfer(
    tools: Toolbox,
    round_key: int,
    candidacy_key: int,
    answer: Filing,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Register what was answered to the transfer of somebody who has passed the trial, once.

    Raises what `register_filing` does.
    """
    said, today = filing_said(candidacy_key, answer), bureau_day(now)

    def problems_for(candidacy: Candidacy) -> list[Refusal]:
        return answer_problems(tools.session, candidacy, TRANSFER_ACT, answer, today=today)

    variables = {"transfer_approved": answer.approved, **_named("transfer", said)}
    about = (round_key, candidacy_key)
    _register(tools, about, _TRANSFERRED, said, problems_for, variables, actor, now)


def register_trial_end(
    tools: Toolbox,
    round_key: int,
    candidacy_key: int,
    ended: TrialEnd,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Register that the trial of somebody ends before its last day, once.

    Raises what `register_filing` does.
    """
    said = trial_end_said(candidacy_key, ended)
    problems = trial_end_problems(ended, today=bureau_day(now))
    about, variables = (round_key, candidacy_key), _named("trial_end", said)
    _register(tools, about, _ENDED, said, lambda _: problems, variables, actor, now)


def _register(
    tools: Toolbox,
    about: tuple[int, int],
    kind: _Kind,
    said: dict[str, str],
    problems_for: Callable[[Candidacy], Sequence[Refusal]],
    variables: Variables,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down what is said about the candidacy of a round, by their keys, and tell the case."""
    session, (round_key, candidacy_key) = tools.session, about
    require_clerk(session, actor)
    lock_case(tools, case_of(session, round_key))
    candidacy, round_ = candidacy_of(session, candidacy_key)
    if round_.key != round_key:
        raise CandidacyNotFound
    if reason := recusals(session, [candidacy.username]).get(actor.username):
        raise Recused(reason=reason)
    before = _said_since(session, round_key, kind, str(candidacy_key))
    if before == said:
        return
    if candidacy.state != kind.state:
        raise NotAwaited(what=f"{candidacy.name}的事项")
    if before is not None:
        raise AnsweredAlready(what=f"{candidacy.name}的事项", number=before["number"])
    if problems := problems_for(candidacy):
        raise ReplyUnusable(problems="".join(f"{one}。" for one in problems))
    note(session, round_, kind.act, said, page_step(session, round_, actor, now), reason=kind.noted)
    words = f"{kind.noted}：{said['answer']}"
    note_act(tools, round_.instance_key, words, actor=actor, now=now)
    key = str(candidacy_key)
    send_message(tools, kind.message, correlation_key=key, variables=variables, now=now)


def _said_since(
    session: Session, round_key: int, kind: _Kind, candidacy: str
) -> Mapping[str, str] | None:
    """What was registered since the candidacy last came to wait for it; None: nothing.

    Who is put forward anew waits anew: what was answered before was about another order.
    """
    for change in acts_of(session, round_key):
        said = said_in(change)
        if said.get("candidacy") != candidacy:
            continue
        if change.act == kind.act:
            return said
        if change.act == "moved" and said.get("to") == kind.state:
            return None
    return None


def establishment_said(reply: Reply) -> dict[str, str]:
    """Return an answer as the round's history says it."""
    answer = "核准" if reply.approved else "未核准"
    return said_of(reply.organ, reply.number, answer, reply.dated_on)


def trial_end_said(candidacy_key: int, ended: TrialEnd) -> dict[str, str]:
    """Return an early end of a trial as the round's history says it."""
    said = said_of("", ended.number, ended.ground, ended.dated_on)
    return {"candidacy": str(candidacy_key), **said}


def trial_end_problems(ended: TrialEnd, *, today: date) -> list[Refusal]:
    """Return why a trial does not end early by this (R-T6b)."""
    problems, norm = refusals([early_end_finding(ended.ground)]), NORMS["R-T6b"]
    if not ended.number.strip():
        problems.append(norm.refuses("须写明依据的材料和文号"))
    if ended.dated_on is None or ended.dated_on > today:
        problems.append(norm.refuses("日期没有填写，或者晚于今天"))
    return problems


def unregistered(
    session: Session, round_key: int, act: str, said: Mapping[str, str]
) -> list[Refusal]:
    """Return why what a message says is no answer: it is not the newest that was registered."""
    about = {key: said[key] for key in ("candidacy",) if key in said}
    known = newest_said(session, round_key, act, **about) == said
    return [] if known else [NORMS["R-FILLED"].refuses(_UNREGISTERED)]


def _named(prefix: str, said: Mapping[str, str]) -> dict[str, Json]:
    """Return what is said as the variables of its message."""
    names = {"organ": "organ", "number": "number", "dated_on": "dated_on"}
    if prefix == "trial_end":
        names = {"answer": "ground", "number": "number", "dated_on": "dated_on"}
    return {f"{prefix}_{name}": said[key] for key, name in names.items()}


def _reply_of(said: Mapping[str, str]) -> Reply:
    approved = said.get("answer") == "核准"
    dated_on = day_or_none(said.get("dated_on"))
    return Reply(approved, said.get("organ", ""), said.get("number", ""), dated_on)
