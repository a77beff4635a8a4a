"""Scores and ranks of a post: papers entered, the panel's marks counted, the order written down.

Marks are kept as they were given; which of them counts is worked out by the ties known then, and
written beside them. A new run never changes an old one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.recruitment.candidacies import of_post
from processes.recruitment.history import Step, note
from processes.recruitment.plans import ORDER_WORDS
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.ranking import Rank, Ranking, Standing, rank, substitute
from processes.recruitment.rules.scores import (
    Interview,
    Mark,
    Scheme,
    ScoreUnfit,
    interview_score,
    is_late,
    pass_finding,
    read_mark,
    total,
)
from processes.recruitment.tables import Candidacy, CandidacyState, Part, RankEntry, ScoreEntry
from processes.registers.norms import Refusal

ABSENT = "缺考"


@dataclass(frozen=True, slots=True)
class Given:
    """One score as somebody entered it; `points` empty: not there, or kept out."""

    candidacy_key: int
    points: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """How a candidate came to the interview."""

    minutes_late: int | None
    """None: did not come."""
    common_language: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one member of the panel gave."""

    examiner: str
    name: str
    paper: str
    entered_at: datetime
    given: tuple[Given, ...]


def given_problems(given: Iterable[Given], names: Mapping[int, str]) -> list[Refusal]:
    """Return which scores are none: of strangers, twice, missing, not 0 to 100 in two places."""
    rows, filled = list(given), NORMS["R-FILLED"]
    problems = []
    for key, name in names.items():
        count = sum(one.candidacy_key == key for one in rows)
        if count != 1:
            problems.append(filled.refuses(f"{name}有{count}个成绩，应有1个"))
    for one in rows:
        if one.candidacy_key not in names:
            problems.append(filled.refuses("有不属于这个岗位的成绩"))
        elif one.points:
            try:
                read_mark(one.points)
            except ScoreUnfit as unfit:
                said = f"{names[one.candidacy_key]}：{unfit.message}"
                problems.append(NORMS["R-ROUND"].refuses(said))
    return problems


def put(session: Session, part: Part, rater: tuple[str, str], given: Sequence[Given], run: int,
        step: Step, *, void: Mapping[int, str] | None = None,
        entered_at: datetime | None = None) -> None:  # fmt: skip
    """Write the scores of one run, once a step; `rater` is user name and name."""
    done = session.scalar(
        select(func.count()).where(
            ScoreEntry.cause_key == step.key,
            ScoreEntry.rater == rater[0],
            ScoreEntry.part == part.value,
        )
    )
    if done:
        return
    for one in given:
        session.add(
            ScoreEntry(
                candidacy_key=one.candidacy_key, part=part.value, run=run, rater=rater[0],
                rater_name=rater[1], points=one.points, note=one.note,
                void_reason=(void or {}).get(one.candidacy_key, ""),
                entered_at=entered_at or step.now, cause_key=step.key,
            )
        )  # fmt: skip
    session.flush()


def next_run(session: Session, part: Part, keys: Collection[int]) -> int:
    """Return the number of the run after the last one of these candidates."""
    last = session.scalar(
        select(func.max(ScoreEntry.run)).where(
            ScoreEntry.part == part.value, ScoreEntry.candidacy_key.in_(keys)
        )
    )
    return (last or 0) + 1


def results(session: Session, part: Part, keys: Collection[int]) -> dict[int, str]:
    """Return the result of each candidate in the newest run: decimal text, empty for none."""
    return {row.candidacy_key: row.points for row in _results(session, part, keys)}


def extra_marks(session: Session, keys: Collection[int]) -> dict[int, tuple[Decimal, ...]]:
    """Return the marks of each candidate in the extra tests they took, in the order of the tests.

    Marks of different tests are never compared: whoever the first one set apart keeps the place.
    """
    found: dict[int, tuple[Decimal, ...]] = {}
    for row in _results(session, Part.EXTRA, keys):
        if row.points:
            before = found.get(row.candidacy_key, ())
            found[row.candidacy_key] = (*before, Decimal(row.points))
    return found


def marks_of(sheets: Iterable[Sheet]) -> list[Mark]:
    """Return the marks that the sheets give; who kept out of a candidate gave none."""
    return [
        Mark(sheet.examiner, str(given.candidacy_key), read_mark(given.points), sheet.paper,
             sheet.entered_at)
        for sheet in sheets
        for given in sheet.given
        if given.points
    ]  # fmt: skip


def interviews(
    marks: Sequence[Mark],
    panel: Collection[str],
    candidates: Sequence[Candidacy],
    barred: Mapping[str, Mapping[str, str]],
    attendance: Mapping[int, Attendance],
    scheme: Scheme,
) -> dict[int, Interview]:
    """Work out the interview of everybody who came in time, before the panel that was seated.

    `barred` is by the candidate's user name: who must keep out, and why.
    """
    found: dict[int, Interview] = {}
    for one in candidates:
        came = attendance.get(one.key, Attendance(0))
        if not came_in_time(came, scheme):
            continue
        found[one.key] = interview_score(
            [mark for mark in marks if mark.candidate == str(one.key)],
            panel,
            barred.get(one.username, {}),
            scheme,
            answered_in_common_language=came.common_language,
        )
    return found


def came_in_time(came: Attendance, scheme: Scheme) -> bool:
    """Tell whether somebody took part: who came too late has withdrawn (R-LATE)."""
    if came.minutes_late is None:
        return False
    due = datetime(2000, 1, 1)  # noqa: DTZ001 - only the difference counts
    return not is_late(due, due + timedelta(minutes=came.minutes_late), scheme.late_minutes)


def order_of(
    session: Session,
    candidates: Sequence[Candidacy],
    scheme: Scheme,
    *,
    interviews: Mapping[int, str],
) -> Ranking:
    """Put candidates in order by their results, with these of the interview; nothing is written."""
    return rank(list(_standings(session, candidates, scheme, 1, interviews)), scheme)


def rank_post(
    session: Session,
    code: str,
    scheme: Scheme,
    step: Step,
    *,
    openings: int = 1,
    among: Sequence[Candidacy] | None = None,
) -> Ranking:
    """Put the candidates of a post in order by their results; written down once a step.

    `among`: these; else who has passed the formal check and is not proposed.
    """
    _, round_ = post_of(session, code)
    candidates = of_post(session, code, CandidacyState.ADMITTED) if among is None else among
    standings = {one.candidate: one for one in _standings(session, candidates, scheme, openings)}
    ranking = rank(standings.values(), scheme)
    if session.scalar(select(func.count()).where(RankEntry.cause_key == step.key)):
        return ranking
    last = session.scalar(select(func.max(RankEntry.run)).where(RankEntry.post_code == code))
    places = {one.candidate: one for one in ranking.ranks}
    for one in candidates:
        its, place = standings.get(str(one.key)), places.get(str(one.key))
        session.add(
            RankEntry(
                post_code=code,
                run=(last or 0) + 1,
                candidacy_key=one.key,
                place=0 if place is None else place.place,
                written="" if its is None else str(its.written),
                interview="" if its is None else str(its.interview),
                total="" if its is None else str(its.total),
                note=_note(its, place),
                rules_version=step.rules,
                ranked_at=step.now,
                cause_key=step.key,
            )
        )
    session.flush()
    said = {"post": code, "run": str((last or 0) + 1), "ranked": str(len(places))}
    note(session, round_, "ranked", said, step, reason="成绩合成、排名")
    return ranking


def ranks_of(session: Session, code: str) -> Sequence[RankEntry]:
    """Return the ranking in force of a post, the first place first, those without one last."""
    newest = select(func.max(RankEntry.run)).where(RankEntry.post_code == code).scalar_subquery()
    rows = session.scalars(
        select(RankEntry).where(RankEntry.post_code == code, RankEntry.run == newest)
    ).all()
    return sorted(rows, key=lambda row: (row.place == 0, row.place, row.candidacy_key))


def next_candidate(session: Session, code: str, scheme: Scheme, today: date) -> Candidacy | None:
    """Return who is to be investigated next by the ranking in force (R-NEXT); None: nobody.

    The first needs no substitution; whoever comes after has until the announced day.
    """
    candidates = {str(one.key): one for one in of_post(session, code)}
    rows = [row for row in ranks_of(session, code) if row.place]
    standings = [_kept(row, candidates[str(row.candidacy_key)]) for row in rows]
    extra = extra_marks(session, [row.candidacy_key for row in rows])
    standings = [replace(one, extra=extra.get(int(one.candidate), ())) for one in standings]
    ranking = rank(standings, scheme)
    used = [key for key, one in candidates.items() if one.state != CandidacyState.ADMITTED]
    ranked = session.scalars(
        select(RankEntry.candidacy_key).where(RankEntry.post_code == code, RankEntry.place > 0)
    )
    if not set(used) & {str(key) for key in ranked}:
        chosen = ranking.proposed(1)
    else:
        chosen = substitute(ranking, used, today=today, until=scheme.substitutes_until)
    return candidates[chosen[0]] if len(chosen) == 1 else None


def _results(session: Session, part: Part, keys: Collection[int]) -> Sequence[ScoreEntry]:
    return session.scalars(
        select(ScoreEntry)
        .where(
            ScoreEntry.part == part.value,
            ScoreEntry.rater == "",
            ScoreEntry.candidacy_key.in_(keys),
        )
        .order_by(ScoreEntry.run)
    ).all()


def _kept(row: RankEntry, candidacy: Candidacy) -> Standing:
    return Standing(
        candidate=str(row.candidacy_key),
        total=Decimal(row.total),
        written=Decimal(row.written),
        interview=Decimal(row.interview),
        honoured=candidacy.honoured,
    )


def _standings(
    session: Session,
    candidates: Sequence[Candidacy],
    scheme: Scheme,
    openings: int,
    instead: Mapping[int, str] | None = None,
) -> Iterable[Standing]:
    keys = [one.key for one in candidates]
    written = results(session, Part.WRITTEN, keys)
    interviewed = {**results(session, Part.INTERVIEW, keys), **(instead or {})}
    extra = extra_marks(session, keys)
    came = _interviewed(session, candidates)
    for one in candidates:
        paper = written.get(one.key, "") if scheme.written_percent else "0"
        spoken = interviewed.get(one.key, "")
        if not (paper and spoken):
            continue
        interview = Decimal(spoken)
        added = scheme.honour_points if one.honoured else 0
        yield Standing(
            candidate=str(one.key),
            total=total(Decimal(paper), interview, scheme) + added,
            written=Decimal(paper),
            interview=interview,
            honoured=one.honoured,
            added=added,
            extra=extra.get(one.key, ()),
            passed=pass_finding(interview, came, openings, scheme).met,
        )


def _interviewed(session: Session, candidates: Sequence[Candidacy]) -> int:
    """How many were interviewed for the post of these, whatever became of them since (R-PASS)."""
    posts = {one.post_code for one in candidates}
    keys = session.scalars(select(Candidacy.key).where(Candidacy.post_code.in_(posts))).all()
    return sum(bool(text) for text in results(session, Part.INTERVIEW, keys).values())


def _note(standing: Standing | None, place: Rank | None) -> str:
    if standing is None:
        return ABSENT
    if place is None:
        return "面试成绩没有达到合格线"
    added = f"含称号加{standing.added}分" if standing.added else ""
    if place.equal:
        told = "总成绩和各项比较都相同，须加试"
    else:
        told = "" if place.broken_by is None else f"同分，按{ORDER_WORDS[place.broken_by]}排列"
    return "；".join(filter(None, (added, told)))
