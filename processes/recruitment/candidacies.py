"""Candidacies: entered within the window, checked, proposed in the order of the ranking, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.history import Step, acts_of, locked, note
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import (
    Selected,
    Talent,
    selection_findings,
    talent_findings,
)
from processes.recruitment.rules.findings import refusals
from processes.recruitment.tables import Candidacy, CandidacyState, PostState, Round, RoundState
from processes.registers.days import bureau_day, said_day
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.tables import Researcher
from processes.registers.tables import QualificationRecord, QualificationState
from processes.registers.titles import TITLES, Rank
from service.domain.disclosures import holds_identity_number, holds_mobile
from service.domain.errors import Conflict, NotFound
from service.domain.values import Json
from service.procedure import case_ended

TALENT_APPROVED = "talent-approved"
"""Act on a round of 人才引进: it is in the yearly catalogue, and the city's group has agreed."""

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
    CandidacyState.PROPOSED: frozenset({CandidacyState.FILING, CandidacyState.DROPPED}),
    CandidacyState.FILING: frozenset({CandidacyState.ON_TRIAL, CandidacyState.DROPPED}),
    CandidacyState.ON_TRIAL: frozenset({CandidacyState.APPOINTED, CandidacyState.RETURNED}),
}
"""Where a candidacy may go from where it stands; from all other states nowhere."""


class CandidacyNotFound(NotFound):
    """没有找到这份报名，或者你没有查看的权限。"""

    code = "recruitment.candidacy-not-found"


class MoveRefused(Conflict):
    """{name}的报名现在是“{before}”，不能改为“{after}”，没有改动。请核对本轮历史。"""

    code = "recruitment.move-refused"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as they fill it in; `selected` are the facts that channel A asks for."""

    username: str
    name: str
    unit: str
    title: str
    honoured: bool
    selected: Selected
    doctor: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of an application: entered, or why not; `closed` where nothing mends it."""

    candidacy: Candidacy | None
    problems: tuple[str, ...] = ()
    closed: bool = False


def enter(session: Session, code: str, applicant: Applicant, step: Step) -> Entered:
    """Enter somebody for a post of an announced round, once.

    Refused: no such post, outside the window, a second post of the round (one person one post),
    a researcher who holds a seat already, who this channel is not for (R-CH-5), and a name or unit
    that holds private numbers, since both are published with the scores (R-SHOWN).
    """
    known = session.get(Candidacy, step.key)
    if known is not None:
        return Entered(known)
    try:
        post, round_ = post_of(session, code)
    except NotFound:
        return Entered(None, (f"没有编号为“{code[:20]}”的岗位，请按公告填写岗位编号。",))
    if closed := _closed(session, round_, bureau_day(step.now)):
        return Entered(None, (closed,), closed=True)
    problems = [
        *_private(applicant),
        *_doubles(session, round_, applicant),
        *_gates(session, round_, applicant),
    ]
    if post.state != PostState.OPEN:
        problems.append(f"岗位{code}已经取消：{post.reason}")
    if problems:
        return Entered(None, tuple(problems))
    candidacy = Candidacy(
        key=step.key,
        round_key=round_.key,
        post_code=code,
        instance_key=step.instance_key,
        username=applicant.username,
        name=_one_line(applicant.name),
        unit=_one_line(applicant.unit),
        title=applicant.title,
        honoured=applicant.honoured,
        qualification_key=None,
        state=CandidacyState.CHECKING,
        reason="",
        applied_at=step.now,
    )
    session.add(candidacy)
    session.flush()
    note(session, round_, "applied", {"candidacy": str(step.key)}, step, reason="报名")
    return Entered(candidacy)


def supplement(session: Session, key: int, applicant: Applicant, step: Step) -> list[str]:
    """Take what an applicant has mended into their candidacy; return what still keeps them out.

    The post stays as it was, and so does the candidacy where a name or unit cannot be published.
    """
    candidacy, round_ = candidacy_of(session, key)
    if private := _private(applicant):
        return private
    candidacy.name, candidacy.unit = _one_line(applicant.name), _one_line(applicant.unit)
    candidacy.title, candidacy.honoured = applicant.title, applicant.honoured
    note(session, round_, "supplemented", {"candidacy": str(key)}, step, reason="补正报名材料")
    seated = seated_already(session, applicant.username)
    return [*filter(None, [seated]), *_gates(session, round_, applicant)]


def confirm_honours(session: Session, key: int, step: Step, *, confirmed: bool) -> None:
    """Let a title of E5d count only where the office has seen its proof (R-TIE)."""
    candidacy, round_ = candidacy_of(session, key)
    if not candidacy.honoured:
        return
    candidacy.honoured = confirmed
    said = {"candidacy": str(key), "confirmed": "yes" if confirmed else "no"}
    reason = "核对称号属实" if confirmed else "称号没有证明，同分时不比较"
    note(session, round_, "honours-checked", said, step, reason=reason)


def valid_qualification(
    session: Session, username: str, seat: str, today: date
) -> QualificationRecord | None:
    """Return the qualification for this seat that holds today: revisions after it count."""
    rows = session.scalars(
        select(QualificationRecord)
        .where(QualificationRecord.holder == username, QualificationRecord.seat == seat)
        .order_by(QualificationRecord.qualification_key, QualificationRecord.revision)
    )
    newest = {row.qualification_key: row for row in rows}
    valid = [
        row
        for row in newest.values()
        if row.state == QualificationState.GRANTED and row.granted_on <= today <= row.valid_until
    ]
    return max(valid, key=lambda row: row.valid_until, default=None)


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
        raise MoveRefused(
            name=candidacy.name, before=CANDIDACY_WORDS[before], after=CANDIDACY_WORDS[state]
        )
    candidacy.state, candidacy.reason = state, reason
    if qualification_key is not None:
        candidacy.qualification_key = qualification_key
    said = {"candidacy": str(key), "from": before.value, "to": state.value}
    note(session, round_, "moved", said, step, reason=reason)
    return candidacy


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


def seated_already(session: Session, username: str) -> str:
    """Return why somebody cannot take a seat: they hold one (M2); empty where they do not."""
    seat_code = session.scalar(
        select(Researcher.seat_code).where(
            Researcher.username == username,
            Researcher.ended_on.is_(None),
            Researcher.seat_code != "",
        )
    )
    if seat_code is None:
        return ""
    norm = STAFFING["M2"]
    return f"已经在岗位{seat_code}，一人只占一个岗位（{norm.source}{norm.cited}）。"


def of_post(session: Session, code: str, *states: CandidacyState) -> Sequence[Candidacy]:
    """Return the candidacies of a post in these states, in the order in which they came."""
    statement = select(Candidacy).where(Candidacy.post_code == code)
    if states:
        statement = statement.where(Candidacy.state.in_(states))
    return session.scalars(statement.order_by(Candidacy.key)).all()


def count_undecided(session: Session, round_key: int, step: Step) -> int:
    """Count whose formal check is not over; whose case was cancelled has withdrawn."""
    wanted = select(Candidacy.key).where(
        Candidacy.round_key == round_key,
        Candidacy.state.in_(UNDECIDED),
        case_ended(Candidacy.instance_key),
    )
    for key in session.scalars(wanted).all():
        move(session, key, CandidacyState.WITHDRAWN, step, reason="报名事项已经取消")
    session.flush()
    return len(of_round(session, round_key, *UNDECIDED))


def of_round(session: Session, round_key: int, *states: CandidacyState) -> Sequence[Candidacy]:
    """Return the candidacies of a round in these states, in the order in which they came."""
    statement = select(Candidacy).where(Candidacy.round_key == round_key)
    if states:
        statement = statement.where(Candidacy.state.in_(states))
    return session.scalars(statement.order_by(Candidacy.key)).all()


def shown(candidacy: Candidacy) -> dict[str, Json]:
    """Return a candidacy as the rows of forms show it; the key is text."""
    return {
        "candidacy_key": str(candidacy.key),
        "name": candidacy.name,
        "unit": candidacy.unit,
        "title": candidacy.title,
        "username": candidacy.username,
    }


def _private(applicant: Applicant) -> list[str]:
    """Why a name or a unit cannot be published."""
    return [
        f"{label}里不能有身份证号和手机号：成绩和公示会公开这一项。"
        for label, text in (("姓名", applicant.name), ("现工作单位", applicant.unit))
        if holds_identity_number(text) or holds_mobile(text)
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _closed(session: Session, round_: Round, today: date) -> str:
    opens, closes = round_.registration_opens_on, round_.registration_closes_on
    over = session.scalar(select(case_ended(Round.instance_key)).where(Round.key == round_.key))
    if over or round_.state != RoundState.ANNOUNCED or opens is None or closes is None:
        return f"{round_.title}现在不接受报名。"
    if today < opens:
        return f"报名从{said_day(opens)}开始，还没有到时间。"
    return "" if today <= closes else f"报名已于{said_day(closes)}截止，逾期不再受理。"


def _doubles(session: Session, round_: Round, applicant: Applicant) -> list[str]:
    over = (CandidacyState.WITHDRAWN,)
    other = session.scalar(
        select(Candidacy.post_code).where(
            Candidacy.round_key == round_.key,
            Candidacy.username == applicant.username,
            Candidacy.state.not_in(over),
        )
    )
    problems = []
    if other is not None:
        problems.append(f"一人只能报一个岗位，你已经报了{other}。")
    if seated := seated_already(session, applicant.username):
        problems.append(seated)
    return problems


def _gates(session: Session, round_: Round, applicant: Applicant) -> list[str]:
    """What keeps somebody out of this channel, with its source; open recruitment is for all."""
    match Channel(round_.channel):
        case Channel.SELECTION:
            found = selection_findings(applicant.selected)
        case Channel.TALENT:
            approved = any(one.act == TALENT_APPROVED for one in acts_of(session, round_.key))
            title = TITLES.get(applicant.title)
            found = talent_findings(
                Talent(
                    Rank.NONE if title is None else title.rank,
                    applicant.doctor,
                    in_catalogue=approved,
                    group_agreed=approved,
                )
            )
        case _:
            return []
    return [str(one) for one in refusals(found)]
