"""Candidacies: entered within the window, checked, proposed in the order of the ranking, ended."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.history import Step, locked, note
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    Round,
    RoundPost,
    RoundState,
)
from processes.registers.norms import Refusal
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.tables import Researcher
from processes.registers.valid_qualifications import valid_qualification as valid_qualification
from service.domain.errors import Conflict, NotFound
from service.domain.values import Json
from service.procedure import case_ended

UNDECIDED = (CandidacyState.CHECKING,)
"""States in which the formal check, its objection included, is not over."""


CANDIDACY_WORDS = {
    CandidacyState.CHECKING: "资格审查中",
    CandidacyState.ADMITTED: "审查合格",
    CandidacyState.REFUSED: "审查不合格",
    CandidacyState.WITHDRAWN: "已放弃",
    CandidacyState.PROPOSED: "考察对象",
    CandidacyState.FILING: "等待备案",
    CandidacyState.DROPPED: "已落选",
    CandidacyState.ON_TRIAL: "试用中",
    CandidacyState.TRANSFERRING: "办理调动",
    CandidacyState.APPOINTED: "已正式聘任",
    CandidacyState.RETURNED: "已退回",
    CandidacyState.PASSED_OVER: "没有入选",
}

_MOVES: Mapping[CandidacyState, frozenset[CandidacyState]] = {
    CandidacyState.CHECKING: frozenset(
        {CandidacyState.ADMITTED, CandidacyState.REFUSED, CandidacyState.WITHDRAWN}
    ),
    CandidacyState.ADMITTED: frozenset(
        {
            CandidacyState.PROPOSED,
            CandidacyState.DROPPED,
            CandidacyState.PASSED_OVER,
            CandidacyState.WITHDRAWN,
        }
    ),
    CandidacyState.PROPOSED: frozenset(
        {CandidacyState.FILING, CandidacyState.DROPPED, CandidacyState.ADMITTED}
    ),
    CandidacyState.FILING: frozenset(
        {CandidacyState.ON_TRIAL, CandidacyState.DROPPED, CandidacyState.ADMITTED}
    ),
    CandidacyState.DROPPED: frozenset({CandidacyState.ADMITTED}),
    CandidacyState.ON_TRIAL: frozenset(
        {CandidacyState.TRANSFERRING, CandidacyState.APPOINTED, CandidacyState.RETURNED}
    ),
    CandidacyState.TRANSFERRING: frozenset({CandidacyState.APPOINTED, CandidacyState.RETURNED}),
    CandidacyState.APPOINTED: frozenset({CandidacyState.RETURNED}),
}
"""Where a candidacy may go from where it stands; from all other states nowhere.

Back among the others comes who was put forward by marks that fell, or fell out by one (R-VOID).
"""


class CandidacyNotFound(NotFound):
    """没有找到这份报名，或者你没有查看的权限。"""

    code = "recruitment.candidacy-not-found"


class MoveRefused(Conflict):
    """{name}的报名现在是“{before}”，不能改为“{after}”，没有改动。请核对本轮历史。"""

    code = "recruitment.move-refused"


def confirm_honours(session: Session, key: int, step: Step, *, confirmed: bool) -> None:
    """Let a title of E5d count only where the office has seen its proof (R-TIE)."""
    candidacy, round_ = candidacy_of(session, key)
    if not candidacy.honoured:
        return
    candidacy.honoured = confirmed
    said = {"candidacy": str(key), "confirmed": "yes" if confirmed else "no"}
    reason = "核对称号属实" if confirmed else "称号没有证明，同分时不比较"
    note(session, round_, "honours-checked", said, step, reason=reason)


def move(
    session: Session,
    key: int,
    state: CandidacyState,
    step: Step,
    *,
    reason: str,
    qualification_key: int | None = None,
) -> Candidacy:
    """Say where a candidacy stands now, and why; nothing happens where it stands there.

    Raises CandidacyNotFound, and MoveRefused for what does not follow from where it stood.
    """
    candidacy, round_ = candidacy_of(session, key)
    before = CandidacyState(candidacy.state)
    if before == state:
        return candidacy
    if state not in _MOVES.get(before, ()):
        raise refused_move(candidacy, state)
    candidacy.state, candidacy.reason = state, reason
    if qualification_key is not None:
        candidacy.qualification_key = qualification_key
    said = {"candidacy": str(key), "from": before.value, "to": state.value}
    note(session, round_, "moved", said, step, reason=reason)
    return candidacy


def refused_move(candidacy: Candidacy, state: CandidacyState) -> MoveRefused:
    """Return what says that a candidacy does not come to this state from where it stands."""
    before = CANDIDACY_WORDS[CandidacyState(candidacy.state)]
    return MoveRefused(name=candidacy.name, before=before, after=CANDIDACY_WORDS[state])


def candidacy_of(session: Session, key: int) -> tuple[Candidacy, Round]:
    """Return a candidacy and its round, the round under its lock. Raises CandidacyNotFound."""
    round_key = session.scalar(select(Candidacy.round_key).where(Candidacy.key == key))
    if round_key is None:
        raise CandidacyNotFound
    round_ = locked(session, round_key)
    candidacy = session.get(Candidacy, key, populate_existing=True)
    if candidacy is None:
        raise CandidacyNotFound
    return candidacy, round_


def seated_already(session: Session, username: str) -> list[Refusal]:
    """Return why somebody cannot take a seat: they hold one (M2)."""
    seat_code = session.scalar(
        select(Researcher.seat_code).where(
            Researcher.username == username,
            Researcher.ended_on.is_(None),
            Researcher.seat_code != "",
        )
    )
    if seat_code is None:
        return []
    return [STAFFING["M2"].refuses(f"已经在岗位{seat_code}，一人只占一个岗位")]


def of_post(session: Session, code: str, *states: CandidacyState) -> Sequence[Candidacy]:
    """Return the candidacies of a post in these states, in the order in which they came."""
    statement = select(Candidacy).where(Candidacy.post_code == code)
    if states:
        statement = statement.where(Candidacy.state.in_(states))
    return session.scalars(statement.order_by(Candidacy.key)).all()


def count_undecided(session: Session, round_key: int, step: Step) -> int:
    """Count whose formal check is not over; whose case was cancelled has withdrawn."""
    withdraw_cancelled(session, round_key, step)
    return len(of_round(session, round_key, *UNDECIDED))


def withdraw_cancelled(session: Session, round_key: int, step: Step) -> None:
    """Let those count as withdrawn whose cases were cancelled before anybody was proposed."""
    wanted = select(Candidacy.key).where(
        Candidacy.round_key == round_key,
        Candidacy.state.in_((*UNDECIDED, CandidacyState.ADMITTED)),
        case_ended(Candidacy.instance_key),
    )
    for key in session.scalars(wanted.order_by(Candidacy.key)).all():
        move(session, key, CandidacyState.WITHDRAWN, step, reason="报名事项已经取消")
    session.flush()


def of_round(session: Session, round_key: int, *states: CandidacyState) -> Sequence[Candidacy]:
    """Return the candidacies of a round in these states, in the order in which they came."""
    statement = select(Candidacy).where(Candidacy.round_key == round_key)
    if states:
        statement = statement.where(Candidacy.state.in_(states))
    return session.scalars(statement.order_by(Candidacy.key)).all()


def is_settled(session: Session, candidacy: Candidacy) -> bool:
    """Tell whether nothing more comes of a candidacy: its post or its round has ended."""
    post = session.get_one(RoundPost, candidacy.post_code)
    round_ = session.get_one(Round, candidacy.round_key)
    return post.state != PostState.OPEN or round_.state == RoundState.ENDED


def to_tell(session: Session, code: str) -> list[Json]:
    """Return whom the end of a post is to be told, as rows of `candidacy_key`, which is text."""
    told = (CandidacyState.REFUSED, CandidacyState.WITHDRAWN)
    found = of_post(session, code)
    return [{"candidacy_key": str(one.key)} for one in found if one.state not in told]


def shown(candidacy: Candidacy) -> dict[str, Json]:
    """Return a candidacy as the rows of forms show it; the key is text."""
    return {
        "candidacy_key": str(candidacy.key),
        "name": candidacy.name,
        "unit": candidacy.unit,
        "title": candidacy.title,
        "username": candidacy.username,
    }
