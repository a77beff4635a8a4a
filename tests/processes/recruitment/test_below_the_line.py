"""Who stands alone below the line, or above it, by the mark of an examiner who is tied (R-PASS)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from processes.recruitment.tables import CandidacyState, PostState
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.marking import ALONE_ABOVE, ALONE_BELOW, EIGHT, Marked, marked
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import SUBJECTS

_weeks, _subjects = count(), iter(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("line"), feel) as desk:
        yield desk


@pytest.fixture(autouse=True)
def week(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    bureau.clock.pass_days(21 * next(_weeks))


def below(bureau: Desk) -> Marked:
    """Somebody alone, whose post is not ended before the office has looked."""
    post = marked(bureau, next(_subjects), ALONE_BELOW)
    assert post.one.open_elements() == ["close_post"]
    assert post.state(post.first) == CandidacyState.DROPPED
    assert post.one.candidacy(post.first).reason == "面试成绩没有达到合格线"
    assert bureau.variables(post.one.case)["below_line"] == [post.first.display_name]
    return post


def test_by_a_tied_mark_alone_they_come_back_and_are_ranked(bureau: Desk) -> None:
    post = below(bureau)
    post.tie()
    assert post.one.open_elements() == ["close_post"]
    post.one.do("close_post", "end")
    assert post.state(post.first) == CandidacyState.PROPOSED
    assert post.order() == [(post.first.display_name, "68.00")]
    assert post.published() == ["成绩", "成绩"]
    assert post.one.post.state == PostState.OPEN
    assert post.one.open_elements() == ["inspection", "medical", "record"]


def test_without_a_tie_the_post_ends_when_the_office_has_looked(bureau: Desk) -> None:
    post = below(bureau)
    post.one.do("close_post", "end")
    assert post.one.post.state == PostState.UNFILLED
    assert post.published() == ["成绩"]
    assert post.state(post.first) == CandidacyState.DROPPED


def test_still_below_the_marks_are_corrected_and_the_post_ends(bureau: Desk) -> None:
    post = below(bureau)
    # 59.80 for 59.83
    post.tie(EIGHT[-1])
    post.one.do("close_post", "end")
    assert post.one.post.state == PostState.UNFILLED
    assert post.published() == ["成绩", "更正后的成绩"]


def test_with_too_few_marks_left_the_interview_is_held_again(bureau: Desk) -> None:
    post = below(bureau)
    post.tie()
    post.tie(EIGHT[1])
    post.one.do("close_post", "end")
    assert post.state(post.first) == CandidacyState.ADMITTED
    assert post.one.open_elements() == ["choose_panel"]


def test_above_by_a_tied_mark_alone_they_are_not_put_up(bureau: Desk) -> None:
    post = marked(bureau, next(_subjects), ALONE_ABOVE)
    assert post.state(post.first) == CandidacyState.PROPOSED
    post.tie()
    post.one.examine()
    assert post.items() == []
    assert post.state(post.first) == CandidacyState.DROPPED
    assert post.one.candidacy(post.first).reason == "面试成绩没有达到合格线"
    post.one.do("close_post", "end")
    assert post.one.post.state == PostState.UNFILLED
