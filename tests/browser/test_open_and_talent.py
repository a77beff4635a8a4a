"""公开招聘 and 人才引进 in Chromium: the start, what is special to each, who is in post then."""

from playwright.sync_api import Page, expect

from processes.recruitment.tables import CandidacyState
from tests.browser.applying import attach, choose, decide, enter_date
from tests.browser.axe import require_accessible
from tests.browser.conftest import SIZES, Become, Enter, wait_for_form
from tests.browser.test_admission import bureau_settings
from tests.browser.test_recruitment import bureau, rooms, url
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import newest
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selection_cast import HEAD, MORE, SUBJECT
from tests.processes.recruitment.test_open_and_talent import NEW

__all__ = ["bureau", "bureau_settings", "rooms", "url"]


def begin(page: Page, bureau: Desk, process: str) -> Selecting:
    """State the need on the start form; return the round, which waits for its establishment."""
    wait_for_form(page)
    expect(page.get_by_label("教研机构")).to_have_value("市教研机构")
    choose(page, "学段学科", SUBJECT)
    page.get_by_label("缺口说明").fill("退休后空缺")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/instances/*")
    one = Selecting(bureau, case=newest(bureau, process), process=process)
    one.run()
    return one


def test_who_was_employed_before_is_appointed_on_evidence(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    # given somebody from outside who has come in by open recruitment, until the filing
    page = enter(HEAD, "/start/recruitment_open")
    one = begin(page, bureau, "recruitment_open")
    one.approve()
    one.plan(plan_ratio=1)
    one.decide()
    one.open_registration()
    new = MORE[0]
    one.qualify(new)
    one.apply(new, **NEW)
    one.check(new)
    one.pass_days(12)
    one.write(80)
    one.interview(90)
    one.examine()
    one.decide()
    one.pass_days(14)
    one.file(one.candidacy(new).key)
    # when the office calls it no first employment and does not say by what
    page.set_viewport_size(SIZES["narrow"])
    become(page, OFFICER, f"/tasks/{one.task('appoint').key}")
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)
    expect(page.get_by_label("姓名")).to_have_value(new.display_name)
    require_accessible(page)
    page.get_by_label("其他（曾经就业）").check()
    enter_date(page, "到岗日", one.later(0))
    page.get_by_label("合同期限（年）").fill("3")
    page.get_by_label("试用期（月）").fill("3")
    page.get_by_label("聘任人员的账号").fill(new.username)
    page.get_by_label("聘任文号").fill("乌教人〔2026〕5号")
    decide(page, "聘任到岗")
    one.run()
    # then nobody is appointed, the form says why, and the evidence is all it still asks for
    assert one.candidacy(new).state == CandidacyState.FILING
    page.goto(f"/tasks/{one.task('appoint', actor=OFFICER).key}")
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)
    expect(page.get_by_text("没有写明凭什么认定是否初次就业")).to_be_visible()
    page.get_by_label("认定是否初次就业的依据").fill("档案和社保缴费记录")
    decide(page, "聘任到岗")
    one.run()
    # then the round shows them on trial, and the cell is staffed
    page.goto(f"/recruitment/{one.round.key}")
    expect(page.get_by_role("row", name=new.display_name)).to_contain_text("试用中")
    page.goto("/registers/matrix")
    expect(page.get_by_role("link", name=f"{SUBJECT}：● 在岗")).to_be_visible()


def test_a_doctor_comes_by_the_catalogue_and_the_consent(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    page = enter(HEAD, "/start/recruitment_talent")
    one = begin(page, bureau, "recruitment_talent")
    one.approve()
    # when the office enters by which papers the city wants somebody
    become(page, OFFICER, f"/tasks/{one.task('approval').key}")
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)
    require_accessible(page)
    page.get_by_label("年度引进目录的文号").fill("乌人才发〔2026〕3号")
    enter_date(page, "目录的日期", "2026年2月1日")
    page.get_by_label("市人才工作领导小组同意的文号").fill("乌人才办〔2026〕9号")
    enter_date(page, "同意的日期", "2026年2月20日")
    attach(page, "目录和同意的文件")
    decide(page, "提交核对")
    one.run()
    # then a doctor is taken on the interview alone
    one.plan(plan_ratio=1, plan_written_on=None)
    one.decide()
    one.open_registration()
    doctor = MORE[0]
    one.qualify(doctor)
    one.apply(doctor, **NEW, doctor="是")
    one.check(doctor)
    one.pass_days(12)
    one.interview(91)
    one.examine()
    one.decide()
    one.pass_days(14)
    one.file(one.candidacy(doctor).key)
    one.appoint(doctor)
    become(page, OFFICER, f"/recruitment/{one.round.key}")
    expect(page.get_by_role("row", name=doctor.display_name)).to_contain_text("91.00")
    expect(page.get_by_text("人才引进").first).to_be_visible()
    page.goto("/registers/researchers")
    expect(page.get_by_role("row", name=doctor.display_name)).to_contain_text(SUBJECT)
