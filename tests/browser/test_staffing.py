"""Staffing in Chromium: from a red square of the matrix to a green one, and nothing axe finds."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import expect

from processes.registers.staffing.rosters import ESTABLISHMENT_ROSTER, SEAT_ROSTER
from service import app
from service.commands.rooms import Rooms
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter, Serve
from tests.browser.test_admission import bureau_settings
from tests.processes.conftest import open_desk
from tests.processes.desk import OFFICER, Desk
from tests.processes.registers.entering import establishment, put, seat

__all__ = ["bureau_settings"]

CELL = "/registers/matrix/city-research/小学语文"


@pytest.fixture
def bureau(
    request: pytest.FixtureRequest, bureau_settings: Settings, feel: FeelPool, now: datetime
) -> Iterator[Desk]:
    with open_desk(bureau_settings, feel, now, request) as desk:
        with desk.rooms.write() as tools:
            put(tools, ESTABLISHMENT_ROSTER, establishment(), now=now)
            put(tools, SEAT_ROSTER, seat(), now=now)
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, serve: Serve) -> str:
    return serve(app.web_application(bureau_settings, app.discover(), bureau.rooms))


def test_a_red_square_turns_green(enter: Enter) -> None:
    page = enter(OFFICER, "/registers/matrix", size="narrow")
    square = page.get_by_role("link", name="小学语文：○ 空缺")
    expect(square).to_be_visible()
    require_accessible_at_each_width(page)
    square.click()
    expect(page.get_by_text("岗位SJ-01空缺")).to_be_visible()
    require_accessible_at_each_width(page)
    page.get_by_role("link", name="登记到岗的教研员").click()
    page.get_by_label("用户名").fill("教师001")
    page.get_by_label("到岗日").fill("2026-03-02")
    page.get_by_label("理由或依据").fill("局党组〔2026〕3号")
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="登记", exact=True).click()
    # nobody comes in without the admission: only who was there before the register did
    expect(page.get_by_text("没有有效的小学语文准入资格")).to_be_visible()
    expect(page.get_by_label("用户名")).to_have_value("教师001")
    require_accessible_at_each_width(page)
    page.get_by_label("历史数据补录依据").fill("教人〔2025〕9号聘任文件")
    page.get_by_label("到岗日").fill("2025-09-01")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("教研员已登记。")).to_be_visible()
    expect(page.get_by_text("局党组〔2026〕3号")).to_be_visible()
    page.get_by_text("更正", exact=True).click()
    require_accessible_at_each_width(page)
    page.goto("/registers/matrix")
    expect(page.get_by_role("link", name="小学语文：● 在岗")).to_be_visible()
    for path in ("/registers/researchers", "/registers/seats/import", "/registers/staffing-rules"):
        page.goto(path)
        require_accessible_at_each_width(page)
