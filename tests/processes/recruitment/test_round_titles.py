"""Two rounds of one institution can be told apart in a list."""

from datetime import datetime
from pathlib import Path

import pytest

from service.feel import FeelPool
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, teachers


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
        "教研员集中遴选A2026-01（市教研机构，小学语文）",
        "教研员集中遴选A2026-02（市教研机构，小学科学、初中数学、初中语文）",
        "教研员公开招聘（市教研机构，初中历史等4个岗位）",
        "教研员人才引进C2026-01（市教研机构，普通高中数学）",
    ]


def test_two_rounds_in_turn_for_one_seat_are_told_apart(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> None:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("turns"), feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        rounds, posts = [], []
        for number in (1, 2):
            one = Selecting(desk)
            one.open("小学语文")
            rounds.append(desk.instance(one.case).title)
            one.cancel()
            post = begin_post(desk, teachers(desk, 1), "小学数学")
            posts.append(desk.instance(post.case).title)
            post.cancel()
            assert post.round.number == f"A2026-0{2 * number}"
    assert rounds == [
        "教研员集中遴选A2026-01（市教研机构，小学语文）",
        "教研员集中遴选A2026-03（市教研机构，小学语文）",
    ]
    assert posts == [
        "2026年市教研机构教研员集中遴选（A2026-02）：A2026-02-01小学数学",
        "2026年市教研机构教研员集中遴选（A2026-04）：A2026-04-01小学数学",
    ]
