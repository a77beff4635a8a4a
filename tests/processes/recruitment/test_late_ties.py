"""Who would lose by the mark of an examiner who had to keep out is not to lose by it (R-VOID)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from processes.recruitment import candidacies, scoring
from processes.recruitment.tables import CandidacyState
from service.domain.actors import Actor
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment import noticing
from tests.processes.recruitment.deciding import disclosure_of, object_to
from tests.processes.recruitment.reconsidering import overturn
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, teachers, tie
from tests.processes.recruitment.selection_cast import HEAD, RATERS, SUBJECTS

_weeks, _subjects = count(), iter(SUBJECTS[:-1])
EIGHT = (HEAD, *RATERS)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("late"), feel) as desk:
        yield desk


def begun(desk: Desk, people: int) -> tuple[Selecting, list[Actor]]:
    """A post with these candidates, who wrote alike, in a week of its own."""
    desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    desk.clock.pass_days(21 * next(_weeks))
    found = teachers(desk, people)
    one = begin_post(desk, found, next(_subjects))
    one.write(*[80] * people)
    return one, found


def interview(one: Selecting, marks: Sequence[tuple[float, ...]]) -> None:
    """Hold the interview before eight, who give these marks, one row each."""
    one.seat_panel(*EIGHT)
    one.attend()
    for rater, given in zip(EIGHT, marks, strict=True):
        one.rate(rater, *given)


def objected(one: Selecting) -> int:
    """Bring the first to the 公示, and uphold an objection against it after a tie is known."""
    one.examine()
    one.decide()
    notice = one.called("public_notice")
    object_to(one.desk, notice)
    first = next(row for row in one_first(one))
    tie(one.desk, HEAD.username, first)
    noticing.check(one.desk, notice, "upheld")
    one.pass_days(12)
    return notice


def one_first(one: Selecting) -> list[str]:
    """The user names by rank."""
    with one.desk.rooms.read() as session:
        rows = scoring.ranks_of(session, one.post.code)
        names = {row.key: row.username for row in candidacies.of_post(session, one.post.code)}
    return [names[row.candidacy_key] for row in rows]


def test_who_stays_the_first_is_shown_again_with_the_corrected_marks(bureau: Desk) -> None:
    one, (first, _) = begun(bureau, 2)
    interview(one, [(90, 70)] * 6 + [(80, 70)] * 2)
    notice = objected(one)
    # the public is not told that nobody is taken before that is settled
    assert "异议成立，不按本次公示聘用" in str(disclosure_of(bureau, notice).conclusion)
    assert one.open_elements() == ["objected"]
    assert bureau.variables(one.case)["tied_marks"] == 1
    one.do("objected", "scores", comment="考官与人选是近亲属")
    # by the decision that was taken, with the marks that are left
    again = one.called("public_notice")
    assert again != notice
    shown = disclosure_of(bureau, again).content
    assert "总成绩84.80" in str(shown)
    assert one.candidacy(first).state == CandidacyState.PROPOSED
    one.pass_days(12)
    assert one.candidacy(first).state == CandidacyState.FILING


def test_somebody_else_is_the_first_and_goes_through_the_checks(bureau: Desk) -> None:
    one, (first, second) = begun(bureau, 2)
    interview(one, [(95, 88)] * 3 + [(85, 88)] * 5)
    objected(one)
    one.do("objected", "scores", comment="考官与人选是近亲属")
    # the decision on the first is the Party group's to change
    assert one.open_elements() == ["take_up"]
    overturn(bureau, int(str(bureau.variables(one.case)["committee_item"])))
    one.run()
    assert one.candidacy(second).state == CandidacyState.PROPOSED
    assert one.candidacy(first).state == CandidacyState.ADMITTED
    assert one.open_elements() == ["inspection", "medical", "record"]


def test_who_does_not_meet_the_conditions_falls_out_in_spite_of_a_tie(bureau: Desk) -> None:
    one, (first, second) = begun(bureau, 2)
    interview(one, [(90, 70)] * 6 + [(80, 70)] * 2)
    objected(one)
    one.do("objected", "drop", comment="材料不实，与评分无关")
    assert one.candidacy(first).reason == "落选：公示异议成立"
    assert one.candidacy(second).state == CandidacyState.PROPOSED
