"""What other rooms learn of a diagram."""

import pytest

from service.domain.events import ElementType
from service.engine import Binding, ModelInvalid, process_models
from tests.engine.builders import (
    HEAD,
    TAIL,
    diagram,
    element,
    end,
    flow,
    flows,
    properties,
    start,
    user,
)
from tests.engine.conftest import read_model

FULL = f"""{HEAD}
<bpmn:collaboration id="C"><bpmn:participant id="pool" name="准入" processRef="admission" /></bpmn:collaboration>
<bpmn:process id="admission" name="准入审核" isExecutable="true">
  <bpmn:documentation> 依据三（三） </bpmn:documentation>
  <bpmn:extensionElements>
    <zeebe:versionTag value="2026-03" />
    {properties(title='="准入：" + 姓名', category="队伍", start_label=" 会议安排 ")}
  </bpmn:extensionElements>
  <bpmn:laneSet id="lanes"><bpmn:lane id="office" name="人事科"><bpmn:flowNodeRef>check</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
  {start(form="application")}
  <bpmn:userTask id="check" name="核对">
    <bpmn:documentation>看原件</bpmn:documentation>
    <bpmn:extensionElements>
      <zeebe:formDefinition formId="checking" bindingType="deployment" />
      <zeebe:taskHeaders><zeebe:header key="b" value="2" /><zeebe:header key="a" value="1" /></zeebe:taskHeaders>
      <zeebe:properties><zeebe:property name="own" value="kept" /></zeebe:properties>
    </bpmn:extensionElements>
  </bpmn:userTask>
  {end()}{flows("start", "check", "end")}
</bpmn:process>
<bpmn:process id="draft" isExecutable="false"><bpmn:task id="idea" /></bpmn:process>
{TAIL}""".encode()  # fmt: skip # noqa: E501


def test_the_process_tells_what_lists_and_titles_need() -> None:
    model = read_model(FULL)

    assert (model.process_id, model.name, model.version_tag) == ("admission", "准入审核", "2026-03")
    assert (model.title, model.category) == ('"准入：" + 姓名', "队伍")
    assert model.start_label == "会议安排"
    assert model.documentation == "依据三（三）"
    assert (model.start_form_id, model.start_form_binding) == ("application", Binding.LATEST)


@pytest.mark.parametrize(
    ("written", "title"),
    [("=a + b", "a + b"), ('准入“申请” "A"', '"准入“申请” \\"A\\""'), ("", ""), (" ", "")],
)
def test_a_title_is_always_feel(written: str, title: str) -> None:
    source = diagram(start(), end(), flows("start", "end"), extensions=properties(title=written))

    assert read_model(source).title == title


def test_an_element_tells_what_its_page_needs() -> None:
    check = read_model(FULL).elements["check"]

    assert (check.name, check.type, check.lane) == ("核对", ElementType.USER_TASK, "人事科")
    assert (check.form_id, check.form_binding) == ("checking", Binding.DEPLOYMENT)
    assert check.documentation == "看原件"
    assert check.headers == (("b", "2"), ("a", "1"))
    assert check.properties == {"own": "kept"}


def test_the_elements_are_the_flow_nodes_of_the_diagram_and_nothing_else() -> None:
    assert set(read_model(FULL).elements) == {"start", "check", "end"}


def test_what_is_not_executable_is_no_model() -> None:
    assert [model.process_id for model in process_models(FULL)] == ["admission"]


def test_a_file_may_hold_several_processes() -> None:
    second = diagram(start("s"), end("e"), flows("s", "e"), process_id="second")
    body = second.decode().removeprefix(HEAD)

    models = process_models(FULL.replace(TAIL.encode(), body.encode()))

    assert [model.process_id for model in models] == ["admission", "second"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html/>",
        b"<!DOCTYPE a><a/>",
        diagram(start(), element("complexGateway", "g"), end(), flows("start", "g", "end")),
        diagram(start(), end(), flow("f", "start", "gone")),
        diagram(start(), user("a"), user("a"), end()),
    ],
)
def test_a_file_that_cannot_run_is_no_model(content: bytes) -> None:
    with pytest.raises(ModelInvalid):
        process_models(content)
