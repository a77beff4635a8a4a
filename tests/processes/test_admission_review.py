"""The procedure from application to register, through the commands, on both databases."""

from datetime import date
from typing import TypeVar

import pytest
from sqlalchemy import select

from processes.admission.rules import refused
from processes.registers.tables import QualificationRecord, RefusalRecord
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM
from service.domain.errors import Conflict, FieldsInvalid, Forbidden, JiaoyanError, NotFound
from service.domain.values import Json
from service.store.tables import Incident, Job
from tests.processes.builders import OTHER, office_check, period
from tests.processes.desk import APPLICANT, COLLEAGUE, OFFICE, OFFICER, TEACHER, Desk
from tests.processes.reviewing import (
    admit,
    conclude,
    examine,
    prove,
    refuse,
    seat,
    vote_all,
)
from tests.processes.test_diagram import BPMN

TWICE = refused("第2段：与第1段是同一段经历，填写了两次，请删去一段", "R-SUM")

Record = TypeVar("Record", QualificationRecord, RefusalRecord)


def records(desk: Desk, table: type[Record]) -> list[Record]:
    with desk.rooms.read() as session:
        return list(session.scalars(select(table)))


def incidents(desk: Desk) -> list[str]:
    with desk.rooms.read() as session:
        return [f"{i.element_id}: {i.message}" for i in session.scalars(select(Incident))]


def result_of(desk: Desk, instance_key: int) -> dict[str, Json]:
    result = desk.variables(instance_key)["result"]
    assert isinstance(result, dict)
    return result


def rules(reasons: Json) -> list[Json]:
    assert isinstance(reasons, list)
    return [reason["rule"] for reason in reasons if isinstance(reason, dict)]


def problems(desk: Desk, instance_key: int) -> list[Json]:
    assessment = desk.variables(instance_key)["assessment"]
    assert isinstance(assessment, dict)
    assert isinstance(assessment["problems"], list)
    return [p["message"] for p in assessment["problems"] if isinstance(p, dict)]


def test_who_meets_the_conditions_is_entered_in_the_register(desk: Desk) -> None:
    # given an application of ten years' teaching
    case = desk.apply(honours=["名师"], evidence_honours=desk.upload_honours())
    assert case.title == "教师甲申请小学语文准入资格"
    # when the office has seen everything
    seen: Json = ["任教证明", "教师资格证", "职称证书", "单位鉴定意见", "称号证书"]
    desk.check(case.instance_key, originals_checked=seen)
    # and everything else is in favour
    prove(desk, case.instance_key)
    seat(desk, case.instance_key)
    vote_all(desk, case.instance_key)
    examine(desk, case.instance_key)
    conclude(desk, case.instance_key)
    # then the qualification is there before the applicant has looked
    (record,) = records(desk, QualificationRecord)
    assert (record.holder, record.seat, record.preferred) == ("applicant", "小学语文", True)
    assert (record.granted_on, record.valid_until) == (date(2026, 3, 2), date(2028, 3, 1))
    assert (record.instance_key, record.recorded_by) == (case.instance_key, "personnel1")
    assert desk.open_task(case.instance_key).element_id == "read_grant"
    # and the case ends when the applicant has read it
    desk.complete(desk.open_task(case.instance_key), "read", actor=APPLICANT)
    assert desk.instance(case.instance_key).end_event == "准予登记"
    assert incidents(desk) == []


def test_one_day_short_of_six_years_is_refused_with_the_rule(desk: Desk) -> None:
    # given a career that began six years ago tomorrow
    case = desk.apply(teaching_periods=[period("2020-03-03")])
    # when the office finds everything true
    desk.check(case.instance_key)
    # then the table says no, the office concludes so, and the applicant reads why
    assert records(desk, RefusalRecord) == []
    refuse(desk, case.instance_key)
    (record,) = records(desk, RefusalRecord)
    assert rules(record.reasons) == ["R-E5a"]
    assert result_of(desk, case.instance_key)["reasons"] == [
        {"rule": "R-E5a", "clause": "三（三）5", "reason": "教龄满5年，不足6年"}
    ]
    task = desk.open_task(case.instance_key)
    assert (task.element_id, task.assignee) == ("read_refusal", "applicant")
    desk.complete(task, "read", actor=APPLICANT)
    assert desk.instance(case.instance_key).end_event == "不予准入"
    assert records(desk, QualificationRecord) == []


def test_six_years_to_the_day_are_enough(desk: Desk) -> None:
    case = desk.apply(teaching_periods=[period("2020-03-02")])
    admit(desk, case.instance_key)
    assert len(records(desk, QualificationRecord)) == 1


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("小学一级教师", "compulsory_check"),
        ("中学一级教师", "evidence_check"),
        ("小学高级教师", "evidence_check"),
        ("二级教师", "compulsory_check"),
    ],
)
def test_an_old_title_counts_as_what_it_was(desk: Desk, title: str, step: str) -> None:
    case = desk.apply(title=title)
    desk.check(case.instance_key)
    assert desk.open_task(case.instance_key).element_id == step


def test_both_shortcomings_are_told_at_once(desk: Desk) -> None:
    case = desk.apply(teaching_periods=[period("2024-09-01")], title="小学一级教师")
    desk.check(case.instance_key)
    refuse(desk, case.instance_key)
    assert rules(result_of(desk, case.instance_key)["reasons"]) == ["R-E5a", "R-E5b"]


def test_the_office_may_reject_with_its_grounds(desk: Desk) -> None:
    case = desk.apply()
    desk.check(
        case.instance_key,
        "reject",
        comment="任教证明是涂改的",
        refusal_grounds=["R-PROOF"],
        originals_checked=None,
    )
    refuse(desk, case.instance_key)
    (record,) = records(desk, RefusalRecord)
    assert rules(record.reasons) == ["R-PROOF"]
    assert desk.open_task(case.instance_key).element_id == "read_refusal"


def test_the_decision_uses_what_the_office_verified(desk: Desk) -> None:
    # given ten declared years, of which the office finds seven in the administration
    case = desk.apply()
    verified: Json = [period("2016-02-01", "2023-01-31", post=OTHER), period("2023-02-01")]
    desk.check(case.instance_key, verified_periods=verified)
    refuse(desk, case.instance_key)
    # then three years count, and what was declared is kept beside it
    assert rules(result_of(desk, case.instance_key)["reasons"]) == ["R-E5a"]
    assert desk.variables(case.instance_key)["teaching_periods"] == [period("2016-02-01")]


def test_the_office_may_also_find_more_than_was_declared(desk: Desk) -> None:
    case = desk.apply(title="二级教师")
    desk.check(case.instance_key, verified_title="一级教师")
    assert desk.open_task(case.instance_key).element_id == "evidence_check"


def test_an_incomplete_check_stays_with_who_has_it_and_decides_nothing(desk: Desk) -> None:
    # given a check with an original left out
    case = desk.apply()
    before = desk.open_task(case.instance_key)
    with pytest.raises(FieldsInvalid) as said:
        desk.check(
            case.instance_key,
            originals_checked=["任教证明", "教师资格证", "单位鉴定意见"],
        )
    # then it is refused at the field, and the task is the same
    assert list(said.value.errors) == ["originals_checked"]
    assert desk.open_task(case.instance_key).key == before.key
    assert records(desk, RefusalRecord) == []
    # and a complete one goes on
    desk.check(case.instance_key)
    assert desk.open_task(case.instance_key).element_id == "evidence_check"


def test_a_rejection_without_a_ground_is_refused(desk: Desk) -> None:
    case = desk.apply()
    with pytest.raises(FieldsInvalid) as said:
        desk.check(case.instance_key, "reject", comment="不行")
    assert list(said.value.errors) == ["refusal_grounds"]
    assert desk.open_task(case.instance_key).element_id == "office_check"


def test_the_same_period_twice_in_a_check_comes_back_with_the_reason(desk: Desk) -> None:
    # given what the form does not see
    case = desk.apply()
    twice: Json = [period("2016-02-01"), period("2016-02-01")]
    desk.check(case.instance_key, verified_periods=twice, overlap_reason="两校兼课")
    assert desk.open_task(case.instance_key).element_id == "office_check"
    assert problems(desk, case.instance_key) == [TWICE]


def test_dates_that_cannot_be_go_back_to_the_applicant_at_once(desk: Desk) -> None:
    # given a period entered twice, which the form does not see
    twice: Json = [period("2016-02-01"), period("2016-02-01")]
    case = desk.apply(teaching_periods=twice, overlap_reason="两校兼课")
    task = desk.open_task(case.instance_key)
    assert (task.element_id, task.assignee) == ("supplement", "applicant")
    assert problems(desk, case.instance_key) == [TWICE]
    # when the applicant puts it right two weeks later
    desk.clock.pass_days(14)
    desk.resubmit(case.instance_key, teaching_periods=[period("2020-03-03")])
    # then it goes to the office, and the years are still counted to the first day
    assert desk.open_task(case.instance_key).element_id == "office_check"
    assert desk.variables(case.instance_key)["cutoff_date"] == "2026-03-02"
    desk.check(case.instance_key)
    refuse(desk, case.instance_key)
    assert rules(result_of(desk, case.instance_key)["reasons"]) == ["R-E5a"]


def test_the_office_may_send_an_application_back(desk: Desk) -> None:
    case = desk.apply(title="二级教师")
    desk.check(case.instance_key, "supplement", comment="请补传新的职称证书")
    assert desk.open_task(case.instance_key).element_id == "supplement"
    desk.resubmit(case.instance_key, title="一级教师")
    assert desk.variables(case.instance_key)["verified_title"] == "一级教师"
    desk.check(case.instance_key, actor=COLLEAGUE)
    assert desk.open_task(case.instance_key).element_id == "evidence_check"


@pytest.mark.parametrize("outcome", ["supplement", "reject"])
def test_sending_back_and_rejecting_ask_for_an_opinion(desk: Desk, outcome: str) -> None:
    case = desk.apply()
    with pytest.raises(FieldsInvalid):
        desk.check(case.instance_key, outcome, refusal_grounds=["R-PROOF"])
    assert desk.open_task(case.instance_key).element_id == "office_check"


def test_bad_input_starts_nothing(desk: Desk) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        desk.apply(applicant_name="🙂" * 10_000, title="一级", teaching_periods=[{"typename": 1}])
    assert {"applicant_name", "title", "teaching_periods[0].starts_on"} <= set(refused.value.errors)


def test_the_bureau_s_own_title_of_a_case_names_person_and_seat(desk: Desk) -> None:
    case = desk.apply(seat="跨学段音乐")
    assert desk.instance(case.instance_key).title == "教师甲申请跨学段音乐准入资格"


def test_the_task_waits_for_the_office_as_a_group(desk: Desk) -> None:
    case = desk.apply()
    task = desk.open_task(case.instance_key)
    assert (task.assignee, task.candidate_groups) == (None, [OFFICE])
    assert OFFICER.groups >= set(task.candidate_groups)


def test_the_rules_version_is_kept_with_the_decision(desk: Desk) -> None:
    case = desk.apply()
    admit(desk, case.instance_key)
    (record,) = records(desk, QualificationRecord)
    assert isinstance(record.facts, dict)
    assert record.rules_version
    assert {"id": "R-TITLE", "certainty": "K"} in record.facts["rules"]  # type: ignore[operator]


def test_who_may_not_start_the_procedure_is_refused(desk: Desk) -> None:
    with pytest.raises(JiaoyanError) as refused:
        desk.apply(actor=OFFICER)
    assert isinstance(refused.value, Forbidden | NotFound)


def test_a_stranger_does_not_learn_of_the_task(desk: Desk) -> None:
    case = desk.apply()
    with pytest.raises(NotFound):
        desk.check(case.instance_key, actor=TEACHER)
    assert desk.open_task(case.instance_key).element_id == "office_check"


def test_the_applicant_cannot_check_their_own_application(desk: Desk) -> None:
    case = desk.apply()
    with pytest.raises(JiaoyanError) as refused:
        desk.check(case.instance_key, actor=APPLICANT)
    assert isinstance(refused.value, Forbidden | NotFound)


def test_two_in_the_office_at_once_decide_once(desk: Desk) -> None:
    # given two who have the same task open
    case = desk.apply()
    task = desk.open_task(case.instance_key)
    desk.check(case.instance_key)
    # when the second decides too
    with pytest.raises(Conflict, match="人事科01"):
        desk.complete(task, "reject", office_check(), actor=COLLEAGUE, comment="不行")
    # then the first decision stands
    assert desk.variables(case.instance_key)["office_check_outcome"] == "approve"
    assert desk.open_task(case.instance_key).element_id == "evidence_check"


def test_an_application_may_not_take_the_files_of_another(desk: Desk) -> None:
    stolen = desk.upload(desk.definition_key, "evidence_title", TEACHER)
    with pytest.raises(FieldsInvalid) as refused:
        desk.apply(evidence_title=stolen)
    assert set(refused.value.errors) == {"evidence_title"}


def test_a_step_that_cannot_run_undoes_nothing_of_what_was_submitted(desk: Desk) -> None:
    # given a version of the diagram that enters a seat that there is not
    begins = (
        '<zeebe:taskDefinition type="admission.grant" retries="3" />\n        <zeebe:ioMapping>'
    )
    wrong = f'{begins}<zeebe:input source="=&quot;火星&quot;" target="seat" />'
    broken = BPMN.read_text("utf-8").replace(begins, wrong.replace("\n        ", ""))
    assert "火星" in broken
    upload = Upload(BPMN.name, broken.encode())
    deploy(desk.rooms, [upload], actor=SYSTEM, now=desk.clock())
    case = desk.apply()
    # when the office concludes
    admit(desk, case.instance_key)
    # then the conclusion stands, nothing is registered, and the step waits for another try
    assert records(desk, QualificationRecord) == []
    assert desk.variables(case.instance_key)["conclude_outcome"] == "grant"
    with desk.rooms.read() as session:
        (job,) = session.scalars(
            select(Job).where(Job.instance_key == case.instance_key, Job.kind == "handler")
        )
    assert job.type == "admission.grant"
    assert "seat" in (job.last_error or "")
