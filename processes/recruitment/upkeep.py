"""Rounds and applications follow their cases that were cancelled: nothing waits for what is over.

A case that is cancelled runs no step any more, so the day's work writes down what became of it and
tells those cases that wait for it. What the public is told of it is left to the personnel office
(`endings`), which hears of it. It may run twice without harm.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.recruitment import candidacies, endings, rounds
from processes.recruitment.history import Step, locked, note
from processes.recruitment.tables import Candidacy, CandidacyState, PostState, Round, RoundState
from processes.registers.days import bureau_day
from processes.registers.rule_books import RECRUITMENT
from service.domain.actors import SYSTEM
from service.procedure import (
    Concerned,
    Happening,
    NotificationKind,
    Toolbox,
    cancelled_case,
    case_ended,
    lock_case,
    notify,
    send_message,
)

READY = "recruitment.candidate_ready"
"""Message to a round that a check is over."""
MOST = 100
"""So many rounds are looked after in one transaction; the others the day after."""
CANCELLED = "本轮招聘的事项已经取消"


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
    """End a round in the register with the reason of its case; who keeps it owes the 终止公告."""
    session, step = tools.session, _step(tools, key, now)
    round_ = locked(session, key)
    if round_.state == RoundState.ENDED:
        return
    posts = [one for one in rounds.posts_of(session, key) if one.state == PostState.OPEN]
    reason = "：".join(filter(None, (CANCELLED, _why(session, key))))
    endings.close(tools, round_, step, reason=reason)
    if round_.announced_at is None or not posts:
        return
    said = {"posts": "、".join(one.code for one in posts)}
    note(session, round_, endings.STOPPED_ACT, said, step, reason="等人事科发布终止公告")
    happening = Happening(
        NotificationKind.NOTICE_OWED,
        Concerned(keepers_of=(RECRUITMENT,)),
        facts={"what": round_.title},
        page=f"/recruitment/{key}/ending",
    )
    notify(tools, happening, now=now)


def _why(session: Session, key: int) -> str:
    """Why the case was cancelled, in the words of who did it."""
    found = session.execute(cancelled_case(Round.instance_key).where(Round.key == key)).first()
    return "" if found is None else str(found.end_event or "")


def _step(tools: Toolbox, round_key: int, now: datetime) -> Step:
    instance_key = tools.session.get_one(Round, round_key).instance_key
    rules = rounds.applied(tools.session, bureau_day(now))
    return Step(tools.keys.next(), instance_key, SYSTEM, now, rules)
