"""What a diagram may hold beside what runs: drawings, documents, notes of other tools."""

import json
from pathlib import Path

from service.domain.problems import Severity
from service.engine import Known, check_bpmn, decision_models
from service.feel import FeelPool, form_fields
from tests.engine.builders import TAIL, boundary, end, flows, on, user
from tests.engine.checking import (
    around,
    check,
    errors,
    found,
    sound,
    with_service_task,
    with_user_task,
)
from tests.engine.everything import everything, piece

DRAWING = """
  <bpmn:laneSet id="lanes"><bpmn:lane id="office" name="人事科">
    <bpmn:flowNodeRef>check</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"""
AFTER = """
  <bpmn:dataObject id="paper" /><bpmn:dataObjectReference id="paper_shown" dataObjectRef="paper" />
  <bpmn:textAnnotation id="note"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation>
  <bpmn:association id="line" sourceRef="check" targetRef="note" />
  <bpmn:group id="frame" categoryValueRef="category_value" />"""
BESIDE = """
  <bpmn:category id="category">
    <bpmn:categoryValue id="category_value" value="核对" /></bpmn:category>
  <bpmn:collaboration id="C">
    <bpmn:participant id="pool" name="准入" processRef="P" />
    <bpmn:participant id="people" name="申请人"><bpmn:participantMultiplicity maximum="9" />
    </bpmn:participant>
    <bpmn:messageFlow id="asked" sourceRef="people" targetRef="check" /></bpmn:collaboration>
  <bpmn:message id="unused" name="没有用到" />"""


def test_drawings_lanes_pools_and_documents_are_fine(feel: FeelPool) -> None:
    text = sound().decode()
    text = text.replace('isExecutable="true">', 'isExecutable="true">' + DRAWING)
    text = text.replace("</bpmn:process>", AFTER + "</bpmn:process>")
    text = text.replace(TAIL, BESIDE + TAIL)

    problems = check(text.encode(), feel)

    assert errors(problems) == set()
    assert found(problems, Severity.WARNING) == set()
    assert found(problems, Severity.NOTICE) == {
        ("documentation-only", "P"),
        ("documentation-only", "C"),
    }


def test_declarations_that_nothing_refers_to_are_fine(feel: FeelPool) -> None:
    declared = (
        '<bpmn:interface id="face" name="x"><bpmn:operation id="op" name="y">'
        "<bpmn:inMessageRef>unused</bpmn:inMessageRef></bpmn:operation></bpmn:interface>"
        '<bpmn:resource id="who" name="人" /><bpmn:globalUserTask id="global" />'
        '<bpmn:signalEventDefinition id="reusable" />'
    )

    assert check(sound().replace(TAIL.encode(), (declared + TAIL).encode()), feel) == []


def test_data_that_only_says_something_is_fine(feel: FeelPool) -> None:
    inside = (
        "<bpmn:auditing /><bpmn:monitoring />"
        '<bpmn:ioSpecification id="io"><bpmn:inputSet /><bpmn:outputSet />'
        '</bpmn:ioSpecification><bpmn:property id="placeholder" />'
        '<bpmn:dataInputAssociation id="in"><bpmn:sourceRef>paper</bpmn:sourceRef>'
        "<bpmn:targetRef>placeholder</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    text = around(user("it", inside=inside) + '<bpmn:dataObject id="paper" />').decode()

    assert check(text.encode(), feel) == []


def test_everything_that_runs_is_accepted(feel: FeelPool) -> None:
    assert check(everything(), feel) == []


def test_the_diagrams_of_the_bureau_are_accepted(feel: FeelPool) -> None:
    bureau = Path(__file__).parents[2]
    schemas = [json.loads(path.read_text()) for path in (bureau / "forms").glob("*.form")]
    tables = [decision_models(path.read_bytes()) for path in (bureau / "bpmn").glob("*.dmn")]
    diagrams = sorted((bureau / "bpmn").glob("*.bpmn"))
    known = Known(
        processes={path.stem for path in diagrams},
        forms={schema["id"]: frozenset(form_fields(schema)) for schema in schemas},
        decisions={model.decision_id for models in tables for model in models},
    )
    for path in diagrams:
        problems = check_bpmn(path.read_bytes(), resource=path.name, known=known, feel=feel)
        assert errors(problems) == set()
        assert found(problems, Severity.WARNING) == set()


def test_flags_and_references_are_read_as_the_schema_writes_them(feel: FeelPool) -> None:
    source = piece(
        user("it"),
        boundary("b", "bpmn:it", on("timeCycle", "R/P1D")).replace(
            'cancelActivity="true"', 'cancelActivity="0"'
        ),
        end(),
        flows("start", "it", "end"),
        flows("b", "end"),
    )

    assert check(source, feel) == []


def test_a_drawing_of_nothing_is_a_warning(feel: FeelPool) -> None:
    shape = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">'
        '<bpmndi:BPMNPlane bpmnElement="gone" /></bpmndi:BPMNDiagram>'
    )
    problems = check(sound().replace(TAIL.encode(), (shape + TAIL).encode()), feel)

    assert errors(problems) == set()
    assert found(problems, Severity.WARNING) == {("reference-drawing", "")}


def test_what_other_tools_note_for_themselves_is_fine(feel: FeelPool) -> None:
    source = sound().replace(
        b' id="definitions"',
        b' id="definitions" xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
        b' modeler:executionPlatform="Camunda Cloud" exporter="bpmn-js" exporterVersion="18"',
    )
    source = source.replace(
        b'<bpmn:userTask id="check"', b'<bpmn:userTask id="check" zeebe:modelerTemplate="x"'
    )

    assert check(source, feel) == []


def test_the_known_things_are_known(feel: FeelPool) -> None:
    assert check(sound(), feel) == []
    assert check(with_service_task(""), feel) == []
    assert check(with_user_task(user("check")), feel) == []
