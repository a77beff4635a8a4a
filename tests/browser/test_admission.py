"""准入 in Chromium: the applicant, the office, the register; on PostgreSQL once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service import app
from service.commands.rooms import Rooms
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import (
    apply,
    confirm_everything,
    decide,
    enter_date,
    open_check,
)
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.fixtures_store import PASSWORD
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import APPLICANT, COLLEAGUE, OFFICER, TEACHER, Desk
from tests.processes.reviewing import admit, examine, only_case, prove, seat, vote_all

REGISTER = "/registers/qualifications"


@pytest.fixture
def bureau_settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        audit_key=SECRET,
        secret_key=SECRET,
        https=False,
    )


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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_from_the_application_to_the_register(enter: Enter, bureau: Desk) -> None:
    # given an applicant who signs in and applies with an old title
    applicant = enter(None)
    sign_in(applicant, "applicant")
    apply(applicant, title="小学高级教师")
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant.get_by_text("教师甲申请小学语文准入资格").first).to_be_visible()
    # when the office claims the task, sees everything and approves
    officer = enter(OFFICER, "/inbox/claimable")
    open_check(officer)
    expect(officer.get_by_text("教龄满10年，达到6年以上")).to_be_visible()
    expect(officer.get_by_role("link", name="证明.pdf")).to_have_count(4)
    confirm_everything(officer)
    decide(officer, "核对属实")
    # and what follows is in favour, and the office concludes
    case = only_case(bureau)
    prove(bureau, case)
    seat(bureau, case)
    vote_all(bureau, case)
    examine(bureau, case)
    officer.goto("/inbox/claimable")
    open_check(officer)
    expect(officer.get_by_text("评议组3人计票，3人认为符合").first).to_be_visible()
    expect(officer.get_by_text("各项条件全部符合，可以按“准予登记”。")).to_be_visible()
    decide(officer, "准予登记")
    # then the register shows it to the office and to the applicant
    for page in (officer, applicant):
        page.goto(REGISTER)
        page.get_by_role("link", name="教师甲").click()
        expect(page.get_by_text("小学高级教师（中级）")).to_be_visible()
        expect(page.get_by_text("2028年3月1日").first).to_be_visible()
    # and the applicant reads the result
    applicant.goto("/inbox/todo")
    applicant.get_by_role("link", name="教师甲申请小学语文准入资格").click()
    wait_for_form(applicant)
    expect(applicant.get_by_role("heading", name="准予登记", exact=True)).to_be_visible()
    applicant.get_by_role("button", name="已阅").click()
    expect(applicant.get_by_text("没有待办")).to_be_visible()


def test_wrong_dates_are_refused_in_the_list_and_can_be_put_right(
    enter: Enter, bureau: Desk
) -> None:
    # given an end before the beginning
    applicant = enter(APPLICANT)
    apply(applicant, ends_on="2010年1月31日")
    expect(applicant.get_by_text("结束日期早于开始日期，请改正")).to_be_visible()
    applicant.get_by_role("button", name="提交申请").click()
    summary = applicant.locator("[data-summary]")
    expect(summary).to_contain_text("有 1 处需要改正，还没有提交")
    summary.get_by_role("link", name="结束日期早于开始日期").click()
    expect(applicant.get_by_label("结束日期")).to_be_focused()
    # then nothing is lost, and what was wrong alone is to be changed
    expect(applicant.get_by_label("姓名")).to_have_value("教师甲")
    expect(applicant.get_by_role("link", name="证明.pdf")).to_have_count(4)
    enter_date(applicant, "结束日期", "2026年1月31日")
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant.get_by_text("教师甲申请小学语文准入资格").first).to_be_visible()
    officer = enter(COLLEAGUE, "/inbox/claimable")
    expect(officer.get_by_role("link", name="教师甲申请小学语文准入资格")).to_be_visible()


def test_an_incomplete_check_is_refused_before_it_is_confirmed(enter: Enter, bureau: Desk) -> None:
    bureau.apply()
    officer = enter(OFFICER, "/inbox/claimable")
    open_check(officer)
    officer.get_by_role("button", name="核对属实").click()
    summary = officer.locator("[data-summary]")
    expect(summary).to_contain_text("还有原件没有核对，不能“核对属实”")
    expect(officer.locator("#confirm-outcome")).not_to_be_visible()


def test_what_is_wrong_is_named_with_its_row(enter: Enter, bureau: Desk) -> None:
    page = enter(APPLICANT, "/start/admission_review")
    wait_for_form(page)
    proof = page.locator(".fjs-form-field-filepicker", has_text="任教证明")
    expect(proof).to_contain_text("证明教龄（三（三）5，规则 R-YEARS）")
    page.get_by_role("button", name="新增一行").click()
    page.get_by_label("学校（单位）").first.fill("某某小学")
    page.get_by_role("button", name="提交申请").click()
    summary = page.locator("[data-summary]")
    summary.get_by_role("link", name="第 2 行，学校（单位）：此项必填。").click()
    expect(page.get_by_label("学校（单位）").nth(1)).to_be_focused()
    expect(summary).to_contain_text("愿承担不予准入的后果：此项必填。")


def test_the_pages_of_the_procedure_are_accessible(enter: Enter, bureau: Desk) -> None:
    granted, waiting = bureau.apply(), bureau.apply(title="小学一级教师")
    admit(bureau, granted.instance_key)
    task = bureau.open_task(waiting.instance_key).key
    officer = enter(OFFICER, f"/tasks/{task}")
    wait_for_form(officer)
    require_accessible_at_each_width(officer)
    for path in (REGISTER, f"{REGISTER}/refusals"):
        officer.goto(path)
        require_accessible_at_each_width(officer)
    officer.goto(REGISTER)
    officer.get_by_role("link", name="教师甲").click()
    require_accessible_at_each_width(officer)
    applicant = enter(APPLICANT, "/start/admission_review", size="narrow")
    wait_for_form(applicant)
    require_accessible_at_each_width(applicant)
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant.locator("[data-summary]")).to_be_visible()
    require_accessible_at_each_width(applicant)


def test_a_stranger_finds_nothing_in_the_register(enter: Enter, bureau: Desk) -> None:
    started = bureau.apply()
    admit(bureau, started.instance_key)
    page = enter(TEACHER, REGISTER)
    expect(page.get_by_text("没有可以列出的准入资格")).to_be_visible()
    expect(page.get_by_text("教师甲")).to_have_count(0)


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
