"""兼职 in Chromium: applied for, recommended, shown to the public, an objection answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from processes.sample import registers
from service import app
from service.commands.rooms import Rooms
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import choose, decide
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.browser.test_admission import bureau_settings
from tests.processes.desk import OFFICER, Desk
from tests.processes.party_group import open_bureau
from tests.processes.recruitment.deciding import (
    called_by,
    disclosure_of,
    newest,
    object_to,
    run_jobs,
    settle_waiting,
)
from tests.processes.recruitment.engaging import (
    HEAD,
    RESEARCHER,
    TEACHER,
    do,
    engagement,
    entries,
    look_up_record,
    only,
    pass_notice,
    qualify,
    sign,
)

__all__ = ["bureau_settings"]


@pytest.fixture
def bureau(sqlite_template: Path, tmp_path: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path, feel) as desk:
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, serve: Serve) -> str:
    return serve(app.web_application(bureau_settings, app.discover(), bureau.rooms))


def take(page: Page) -> None:
    """Claim the group's task that is shown."""
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)


def test_a_part_timer_from_the_application_to_the_register(bureau: Desk, enter: Enter) -> None:
    qualify(bureau, TEACHER)
    # the teacher applies, on a telephone
    page = enter(TEACHER, "/start/recruitment_part_time", size="narrow")
    wait_for_form(page)
    page.get_by_label("教研机构").fill("市教研机构")
    choose(page, "学段学科", "小学语文")
    page.get_by_label("申请理由和教研经历").fill("参加市级教研十年")
    require_accessible(page)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/instances/*")
    case = newest(bureau, "recruitment_part_time")
    run_jobs(bureau)
    # the school's head recommends
    page = enter(HEAD, f"/tasks/{only(bureau, case, 'recommend').key}")
    take(page)
    expect(page.get_by_label("姓名")).to_have_value("教师001")
    page.get_by_label("学校意见").fill("同意，工作量可以兼顾")
    require_accessible(page)
    decide(page, "同意推荐")
    look_up_record(bureau, case)
    do(bureau, case, "assess", "pass", RESEARCHER, assess_record="合格")
    engaged = engagement(bureau, case)
    settle_waiting(bureau, engaged)
    # everybody sees the 公示, and somebody objects
    notice = called_by(bureau, engaged, "public_notice")
    page.goto(f"/public/disclosures/{disclosure_of(bureau, notice).slug}")
    expect(page.get_by_role("heading", name="关于拟聘教研员人选的公示（兼职）")).to_be_visible()
    require_accessible(page)
    object_to(bureau, notice)
    # the office reads it where it lies, and answers in its task
    page = enter(OFFICER, f"/tasks/{only(bureau, notice, 'check_objection').key}")
    take(page)
    require_accessible(page)
    page.get_by_role("link", name="查看异议原文").click()
    page = page.context.pages[-1]
    expect(page.get_by_text("教龄不满六年")).to_be_visible()
    page.goto(f"/tasks/{only(bureau, notice, 'check_objection').key}")
    wait_for_form(page)
    page.get_by_label("核查情况").fill("查阅档案，向学校核实。")
    page.get_by_label("给异议人的答复").fill("经核查，任教满六年。")
    decide(page, "异议不成立")
    run_jobs(bureau)
    pass_notice(bureau, engaged)
    sign(bureau, engaged, "2026-04-01", "2028-03-31")
    # they stand in the register without a seat, and the rules say by which
    assert [entry.seat_code for entry in entries(bureau, TEACHER)] == [""]
    page = enter(OFFICER, "/registers/recruitment-rules", size="narrow")
    expect(page.get_by_role("heading", name="招聘规则和设置")).to_be_visible()
    require_accessible(page)
