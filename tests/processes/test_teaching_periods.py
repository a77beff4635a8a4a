"""R-DATES: what of a form's rows can be counted, and what a person is told of the others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.admission.rules import (
    OTHER_POST,
    TEACHING_POST,
    PeriodProblem,
    assess,
    read_periods,
)
from processes.registers.admission_norms import MOST_PERIODS
from processes.registers.titles import find_title
from service.domain.values import Json

CUTOFF = date(2026, 11, 23)


def row(starts_on: Json, ends_on: Json = None, post: Json = TEACHING_POST) -> Json:
    return {"school": "某校", "starts_on": starts_on, "ends_on": ends_on, "post": post}


def problem_of(*rows: Json) -> PeriodProblem:
    _, (problem,) = read_periods(list(rows), CUTOFF)
    return problem


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        (row("2026-11-24"), "starts_on", "开始日期不能晚于教龄的截止日（2026年11月23日）。"),
        (row("1966-11-22"), "starts_on", "开始日期早于1966年11月23日，请核对年份。"),
        (row("2020-09-01", "2020-08-31"), "ends_on", "结束日期不能早于开始日期。"),
        (
            row("2020-09-01", "2026-11-24"),
            "ends_on",
            "结束日期不能晚于教龄的截止日（2026年11月23日）；至今仍在任教的请留空。",
        ),
        (row("2020-09-01", "2020-02-30"), "ends_on", "结束日期不是有效的日期。"),
        (row("2020-09-01", 20200901), "ends_on", "结束日期不是有效的日期。"),
        (row("2021-02-29"), "starts_on", "请填写开始日期。"),
        (row("2020-W01-1"), "starts_on", "请填写开始日期。"),
        (row("２０２０-09-01"), "starts_on", "请填写开始日期。"),
        (row(None), "starts_on", "请填写开始日期。"),
        (row({"typename": "date"}), "starts_on", "请填写开始日期。"),
        (row("2020-09-01", post="校长"), "post", "请选择是否任教岗位。"),
        ("2020-09-01", "starts_on", "请填写开始日期。"),
        (None, "starts_on", "请填写开始日期。"),
    ],
)
def test_a_row_that_cannot_be_counted_says_why(wrong: Json, field: str, message: str) -> None:
    assert problem_of(wrong) == PeriodProblem(1, field, message)


@pytest.mark.parametrize(
    "right",
    [
        row("2026-11-23"),
        row("1966-11-23"),
        row("2020-09-01", "2020-09-01"),
        row("2020-09-01", "2026-11-23"),
        row("2020-02-29"),
        row("2020-09-01", ""),
    ],
)
def test_the_borders_themselves_are_right(right: Json) -> None:
    periods, problems = read_periods([right], CUTOFF)
    assert (len(periods), problems) == (1, ())


def test_a_problem_names_its_row_and_the_others_still_count() -> None:
    # given three rows, the second of them wrong
    rows = [row("2010-01-01", "2012-12-31"), row("2030-01-01"), row("2020-01-01")]
    # when they are worked out
    assessment = assess(rows, find_title("一级教师"), CUTOFF)
    # then the others make nine years, and the second is pointed out
    assert assessment.time.years == 9
    assert assessment.problems[0].refusal.startswith("第2段：开始日期不能晚于")


@pytest.mark.parametrize("rows", [None, [], {}, "2020", 6, True])
def test_without_rows_one_is_asked_for(rows: Json) -> None:
    assert read_periods(rows, CUTOFF) == (
        (),
        (PeriodProblem(1, "starts_on", "请至少填写一段任教经历。"),),
    )


def test_more_rows_than_a_working_life_holds_are_refused_at_once() -> None:
    rows: list[Json] = [row("2020-09-01")] * (MOST_PERIODS + 1)
    periods, (problem,) = read_periods(rows, CUTOFF)
    assert not periods
    assert "最多填写60段" in problem.message


def test_a_post_without_teaching_that_overlaps_is_left_to_the_office() -> None:
    rows = [row("2016-09-01"), row("2018-01-01", "2019-12-31", OTHER_POST)]
    assessment = assess(rows, find_title("一级教师"), CUTOFF)
    assert assessment.time.years == 10
    assert assessment.notes == (
        "第2段（非任教岗位）与第1段（任教岗位）时间重叠，系统按任教计，请人事科核对这段时间是否实际任教。",
    )


def test_posts_that_follow_each_other_need_no_note() -> None:
    rows = [row("2016-09-01", "2017-12-31"), row("2018-01-01", None, OTHER_POST)]
    assert assess(rows, find_title("一级教师"), CUTOFF).notes == ()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {},
    optional={"starts_on": anything, "ends_on": anything, "post": anything, "typename": anything},
)


@given(st.lists(rows | anything, max_size=5) | anything)
def test_no_submission_whatever_raises(rows: Json) -> None:
    periods, problems = read_periods(rows, CUTOFF)
    assert all(problem.message for problem in problems)
    assert all(period.starts_on <= CUTOFF for period in periods)
