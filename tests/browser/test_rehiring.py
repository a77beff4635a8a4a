"""返聘银龄 in Chromium: asked for, agreed to by who retired, and never a green cell."""

from playwright.sync_api import expect

from tests.browser.applying import attach, choose, decide, enter_date
from tests.browser.axe import require_accessible
from tests.browser.conftest import SIZES, Become, Enter, wait_for_form
from tests.browser.test_admission import bureau_settings
from tests.browser.test_engagements import bureau, rooms, url
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import newest, run_jobs, settle_waiting
from tests.processes.recruitment.engaging import (
    RESEARCHER,
    RETIRED,
    VERIFIED,
    do,
    engagement,
    look_up_record,
    only,
    pass_notice,
    qualify,
    sign,
)

__all__ = ["bureau", "bureau_settings", "rooms", "url"]
SEAT = "普通高中化学"


def test_a_retired_teacher_comes_back_and_the_cell_stays_red(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    qualify(bureau, RETIRED, SEAT)
    # the head of the institution asks for somebody
    page = enter(RESEARCHER, "/start/recruitment_rehire")
    wait_for_form(page)
    page.get_by_label("返聘人员").fill(RETIRED.display_name)
    page.get_by_label("教研机构").fill("市教研机构")
    choose(page, "承担的学段学科", SEAT)
    choose(page, "经费来源", "本级教研经费")
    page.get_by_label("需要返聘的理由").fill("高考命题指导缺人")
    require_accessible(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/instances/*")
    case = newest(bureau, "recruitment_rehire")
    run_jobs(bureau)
    # who retired agrees, with the papers, on a telephone
    page.set_viewport_size(SIZES["narrow"])
    become(page, RETIRED, f"/tasks/{only(bureau, case, 'consent').key}")
    wait_for_form(page)
    expect(page.get_by_label("学段学科")).to_have_value(SEAT)
    page.get_by_label("退休审批文号").fill("乌海人社退〔2025〕15号")
    enter_date(page, "审批日期", "2025年8月20日")
    enter_date(page, "退休起始日", "2025年9月1日")
    enter_date(page, "出生日期", "1966年3月4日")
    choose(page, "职称证书上的全称", "正高级教师")
    for label in ("退休审批", "职称证书", "体检报告"):
        attach(page, label)
    require_accessible(page)
    decide(page, "提交")
    run_jobs(bureau)
    # when everybody has agreed and the agreement is signed
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    engaged = engagement(bureau, case)
    settle_waiting(bureau, engaged)
    pass_notice(bureau, engaged)
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    # then the register has them without a seat, and the cell is as red as it was
    bureau.clock.pass_days(30)
    become(page, OFFICER, f"/registers/researchers?search={RETIRED.display_name}")
    row = page.get_by_role("row", name=RETIRED.display_name)
    expect(row).to_contain_text("返聘银龄")
    page.goto(f"/registers/matrix/city-research/{SEAT}")
    expect(page.get_by_text("返聘银龄1人")).to_be_visible()
    expect(page.get_by_text("空缺").first).to_be_visible()
    require_accessible(page)
