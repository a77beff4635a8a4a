"""Applications as they come in: taken within the window, mended, held against the gates.

What becomes of them afterwards is in `candidacies`.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.candidacies import candidacy_of, seated_already
from processes.recruitment.history import Step, acts_of, note
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import (
    Selected,
    Talent,
    selection_findings,
    talent_findings,
)
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.tables import Candidacy, CandidacyState, PostState, Round, RoundState
from processes.registers.days import bureau_day, said_day
from processes.registers.norms import Refusal
from processes.registers.titles import TITLES, Rank
from service.domain.disclosures import holds_identity_number, holds_mobile
from service.domain.errors import NotFound
from service.procedure import case_ended

TALENT_APPROVED = "talent-approved"
"""Act on a round of 人才引进: it is in the yearly catalogue, and the city's group has agreed."""


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
    problems: tuple[Refusal, ...] = ()
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
        strange = (
            f"没有编号为“{code[:20]}”的岗位，请照公告改正岗位编号，"
            "或者放弃这次报名，从公告里的“我要申请”选定岗位"
        )
        return Entered(None, (NORMS["R-FILLED"].refuses(strange),))
    if closed := _closed(session, round_, bureau_day(step.now)):
        return Entered(None, (closed,), closed=True)
    problems = [
        *_private(applicant),
        *_doubles(session, round_, applicant),
        *_gates(session, round_, applicant),
    ]
    if post.state != PostState.OPEN:
        problems.append(NORMS["R-FROZEN"].refuses(f"岗位{code}已经取消：{post.reason}"))
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


def supplement(session: Session, key: int, applicant: Applicant, step: Step) -> list[Refusal]:
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
    return [*seated, *_gates(session, round_, applicant)]


def _private(applicant: Applicant) -> list[Refusal]:
    """Why a name or a unit cannot be published."""
    return [
        NORMS["R-SHOWN"].refuses(f"{label}里不能有身份证号和手机号：成绩和公示会公开这一项")
        for label, text in (("姓名", applicant.name), ("现工作单位", applicant.unit))
        if holds_identity_number(text) or holds_mobile(text)
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _closed(session: Session, round_: Round, today: date) -> Refusal | None:
    """Why nobody can register now, whatever they fill in (R-T2)."""
    window = NORMS["R-T2"]
    opens, closes = round_.registration_opens_on, round_.registration_closes_on
    over = session.scalar(select(case_ended(Round.instance_key)).where(Round.key == round_.key))
    if over or round_.state != RoundState.ANNOUNCED or opens is None or closes is None:
        return window.refuses(f"{round_.title}现在不接受报名")
    if today < opens:
        return window.refuses(f"报名从{said_day(opens)}开始，还没有到时间")
    if today <= closes:
        return None
    return window.refuses(f"报名已于{said_day(closes)}截止，逾期不再受理")


def _doubles(session: Session, round_: Round, applicant: Applicant) -> list[Refusal]:
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
        problems.append(NORMS["R-ONE"].refuses(f"一人只能报一个岗位，你已经报了{other}"))
    return [*problems, *seated_already(session, applicant.username)]


def _gates(session: Session, round_: Round, applicant: Applicant) -> list[Refusal]:
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
    return refusals(found)
