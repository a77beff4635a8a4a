"""The start form and its draft: kept when something was written, thrown away after a question."""

from playwright.sync_api import expect

from service.store.tables import Draft
from tests.browser.conftest import Enter, wait_for_form
from tests.browser.test_task_page import HIDE
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast


def test_who_only_looks_leaves_no_draft(
    enter: Enter, cast: Cast, everything: str, stage: Stage
) -> None:
    page = enter(cast.applicant, everything)
    wait_for_form(page)
    page.get_by_label("姓名").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-draft-state]")).to_have_text("")
    page.evaluate(HIDE)
    page.goto("/start")
    assert stage.rows(Draft) == []


def test_a_draft_is_thrown_away_after_asking_once_more(
    enter: Enter, cast: Cast, everything: str, stage: Stage
) -> None:
    page = enter(cast.applicant, everything)
    wait_for_form(page)
    page.get_by_label("姓名").fill("写了一半")
    expect(page.locator("[data-draft-state]")).to_have_text("草稿已保存 09:30")
    page.reload()
    page.get_by_role("button", name="清空草稿，重新填写…").click()
    page.get_by_role("button", name="不清空").click()
    assert len(stage.rows(Draft)) == 1
    page.get_by_role("button", name="清空草稿，重新填写…").click()
    page.get_by_role("button", name="清空", exact=True).click()
    wait_for_form(page)
    expect(page.get_by_label("姓名")).to_have_value("")
    assert stage.rows(Draft) == []
