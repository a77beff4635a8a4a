"""Rounds and applications follow their cases that were cancelled: nothing waits for what is over.

A case that is cancelled runs no step any more, so the day's work writes down what became of it and
tells those cases that wait for it. It may run twice without harm.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.recruitment import candidacies, rounds
from processes.recruitment.history import Step, locked
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    Round,
    RoundState,
)
from processes.recruitment.variables import words_of
from processes.registers.days import bureau_day
from service.domain.actors import SYSTEM
from service.procedure import (
    NoticeText,
    Toolbox,
    case_ended,
    lock_case,
    publish_beside,
    send_message,
)

SETTLED, READY = "recruitment.settled", "recruitment.candidate_ready"
"""Messages: to an application, that its result is there; to a round, that a check is over."""
_SHOWN_FOR = timedelta(days=30)
MOST = 100
"""So many rounds are looked after in one transaction; the others the day after."""
CANCELLED = "本轮招聘的事项已经取消"

_OUT = {
    CandidacyState.ADMITTED: CandidacyState.PASSED_OVER,
    CandidacyState.PROPOSED: CandidacyState.DROPPED,
}
"""What becomes of those who were in the running when a round was cancelled.

Nobody is further: behind a 公示 that was posted no round is cancelled (decision 39).
"""


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
    for post in rounds.posts_of(session, key):
        rounds.end_post(session, post.code, PostState.CANCELLED, step, reason=CANCELLED)
    if round_.announced_at is not None:
        _publish_end(tools, round_, now)
    for one in there:
        if after := _OUT.get(CandidacyState(one.state)):
            candidacies.move(session, one.key, after, step, reason=CANCELLED)
    rounds.end_round(session, key, step, reason=CANCELLED)
    for one in there:
        if one.state not in (CandidacyState.REFUSED, CandidacyState.WITHDRAWN):
            name = str(one.key)
            send_message(tools, SETTLED, correlation_key=name, variables={}, now=now)


def _publish_end(tools: Toolbox, round_: Round, now: datetime) -> None:
    """Tell the public that what was announced is not done any more (R-FROZEN)."""
    posts = rounds.posts_of(tools.session, round_.key)
    ended = [one for one in posts if one.reason == CANCELLED]
    scheme = round_.scheme if isinstance(round_.scheme, dict) else {}
    lines = [
        f"{round_.title}终止，公告公布的下列岗位不再招聘，不再接受报名。",
        *[f"岗位{one.code}：{one.seat}。" for one in ended],
        "已经报名的人员另在“我的申请”里告知。",
        f"咨询：{words_of(scheme, 'plan_contact') or '见原公告'}",
        f"规则版本 {rounds.applied(tools.session, bureau_day(now))}（规则 R-FROZEN）。",
    ]
    text = NoticeText(
        title=f"{round_.title}终止公告"[:100],
        body="\n".join(lines),
        opens_at=now,
        closes_at=now + _SHOWN_FOR,
    )
    publish_beside(tools, round_.instance_key, text, actor=SYSTEM, now=now)


def _step(tools: Toolbox, round_key: int, now: datetime) -> Step:
    instance_key = tools.session.get_one(Round, round_key).instance_key
    rules = rounds.applied(tools.session, bureau_day(now))
    return Step(tools.keys.next(), instance_key, SYSTEM, now, rules)
