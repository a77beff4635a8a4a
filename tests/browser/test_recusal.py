"""Recusal in the browser: declared, and whoever would give the task learns why it is refused."""

import pytest
from playwright.sync_api import expect

from service.commands import process_instances
from service.domain.actors import Actor
from tests.browser.conftest import Enter
from tests.browser.test_accessibility import SIZES, findings
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_store import Cast


@pytest.fixture
def case(stage: Stage, deploy: Deploy, cast: Cast) -> int:
    """An application that the officer's office checks."""
    deploy("recusing.bpmn")
    with stage.rooms.write() as tools:
        return process_instances.start(
            tools,
            process_id="recusing",
            variables={"judge": None, "judges": []},
            through_form=False,
            actor=cast.applicant,
            now=stage.clock.now,
        ).instance_key


def test_a_relative_is_refused_with_the_reason_and_somebody_else_is_not(
    enter: Enter, stage: Stage, case: int, cast: Cast, operator: Actor
) -> None:
    officer = enter(cast.officer, "/inbox/claimable")
    expect(officer.get_by_text("人事科核对")).to_be_visible()
    officer.goto("/profile/recusal")
    officer.get_by_label("对方", exact=True).fill("张敏")
    officer.get_by_label("关系", exact=True).select_option("spouse")
    officer.get_by_role("button", name="申报").click()
    expect(officer.get_by_text("夫妻").last).to_be_visible()
    officer.goto("/inbox/claimable")
    expect(officer.get_by_text("人事科核对")).to_have_count(0)

    page = enter(operator, "/operations")
    field = page.get_by_label("办理人的用户名：人事科核对")
    field.fill("li.na")
    field.press("Enter")
    expect(page.get_by_text("李娜与本事项当事人张敏有亲属关系（夫妻）")).to_be_visible()
    page.goto("/operations")
    field.fill("wang.wei")
    field.press("Enter")
    expect(field).to_have_count(0)
    assert stage.task(case, "shared") > 0
    other = enter(cast.stranger, "/")
    expect(other.get_by_text("人事科核对").first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_wrong(enter: Enter, stage: Stage, cast: Cast, size: str) -> None:
    page = enter(cast.officer, "/profile/recusal", size=size)
    assert findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
