"""What a hostile or careless hand enters: refused with the rule and its source, one test each.

The panel of two, the cousin and the stranger in `test_admission_panel` and `test_panel`; here what
an application may say, and what no conclusion may leave out.
"""

from datetime import date

import pytest

from processes.admission.application import declared_data, declared_problems
from processes.admission.findings import collect, conclusion_problems
from processes.admission.rules import Assessment
from processes.registers.admission_norms import NORMS
from processes.registers.titles import TITLES, Rank, Series, TitleUnknown, find_title
from service.domain.values import Json
from tests.processes.builders import OTHER, application, compulsory, evidence, period

CUTOFF = date(2026, 3, 2)


def assessed(**changes: Json) -> Assessment:
    return declared_data(application(**changes)).assess(CUTOFF)


def refusal(**changes: Json) -> str:
    """The one reason for which an application goes back to who filled it in."""
    (problem,) = declared_problems(assessed(**changes))
    return problem.message


def with_source(text: str, rule: str) -> bool:
    return f"规则 {rule}，{NORMS[rule].source}" in text


def test_a_birth_date_after_the_first_teaching_year_is_refused() -> None:
    said = refusal(born_on="2016-02-02", teaching_periods=[period("2016-02-01")])
    assert "出生日期（2016年2月2日）晚于第1段开始的日期（2016年2月1日）" in said
    assert with_source(said, "R-BIRTH")


@pytest.mark.parametrize(("born_on", "refused"), [("2000-02-02", True), ("2000-02-01", False)])
def test_who_was_not_sixteen_when_they_began_is_refused(born_on: str, refused: bool) -> None:
    found = assessed(born_on=born_on, teaching_periods=[period("2016-02-01")]).birth
    assert bool(found) is refused
    assert with_source(found, "R-BIRTH") is refused


def test_the_earliest_period_counts_in_whatever_row_it_is() -> None:
    rows: Json = [period("2016-02-01"), period("2004-02-01", "2006-01-31", post=OTHER)]
    assert "第2段" in assessed(born_on="1990-05-01", teaching_periods=rows).birth


def test_a_birth_date_that_is_none_is_refused() -> None:
    assert "不是有效的日期" in refusal(born_on="1990-02-30")


def test_teaching_periods_in_the_future_are_refused() -> None:
    said = refusal(teaching_periods=[period("2026-03-03")])
    assert "开始日期不能晚于教龄的截止日（2026年3月2日）" in said
    assert with_source(said, "R-DATES")
    said = refusal(teaching_periods=[period("2016-02-01", "2026-03-03")])
    assert "结束日期不能晚于教龄的截止日（2026年3月2日）" in said


AT_TWO_SCHOOLS: Json = [
    period("2020-03-02", "2023-03-01"),
    period("2021-03-02", "2023-03-01", school="另一小学"),
]


def test_teaching_periods_that_overlap_are_refused_until_somebody_says_why() -> None:
    said = refusal(teaching_periods=AT_TWO_SCHOOLS)
    assert "第2段：与第1段时间重叠，同一时间只算一次" in said
    assert "时间重叠的说明" in said
    assert with_source(said, "R-SUM")
    (problem,) = declared_problems(assessed(teaching_periods=AT_TWO_SCHOOLS))
    assert problem.field == "teaching_periods[1].starts_on"


def test_what_is_explained_counts_once_and_the_office_is_told() -> None:
    found = assessed(teaching_periods=AT_TWO_SCHOOLS, overlap_reason="每周两天在另一小学走教")
    assert found.problems == ()
    assert str(found.time) == "3年0个月0天"
    (note,) = found.notes
    assert "第1段与第2段时间重叠，重叠的时间只算一次" in note
    assert with_source(note, "R-SUM")


def test_the_same_period_entered_twice_is_refused_whatever_is_said() -> None:
    twice: Json = [period("2020-03-02", "2023-03-01"), period("2020-03-02", "2023-03-01")]
    said = refusal(teaching_periods=twice, overlap_reason="两校兼课")
    assert "与第1段是同一段经历，填写了两次" in said
    assert with_source(said, "R-SUM")


@pytest.mark.parametrize(("begins", "refused"), [("2023-03-01", True), ("2023-03-02", False)])
def test_who_begins_on_the_last_day_of_another_post_overlaps(begins: str, refused: bool) -> None:
    rows: Json = [period("2020-03-02", "2023-03-01"), period(begins, school="另一小学")]
    assert bool(assessed(teaching_periods=rows).problems) is refused


def test_a_post_without_teaching_beside_one_needs_no_reason() -> None:
    rows: Json = [period("2016-02-01"), period("2018-02-01", "2019-01-31", post=OTHER)]
    assert assessed(teaching_periods=rows).problems == ()


def test_a_primary_first_grade_title_is_not_a_first_grade_teacher() -> None:
    # trap: a search for 一级 finds all three
    assert find_title("小学一级教师").rank is Rank.JUNIOR
    assert find_title("一级教师").rank is Rank.INTERMEDIATE
    assert find_title("中学一级教师").rank is Rank.INTERMEDIATE
    (note,) = assessed(title="小学一级教师").notes
    assert "相当于初级" in note
    assert with_source(note, "R-TITLE")


def test_no_part_of_a_title_tells_its_rank() -> None:
    first_grade = {title.rank for name, title in TITLES.items() if "一级" in name}
    high = {title.rank for name, title in TITLES.items() if "高级" in name}
    assert first_grade == {Rank.JUNIOR, Rank.INTERMEDIATE}
    assert high == {Rank.INTERMEDIATE, Rank.ASSOCIATE, Rank.SENIOR}
    for part in ("一级", "高级", "小学一级", "一级教师 ", "Ⅰ级教师"):
        with pytest.raises(TitleUnknown):
            find_title(part)


def test_an_engineer_s_title_is_of_no_rank_here() -> None:
    title = find_title("其他系列职称（工程、卫生、经济等）")
    assert (title.rank, title.series) == (Rank.NONE, Series.NOT_TEACHING)
    with pytest.raises(TitleUnknown):
        find_title("工程师")


@pytest.mark.parametrize("rule", ["R-N1", "R-N2", "R-N3", "R-N4"])
def test_nobody_is_granted_without_the_compulsory_checks(rule: str) -> None:
    # trap: skipping the criminal record for part-timers and retirees; all channels come by here
    made = application() | evidence() | compulsory() | {"evidence": {"complete": True}}
    open_ones = conclusion_problems(collect(made, None), "grant")
    (said,) = [text for text in open_ones if rule in text]
    assert NORMS[rule].clause in said
    assert "不能准予登记" in said
