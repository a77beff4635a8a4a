"""The shipped files pass the deploy check with nothing to say, and belong together."""

from pathlib import Path

import pytest
from lxml import etree

from processes.admission import procedure
from processes.sample import ADMISSION, PERSONNEL_OFFICE
from service.domain.problems import Severity
from service.engine import (
    Known,
    ProcessModel,
    check_bpmn,
    check_dmn,
    check_form,
    decision_models,
    process_models,
)
from service.feel import FeelPool, form_fields
from tests.processes.builders import ROOT, schema

BPMN = ROOT / "bpmn" / "admission_review.bpmn"
DMN = ROOT / "bpmn" / "admission_conditions.dmn"
FORMS = sorted((ROOT / "forms").glob("admission_*.form"))


@pytest.fixture
def model() -> ProcessModel:
    (model,) = process_models(BPMN.read_bytes())
    return model


def test_the_diagram_has_neither_errors_nor_warnings(feel: FeelPool) -> None:
    known = Known(
        forms={path.stem: form_fields(schema(path.stem)) for path in FORMS},
        decisions={decision.decision_id for decision in decision_models(DMN.read_bytes())},
        task_types=frozenset(procedure.handlers),
    )
    [notice] = check_bpmn(BPMN.read_bytes(), resource=BPMN.name, known=known, feel=feel)

    assert (notice.severity, notice.rule) == (Severity.NOTICE, "documentation-only")
    assert "泳道" in notice.message


def test_the_table_has_neither_errors_nor_warnings(feel: FeelPool) -> None:
    assert check_dmn(DMN.read_bytes(), resource=DMN.name, feel=feel) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_has_neither_errors_nor_warnings(feel: FeelPool, path: Path) -> None:
    assert check_form(path.read_bytes(), resource=path.name, feel=feel) == []


def test_a_file_is_named_after_what_it_holds() -> None:
    assert [m.process_id for m in process_models(BPMN.read_bytes())] == [BPMN.stem]
    assert [m.decision_id for m in decision_models(DMN.read_bytes())] == [DMN.stem]
    for path in FORMS:
        form = schema(path.stem)
        assert isinstance(form, dict)
        assert form["id"] == path.stem


def test_the_process_is_the_one_the_sample_people_may_start(model: ProcessModel) -> None:
    assert model.process_id == ADMISSION
    assert model.start_form_id == "admission_application"


def test_every_step_says_what_it_is_for(model: ProcessModel) -> None:
    tasks = [element for element in model.elements.values() if element.type.name.endswith("TASK")]
    assert [task.id for task in tasks if not task.documentation] == []


def test_every_step_lies_in_a_lane(model: ProcessModel) -> None:
    lanes = {
        element.lane for element in model.elements.values() if element.id not in _WITHIN_A_PLACE
    }
    assert [lane[0] for lane in sorted(lanes)] == sorted("一二三四五")


_WITHIN_A_PLACE = {
    "review_begun", "panel_vote", "reviewer_recused", "stands_aside", "propose_replacement",
    "replace_reviewer", "seat_replacement", "replacement_finding", "reviewed", "seat_left_empty",
}  # fmt: skip
"""What one reviewer's place consists of: it lies in the lane of the subprocess."""


def test_the_diagram_prints_on_one_sheet_and_reads_at_1280_pixels() -> None:
    root = etree.fromstring(BPMN.read_bytes())
    (pool,) = root.xpath("//*[@bpmnElement='bureau']/*[local-name()='Bounds']")
    width, height = int(pool.get("width")), int(pool.get("height"))
    assert width <= 1280
    assert height / width <= 1.42


def test_sending_back_and_rejecting_need_an_opinion(model: ProcessModel) -> None:
    outcomes = model.elements["office_check"].outcomes
    assert [(o.name, o.label, o.comment_required) for o in outcomes] == [
        ("approve", "核对属实", False),
        ("supplement", "退回补正", True),
        ("reject", "不予通过", True),
    ]


def test_the_check_goes_to_the_personnel_office() -> None:
    assert f'candidateGroups="{PERSONNEL_OFFICE}"' in BPMN.read_text("utf-8")


_ENDS = ("sourceRef", "targetRef")


def test_everything_that_is_drawn_has_its_place_in_the_picture() -> None:
    root = etree.fromstring(BPMN.read_bytes())
    drawn = {shape.get("bpmnElement") for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
    process = next(root.iter("{*}process"))
    wanted = {node.get("id") for node in process.iter("{*}sequenceFlow")}
    wanted |= {node.text for node in process.iter("{*}flowNodeRef")}
    wanted |= {node.get(end) for node in process.iter("{*}sequenceFlow") for end in _ENDS}
    assert wanted <= drawn


@pytest.mark.parametrize(
    ("task", "timer", "due", "over"),
    [
        (
            "supplement",
            "supplement_expired",
            "=工作日后(today(), applied.supplement_days)",
            "=工作日后(today(), applied.supplement_days + 1)",
        ),
        ("panel_vote", "panel_expired", "=panel_due", "=工作日后(panel_due, 1)"),
        (
            "read_refusal",
            "objection_expired",
            "=工作日后(today(), applied.objection_days)",
            "=工作日后(today(), applied.objection_days + 1)",
        ),
    ],
)
def test_a_term_s_timer_comes_the_working_day_after_its_due_date(
    task: str, timer: str, due: str, over: str
) -> None:
    root = etree.fromstring(BPMN.read_bytes())
    (until,) = root.xpath(f"//*[@id='{task}']//*[local-name()='taskSchedule']/@dueDate")
    (at,) = root.xpath(f"//*[@id='{timer}']//*[local-name()='timeDate']/text()")
    assert (until, at) == (due, over)


def test_no_step_is_without_somebody_who_must_keep_out(model: ProcessModel) -> None:
    root = etree.fromstring(BPMN.read_bytes())
    office = root.xpath("//*[local-name()='userTask'][.//*[@candidateGroups]]")
    assert {task.get("id") for task in office} == {
        "office_check", "evidence_check", "choose_panel", "compulsory_check", "conclude",
        "recheck", "replace_reviewer", "supplement_late",
    }  # fmt: skip
    about = [task.xpath(".//*[@name='jiaoyan.recuse-from']/@value") for task in office]
    assert {value for values in about for value in values} == {"=parties", "=kept_out"}
    assert all(about)
    again = root.xpath("//*[@id='recheck']//*[@name='jiaoyan.recuse-from']/@value")
    assert again == ["=kept_out"]
