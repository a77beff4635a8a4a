"""What a diagram may hold beside what runs: drawings, documents, notes of other tools."""

from service.feel import FeelPool
from tests.engine.builders import TAIL, user
from tests.engine.checking import check, sound, with_service_task, with_user_task

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
    <bpmn:participant id="pool" name="准入" processRef="P" /></bpmn:collaboration>
  <bpmn:message id="unused" name="没有用到" />"""


def test_drawings_lanes_pools_and_documents_are_fine(feel: FeelPool) -> None:
    text = sound().decode()
    text = text.replace('isExecutable="true">', 'isExecutable="true">' + DRAWING)
    text = text.replace("</bpmn:process>", AFTER + "</bpmn:process>")
    text = text.replace(TAIL, BESIDE + TAIL)

    assert check(text.encode(), feel) == []


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
