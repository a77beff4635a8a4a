"""Whether the marks of an interview still stand: ties found behind the ranking (R-VOID).

Marks are never changed: what falls is written in a new run with its reason, beside the old one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.recruitment import scoring
from processes.recruitment.candidacies import of_post
from processes.recruitment.history import Step
from processes.recruitment.rules.scores import (
    NOT_COMMON_LANGUAGE,
    Interview,
    Mark,
    Scheme,
    interview_score,
    read_mark,
)
from processes.recruitment.scoring import Given
from processes.recruitment.tables import Candidacy, CandidacyState, Part, RankEntry, ScoreEntry

Bars = Mapping[int, Mapping[str, str]]
"""By candidacy: which examiners must keep out by now, and why."""
_IN_THE_RUNNING = (CandidacyState.ADMITTED, CandidacyState.PROPOSED)


class Standing(StrEnum):
    """What a post comes to when its marks are looked at again."""

    HOLDS = "hold"
    """Nothing fell, or who is proposed is still the first."""
    ANEW = "rank"
    """Somebody else is the first, or several are: the order is to be settled again."""
    SHORT = "interview"
    """Too few valid marks are left of somebody: the interview is held again."""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking; `fallen` counts the marks that count no more."""

    standing: Standing
    fallen: int = 0


def ranked(session: Session, code: str) -> Sequence[Candidacy]:
    """Return who had a place in a ranking of the post, whatever became of them."""
    placed = select(RankEntry.candidacy_key).where(RankEntry.post_code == code, RankEntry.place > 0)
    keys = set(session.scalars(placed))
    return [one for one in of_post(session, code) if one.key in keys]


def tied_marks(session: Session, people: Sequence[Candidacy], bars: Bars) -> int:
    """Count the marks of these people that count and were given by who must keep out by now."""
    return _fallen(_newest_run(session, [one.key for one in people]), bars)


def look_again(
    session: Session, code: str, scheme: Scheme, bars: Bars, step: Step, *, proposed: int
) -> Look:
    """Void the marks of who must keep out by now, and work out the rest of them once more.

    `proposed` is the candidacy under investigation. New results are written where they are complete
    and, where the same person stays the first, the new order; else nothing of an order.
    """
    people = ranked(session, code)
    rows = _newest_run(session, [one.key for one in people])
    fallen = _fallen(rows, bars)
    if not fallen:
        return Look(Standing.HOLDS)
    found = {one.key: _again(one, rows, bars.get(one.key, {}), scheme) for one in people}
    running = [one for one in people if one.state in _IN_THE_RUNNING]
    if any(found[one.key].again for one in running):
        return Look(Standing.SHORT, fallen)
    _write(session, rows, found, step)
    order = scoring.order_of(session, running, scheme)
    first = order.ranks[0] if order.ranks else None
    if first is None or first.candidate != str(proposed) or first.equal:
        return Look(Standing.ANEW, fallen)
    scoring.rank_post(session, code, scheme, step, among=people)
    return Look(Standing.HOLDS, fallen)


def _fallen(rows: Sequence[ScoreEntry], bars: Bars) -> int:
    return sum(
        bool(row.points and not row.void_reason and row.rater in bars.get(row.candidacy_key, {}))
        for row in rows
        if row.rater
    )


def _newest_run(session: Session, keys: Sequence[int]) -> Sequence[ScoreEntry]:
    of_these = (ScoreEntry.part == Part.INTERVIEW.value, ScoreEntry.candidacy_key.in_(keys))
    newest = select(func.max(ScoreEntry.run)).where(*of_these).scalar_subquery()
    return session.scalars(select(ScoreEntry).where(*of_these, ScoreEntry.run == newest)).all()


def _again(
    one: Candidacy, rows: Sequence[ScoreEntry], bars: Mapping[str, str], scheme: Scheme
) -> Interview:
    own = [row for row in rows if row.candidacy_key == one.key]
    marks = [
        Mark(row.rater, str(one.key), read_mark(row.points), "", row.entered_at)
        for row in own
        if row.rater and row.points
    ]
    before = {row.rater: row.void_reason for row in own if row.rater and row.void_reason}
    spoke = all(row.note != NOT_COMMON_LANGUAGE for row in own if not row.rater)
    panel = {row.rater for row in own if row.rater}
    return interview_score(
        marks, panel, {**bars, **before}, scheme, answered_in_common_language=spoke
    )


def _write(
    session: Session, rows: Sequence[ScoreEntry], found: Mapping[int, Interview], step: Step
) -> None:
    run = scoring.next_run(session, Part.INTERVIEW, list(found))
    for rater in sorted({(row.rater, row.rater_name) for row in rows if row.rater}):
        own = [row for row in rows if row.rater == rater[0]]
        void = {key: its.void[rater[0]] for key, its in found.items() if rater[0] in its.void}
        given = [Given(row.candidacy_key, row.points, row.note) for row in own]
        scoring.put(session, Part.INTERVIEW, rater, given, run, step, void=void,
                    entered_at=own[0].entered_at)  # fmt: skip
    given = [
        Given(row.candidacy_key, "" if its.value is None else str(its.value), its.note)
        for row in rows
        if not row.rater and (its := found.get(row.candidacy_key)) is not None
    ]
    scoring.put(session, Part.INTERVIEW, ("", ""), given, run, step)
