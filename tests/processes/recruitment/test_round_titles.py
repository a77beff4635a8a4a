"""Two rounds of one institution can be told apart in a list."""

from datetime import datetime
from pathlib import Path

import pytest

from service.feel import FeelPool
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau


def test_a_round_s_title_says_for_which_posts_it_is(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> None:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("titles"), feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        titles = []
        for process, subjects in (
            ("recruitment_selection", ["小学语文"]),
            ("recruitment_selection", ["小学科学", "初中数学", "初中语文"]),
            ("recruitment_open", ["初中历史", "初中地理", "初中生物学", "初中物理"]),
            ("recruitment_talent", ["普通高中数学"]),
        ):
            one = Selecting(desk, process=process)
            one.open(*subjects)
            titles.append(desk.instance(one.case).title)
    assert titles == [
        "教研员集中遴选（市教研机构，小学语文）",
        "教研员集中遴选（市教研机构，小学科学、初中数学、初中语文）",
        "教研员公开招聘（市教研机构，初中历史等4个岗位）",
        "教研员人才引进（市教研机构，普通高中数学）",
    ]
