"""准入资格 from before the register by a workbook in Chromium, 到期提醒, and the way out."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import FilePayload, Page, expect

from service import app
from service.commands.rooms import Rooms
from service.domain.import_rows import Cell
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter, Serve
from tests.browser.test_admission import bureau_settings
from tests.processes.conftest import open_desk
from tests.processes.desk import OFFICER, Desk
from tests.processes.registers.stock_books import book, stock

__all__ = ["bureau_settings"]

LIST = "/registers/qualifications"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def bureau(
    request: pytest.FixtureRequest, bureau_settings: Settings, feel: FeelPool, now: datetime
) -> Iterator[Desk]:
    with open_desk(bureau_settings, feel, now, request) as desk:
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, serve: Serve) -> str:
    return serve(app.web_application(bureau_settings, app.discover(), bureau.rooms))


def choose(page: Page, row: dict[str, Cell]) -> None:
    """Choose a workbook of one row."""
    content = FilePayload(name="资格.xlsx", mimeType=XLSX, buffer=book(row))
    page.locator("input[type=file]").first.set_input_files(content)


def test_a_workbook_is_checked_put_right_and_taken(enter: Enter) -> None:
    page = enter(OFFICER, LIST)
    page.get_by_text("导出变更历史").first.click()
    require_accessible_at_each_width(page)
    page.get_by_role("link", name="从 Excel 导入").click()
    require_accessible_at_each_width(page)
    right = stock("teacher001", valid_until="2026-03-20")
    for row in (right | {"stock_document": ""}, right):
        choose(page, row)
        page.get_by_role("button", name="检查").click()
        said = "都可以导入" if row["stock_document"] else "历史登记须有授予资格的文件"
        expect(page.get_by_text(said)).to_be_visible()
        require_accessible_at_each_width(page)
    page.get_by_label("理由").fill("建册补录")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("已导入：历史登记 1 条")).to_be_visible()
    require_accessible_at_each_width(page)
    page.goto("/registers/terms")
    expect(page.get_by_text("2026年3月20日").first).to_be_visible()
    require_accessible_at_each_width(page)
