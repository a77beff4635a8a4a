"""复议, the organ above and the yearly query in Chromium, from beginning to end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from processes.committee import meetings
from processes.committee.rules import Outcome
from processes.sample import registers
from service import app
from service.commands import calendar_estimates
from service.commands.rooms import Rooms
from service.domain.authorization import Action, ObjectKind
from service.domain.receipts import case_number
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import attach, choose, decide, enter_date
from tests.browser.axe import require_accessible
from tests.browser.conftest import SIZES, Become, Enter, Serve, wait_for_form
from tests.browser.test_committee import press
from tests.processes.conftest import SECRET, give_right
from tests.processes.desk import COLLEAGUE, OFFICE, OFFICER, Desk
from tests.processes.party_group import (
    SECRETARY,
    Group,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
)
from tests.processes.records.querying import ask, case_of, entry
from tests.processes.recruitment.deciding import about, disclosure_of, newest, object_to, run_jobs
from tests.processes.recruitment.noticing import NOTICE, show
from tests.processes.recruitment.reconsidering import answer_from_above


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    """One for all of them: each begins on a later day."""
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("again"), feel) as desk:
        calendar_estimates.bring_up_to_date(desk.rooms, now=desk.clock())
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
        with desk.rooms.database.write() as session:
            right = (OFFICE, NOTICE, ObjectKind.PROCEDURE, Action.ACT)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, tmp_path: Path, serve: Serve) -> str:
    settings = Settings(
        database_url="sqlite://", data_dir=tmp_path, audit_key=SECRET, secret_key=SECRET,
        https=False,
    )  # fmt: skip
    return serve(app.web_application(settings, app.discover(), bureau.rooms))


def take(page: Page) -> None:
    """Claim the group's task that is shown."""
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)


def submit(page: Page, name: str) -> None:
    """Press the only button of a task."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text("已提交")).to_be_visible()


def today(desk: Desk) -> str:
    day = desk.clock()
    return f"{day.year}年{day.month}月{day.day}日"


def test_the_yearly_query_from_the_inbox_to_the_register(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    clear, found = registers.QUERY_OVERDUE[:2]
    ask(bureau, "2026-03-02")
    # the office has it in its inbox, looks it up and finds nothing
    page = enter(OFFICER, "/?list=group")
    page.goto(f"/instances/{case_of(bureau, clear)}")
    page.get_by_role("link", name="查询违法犯罪记录").first.click()
    take(page)
    require_accessible(page)
    fill_in_query(page, bureau, "没有记录")
    submit(page, "完成")
    page.goto(f"/registers/researchers?search={entry(bureau, clear).username}")
    assert entry(bureau, clear).records_on == bureau.clock().date()
    # of another a record is found, on a telephone: the duties end that day
    page.set_viewport_size(SIZES["narrow"])
    case = case_of(bureau, found)
    page.goto(f"/tasks/{bureau.open_tasks(case)[0].key}")
    take(page)
    fill_in_query(page, bureau, "有记录")
    page.get_by_label("说明").fill("检察院书面答复，已核对身份")
    submit(page, "完成")
    stopped = entry(bureau, found)
    assert stopped.leaving_basis == f"暂停岗位职责，见事项{case_number(case)}"
    # and somebody else of the office books what was decided
    become(page, COLLEAGUE, f"/tasks/{bureau.open_tasks(case)[0].key}")
    take(page)
    require_accessible(page)
    page.get_by_label("解除聘用合同").check()
    enter_date(page, "生效日期", today(bureau))
    page.get_by_label("文件名称和文号").fill("乌海教解聘〔2026〕1号")
    attach(page, "文件")
    decide(page, "已经离岗")
    run_jobs(bureau)
    assert entry(bureau, found).ended_how == "解除聘用合同"
    assert bureau.instance(case).end_event == "已离开岗位"


def fill_in_query(page: Page, bureau: Desk, result: str) -> None:
    page.get_by_label(result, exact=True).check()
    enter_date(page, "查询日期", today(bureau))
    page.get_by_label("查询机关").fill("海勃湾区人民检察院")
    attach(page, "书面结果")


def test_a_decision_taken_up_again_takes_its_notice_off_the_public_side(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    # given somebody who was decided on, whose 公示 is shown, and objected to
    next_day(bureau)
    group = Group(bureau, 5)
    group.begin(about("教师某甲"), present=5)
    group.discuss()
    group.begin_vote()
    group.votes(5)
    group.close_vote()
    notice = show(bureau, "教师某甲", str(group.only))
    address = f"/public/disclosures/{disclosure_of(bureau, notice).slug}"
    receipt = object_to(bureau, notice)
    public = enter(None, address, "narrow")
    expect(public.get_by_text("教师某甲").first).to_be_visible()
    # when the members agree to take it up again
    page = enter(SECRETARY, f"/committee/meetings/{group.key}")
    page.get_by_text("提出复议", exact=True).click()
    page.get_by_label("提议人").select_option(actor_of(2).username)
    for number in (1, 2, 3):
        page.get_by_label(actor_of(number).display_name, exact=True).check()
    page.get_by_label("复议的理由").fill("收到新的反映")
    press(page, "登记复议")
    expect(page.get_by_text("复议动议").first).to_be_visible()
    run_jobs(bureau)
    # then the 公示 goes on
    public.reload()
    expect(public.get_by_text("教师某甲").first).to_be_visible()
    # when the next meeting has it on its agenda, and does not carry it
    next_day(bureau)
    other = Group(bureau, 5)
    other.prepare(about_plan("当日的计划"))
    become(page, SECRETARY, f"/committee/meetings/{other.key}")
    press(page, "列入议程.*确定教师某甲")
    expect(page.get_by_role("button", name=re.compile("移出议程.*确定教师某甲"))).to_be_visible()
    other.give_notice()
    other.call(5)
    with other.sitting() as sitting:
        meetings.open_meeting(sitting)
    page.reload()
    press(page, "开始讨论.*确定教师某甲")
    press(page, "登记无人发言")
    expect(page.get_by_role("button", name="登记无人发言")).to_have_count(0)
    press(page, "核对到会，开始表决")
    for cast, number in enumerate((2, 3, 4, 5, 1)):
        expect(page.get_by_text(f"已表态 {cast} 人")).to_be_visible()
        page.once("dialog", lambda asked: asked.accept())
        press(page, f"不同意.*{actor_of(number).display_name}")
    expect(page.get_by_text("已表态 5 人")).to_be_visible()
    press(page, "结束表决，计算结果")
    expect(page.get_by_text("未通过").first).to_be_visible()
    run_jobs(bureau)
    # then the public reads that it is withdrawn, and no name any more
    public.reload()
    expect(
        public.get_by_text("经局党组复议，原决定已经改变，不再聘用，本公示撤回。")
    ).to_be_visible()
    expect(public.get_by_text("教师某甲")).to_have_count(0)
    require_accessible(public)
    public.goto("/public/notices")
    public.get_by_role("link", name=re.compile("关于撤回拟聘教研员人选公示的公告")).first.click()
    expect(public.get_by_text("还没有核查完的1件异议不再核查")).to_be_visible()
    # and who objected reads why nothing more is checked
    public.goto("/public/objections")
    public.get_by_label("回执编号").fill(receipt.number)
    public.get_by_label("查询码").fill(receipt.secret)
    public.get_by_role("button", name="查询").click()
    expect(public.get_by_text("公示已撤回，不再核查").first).to_be_visible()
    require_accessible(public)
    # the case's history has what people did, and the looks at the decision in one line
    become(page, OFFICER, f"/instances/{notice}")
    folded = page.get_by_text(re.compile("^系统自动办理"))
    expect(folded.first).to_be_visible()
    require_accessible(page)


def test_what_the_group_can_never_decide_goes_up_and_comes_back(
    bureau: Desk, enter: Enter, become: Become
) -> None:
    # given two matters from which three of five members must keep out (case 10)
    next_day(bureau)
    group = Group(bureau, 5)
    group.begin(about_plan("退回的计划"), about_plan("上级同意的计划"), present=5)
    decided_above = group.items["上级同意的计划"]
    group.discuss(decided_above, recuse=[3, 4, 5])
    assert group.begin_vote(decided_above) is Outcome.DEFERRED
    run_jobs(bureau)
    answer_from_above(bureau, newest(bureau, "committee_standing"), "同意")
    page = enter(SECRETARY, f"/committee/meetings/{group.key}")
    press(page, "开始讨论.*退回的计划")
    for number in (3, 4, 5):
        page.get_by_text("登记回避", exact=True).first.click()
        page.get_by_label("应当回避的成员").select_option(actor_of(number).username)
        page.get_by_label("回避的理由").fill("共同署名")
        page.get_by_role("button", name=re.compile("^登记回避")).click()
        expect(page.get_by_label("应当回避的成员").locator("option")).to_have_count(7 - number)
    press(page, "登记无人发言")
    expect(page.get_by_role("button", name="登记无人发言")).to_have_count(0)
    press(page, "核对到会，开始表决")
    expect(page.get_by_text("正在进行：退回的计划")).to_have_count(0)
    run_jobs(bureau)
    case = newest(bureau, "committee_standing")
    # when the office chooses to whom it is reported, and enters the reply
    become(page, OFFICER, f"/tasks/{bureau.open_tasks(case)[0].key}")
    take(page)
    choose(page, "报送的上级党组织", "中共乌海市委组织部")
    page.get_by_label("请示文号").fill("乌教党字〔2026〕5号")
    enter_date(page, "报送日期", today(bureau))
    attach(page, "请示")
    require_accessible(page)
    decide(page, "已经报送")
    run_jobs(bureau)
    page.set_viewport_size(SIZES["narrow"])
    page.goto(f"/tasks/{bureau.open_tasks(case)[0].key}")
    take(page)
    expect(page.get_by_label("上级党组织", exact=True)).to_have_value("中共乌海市委组织部")
    page.get_by_label("不予受理或者退回，由本局再议").check()
    page.get_by_label("答复文号").fill("乌组复〔2026〕12号")
    enter_date(page, "答复日期", today(bureau))
    attach(page, "答复（扫描件）")
    require_accessible(page)
    submit(page, "登记答复")
    run_jobs(bureau)
    # then it waits for the group again, and the other stands by the paper of the organ above
    become(page, SECRETARY, "/committee/items")
    expect(page.get_by_text(re.compile(r"退回由本局再议（乌组复〔2026〕12号）"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"中共乌海市委组织部.*决定同意"))).to_be_visible()
    require_accessible(page)
