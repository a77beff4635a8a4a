"""The shipped diagram of a meeting passes the deploy check, and its steps keep to the rules."""

import pytest

from processes.committee import procedure
from processes.sample import MEETING
from service.domain.problems import Severity
from service.engine import Known, ProcessModel, check_bpmn, check_form, process_models
from service.feel import FeelPool, form_fields
from tests.processes.builders import ROOT, schema

BPMN = ROOT / "bpmn" / "committee_meeting.bpmn"
FORMS = sorted((ROOT / "forms").glob("committee_*.form"))


@pytest.fixture
def model() -> ProcessModel:
    (model,) = process_models(BPMN.read_bytes())
    return model


def test_the_diagram_has_neither_errors_nor_warnings(feel: FeelPool) -> None:
    known = Known(
        forms={path.stem: form_fields(schema(path.stem)) for path in FORMS},
        decisions=set(),
        task_types=frozenset(procedure.handlers),
    )
    found = check_bpmn(BPMN.read_bytes(), resource=BPMN.name, known=known, feel=feel)
    assert [(one.severity, one.rule) for one in found] == [(Severity.NOTICE, "documentation-only")]
    for path in FORMS:
        assert check_form(path.read_bytes(), resource=path.name, feel=feel) == []


def test_it_is_the_process_that_the_secretaries_may_start(model: ProcessModel) -> None:
    assert model.process_id == MEETING == BPMN.stem


def test_no_step_can_be_done_by_a_deputy_and_none_is_a_vote(model: ProcessModel) -> None:
    tasks = {one.id: one for one in model.elements.values() if one.type.name == "USER_TASK"}
    assert set(tasks) == {
        "agree_agenda", "read_notice", "check_minutes", "sign_items", "sign_minutes",
    }  # fmt: skip
    assert BPMN.read_text("utf-8").count('name="jiaoyan.no-deputy" value="true"') == len(tasks)
