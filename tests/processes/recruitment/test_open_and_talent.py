"""公开招聘 and 人才引进 as variations of a round: who may come by them, and what differs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.replies import ReplyUnusable
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import CandidacyState, RoundState
from processes.registers.days import add_months, bureau_day
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import APPROVED, BEGINS, MORE, SUBJECTS

NEW: dict[str, Json] = {
    "employment": None, "in_city": None, "in_post": None, "school_agrees": None,
    "authority_agrees": None, "consent_document": None,
}  # fmt: skip
"""What an applicant from outside is not asked."""
APPROVAL: dict[str, Json] = {
    "catalogue_number": "乌人才发〔2026〕3号", "catalogue_on": "2026-02-01",
    "consent_number": "乌人才办〔2026〕9号", "consent_on": "2026-02-20",
}  # fmt: skip


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("open"), feel) as desk:
        yield desk


def words(one: Selecting, name: str, case: int = 0) -> str:
    value = one.desk.variables(case or one.case)[name]
    return "".join(map(str, value)) if isinstance(value, list) else ""


def test_open_recruitment_takes_somebody_new_from_a_red_cell_to_a_green_one(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat(BEGINS)
    one = Selecting(bureau, process="recruitment_open")
    one.open(SUBJECTS[0])
    assert one.post.code.startswith("B2026-")
    one.approve()
    one.plan(plan_ratio=1)
    one.decide()
    one.open_registration()
    # somebody who is not on an establishment, and is asked for no consent
    new = MORE[0]
    one.qualify(new, SUBJECTS[0])
    one.apply(new, **NEW)
    one.check(new)
    one.pass_days(12)
    one.write(80)
    one.seat_panel()
    one.attend()
    one.rate_all(90)
    one.examine()
    one.decide()
    # the 公示 of open recruitment is seven working days
    notice = one.called("public_notice")
    assert one.desk.variables(notice)["notice_length"] == "7个工作日"
    one.pass_days(14)
    one.file(one.candidacy(new).key)
    # whether it is a first employment is chosen, on evidence: nothing is proposed
    sheet = one.called("recruitment_appointment")
    assert one.desk.variables(sheet)["person_type"] is None
    one.appoint(new, employment_basis=None)
    assert "认定是否初次就业" in words(one, "appointment_problems", sheet)
    one.appoint(new, person_type="selected")
    assert "不能是“遴选”" in words(one, "appointment_problems", sheet)
    one.appoint(new, person_type="first_employment")
    assert "R-T6" in words(one, "appointment_problems", sheet)
    one.appoint(new, person_type="first_employment", trial_months=12)
    assert one.candidacy(new).state == CandidacyState.ON_TRIAL
    assert one.cell(SUBJECTS[0]).state.colour.value == "staffed"
    # first employed, the trial is of twelve months to the day (条例 13): not assessed before
    over = add_months(bureau_day(bureau.clock()), 12)
    assert one.desk.variables(sheet)["trial_ends_on"] == (over - timedelta(days=1)).isoformat()
    one.pass_days((over - bureau_day(bureau.clock())).days - 1)
    assert "trial_review" not in one.open_elements()
    one.pass_days(1)
    one.do("trial_review", "pass", {"trial_opinion": "胜任"}, files=["trial_document"])
    # and whoever passes stays, without a transfer; the applicant reads it and the round is over
    assert one.candidacy(new).state == CandidacyState.APPOINTED
    one.do("read_result", "read", actor=new)
    assert one.round.state == RoundState.ENDED
    assert one.open_elements() == []
    assert one.cell(SUBJECTS[0]).state.colour.value == "staffed"


def test_trap_15_the_bureau_does_not_approve_establishments_in_any_channel(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    for process in ("recruitment_open", "recruitment_talent"):
        one = Selecting(bureau, process=process)
        one.open(SUBJECTS[1])
        ours = Reply(True, "市教育局", "乌教〔2026〕1号", APPROVED.dated_on)
        with pytest.raises(ReplyUnusable, match="机构编制管理机关"):
            one.approve(ours)
        assert one.post.seat_code == ""
        one.approve(Reply(False, APPROVED.organ, APPROVED.number, APPROVED.dated_on))


def test_talent_needs_the_catalogue_the_consent_and_a_high_title(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-03-09T09:30+08:00")
    one = Selecting(bureau, process="recruitment_talent")
    one.open(SUBJECTS[2])
    one.approve()
    # consent of a day to come is none
    one.do("approval", "submit", APPROVAL | {"consent_on": "2026-12-31"},
           files=["approval_document"])  # fmt: skip
    assert "不能晚于今天" in words(one, "approval_problems")
    one.do("approval", "submit", APPROVAL, files=["approval_document"])
    # direct assessment: no written examination
    assert one.desk.variables(one.case)["plan_written_percent"] == 0
    one.plan(plan_ratio=1, plan_written_on=None)
    one.decide()
    one.open_registration()
    # an intermediate title without a doctorate goes to open recruitment
    low, high, doctor = MORE[1:4]
    refused = one.apply(low, **NEW, doctor="否")
    assert "R-CH-C" in words(one, "entry_problems", refused)
    # trap 17: 小学一级教师 is not 一级教师, and neither is 高级
    one.do("correct_entry", "withdraw", actor=low, case=refused)
    for who, title, degree in ((high, "高级教师", "否"), (doctor, "小学一级教师", "是")):
        one.qualify(who, SUBJECTS[2])
        one.apply(who, **NEW, title=title, doctor=degree)
        assert one.candidacy(who).state == CandidacyState.CHECKING
    with one.desk.rooms.read() as session:
        acts = acts_of(session, one.round.key)
        assert "talent-approved" in {act.act for act in acts}
        assert is_whole(acts, one.round)
