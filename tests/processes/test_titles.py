"""R-TITLE: every title, old and new, and the rank it stands for."""

import pytest

from processes.registers.titles import TITLES, Rank, Series, TitleUnknown, find_title


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("三级教师", Rank.JUNIOR),
        ("二级教师", Rank.JUNIOR),
        ("一级教师", Rank.INTERMEDIATE),
        ("高级教师", Rank.ASSOCIATE),
        ("正高级教师", Rank.SENIOR),
        ("小学三级教师", Rank.JUNIOR),
        ("小学二级教师", Rank.JUNIOR),
        ("小学一级教师", Rank.JUNIOR),
        ("小学高级教师", Rank.INTERMEDIATE),
        ("中学三级教师", Rank.JUNIOR),
        ("中学二级教师", Rank.JUNIOR),
        ("中学一级教师", Rank.INTERMEDIATE),
        ("中学高级教师", Rank.ASSOCIATE),
        ("助理讲师", Rank.JUNIOR),
        ("助教", Rank.JUNIOR),
        ("讲师", Rank.INTERMEDIATE),
        ("高级讲师", Rank.ASSOCIATE),
        ("副教授", Rank.ASSOCIATE),
        ("正高级讲师", Rank.SENIOR),
        ("教授", Rank.SENIOR),
        ("其他系列职称（工程、卫生、经济等）", Rank.NONE),
        ("没有职称", Rank.NONE),
    ],
)
def test_a_title_has_its_rank(name: str, rank: Rank) -> None:
    assert find_title(name).rank is rank


def test_the_table_above_is_complete() -> None:
    (marker,) = test_a_title_has_its_rank.pytestmark  # type: ignore[attr-defined]
    assert {name for name, _ in marker.args[1]} == set(TITLES)


def test_the_words_of_a_name_tell_nothing() -> None:
    # 一级 is intermediate in one name and junior in another; 高级 likewise one rank lower
    assert find_title("一级教师").rank is not find_title("小学一级教师").rank
    assert find_title("高级教师").rank is not find_title("小学高级教师").rank


@pytest.mark.parametrize("name", ["一级", "一级教师 ", "中学一级", "工程师", "", "特级教师"])
def test_a_name_that_is_not_in_the_table_is_refused(name: str) -> None:
    with pytest.raises(TitleUnknown, match="不在职称表中"):
        find_title(name)


def test_a_title_of_another_profession_has_no_rank_here() -> None:
    without_rank = {title.name for title in TITLES.values() if title.rank is Rank.NONE}
    assert without_rank == {"其他系列职称（工程、卫生、经济等）", "没有职称"}


def test_titles_of_colleges_are_told_apart_because_the_plan_leaves_them_open() -> None:
    assert find_title("讲师").series is Series.OTHER_TEACHING
    assert find_title("一级教师").series is Series.SCHOOL
