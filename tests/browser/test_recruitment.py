"""遴选 in Chromium: from a red square of the matrix to a green one, and nothing axe finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from processes.registers.days import bureau_day
from service import app
from service.commands.rooms import Rooms
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.browser.test_admission import bureau_settings
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import HEAD, TEACHERS

__all__ = ["bureau_settings"]


@pytest.fixture
def bureau(sqlite_template: Path, tmp_path: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path, feel) as desk:
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, serve: Serve) -> str:
    return serve(app.web_application(bureau_settings, app.discover(), bureau.rooms))


def test_a_red_square_turns_green_by_selection(bureau: Desk, enter: Enter) -> None:
    one = Selecting(bureau)
    page = enter(OFFICER, "/registers/matrix")
    expect(page.get_by_role("link", name="小学语文：✕ 逾期")).to_be_visible()
    page.goto("/recruitment")
    expect(page.get_by_text("还没有招聘。")).to_be_visible()
    require_accessible(page)
    # the institution says what it lacks, on the form
    form = enter(HEAD, "/start/recruitment_selection?choice=city-research/小学语文")
    wait_for_form(form)
    expect(form.get_by_text("已选定：市教研机构 小学语文。")).to_be_visible()
    expect(form.get_by_label("教研机构")).to_have_value("市教研机构")
    expect(form.get_by_label("教研机构")).not_to_be_editable()
    form.get_by_label("缺口说明").fill("退休后空缺")
    require_accessible(form)
    form.get_by_role("button", name="提交").click()
    form.wait_for_url("**/instances/*")
    one.case = one.newest_case()
    one.run()
    # the office registers what the organ for establishments has answered, on a telephone
    page = enter(OFFICER, "/recruitment", size="narrow")
    require_accessible(page)
    page.get_by_role("link", name="教研员集中遴选").click()
    require_accessible(page)
    page.get_by_label("文号").fill("乌海编办〔2026〕30号")
    page.get_by_label("日期").fill(bureau_day(one.desk.clock()).isoformat())
    page.get_by_role("button", name="登记答复").click()
    expect(page.get_by_text("用编批复已登记")).to_be_visible()
    one.run()
    # plan, decision, applications and examinations
    one.plan()
    one.decide()
    one.open_registration()
    one.examine_all(*TEACHERS)
    one.write(80, 85.5, 70)
    one.interview(90, 80, 75)
    one.examine()
    one.decide()
    one.pass_days(10)
    # the round as its page shows it, and the answer to the filing
    page = enter(OFFICER, f"/recruitment/{one.round.key}")
    expect(page.get_by_role("row", name="教师001")).to_contain_text("86.00")
    require_accessible(page)
    page.get_by_label("答复的机关").select_option("乌海市人社局")
    page.get_by_label("文号").fill("乌人社备〔2026〕8号")
    page.get_by_label("日期").fill(bureau_day(one.desk.clock()).isoformat())
    page.get_by_role("button", name="登记答复").click()
    expect(page.get_by_text("答复已登记")).to_be_visible()
    one.run()
    one.appoint(TEACHERS[0])
    page.goto("/registers/matrix")
    expect(page.get_by_role("link", name="小学语文：● 在岗")).to_be_visible()
    page = enter(OFFICER, f"/recruitment/{one.round.key}", size="narrow")
    expect(page.get_by_text("试用中")).to_be_visible()
    require_accessible(page)
