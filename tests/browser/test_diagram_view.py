"""The diagram on a page where there is none to draw."""

import re

from playwright.sync_api import expect

from service.commands import deployments
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM
from tests.browser.conftest import Enter
from tests.fixtures_commands import DIAGRAMS, Deploy, Stage
from tests.fixtures_store import Cast


def test_a_diagram_that_was_never_drawn_is_told_in_words(
    enter: Enter, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy("errand.bpmn")
    text = (DIAGRAMS / "errand.bpmn").read_text("utf-8")
    steps = re.sub("<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.S)
    upload = Upload("errand.bpmn", steps.encode())
    deployments.deploy(stage.rooms, [upload], actor=SYSTEM, now=stage.clock.forward(minutes=5))
    page = enter(cast.applicant, f"/instances/{stage.start('errand').instance_key}")
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    expect(page.get_by_text("流程图无法显示；步骤见下方文字。")).to_be_visible()
    expect(page.locator("details li").first).to_be_visible()
    expect(page.get_by_role("button", name="放大")).to_be_hidden()
