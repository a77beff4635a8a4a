"""The service tasks: what they return, and that the register is written once a step."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.admission.application import VariableUnusable
from processes.admission.applied import applied_on
from processes.admission.handlers import (
    ConditionsOpen,
    ReasonsMissing,
    assess_application,
    grant_qualification,
    refuse_application,
)
from processes.admission.rules import by_rule, refused
from processes.registers.admission_norms import RULES_VERSION, VALIDITY_MONTHS
from processes.registers.settings import SettingValues, defaults
from processes.registers.tables import QualificationRecord, RefusalRecord
from service.domain.values import Json, Variables
from service.procedure import TaskContext
from service.store.database import Database
from tests.fixtures_store import CAST
from tests.processes.builders import (
    OTHER,
    application,
    compulsory,
    evidence,
    office_check,
    period,
    vote,
)

MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MET: Json = {"rule": "R-E5b", "clause": "三（三）5", "effect": "符合", "reason": "达到中级"}
YEARS_MET: Json = {"rule": "R-E5a", "clause": "三（三）5", "effect": "符合", "reason": "满6年"}
NOT_MET: Json = {"rule": "R-E5a", "clause": "三（三）5", "effect": "不符合", "reason": "不足6年"}


def no_session() -> Session:
    pytest.fail("this step has no reason to open the database")


def step(
    variables: dict[str, Json],
    session: Session | None = None,
    *,
    key: int = 7,
    headers: dict[str, str] | None = None,
    now: datetime = MORNING,
) -> TaskContext:
    """The context of a service task; the same `key` is the same step again."""
    return TaskContext(
        session=session or no_session,
        instance_key=1,
        element_instance_key=key,
        element_id="a_step",
        process_id="admission_review",
        headers=headers or {},
        variables=variables,
        now=now,
        actor=CAST.officer,
        started_by=CAST.applicant.username,
    )


def approved(**changes: Json) -> dict[str, Json]:
    """The variables of a case in which everything was found met."""
    decided: dict[str, Json] = {
        "cutoff_date": "2026-03-02",
        "assessment": {"teaching_years": 10},
        "conditions": [YEARS_MET, MET],
        "outcome": "approve",
        "parties": [CAST.applicant.username],
        "evidence": {"complete": True},
        "compulsory": {"complete": True},
        "panel": [{"username": one, "name": one} for one in ("a", "b", "c")],
        "applied": applied_on(defaults(date(2026, 3, 2))).as_json(),
        "panel_votes": [vote(one) for one in ("a", "b", "c")],
    }
    return application() | office_check() | evidence() | compulsory() | decided | changes


def assess_verified(**changes: Json) -> Variables:
    return assess_application(step(approved(**changes), headers={"data": "verified"}))


def assessed(result: Variables) -> dict[str, Json]:
    assessment = result["assessment"]
    assert isinstance(assessment, dict)
    return assessment


def messages(result: Variables) -> list[Json]:
    problems = assessed(result)["problems"]
    assert isinstance(problems, list)
    return [problem["message"] for problem in problems if isinstance(problem, dict)]


def test_a_declaration_is_worked_out_and_handed_to_the_office() -> None:
    filled = application(honours=["名师"])
    result = assess_application(step(filled, headers={"data": "declared"}))
    assert assessed(result) == {
        "cutoff_date": "2026-03-02",
        "teaching_years": 10,
        "teaching_time": "10年1个月1天",
        "title": "一级教师",
        "title_rank": "中级",
        "title_series": "中小学教师系列",
        "honoured": True,
        "problems": [],
        "notes": [],
        "rules_version": f"{RULES_VERSION}/0",
    }
    assert result["verified_periods"] == filled["teaching_periods"]
    assert (result["verified_title"], result["verified_honours"]) == ("一级教师", ["名师"])


def test_the_cut_off_date_is_the_day_at_the_bureau() -> None:
    # given half past midnight in Wuhai, still the day before in UTC
    night = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert assess_application(step(application(), now=night))["cutoff_date"] == "2026-03-02"


def test_the_cut_off_date_stays_when_the_application_comes_again() -> None:
    again = application(cutoff_date="2026-03-02", teaching_periods=[period("2020-03-03")])
    result = assess_application(step(again, now=datetime(2026, 5, 1, tzinfo=UTC)))
    assert (result["cutoff_date"], assessed(result)["teaching_years"]) == ("2026-03-02", 5)


def test_a_wrong_date_is_a_problem_of_its_field() -> None:
    rows: Json = [period("2016-02-01"), period("2020-09-01", "2019-01-01")]
    result = assess_application(step(application(teaching_periods=rows)))
    assert assessed(result)["problems"] == [
        {
            "field": "teaching_periods[1].ends_on",
            "message": f"第2段：结束日期不能早于开始日期{by_rule('R-DATES')}。",
        }
    ]


def test_the_office_s_figures_count_not_the_applicant_s() -> None:
    rows: Json = [period("2016-02-01", post=OTHER), period("2022-03-02")]
    result = assess_verified(verified_periods=rows, verified_title="小学一级教师")
    assert assessed(result)["teaching_years"] == 4
    assert assessed(result)["title_rank"] == "初级"
    assert "verified_periods" not in result


def test_a_complete_check_has_no_problems() -> None:
    assert messages(assess_verified()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"originals_checked": None}, refused("尚未核对原件：任教证明", "R-PROOF")),
        (
            {"originals_checked": ["任教证明", "教师资格证", "单位鉴定意见"]},
            refused("尚未核对原件：职称证书", "R-PROOF"),
        ),
        ({"verified_honours": ["名师"]}, refused("尚未核对原件：称号证书", "R-PROOF")),
        ({"verified_periods": []}, f"第1段：请至少填写一段任教经历{by_rule('R-DATES')}。"),
    ],
)
def test_an_incomplete_check_says_what_is_missing(changes: dict[str, Json], message: str) -> None:
    assert message in messages(assess_verified(**changes))


def test_without_a_title_there_is_no_certificate_to_see() -> None:
    seen: Json = ["任教证明", "教师资格证", "单位鉴定意见"]
    assert messages(assess_verified(verified_title="没有职称", originals_checked=seen)) == []


def test_a_rejection_needs_a_ground_and_nothing_else() -> None:
    nothing_seen: dict[str, Json] = {"originals_checked": None, "verified_periods": []}
    rejected = assess_verified(outcome="reject", **nothing_seen)
    grounded = assess_verified(outcome="reject", refusal_grounds=["R-PROOF"], **nothing_seen)
    assert messages(rejected) == [refused("请勾选不予通过的依据", "R-PROOF")]
    assert messages(grounded) == []


def test_sending_back_needs_nothing() -> None:
    sent_back = assess_verified(outcome="supplement", originals_checked=None, verified_periods=[])
    assert messages(sent_back) == []


@pytest.mark.parametrize("name", ["title", "verified_title"])
def test_a_missing_variable_is_named(name: str) -> None:
    header = {"data": "verified" if name.startswith("verified") else "declared"}
    with pytest.raises(VariableUnusable, match=f"“{name}”"):
        assess_application(step(approved(**{name: None}), headers=header))


def test_a_grant_is_entered_with_scope_evidence_and_validity(database: Database) -> None:
    with database.write() as session:
        result = grant_qualification(step(approved(), session))
    with database.read() as session:
        record = session.scalars(select(QualificationRecord)).one()
    assert (record.holder, record.holder_name, record.unit) == ("zhang.min", "教师甲", "某某小学")
    assert (record.seat, record.stage, record.subject) == ("小学语文", "小学", "语文")
    assert (record.granted_on, record.valid_until) == (date(2026, 3, 2), date(2028, 3, 1))
    assert (record.recorded_by, record.recorded_by_name) == ("li.na", "李娜")
    assert record.rules_version == f"{RULES_VERSION}/0"
    assert record.documents == {
        "evidence_teaching": ["1001"],
        "evidence_licence": ["1002"],
        "evidence_title": ["1003"],
        "evidence_appraisal": ["1004"],
        "evidence_honours": None,
    }
    assert isinstance(record.facts, dict)
    met = [row["rule"] for row in record.facts["conditions"]]  # type: ignore[index, union-attr, call-overload]
    assert met == [
        *("R-E1", "R-E2", "R-E3", "R-E4", "R-E5a", "R-E5b", "R-E5c"),
        *("R-N1", "R-N2", "R-N3", "R-N4"),
    ]
    assert {"id": "R-E5a", "certainty": "V"} in record.facts["rules"]  # type: ignore[operator]
    assert isinstance(result["result"], dict)
    assert (result["result"]["granted"], result["result"]["valid_until"]) == (True, "2028-03-01")


def test_the_same_grant_run_again_is_one_row(database: Database) -> None:
    with database.write() as session:
        first = grant_qualification(step(approved(), session))
    with database.write() as session:
        assert grant_qualification(step(approved(), session)) == first
    with database.read() as session:
        assert len(session.scalars(select(QualificationRecord)).all()) == 1


def test_another_grant_is_another_row(database: Database) -> None:
    with database.write() as session:
        grant_qualification(step(approved(), session, key=7))
        grant_qualification(step(approved(), session, key=8))
    with database.read() as session:
        assert len(session.scalars(select(QualificationRecord)).all()) == 2


def test_an_honour_that_was_verified_prefers(database: Database) -> None:
    with database.write() as session:
        grant_qualification(step(approved(verified_honours=["名师"], honours=[]), session))
        assert session.scalars(select(QualificationRecord)).one().preferred


@pytest.mark.parametrize(
    ("months", "last_day"), [("36", date(2029, 3, 1)), ("6", date(2026, 9, 1))]
)
def test_the_settings_of_the_case_say_how_long_it_is_valid(
    database: Database, months: str, last_day: date
) -> None:
    applied = applied_on(SettingValues(MORNING.date(), {VALIDITY_MONTHS.id: months}, 4))
    with database.write() as session:
        grant_qualification(step(approved(applied=applied.as_json()), session))
        record = session.scalars(select(QualificationRecord)).one()
    assert record.valid_until == last_day
    assert record.rules_version == f"{RULES_VERSION}/4"


@pytest.mark.parametrize(
    ("changes", "open_one"),
    [
        ({"compulsory": None}, "R-N1"),
        ({"compulsory": {"complete": False}}, "R-N4"),
        ({"evidence": None}, "R-E1"),
        ({"panel": []}, "R-E5c"),
        ({"panel_votes": [vote("a"), vote("b")]}, "R-E2"),
        ({"conditions": [MET]}, "R-E5a"),
        ({"conditions": [YEARS_MET, NOT_MET]}, "R-E5b"),
        ({"n1_finding": "有记录"}, "R-N1"),
        ({"e4_finding": "有查实的失信记录"}, "R-E4"),
    ],
)
def test_whatever_the_diagram_says_nothing_is_granted_with_a_condition_open(
    database: Database, changes: dict[str, Json], open_one: str
) -> None:
    with database.write() as session, pytest.raises(ConditionsOpen, match=open_one):
        grant_qualification(step(approved(**changes), session))


def test_a_refusal_by_the_table_keeps_the_table_s_reasons(database: Database) -> None:
    with database.write() as session:
        result = refuse_application(step(approved(conditions=[NOT_MET, MET]), session))
    with database.read() as session:
        record = session.scalars(select(RefusalRecord)).one()
    assert record.reasons == [{"rule": "R-E5a", "clause": "三（三）5", "reason": "不足6年"}]
    assert (record.holder, record.refused_on) == ("zhang.min", date(2026, 3, 2))
    assert isinstance(result["result"], dict)
    assert (result["result"]["granted"], result["result"]["reasons"]) == (False, record.reasons)


def test_a_rejection_by_the_office_keeps_its_grounds(database: Database) -> None:
    rejected = approved(outcome="reject", refusal_grounds=["R-E4", "R-PROOF"], conditions=[MET])
    with database.write() as session:
        refuse_application(step(rejected, session))
        record = session.scalars(select(RefusalRecord)).one()
    assert record.reasons == [
        {
            "rule": "R-E4",
            "clause": "三（三）4",
            "reason": "经人事科审查，不符合：遵守教研工作学术道德，勇于探索教育教学改革创新",
        },
        {
            "rule": "R-PROOF",
            "clause": "三（三）",
            "reason": "经人事科审查，不符合：申报材料应当真实",
        },
    ]


def test_the_same_refusal_run_again_is_one_row(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            refuse_application(step(approved(conditions=[NOT_MET]), session))
    with database.read() as session:
        assert len(session.scalars(select(RefusalRecord)).all()) == 1


@pytest.mark.parametrize(
    "variables",
    [
        approved(conditions=[MET]),
        approved(conditions=None),
        approved(outcome="reject", refusal_grounds=None),
        approved(outcome="reject", refusal_grounds=["R-X"]),
    ],
)
def test_nobody_is_refused_without_a_reason(database: Database, variables: dict[str, Json]) -> None:
    with database.write() as session, pytest.raises(ReasonsMissing):
        refuse_application(step(variables, session))
