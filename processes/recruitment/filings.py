"""What 人社 or 编办 has answered about a candidate, and why an answer is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from processes.recruitment import rounds
from processes.recruitment.history import acts_of, said_in
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.settings import FILING_ORGANS
from processes.recruitment.tables import Candidacy, CandidacyState
from processes.registers.days import bureau_day, said_day
from processes.registers.norms import Refusal

FILING_ACT, TRANSFER_ACT = "filing-reply", "transfer-reply"
"""Acts of the round's history by which they are registered."""

_WAITING = {FILING_ACT: CandidacyState.FILING, TRANSFER_ACT: CandidacyState.TRANSFERRING}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Filing:
    """What 人社 or 编办 has answered about a candidate: to the filing, or to the transfer."""

    approved: bool
    organ: str
    number: str
    dated_on: date | None


def filing_said(candidacy_key: int, filing: Filing) -> dict[str, str]:
    """Return an answer to a filing as the round's history says it."""
    answer = "同意" if filing.approved else "不同意"
    said = said_of(filing.organ, filing.number, answer, filing.dated_on)
    return {"candidacy": str(candidacy_key), **said}


def filing_problems(
    filing: Filing, *, organs: Sequence[str], since: date, today: date
) -> list[Refusal]:
    """Return why an answer to a filing is none: of these organs alone, and not before it was asked.

    `since` is the day on which the candidate came to wait for the answer, of the bureau's days.
    """
    problems, norm = [], NORMS["R-FILLED"]
    if filing.organ.strip() not in organs:
        asked = f"办理机关应为{'、'.join(organs)}，不是“{filing.organ.strip()[:40]}”"
        problems.append(NORMS["R-ANSWER"].refuses(asked))
    if not filing.number.strip():
        problems.append(norm.refuses("须写明答复的文号"))
    if filing.dated_on is None or filing.dated_on > today:
        problems.append(norm.refuses("日期没有填写，或者晚于今天"))
    elif filing.dated_on < since:
        problems.append(
            NORMS["R-ANSWER"].refuses(
                f"答复的日期早于{said_day(since)}：公示或者试用没有结束，不能已经答复"
            )
        )
    return problems


def answer_problems(
    session: Session, candidacy: Candidacy, act: str, answer: Filing, *, today: date
) -> list[Refusal]:
    """Return why this is no answer of this kind (`FILING_ACT`, `TRANSFER_ACT`) for somebody."""
    organs = rounds.values_of(session, today).items(FILING_ORGANS)
    since = waits_since(session, candidacy, _WAITING[act])
    return filing_problems(answer, organs=organs, since=since, today=today)


def waits_since(session: Session, candidacy: Candidacy, state: CandidacyState) -> date:
    """Return the bureau's day on which somebody came to this state last; `date.min`: never."""
    there = {"candidacy": str(candidacy.key), "to": state.value}
    moved = (
        bureau_day(act.at)
        for act in acts_of(session, candidacy.round_key)
        if there.items() <= said_in(act).items()
    )
    return next(moved, date.min)


def said_of(organ: str, number: str, answer: str, dated_on: date | None) -> dict[str, str]:
    """Return an answer as the round's history says it."""
    return {
        "organ": organ.strip()[:_LONGEST],
        "number": number.strip()[:_LONGEST],
        "answer": answer,
        "dated_on": "" if dated_on is None else dated_on.isoformat(),
    }
