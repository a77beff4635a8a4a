"""A tie that is declared behind the ranking voids the marks given by that examiner (R-VOID)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment import scoring
from processes.recruitment.candidacies import of_post
from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.tables import CandidacyState, Part, ScoreEntry
from service.commands import ties
from service.domain.actors import Actor
from service.domain.recusal import TieKind
from service.feel import FeelPool
from service.store.tables import Notice
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import HEAD, MORE, RATERS, SUBJECTS

_people, _weeks, _subjects = iter(MORE[:-1]), count(), iter(SUBJECTS[:-1])
EIGHT = (HEAD, *RATERS)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("late-ties"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """A post with two candidates who wrote alike, in a week of its own."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    found = begin_post(bureau, [next(_people), next(_people)], next(_subjects))
    found.write(80, 80)
    return found


def candidates(one: Selecting) -> tuple[Actor, Actor]:
    with one.desk.rooms.read() as session:
        first, second = of_post(session, one.post.code)
    return Actor(first.username, first.name), Actor(second.username, second.name)


def interview(
    one: Selecting, marks: Sequence[tuple[float, float]], panel: Sequence[Actor] = EIGHT
) -> None:
    one.seat_panel(*panel)
    one.attend()
    for rater, given in zip(panel, marks, strict=True):
        one.rate(rater, *given)


def tie(one: Selecting, rater: Actor, other: Actor) -> None:
    with one.desk.rooms.write() as tools:
        ties.declare(
            tools, username=rater.username, other=other.username, kind=TieKind.COLLATERAL,
            actor=rater, now=one.desk.clock(),
        )  # fmt: skip


def order(one: Selecting) -> list[tuple[int, str]]:
    with one.desk.rooms.read() as session:
        return [(row.candidacy_key, row.total) for row in scoring.ranks_of(session, one.post.code)]


def published(one: Selecting) -> list[str]:
    with one.desk.rooms.read() as session:
        wanted = select(Notice.title).where(Notice.title.contains(one.post.seat))
        titles = session.scalars(wanted.order_by(Notice.key))
        return [title.rpartition(one.post.seat)[2] for title in titles if "成绩" in title]


def test_the_order_stays_and_the_corrected_scores_are_published(one: Selecting) -> None:
    first, second = candidates(one)
    interview(one, [(90, 70)] * 6 + [(80, 70)] * 2)
    assert order(one)[0] == (one.candidacy(first).key, "85.00")
    tie(one, EIGHT[0], first)
    one.examine()
    # seven marks are left of eight: 88.00 for 88.33
    assert order(one) == [
        (one.candidacy(first).key, "84.80"), (one.candidacy(second).key, "74.00"),
    ]  # fmt: skip
    assert published(one) == ["成绩", "更正后的成绩"]
    # the Party group is asked by the corrected marks
    assert "总成绩84.80，第1名" in str(one.desk.variables(one.case)["item_text"])
    assert one.candidacy(first).state == CandidacyState.PROPOSED
    one.decide()
    # the void mark is kept as it was given, with its reason, in a run of its own
    with one.desk.rooms.read() as session:
        rows = session.scalars(
            select(ScoreEntry).where(
                ScoreEntry.candidacy_key == one.candidacy(first).key,
                ScoreEntry.part == Part.INTERVIEW.value, ScoreEntry.rater == HEAD.username,
            ).order_by(ScoreEntry.run)
        ).all()  # fmt: skip
        acts = acts_of(session, one.round.key)
        assert is_whole(acts, one.round)
    assert [(row.run, row.points, bool(row.void_reason)) for row in rows] == [
        (1, "90", False), (2, "90", True),
    ]  # fmt: skip
    assert "scores-void" in {act.act for act in acts}


def test_somebody_else_is_the_first_and_goes_through_the_checks(one: Selecting) -> None:
    first, second = candidates(one)
    interview(one, [(95, 88)] * 3 + [(85, 88)] * 5)
    assert one.candidacy(first).state == CandidacyState.PROPOSED
    tie(one, EIGHT[0], first)
    one.examine()
    assert order(one) == [
        (one.candidacy(second).key, "84.80"), (one.candidacy(first).key, "84.20"),
    ]  # fmt: skip
    assert published(one) == ["成绩", "成绩"]
    assert one.candidacy(second).state == CandidacyState.PROPOSED
    assert one.candidacy(first).state == CandidacyState.ADMITTED
    assert one.open_elements() == ["inspection", "medical", "record"]
    one.examine()
    one.decide()
    # the other one is still there to take the place
    assert one.candidacy(first).state == CandidacyState.ADMITTED


def test_below_the_least_panel_the_interview_is_held_again(one: Selecting) -> None:
    first, second = candidates(one)
    interview(one, [(90, 80)] * 7, RATERS)
    tie(one, RATERS[0], first)
    one.examine()
    assert one.open_elements() == ["choose_panel"]
    assert one.candidacy(first).state == CandidacyState.ADMITTED
    # who is tied does not sit again, and what counts is the new interview; papers stay
    interview(one, [(70, 85)] * 7, (HEAD, *RATERS[1:]))
    assert one.candidacy(second).state == CandidacyState.PROPOSED
    assert [total for _, total in order(one)] == ["83.00", "74.00"]


def test_a_tie_to_nobody_of_the_post_changes_nothing(one: Selecting) -> None:
    first, _ = candidates(one)
    interview(one, [(90, 80)] * 7, RATERS)
    before = order(one)
    tie(one, RATERS[0], next(_people))
    one.examine()
    assert order(one) == before
    assert published(one) == ["成绩"]
    one.decide()
    assert one.candidacy(first).state == CandidacyState.PROPOSED
