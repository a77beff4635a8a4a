"""One post: opening ratio, scores, panel, substitution, appointment, and what each refuses."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment.history import acts_of
from processes.recruitment.tables import CandidacyState, Part, PostState, ScoreEntry
from processes.registers.days import bureau_day
from service.domain.errors import FieldsInvalid
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import object_to
from tests.processes.recruitment.noticing import check, end_days
from tests.processes.recruitment.selecting_bureau import (
    begin_post,
    open_bureau,
    teachers,
    tie,
    words,
)
from tests.processes.recruitment.selection_cast import CHECKS, HEAD, RATERS, SUBJECTS

_weeks = count()
_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("post"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    """The bureau on a Monday of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


def test_a_post_below_the_opening_ratio_is_cancelled(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), plan_ratio=3)
    assert "开考比例3∶1" in str(one.desk.variables(one.case)["opening_words"])
    one.do("below_ratio", "cancel", comment="人数不足")
    assert one.post.state == PostState.CANCELLED


def test_with_an_approval_it_goes_on_below_the_ratio(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), plan_ratio=3)
    approval: dict[str, Json] = {
        "ratio_organ": "乌海市人社局", "ratio_basis": "乌人社函〔2026〕3号",
        "ratio_dated_on": one.later(1),
    }  # fmt: skip
    # a number alone is no approval, nor is one of tomorrow
    one.do("below_ratio", "lower", {"ratio_basis": "乌人社函〔2026〕3号"})
    told = words(one, "ratio_problems", "recruitment_post")
    for lacking in ("批准单位", "批准日期", "批准文件", "R-RATIO"):
        assert lacking in told
    one.do("below_ratio", "lower", approval, files=["ratio_document"])
    assert "晚于今天" in words(one, "ratio_problems", "recruitment_post")
    approval["ratio_dated_on"] = one.later(0)
    one.do("below_ratio", "lower", approval, files=["ratio_document"])
    assert one.open_elements() == ["written"]
    with one.desk.rooms.read() as session:
        (lowered,) = [act for act in acts_of(session, one.round.key) if act.act == "ratio-lowered"]
    assert "乌海市人社局乌人社函〔2026〕3号" in lowered.reason


def test_scores_behind_the_last_day_are_refused(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 1), next(_subjects), process="recruitment_scores")
    one.pass_days(4)
    one.write(90)
    assert "R-DEADLINE" in words(one, "written_problems")
    assert one.open_elements() == ["written"]


def test_a_mark_that_is_none_is_refused(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    with pytest.raises(FieldsInvalid):
        one.write(100.5, 90)
    with pytest.raises(FieldsInvalid):
        one.write(90.555, 90)
    one.write(90.55, None)
    assert one.open_elements() == ["choose_panel"]


def test_a_panel_has_seven_of_whom_nobody_is_tied_to_a_candidate(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    tie(desk, RATERS[0].username, second.username)
    one = begin_post(desk, [first, second], next(_subjects), process="recruitment_scores")
    one.write(80, 90)
    assert "三代以内旁系血亲" in words(one, "panel_barred")
    one.seat_panel(*RATERS)
    told = words(one, "panel_problems")
    assert "人社部规〔2019〕1号" in told
    assert "R-PANEL7" in told
    one.seat_panel(*RATERS[1:])
    assert "考官6人" in words(one, "panel_problems")
    one.seat_panel(HEAD, *RATERS[1:])
    assert one.open_elements() == ["attendance"]


def test_late_absent_and_not_in_the_common_language(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 4), next(_subjects), process="recruitment_scores")
    one.write(80, 80, 80, None)
    one.seat_panel()
    one.attend(
        {"came": "迟到", "minutes": 14}, {"came": "迟到", "minutes": 15},
        {"common_language": False}, {},
    )  # fmt: skip
    assert [row["ticket"] for row in one.shown("score_rows")] == ["01", "03", "04"]
    one.rate_all(90, 95, 99)
    rows = one.shown("ranked")
    assert [(row["place"], row["total"], row["note"]) for row in rows] == [
        ("1", "86.00", ""), ("2", "32.00", ""), ("—", "", "缺考"), ("—", "", "缺考"),
    ]  # fmt: skip


def test_the_highest_and_the_lowest_are_dropped(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    one.write(60, 60)
    one.seat_panel()
    one.attend()
    for rater, points in zip(RATERS, (0, 100, 80, 80, 81, 81, 82), strict=True):
        one.rate(rater, points, 70)
    # (80 + 80 + 81 + 81 + 82) / 5 = 80.8; 60 * 0.4 + 80.8 * 0.6
    assert one.shown("ranked")[0]["total"] == "72.48"


def test_a_tie_found_later_voids_a_score_and_the_interview_is_held_again(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.seat_panel()
    one.attend()
    for rater in RATERS[:6]:
        one.rate(rater, 90, 80)
    tie(desk, RATERS[0].username, first.username)
    one.rate(RATERS[6], 90, 80)
    # then six are left of seven, and the whole post is examined by another panel
    assert "须重新面试" in words(one, "tally_words")
    one.interview(70, 85, raters=(HEAD, *RATERS[1:]))
    assert [row["total"] for row in one.shown("ranked")] == ["83.00", "74.00"]
    # and the void marks are kept with their reason
    with desk.rooms.read() as session:
        kept = session.scalars(
            select(ScoreEntry).where(
                ScoreEntry.candidacy_key == one.candidacy(first).key,
                ScoreEntry.part == Part.INTERVIEW.value, ScoreEntry.run == 1,
            )
        ).all()  # fmt: skip
    assert [row.rater for row in kept if row.void_reason] == [RATERS[0].username]


def test_of_eight_one_void_score_leaves_seven(desk: Desk) -> None:
    (first, second), panel = teachers(desk, 2), (HEAD, *RATERS)
    one = begin_post(desk, [first, second], next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.seat_panel(*panel)
    one.attend()
    one.rate_all(90, 80, raters=panel[:7])
    tie(desk, panel[0].username, first.username)
    one.rate(panel[7], 90, 80)
    assert [row["total"] for row in one.shown("ranked")] == ["86.00", "80.00"]


def test_marks_that_never_came_are_not_waited_for(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 1), next(_subjects), process="recruitment_scores")
    one.write(80)
    one.seat_panel()
    one.attend()
    one.rate_all(90, raters=RATERS[:5])
    one.pass_days(4)
    assert one.open_elements() == ["choose_panel"]


def test_who_is_equal_in_everything_takes_an_extra_test(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 3), next(_subjects), process="recruitment_scores")
    one.write(80, 80, 90)
    one.interview(90, 90, 80)
    assert [row["name"] for row in one.shown("extra_rows")] == ["教师甲0", "教师甲1"]
    rows = one.shown("extra_rows")
    for row, points in zip(rows, (60, 75), strict=True):
        row["points"] = points
    one.do("extra_test", "submit", {"extra_rows": [*rows]})
    assert [row["name"] for row in one.shown("ranked")] == ["教师甲1", "教师甲0", "教师甲2"]


def test_a_second_extra_test_leaves_who_won_the_first_where_they_are(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 3), next(_subjects), process="recruitment_scores")
    one.write(80, 80, 80)
    one.interview(90, 90, 90)
    for marks in ((70, 60, 60), (90, 95)):
        rows = one.shown("extra_rows")
        for row, points in zip(rows, marks, strict=True):
            row["points"] = points
        one.do("extra_test", "submit", {"extra_rows": [*rows]})
    assert [row["name"] for row in one.shown("ranked")] == ["教师甲0", "教师甲2", "教师甲1"]


def test_the_next_takes_the_place_of_who_falls_out(desk: Desk) -> None:
    first, second, third = teachers(desk, 3)
    one = begin_post(desk, [first, second, third], next(_subjects))
    one.write(90, 80, 70)
    one.interview(90, 80, 70)
    # the first has a record, the second is not wanted by the Party group
    one.examine(record_n1="有记录")
    assert one.candidacy(first).state == CandidacyState.DROPPED
    assert one.candidacy(first).reason == "落选：记录查询不合格"
    one.examine()
    one.decide(carried=False)
    # the same matter does not come back without anything new
    one.do("after_committee", "again", {"item_new_evidence": None})
    assert one.open_elements() == ["after_committee"]
    one.do("after_committee", "drop", {"item_new_evidence": None}, comment="没有通过")
    assert one.candidacy(second).state == CandidacyState.DROPPED
    assert one.candidacy(second).reason == "落选：局党组会议没有通过，不再提名"
    assert one.candidacy(third).state == CandidacyState.PROPOSED
    one.examine(medical_result="不合格")
    # nobody is left: the post stays vacant
    assert one.post.state == PostState.UNFILLED


def test_an_objection_that_stands_or_cannot_be_settled_keeps_out(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects))
    one.write(90, 80)
    one.interview(90, 80)
    for outcome in ("upheld", "unsettled"):
        one.examine()
        one.decide()
        notice = one.called("public_notice")
        object_to(desk, notice)
        check(desk, notice, outcome)
        end_days(desk, notice)
    one.do("postpone", "give_up", comment="岗位急需")
    assert one.open_elements() == []
    assert one.candidacy(first).reason == "落选：公示异议成立"
    assert one.candidacy(second).reason == "落选：公示异议难以查实，不再等待"
    assert one.post.state == PostState.UNFILLED


def test_the_party_group_is_told_the_marks_of_the_person_and_not_of_a_namesake(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    second = replace(second, display_name=first.display_name)
    one = begin_post(desk, [first, second], next(_subjects))
    one.write(90, 80)
    one.interview(90, 80)
    assert "总成绩90.00，第1名" in str(one.desk.variables(one.case)["item_text"])
    one.examine(record_n1="有记录")
    assert "总成绩80.00，第2名" in str(one.desk.variables(one.case)["item_text"])


def test_the_next_takes_the_seat_after_a_trial_that_was_not_passed(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    until = bureau_day(desk.clock()) + timedelta(days=200)
    one = begin_post(
        desk, [first, second], SUBJECTS[0], keep_seat=True,
        plan_substitutes_until=until.isoformat(),
    )  # fmt: skip
    one.write(90, 80)
    one.interview(90, 80)
    for teacher in (first, second):
        one.examine()
        one.decide()
        end_days(desk, one.called("public_notice"))
        one.file(one.candidacy(teacher).key)
        one.appoint(teacher)
        assert one.candidacy(teacher).state == CandidacyState.ON_TRIAL
        one.pass_days(93)
        passed = teacher is second
        one.do("trial_review", "pass" if passed else "return", {"trial_opinion": "考核"},
               files=["trial_document"], comment="试用考核")  # fmt: skip
    one.transfer(one.candidacy(second).key)
    assert one.candidacy(first).state == CandidacyState.RETURNED
    assert one.post.state == PostState.FILLED


def test_who_lost_the_qualification_is_not_proposed(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects), qualified=[second])
    one.write(90, 80)
    one.interview(90, 80)
    assert "准入资格已经失效" in one.candidacy(first).reason
    assert one.candidacy(second).state == CandidacyState.PROPOSED


def test_nobody_moves_up_behind_the_announced_day(desk: Desk) -> None:
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects))
    one.write(90, 80)
    one.interview(90, 80)
    one.pass_days(91)
    one.examine(inspection_ethics="不合格")
    assert one.post.state == PostState.UNFILLED
    assert one.candidacy(second).state == CandidacyState.PASSED_OVER


def test_a_check_that_is_not_complete_goes_back(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 1), next(_subjects), process="recruitment_checks")
    given: dict[str, Json] = {
        "medical_result": "不合格", "medical_on": one.later(1), "medical_reason": None,
    }  # fmt: skip
    one.do("medical", "submit", given, files=["medical_document"])
    told = words(one, "medical_problems", "recruitment_checks")
    assert "不能晚于今天" in told
    assert "写明理由" in told


@pytest.mark.parametrize(
    ("field", "answer"), [("record_n2", "有"), ("record_n4", "有不合格或基本合格")]
)
def test_all_four_compulsory_checks_come_before_the_party_group(
    desk: Desk, field: str, answer: str
) -> None:
    one = begin_post(desk, teachers(desk, 1), next(_subjects), process="recruitment_checks")
    old: dict[str, Json] = {
        **CHECKS["record"], field: None, "record_on": one.later(-1),
        "record_n4_first_year": 2023, "record_n4_last_year": 2025,
    }  # fmt: skip
    with pytest.raises(FieldsInvalid):
        one.do("record", "submit", old, files=["record_document"])
    one.do("record", "submit", old | {field: answer}, files=["record_document"])
    assert "以前的结果不能再用" in words(one, "record_problems", "recruitment_checks")
    # 没有 does not stand where the 24 months of professional ethics run, nor with two years alone
    ethics: dict[str, Json] = {
        "record_n3_sanction": "受过取消资格的师德处理", "record_n3_decided_on": one.later(-700),
        "record_n4_first_year": 2024, "record_on": one.later(0), field: answer,
    }  # fmt: skip
    one.do("record", "submit", old | ethics, files=["record_document"])
    told = words(one, "record_problems", "recruitment_checks")
    assert "N3不能选“没有”（" in told
    assert "R-N3" in told
    assert "只核查了2024至2025年度（" in told
    assert "R-N4" in told
    one.examine(**{field: answer})
    assert one.desk.variables(one.case)["checks_passed"] is False
    assert one.desk.variables(one.case)["checks_reason"] == "记录查询不合格"
