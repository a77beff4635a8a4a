"""Who decides on a post with too few applicants, and who came too late, to the minute."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from processes.recruitment.tables import PostState
from service.domain.user_tasks import TaskNotYours
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting_bureau import (
    begin_post,
    open_bureau,
    teachers,
    tie,
    words,
)
from tests.processes.recruitment.selection_cast import SUBJECTS

_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def desk(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("border"), feel) as desk:
        yield desk


def test_who_is_tied_to_an_applicant_decides_nothing_of_the_post(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    tie(desk, OFFICER.username, second.username)
    one = begin_post(desk, [first, second], next(_subjects), plan_ratio=3)
    with pytest.raises(TaskNotYours):
        one.do("below_ratio", "cancel", comment="人数不足")
    one.do("below_ratio", "cancel", comment="人数不足", actor=COLLEAGUE)
    assert one.post.state == PostState.CANCELLED


@pytest.mark.parametrize(
    ("minutes", "scored"),
    [(None, None), (0, None), (1, True), (14, True), (15, False)],
)
def test_who_came_too_late_is_told_by_the_minutes(
    desk: Desk, minutes: Json, scored: bool | None
) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.seat_panel()
    one.attend({"came": "迟到", "minutes": minutes}, {})
    if scored is None:
        assert one.open_elements() == ["attendance"]
        assert "没有登记迟到几分钟" in words(one, "attendance_problems", "recruitment_scores")
    else:
        assert len(one.shown("score_rows")) == 1 + scored
