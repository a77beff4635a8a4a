"""Working copies in Chromium: begun, saved by themselves, never lost to anybody."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from service.commands.rooms import Rooms
from service.web.identity import COOKIE
from tests.browser.conftest import Enter
from tests.browser.designing import (
    DESIGNER,
    PROCESS,
    bureau,
    check,
    file_of,
    group,
    look,
    page,
    ready,
    rename,
    rooms,
    state,
    url,
)
from tests.web.conftest import signed_in

__all__ = ["bureau", "page", "rooms", "url"]


def test_nothing_is_lost_when_somebody_else_saved_first(page: Page, enter: Enter) -> None:
    page.goto(PROCESS)
    ready(page)
    other = enter(DESIGNER, PROCESS)
    ready(other)
    rename(other, "grant", "登记资格")
    other.keyboard.press("Control+s")
    expect(state(other)).to_contain_text("工作副本已保存")
    # when the first one saves as well
    rename(page, "refuse", "记下理由")
    page.keyboard.press("Control+s")
    notice = page.get_by_role("alert").filter(has_text="流程设计员在2026年3月2日 09:30保存过")
    expect(notice).to_be_visible()
    # then what they drew can be taken home, and the other's is loaded
    with page.expect_download() as download:
        notice.get_by_role("button", name="下载我的内容").click()
    assert "记下理由" in Path(download.value.path()).read_text(encoding="utf-8")
    notice.get_by_role("button", name="载入最新内容").click()
    expect(page.locator('[data-element-id="grant"]')).to_contain_text("登记资格")


def test_a_session_that_ended_costs_nothing(page: Page, rooms: Rooms, url: str) -> None:
    page.goto(PROCESS)
    ready(page)
    page.context.clear_cookies()
    rename(page, "grant", "登记资格")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("登录已过期，改动没有保存")
    # when the person has signed in again in another window
    page.context.add_cookies([{"name": COOKIE, "value": signed_in(rooms, DESIGNER), "url": url}])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_contain_text("工作副本已保存")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "登记资格" in file_of(page, PROCESS)
    # and when the net fails, it is saved as soon as there is one again
    page.context.set_offline(True)
    group(page, "常规").get_by_label("名称").fill("登记入册")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    expect(state(page)).to_have_text("没有保存，改动还在本页")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("工作副本已保存")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "登记入册" in file_of(page, PROCESS)


def test_changes_save_themselves_and_leaving_before_that_is_warned_of(page: Page) -> None:
    page.goto(PROCESS)
    ready(page)
    rename(page, "grant", "登记资格")
    expect(state(page)).to_have_text("有改动还没有保存")
    warnings: list[str] = []

    def stay(dialog: Dialog) -> None:
        warnings.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="版本", exact=True).click(no_wait_after=True)
    expect(state(page)).to_contain_text("工作副本已保存")
    assert warnings == ["beforeunload"]
    page.get_by_role("link", name="版本", exact=True).click()
    page.wait_for_url("**/versions")
    assert warnings == ["beforeunload"]


def test_what_cannot_be_drawn_is_mended_as_text(page: Page) -> None:
    page.goto("/designer/new")
    file = FilePayload(name="断了.form", mimeType="text/plain", buffer=b'{"id": "torn"')
    page.get_by_label("文件（.bpmn、.dmn 或 .form，最大 5 MB）").set_input_files(file)
    page.get_by_role("button", name="导入", exact=True).click()
    ready(page)
    expect(page.get_by_text("内容无法用图形打开")).to_be_visible()
    expect(check(page)).to_contain_text("读不下去")
    whole = '{"id": "torn", "type": "default", "components": []}'
    page.get_by_label("文件原文").fill(whole)
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("工作副本已保存")
    page.reload()
    ready(page)
    expect(page.get_by_text("把左侧的组件拖到这里，开始设计。")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "name", "seen"),
    [
        ("流程", "请假", "[data-element-id=start]"),
        ("决策", "请假", "td.add-rule, .tjs-table"),
        ("表单", "请假单", ".fjs-editor-container"),
    ],
)
def test_something_new_opens_at_once(page: Page, kind: str, name: str, seen: str) -> None:
    page.get_by_role("link", name="新建或导入").click()
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("名称").fill(name)
    page.get_by_label("编号").fill("leave")
    page.get_by_role("button", name="新建", exact=True).click()
    ready(page)
    expect(page.locator(seen).first).to_be_visible()
    expect(page.get_by_text("内容无法用图形打开")).to_be_hidden()


def test_a_copy_is_discarded_after_a_question(page: Page) -> None:
    page.goto(PROCESS)
    ready(page)
    rename(page, "grant", "登记资格")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="放弃改动…").click()
    look(page)
    page.get_by_role("button", name="放弃", exact=True).click()
    expect(page.get_by_text("工作副本已放弃")).to_be_visible()
    assert "登记准入资格" in file_of(page, PROCESS)
