"""A submission that is refused: the page says truly what became of what was written."""

import re

import pytest
from playwright.sync_api import Page, expect

from service.commands import drafts, rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import Draft
from tests.browser.conftest import Enter, wait_for_form
from tests.browser.test_task_page import answer_with, claimed, press, task
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast

__all__ = ["claimed", "task"]


REFUSED = '{"status": %d, "code": "%s", "detail": "没有提交。没有存为草稿。", "draftKept": %s}'


def test_what_a_refusal_kept_leads_on(enter: Enter, cast: Cast, claimed: int) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    kept = REFUSED % (409, "user-task.already-completed", "true")
    answer_with(page, f"**/tasks/{claimed}/complete", 409, kept)
    press(page, "核对属实")
    expect(page.locator("#notices").get_by_role("link", name="刷新查看")).to_be_visible()


def test_what_a_refusal_could_not_keep_is_said_to_be_here_alone(
    enter: Enter, cast: Cast, claimed: int
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.get_by_label("核对意见").fill("写了很久")
    lost = REFUSED % (409, "user-task.already-completed", "false")
    answer_with(page, f"**/tasks/{claimed}/complete", 409, lost)
    press(page, "核对属实")
    expect(page.locator("#notices")).to_contain_text("没有存为草稿")
    expect(page.locator("[data-draft-state]")).to_have_text("草稿没有保存，内容只在本页。")
    expect(page.get_by_role("link", name="刷新查看")).to_have_count(0)
    expect(page.get_by_label("核对意见")).to_have_value("写了很久")
    expect(page.get_by_role("button", name="核对属实")).to_be_enabled()


def test_fields_that_are_wrong_are_listed_and_what_was_not_kept_is_said(
    enter: Enter, cast: Cast, claimed: int
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.route(f"**/tasks/{claimed}/draft", lambda route: route.abort())
    lost = REFUSED[:-1] % (422, "fields-invalid", "false") + ', "errors": {"核对意见": ["太短。"]}}'
    answer_with(page, f"**/tasks/{claimed}/complete", 422, lost)
    press(page, "核对属实")
    expect(page.locator("[data-summary]")).to_contain_text("核对意见：太短。")
    expect(page.locator("#notices")).to_contain_text("没有存为草稿")
    expect(page.locator("[data-draft-state]")).to_have_text(
        "草稿还没有保存，稍后会再试；内容仍在本页。"
    )


def test_without_a_network_the_page_says_that_nothing_was_kept(
    enter: Enter, cast: Cast, claimed: int, stage: Stage
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.context.set_offline(True)
    page.get_by_label("核对意见").fill("写了很久")
    press(page, "核对属实")
    expect(page.locator("#notices")).to_contain_text("没有收到系统的回答；本页内容还在")
    expect(page.locator("[data-draft-state]")).to_have_text(
        "草稿还没有保存，稍后会再试；内容仍在本页。"
    )
    assert stage.rows(Draft) == []
    page.context.set_offline(False)
    press(page, "核对属实")
    expect(page.get_by_text("已提交「核对材料」")).to_be_visible()


@pytest.fixture
def reader(colleague: Actor, stage: Stage) -> Actor:
    """The colleague, who may also read the cases: they go on seeing the task."""
    right = Grant(GranteeKind.PERSON, colleague.username, "review", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return colleague


def outrun(stage: Stage, claimed: int, actor: Actor) -> None:
    """The officer completes the task, of which this person keeps a draft."""
    sent = {"核对意见": "我的长篇意见"}
    drafts.keep(
        stage.rooms, claimed, data=sent, comment="缺少证明", actor=actor, now=stage.clock.now
    )
    stage.complete(claimed, stage.cast.officer, {"核对意见": "属实"}, outcome="approve")


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_what_was_not_submitted_can_be_copied_and_thrown_away(
    enter: Enter, claimed: int, stage: Stage, reader: Actor, size: str
) -> None:
    outrun(stage, claimed, reader)
    page = enter(reader, f"/tasks/{claimed}", size)
    unsent = page.get_by_role("region", name="你填写的内容（未提交）")
    field = unsent.get_by_label("核对意见")
    expect(field).to_have_value("我的长篇意见")
    expect(field).not_to_be_editable()
    field.focus()
    assert selected(page) == "我的长篇意见"
    expect(unsent).to_contain_text("缺少证明")
    unsent.get_by_role("button", name="删除这些内容").click()
    page.keyboard.press("Escape")
    expect(unsent).to_be_visible()
    unsent.get_by_role("button", name="删除这些内容").click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("已删除你填写的内容。")).to_be_visible()
    expect(page.get_by_label("核对意见")).to_have_value("属实")
    assert stage.rows(Draft) == []


def selected(page: Page) -> str:
    page.keyboard.press("Control+a")
    found: str = page.evaluate("() => window.getSelection().toString()")
    return found


def test_a_task_that_went_to_another_shows_it_too(
    enter: Enter, claimed: int, stage: Stage, colleague: Actor
) -> None:
    outrun(stage, claimed, colleague)
    page = enter(colleague, f"/tasks/{claimed}", "narrow")
    expect(page.get_by_text(re.compile("已由李娜于 2026年3月2日 09:30 办理"))).to_be_visible()
    unsent = page.get_by_role("region", name="你填写的内容（未提交）")
    expect(unsent.get_by_label("核对意见")).to_have_value("我的长篇意见")
    unsent.get_by_role("button", name="删除这些内容").click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
