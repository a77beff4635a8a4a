"""Rounds and applications follow their cases that were cancelled: nothing waits for what is over.

A case that is cancelled runs no step any more, so the day's work writes down what became of it and
tells those cases that wait for it. It may run twice without harm.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.recruitment import candidacies, rounds
from processes.recruitment.history import Step, locked
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    Round,
    RoundPost,
    RoundState,
)
from processes.registers.days import bureau_day
from service.domain.actors import SYSTEM
from service.procedure import Toolbox, case_ended, lock_case, send_message

SETTLED, READY = "recruitment.settled", "recruitment.candidate_ready"
"""Messages: to an application, that its result is there; to a round, that a check is over."""
MOST = 100
"""So many rounds are looked after in one transaction; the others the day after."""
CANCELLED = "本轮招聘的事项已经取消"

_OUT = {
    CandidacyState.ADMITTED: CandidacyState.PASSED_OVER,
    CandidacyState.PROPOSED: CandidacyState.DROPPED,
    CandidacyState.FILING: CandidacyState.DROPPED,
}
"""What becomes of those who were in the running when a round was cancelled."""


def follow_cancelled(tools: Toolbox, now: datetime) -> None:
    """End rounds whose cases were cancelled, and let applications that were count as withdrawn."""
    for key, instance_key, over in _affected(tools.session):
        lock_case(tools, instance_key)
        if over:
            _end_round(tools, key, now)
        else:
            _withdraw(tools, key, now)


def _affected(session: Session) -> list[tuple[int, int, bool]]:
    """Rounds that are cancelled, and those with applications that are: key, case, cancelled."""
    over = case_ended(Round.instance_key)
    waiting = (
        select(Candidacy.key)
        .where(
            Candidacy.round_key == Round.key,
            Candidacy.state.in_((CandidacyState.CHECKING, CandidacyState.ADMITTED)),
            case_ended(Candidacy.instance_key),
        )
        .exists()
    )
    rows = session.execute(
        select(Round.key, Round.instance_key, over)
        .where(Round.state != RoundState.ENDED, or_(over, waiting))
        .order_by(Round.instance_key)
        .limit(MOST)
    ).all()
    return [(row[0], row[1], bool(row[2])) for row in rows]


def _withdraw(tools: Toolbox, key: int, now: datetime) -> None:
    """Let applications count as withdrawn whose cases were cancelled, and tell the round."""
    locked(tools.session, key)
    candidacies.withdraw_cancelled(tools.session, key, _step(tools, key, now))
    send_message(tools, READY, correlation_key=str(key), variables={}, now=now)


def _end_round(tools: Toolbox, key: int, now: datetime) -> None:
    """End a round in the register: seats go back, whoever is in it has a result and is told."""
    session, step = tools.session, _step(tools, key, now)
    round_ = locked(session, key)
    if round_.state == RoundState.ENDED:
        return
    candidacies.withdraw_cancelled(session, key, step)
    there = candidacies.of_round(session, key)
    seated = (CandidacyState.ON_TRIAL, CandidacyState.TRANSFERRING)
    staffed = {one.post_code for one in there if one.state in seated}
    for post in rounds.posts_of(session, key):
        _end_post(session, post, step, staffed=post.code in staffed)
    for one in there:
        if after := _OUT.get(CandidacyState(one.state)):
            candidacies.move(session, one.key, after, step, reason=CANCELLED)
    rounds.end_round(session, key, step, reason=CANCELLED)
    for one in there:
        if one.state not in (CandidacyState.REFUSED, CandidacyState.WITHDRAWN):
            name = str(one.key)
            send_message(tools, SETTLED, correlation_key=name, variables={}, now=now)


def _end_post(session: Session, post: RoundPost, step: Step, *, staffed: bool) -> None:
    """Somebody on trial holds the seat already: only their trial has no case any more."""
    if staffed:
        reason = f"已聘任到岗；{CANCELLED}，试用考核和调动另行办理"
        rounds.end_post(session, post.code, PostState.FILLED, step, reason=reason)
    else:
        rounds.end_post(session, post.code, PostState.CANCELLED, step, reason=CANCELLED)


def _step(tools: Toolbox, round_key: int, now: datetime) -> Step:
    instance_key = tools.session.get_one(Round, round_key).instance_key
    rules = rounds.applied(tools.session, bureau_day(now))
    return Step(tools.keys.next(), instance_key, SYSTEM, now, rules)
