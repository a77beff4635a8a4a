"""The organisation in the browser: looked at, a deputy for a task by post.

`test_people_walk` imports it.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.commands import process_instances
from service.domain.actors import Actor
from tests.books import UNITS, book
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.commands.administering import administrator_of
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_organization import Bureau, bureau
from tests.fixtures_store import Cast

__all__ = ["bureau"]

PEOPLE = [["li.na", "李娜", "school01", "教研员", "数学、小学", "是"]]


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "organization.xlsx"
    file.write_bytes(book(UNITS, PEOPLE))
    return file


def test_a_task_by_post_and_its_deputy(
    enter: Enter, stage: Stage, deploy: Deploy, bureau: Bureau, cast: Cast
) -> None:
    bureau.begin("li.na", "city", "教研员", ["小学", "数学"])
    deploy("posted.bpmn")
    with stage.rooms.write() as tools:
        started = process_instances.start(
            tools,
            process_id="posted",
            variables={"subject": "数学", "unit": "市教研机构"},
            through_form=False,
            actor=cast.applicant,
            now=stage.clock.now,
        )
    stage.complete(stage.task(started.instance_key, "ask"), cast.applicant)

    officer = enter(cast.officer, "/inbox/claimable")
    officer.locator("a.row-title").first.click()
    reason = "你任市教研机构教研员（小学、数学），所以可以签收"
    expect(officer.get_by_text(reason)).to_be_visible()
    officer.goto("/profile/deputies")
    officer.get_by_role("combobox", name="代理人").fill("王伟")
    officer.get_by_label("开始日期").fill("2026-03-02")
    officer.get_by_label("结束日期").fill("2026-03-06")
    officer.get_by_role("button", name="委托代理").click()
    expect(officer.get_by_text("代理中")).to_be_visible()

    deputy = enter(cast.stranger, "/inbox/claimable")
    expect(deputy.get_by_text("代李娜")).to_be_visible()
    deputy.locator("a.row-title").first.click()
    deputy.get_by_role("button", name="签收").click()
    deputy.get_by_role("button", name="提交").click()
    expect(deputy.get_by_text("已提交").first).to_be_visible()
    officer.goto("/inbox/done")
    officer.locator("a.row-title").first.click()
    expect(officer.get_by_text("王伟（代李娜）").first).to_be_visible()


def test_axe_finds_nothing_wrong(
    enter: Enter, bureau: Bureau, cast: Cast, admin: Actor, workbook: Path
) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学"], heads_unit=True)
    bureau.name_group("教研员 · 数学 @ city")
    page = enter(admin, "/admin/organization")
    for path in (
        "/admin/organization",
        "/admin/organization/units/city",
        "/admin/groups",
        "/admin/deputies",
        "/profile/deputies",
        "/admin/organization/import",
    ):
        page.goto(path)
        for summary in page.locator("details.fold > summary").all():
            summary.click()
        require_accessible_at_each_width(page)
    page.get_by_label("Excel 文件").set_input_files(workbook)
    page.get_by_role("button", name="检查").click()
    page.wait_for_selector("#checked-title")
    require_accessible_at_each_width(page)
