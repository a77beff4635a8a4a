"""人才引进 from a red cell to the final appointment: what its own channel asks, to the end."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.tables import CandidacyState, RoundState
from processes.registers.staffing.rules import Colour
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import BEGINS, MORE
from tests.processes.recruitment.test_open_and_talent import APPROVAL, NEW, words


@pytest.fixture
def bureau(sqlite_template: Path, tmp_path: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path, feel) as desk:
        yield desk


def test_a_doctor_comes_in_without_a_written_examination_and_stays(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat(BEGINS)
    one = Selecting(bureau, process="recruitment_talent")
    one.open()
    assert one.post.code.startswith("C2026-")
    one.approve()
    one.do("approval", "submit", APPROVAL, files=["approval_document"])
    one.plan(plan_ratio=1, plan_written_on=None)
    one.decide()
    one.open_registration()
    doctor, other = MORE[:2]
    for who, degree, title in ((doctor, "是", "一级教师"), (other, "否", "高级教师")):
        one.qualify(who)
        one.apply(who, **NEW, doctor=degree, title=title)
        one.check(who)
    one.pass_days(12)
    # the interview alone puts them in order
    assert one.open_elements() == ["choose_panel"]
    one.interview(88, 91)
    assert one.totals() == [("1", "91.00"), ("2", "88.00")]
    # the first one has a record, so the doctor moves up and goes through all of it
    one.examine(record_n1="有记录")
    assert one.candidacy(other).state == CandidacyState.DROPPED
    one.examine()
    one.decide()
    notice = one.desk.variables(one.called("public_notice"))
    assert notice["notice_length"] == "7个工作日"
    one.pass_days(14)
    one.file(one.candidacy(doctor).key)
    sheet = one.called("recruitment_appointment")
    one.appoint(doctor, contract_years=2)
    assert "R-T7" in words(one, "appointment_problems", sheet)
    one.appoint(doctor)
    assert one.candidacy(doctor).state == CandidacyState.ON_TRIAL
    assert one.cell().state.colour is Colour.STAFFED
    # three months of trial, and the round is over
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "考核合格"}, files=["trial_document"])
    assert one.candidacy(doctor).state == CandidacyState.APPOINTED
    assert one.round.state == RoundState.ENDED
    assert one.open_elements() == ["read_result", "read_result"]
    told = {
        who.username: one.desk.variables(one.applications[who.username])["round_result"]
        for who in (doctor, other)
    }
    assert told[doctor.username] == "已正式聘任"
    assert "有记录" not in str(told[other.username])
    with one.desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)
