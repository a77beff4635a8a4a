"""The office's form and the result through the real validator."""

from datetime import datetime

import pytest

from processes.admission.checks import COMPULSORY, EVIDENCE, Check
from processes.registers.admission_norms import NORMS
from processes.registers.titles import TITLES
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.builders import (
    ROOT,
    application,
    components,
    office_check,
    period,
    schema,
)

FORM = "admission_office_check"
ASSESSMENT: Json = {"problems": [], "notes": []}


def case(**changes: Json) -> dict[str, Json]:
    """The variables of a case when the office opens it."""
    verified: dict[str, Json] = {
        "verified_periods": [period("2016-02-01")],
        "verified_title": "一级教师",
        "verified_honours": [],
        "assessment": ASSESSMENT,
        "conditions": [],
    }
    return application() | verified | changes


def test_what_was_declared_is_read_only(feel: FeelPool, now: datetime) -> None:
    # given a submission that tries to change what the applicant declared
    forged: dict[str, Json] = {"applicant_name": "另一人", "seat": "初中物理", "title": "教授"}
    # when it is validated
    result = feel.validate_form(schema(FORM), office_check() | forged, case(), now=now)
    # then the case's own values stand
    assert result.errors == {}
    assert {name: result.data[name] for name in forged} == {name: case()[name] for name in forged}


def test_files_cannot_be_exchanged_by_the_office(feel: FeelPool, now: datetime) -> None:
    forged: dict[str, Json] = {"evidence_title": ["666"]}
    result = feel.validate_form(schema(FORM), office_check() | forged, case(), now=now)
    assert result.data["evidence_title"] == ["1003"]


def test_the_office_may_correct_what_counts(feel: FeelPool, now: datetime) -> None:
    corrected = office_check(verified_periods=[period("2022-09-01")], verified_title="二级教师")
    result = feel.validate_form(schema(FORM), corrected, case(), now=now)
    assert result.data["verified_periods"] == [period("2022-09-01")]
    assert result.data["verified_title"] == "二级教师"
    assert "teaching_periods" not in result.data


def test_a_title_must_be_verified(feel: FeelPool, now: datetime) -> None:
    sent = office_check(verified_title=None)
    assert feel.validate_form(schema(FORM), sent, case(), now=now).errors == {
        "verified_title": ["此项必填。"]
    }


def test_the_computed_figures_cannot_be_submitted(feel: FeelPool, now: datetime) -> None:
    sent = office_check(assessment={"teaching_years": 40}, conditions=[])
    result = feel.validate_form(schema(FORM), sent, case(), now=now)
    assert "assessment" not in result.data
    assert "conditions" not in result.data


def options(form_id: str, key: str) -> list[str]:
    (component,) = [c for c in components(schema(form_id)) if c.get("key") == key]
    values = component["values"]
    assert isinstance(values, list)
    return [str(value["value"]) for value in values if isinstance(value, dict)]


def test_the_office_chooses_from_the_same_titles_and_honours() -> None:
    assert sorted(options(FORM, "verified_title")) == sorted(TITLES)
    assert options(FORM, "verified_honours") == options("admission_application", "honours")


@pytest.mark.parametrize(
    ("form_id", "check"),
    [
        *(("admission_evidence", check) for check in EVIDENCE),
        *(("admission_compulsory", check) for check in COMPULSORY),
    ],
    ids=lambda value: value.rule if isinstance(value, Check) else "",
)
def test_a_check_is_asked_for_with_its_rule_and_with_what_the_rules_know(
    form_id: str, check: Check
) -> None:
    assert options(form_id, f"{check.field}_finding") == [check.clear, check.against]
    helps = [c["text"] for c in components(schema(form_id)) if c.get("id") == f"{check.field}_help"]
    assert len(helps) == 1
    assert "依据：" in str(helps[0])
    assert f"规则 {check.rule}" in str(helps[0])


def test_every_ground_of_a_refusal_is_a_rule() -> None:
    assert set(options(FORM, "refusal_grounds")) <= set(NORMS)


@pytest.mark.parametrize("form_id", sorted(p.stem for p in (ROOT / "forms").glob("admission_*")))
def test_the_forms_may_be_deployed(feel: FeelPool, form_id: str) -> None:
    assert feel.check_form(schema(form_id)) == []


def test_of_a_refusal_only_the_papers_of_an_objection_are_written(
    feel: FeelPool, now: datetime
) -> None:
    sent: dict[str, Json] = {"result": 1, "objection_evidence": None}
    result = feel.validate_form(schema("admission_refusal"), sent, {}, now=now)
    assert (result.data, result.dropped) == ({"objection_evidence": None}, ("result",))


def test_the_result_can_only_be_read(feel: FeelPool, now: datetime) -> None:
    result = feel.validate_form(schema("admission_result"), {"result": 1}, {}, now=now)
    assert (result.data, result.dropped) == ({}, ("result",))


def test_a_title_that_the_plan_leaves_open_is_asked_about(feel: FeelPool, now: datetime) -> None:
    of = case(applied={"other_teaching": "由人事科逐件认定"})
    sent = office_check(series_accepted="认可", verified_title="讲师")
    asked = feel.validate_form(schema(FORM), sent, of, now=now)
    assert asked.data["series_accepted"] == "认可"
    other = feel.validate_form(schema(FORM), sent | {"verified_title": "一级教师"}, of, now=now)
    assert not other.data.get("series_accepted")
    of_all = case(applied={"other_teaching": "认可"})
    for_all = feel.validate_form(schema(FORM), sent, of_all, now=now)
    assert not for_all.data.get("series_accepted")
