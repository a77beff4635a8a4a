"""The calendar in the browser: a day changed by the keyboard, and forms that count working days."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.commands import calendar_files, calendars, deployments
from service.commands.calendar_estimates import bring_up_to_date
from service.commands.deployments import Upload
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.working_days import CalendarYear, SpecialDay, SpecialKind
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import DIAGRAMS, Enter, wait_for_form
from tests.clocks import Clock
from tests.commands.administering import administrator_of
from tests.commands.test_calendars import NEXT_YEAR
from tests.fixtures_commands import (
    Deploy,
)
from tests.fixtures_store import Cast

NOVEMBER = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOVEMBER)


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    bring_up_to_date(rooms, now=NOVEMBER)
    return administrator_of(rooms, NOVEMBER)


def test_nothing_is_wrong_with_the_pages_of_the_calendar(enter: Enter, admin: Actor) -> None:
    page = enter(admin, "/admin/calendar/2027?day=2027-02-08", size="narrow")
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="确认 2027 年的安排已公布").click()
    expect(page.get_by_role("alert")).to_contain_text("没有一天调休上班")
    require_accessible_at_each_width(page)


def test_a_day_is_changed_by_the_keyboard(enter: Enter, admin: Actor, rooms: Rooms) -> None:
    page = enter(admin, "/admin/calendar/2026")
    page.get_by_role("link", name="31 日 上班").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2026年12月31日（周四）")).to_be_visible()
    page.get_by_label("安排", exact=True).select_option("半天")
    page.get_by_label("名称", exact=True).first.fill("跨年")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存 2026年12月31日（周四）的安排。")).to_be_visible()
    with rooms.read() as session:
        special = calendars.table_of_days(session).special(date(2026, 12, 31))
    assert special == SpecialDay(date(2026, 12, 31), SpecialKind.HALF_DAY, "跨年")


def test_a_doubtful_file_is_confirmed(
    enter: Enter, admin: Actor, rooms: Rooms, tmp_path: Path
) -> None:
    file = tmp_path / "2027.xlsx"
    file.write_bytes(calendar_files.write(CalendarYear(2027, NEXT_YEAR[:3])))
    page = enter(admin, "/admin/calendar/2027")
    page.get_by_label("2027 年的表格（.xlsx）").set_input_files(file)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("2027年5月1日（周六）是法定节日")
    page.get_by_label("已与国务院办公厅的通知核对，文件没有错").check()
    page.get_by_role("button", name="仍然导入这个文件").click()
    expect(page.get_by_text("2027 年的安排已保存")).to_be_visible()
    expect(page.get_by_text("从文件导入")).to_be_visible()


def test_a_form_shows_what_the_server_will_count(
    enter: Enter, cast: Cast, rooms: Rooms, deploy: Deploy
) -> None:
    form = {
        "type": "default", "schemaVersion": 16, "id": "everything",
        "components": [
            {"id": "A", "type": "number", "key": "n", "label": "工作日"},
            {
                "id": "B", "type": "text",
                "text": '截止 {{string(工作日后(date("2026-09-30"), n))}}',
            },
        ],
    }  # fmt: skip
    uploads = [
        Upload("everything.bpmn", (DIAGRAMS / "everything.bpmn").read_bytes()),
        Upload("everything.form", json.dumps(form).encode()),
    ]
    deployments.deploy(rooms, uploads, actor=SYSTEM, now=NOVEMBER)
    page = enter(cast.applicant, "/start/everything")
    wait_for_form(page)
    page.get_by_label("工作日").fill("3")
    expect(page.get_by_text("截止 2026-10-10")).to_be_visible()
