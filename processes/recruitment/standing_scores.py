"""Whether the marks of an interview still stand: ties found behind the ranking (R-VOID).

Marks are never changed: what falls is written in a new run with its reason, beside the old one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.recruitment import scoring
from processes.recruitment.candidacies import of_post
from processes.recruitment.history import Step
from processes.recruitment.rules.ranking import Ranking
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
NOBODY = 0
"""In the place of a candidacy: nobody is proposed."""
ENGAGED = (CandidacyState.ON_TRIAL, CandidacyState.TRANSFERRING, CandidacyState.APPOINTED)
"""In post: what is found now undoes nothing by itself."""


class Standing(StrEnum):
    """What a post comes to when its marks are looked at again."""

    HOLDS = "hold"
    """Nothing fell, or who is proposed is still the first; where nobody is, nobody passes."""
    ANEW = "rank"
    """Somebody else is the first, or several are: the order is to be settled again."""
    SHORT = "interview"
    """Too few valid marks are left of somebody: the interview is held again."""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking; `fallen` counts the marks that count no more."""

    standing: Standing
    fallen: int = 0
    reinstated: tuple[int, ...] = ()
    """Who stood below the line by a mark that fell, by candidacy."""


def examined(session: Session, code: str) -> Sequence[Candidacy]:
    """Return who was examined whole, below the line too, whatever became of them."""
    marked = select(RankEntry.candidacy_key).where(
        RankEntry.post_code == code, RankEntry.total != ""
    )
    keys = set(session.scalars(marked))
    return [one for one in of_post(session, code) if one.key in keys]


def below_line(session: Session, code: str) -> Sequence[Candidacy]:
    """Return who fell out by the line of the interview alone, in the ranking in force (R-PASS)."""
    below = {row.candidacy_key for row in scoring.ranks_of(session, code)
             if row.total and not row.place}  # fmt: skip
    dropped = of_post(session, code, CandidacyState.DROPPED)
    return [one for one in dropped if one.key in below]


def tied_marks(session: Session, people: Sequence[Candidacy], bars: Bars) -> int:
    """Count the marks of these people that count and were given by who must keep out by now."""
    return _fallen(_newest_run(session, [one.key for one in people]), bars)


def foresee(
    session: Session, code: str, scheme: Scheme, bars: Bars, *, proposed: int = NOBODY
) -> Look:
    """Say what the marks come to without those of who must keep out by now; nothing is written.

    `proposed` is the candidacy that was put forward.
    """
    return _reckon(session, code, scheme, bars, proposed).look


def look_again(
    session: Session, code: str, scheme: Scheme, bars: Bars, step: Step, *, proposed: int = NOBODY
) -> Look:
    """Void the marks of who must keep out by now, and work out the rest of them once more.

    `proposed` is the candidacy that was put forward. Results and order are written anew where they
    are complete; where the interview has to be held again, nothing is.
    """
    found = _reckon(session, code, scheme, bars, proposed)
    if found.look.fallen and found.look.standing is not Standing.SHORT:
        _write(session, found.rows, found.interviews, step)
        scoring.rank_post(session, code, scheme, step, among=found.people)
    return found.look


@dataclass(frozen=True, slots=True)
class _Reckoned:
    look: Look
    people: Sequence[Candidacy] = ()
    rows: Sequence[ScoreEntry] = ()
    interviews: Mapping[int, Interview] = field(default_factory=dict)


def _reckon(session: Session, code: str, scheme: Scheme, bars: Bars, proposed: int) -> _Reckoned:
    people = examined(session, code)
    rows = _newest_run(session, [one.key for one in people])
    fallen = _fallen(rows, bars)
    if not fallen:
        return _Reckoned(Look(Standing.HOLDS))
    found = {one.key: _again(one, rows, bars.get(one.key, {}), scheme) for one in people}
    below = {one.key for one in below_line(session, code)}
    running = [
        one for one in people
        if one.key in below or one.key == proposed or one.state == CandidacyState.ADMITTED
    ]  # fmt: skip
    if any(found[one.key].again for one in running):
        standing, back = Standing.SHORT, below
    else:
        spoken = {key: str(its.value) for key, its in found.items() if its.value is not None}
        order = scoring.order_of(session, running, scheme, interviews=spoken)
        standing = _standing(order, proposed)
        back = below & {int(one.candidate) for one in order.ranks}
    return _Reckoned(Look(standing, fallen, tuple(sorted(back))), people, rows, found)


def _standing(order: Ranking, proposed: int) -> Standing:
    first = order.ranks[0] if order.ranks else None
    if proposed == NOBODY:
        return Standing.HOLDS if first is None else Standing.ANEW
    if first is None or first.candidate != str(proposed) or first.equal:
        return Standing.ANEW
    return Standing.HOLDS


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
