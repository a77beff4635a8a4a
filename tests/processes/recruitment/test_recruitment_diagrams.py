"""The shipped diagrams of recruitment pass the deploy check, laid out, with their sources."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from processes.admission import procedure as admission
from processes.committee import procedure as committee
from processes.records import procedure as records
from processes.recruitment import procedure
from processes.rosters import procedure as rosters
from service.domain.problems import Severity
from service.domain.retention import kept_until
from service.engine import Known, check_bpmn, check_form, process_models
from service.feel import FeelPool, form_fields
from tests.processes.builders import ROOT, schema

DIAGRAMS = (
    "appointment_revocation",
    "committee_standing",
    "public_notice",
    "records_yearly",
    "records_yearly_district",
    "recruitment_application",
    "recruitment_appointment",
    "recruitment_checks",
    "recruitment_engagement",
    "recruitment_marks",
    "recruitment_open",
    "recruitment_part_time",
    "recruitment_post",
    "recruitment_rehire",
    "recruitment_scores",
    "recruitment_selection",
    "recruitment_talent",
)
FORMS = sorted(
    path
    for kind in (
        "notice",
        "engagement",
        "part_time",
        "records",
        "recruitment",
        "rehire",
        "revocation",
        "superior",
        "talent",
    )
    for path in (ROOT / "forms").glob(f"{kind}_*.form")
)
KNOWN = {"admission_review", *DIAGRAMS}
TYPES = frozenset(
    name for one in (admission, committee, procedure, records, rosters) for name in one.handlers
)


def bpmn(name: str) -> Path:
    return ROOT / "bpmn" / f"{name}.bpmn"


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_has_neither_errors_nor_warnings(name: str, feel: FeelPool) -> None:
    forms = {path.stem: form_fields(schema(path.stem)) for path in (ROOT / "forms").glob("*.form")}
    known = Known(forms=forms, processes=KNOWN, task_types=TYPES, guards=committee.guards)
    found = check_bpmn(bpmn(name).read_bytes(), resource=f"{name}.bpmn", known=known, feel=feel)
    assert {one.severity for one in found} <= {Severity.NOTICE}


def test_an_appointment_that_does_not_look_at_the_decision_again_is_refused(
    feel: FeelPool,
) -> None:
    looking, place = 'processId="committee_standing"', '<bpmn:callActivity id="standing_enter"'
    before, behind = bpmn("recruitment_appointment").read_text("utf-8").split(place)
    forgotten = before + place + behind.replace(looking, 'processId="other"', 1)
    known = Known(processes={*KNOWN, "other"}, task_types=TYPES, guards=committee.guards)
    found = check_bpmn(forgotten.encode(), resource="it.bpmn", known=known, feel=feel)
    (problem,) = [one for one in found if one.rule == "guard"]
    assert problem.element_id == "enter_researcher"
    assert "“登入名册、占用岗位”不可撤回，它执行的局党组决定可能已经改变" in problem.message


def test_nobody_starts_what_is_only_called_and_the_rest_has_a_form() -> None:
    """Without a form whoever may start gives any variables, and reads what the steps put in."""
    formless = set()
    for path in (ROOT / "bpmn").glob("*.bpmn"):
        (model,) = process_models(path.read_bytes())
        if model.begins_by_itself and model.start_form_id is None:
            assert model.is_called_only, path.name
            formless.add(model.process_id)
    assert formless == {
        "committee_standing",
        "public_notice",
        "recruitment_appointment",
        "recruitment_checks",
        "recruitment_engagement",
        "recruitment_marks",
        "recruitment_post",
        "recruitment_scores",
    }


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_sound(path: Path, feel: FeelPool) -> None:
    assert check_form(path.read_bytes(), resource=path.name, feel=feel) == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_each_step_that_a_person_or_the_program_does_is_explained(name: str) -> None:
    text = bpmn(name).read_text("utf-8")
    (model,) = process_models(text.encode())
    assert model.process_id == name
    for kind in ("userTask", "serviceTask", "callActivity"):
        for part in text.split(f"<bpmn:{kind} ")[1:]:
            head = part.split(f"</bpmn:{kind}>")[0]
            assert "<bpmn:documentation>" in head, head[:80]


@pytest.mark.parametrize("name", DIAGRAMS)
def test_what_a_case_holds_is_kept_for_good(name: str) -> None:
    """R-KEEP: marks and papers a year at least; nothing here may be erased sooner, or at all."""
    (model,) = process_models(bpmn(name).read_bytes())
    assert kept_until(model.retention, datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("name", DIAGRAMS)
def test_everything_is_drawn(name: str) -> None:
    text = bpmn(name).read_text("utf-8")
    (model,) = process_models(text.encode())
    for element in model.elements:
        if element != name:
            assert f'bpmnElement="{element}"' in text, element
