"""The page of the API's document, in a real browser under the pages' own security policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, Playwright, expect

from service.store.database import Database
from tests.chromium import launch_arguments

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The page is the same on both."""
    return sqlite_database


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Page]:
    browser = playwright.chromium.launch(**launch_arguments())
    yield browser.new_page(locale="zh-CN")
    browser.close()


def test_the_document_is_shown_in_chinese_and_nothing_is_blocked(page: Page, url: str) -> None:
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{url}/docs")
    operation = page.locator("#operations-用户任务-completeUserTask")
    expect(operation).to_contain_text("办理（完成）用户任务")
    operation.locator("button").first.click()
    expect(operation.get_by_role("button", name="试一试")).to_be_visible()
    expect(operation).to_contain_text("请求内容")
    expect(page.get_by_role("button", name="登录").first).to_be_visible()
    expect(page.locator(".errors-wrapper")).to_have_count(0)
    assert complaints == []


def test_a_call_is_tried_from_the_page(page: Page, url: str) -> None:
    page.goto(f"{url}/docs")
    operation = page.locator("#operations-系统-getTopology")
    operation.locator("button").first.click()
    operation.get_by_role("button", name="试一试").click()
    operation.get_by_role("button", name="发送").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("401")
