"""The page of a case that nobody may end any more says why, and offers no button."""

import pytest

from service.domain.actors import Actor
from service.store.tables import ProcessInstance
from tests.commands.test_irreversible import DECIDES
from tests.fixtures_commands import Stage
from tests.fixtures_events import begin_with, bring_in
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.mark.usefixtures("deploy")
def test_the_page_says_why_it_cannot_be_ended(
    visit: Visit, cast: Cast, stage: Stage, operator: Actor
) -> None:
    bring_in(stage.rooms, DECIDES)
    key = begin_with(stage, "decides")
    office = visit(operator)
    assert "cancel-dialog" in office.get(f"/instances/{key}").text

    stage.complete(stage.task(key, "ask"), cast.applicant)

    page = office.get(f"/instances/{key}").text
    assert "cancel-dialog" not in page
    assert "不能终止：“decide”已于 2026年3月2日 09:30 完成，不能撤回。" in page
    assert "请依法办理：复议" in page
    assert "不能终止" not in visit(cast.applicant).get(f"/instances/{key}").text
    refused = office.post(f"/instances/{key}/cancel", {"reason": "重办"})
    assert refused.status_code == 409
    assert "请依法办理：复议" in refused.text
    assert stage.row(ProcessInstance)["state"] == "ACTIVE"
