"""One story of people: a bureau's first days, from its organisation to what the auditor finds.

The house begins with its administrator, operator and auditor, and with the procedures that ship.
Everything else is done on the pages, but for the checks of who is refused, and that the database
is changed by hand in the end.
"""

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select, update

from processes.sample import ADMISSION, sample
from service import app, demo
from service.commands.rooms import Rooms
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.actors import Actor
from service.domain.outgoing import Channel
from service.feel import FeelPool
from service.procedure import Sample
from service.settings import Settings
from service.store.tables import HistoryValue, OrganizationUnit, ProcessInstance
from tests.books import Rows, book
from tests.browser.applying import (
    apply,
    come_in,
    decide,
    enter_date,
    open_check,
)
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.processes.conftest import SECRET, open_house
from tests.processes.desk import PDF, Desk
from tests.processes.reviewing import examine
from tests.test_programs import jiaoyan

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""As in production; what is told here is tested on SQLite room by room."""

ADMIN, OPERATOR, AUDITOR = Actor("admin"), Actor("operator"), Actor("auditor")
SECOND = Actor("personnel2", "人事科02")
PASSWORD = "青山遮不住-毕竟东流去"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CASE = "教师甲申请小学语文准入资格"

UNITS = [["bureau", "市教育局", "机关", "", 1], ["personnel", "人事科", "科室", "市教育局", 1]]
PEOPLE = [
    ["personnel1", "人事科01", "人事科", "科员", "", "是", "11010519491231002X"],
    ["personnel2", "人事科02", "市教育局", "科员", "", ""],
]


@pytest.fixture
def bureau_settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        audit_key=SECRET,
        secret_key=SECRET,
        data_key=SECRET,
        https=False,
    )


@pytest.fixture
def house(bureau_settings: Settings, feel: FeelPool, now: datetime) -> Iterator[Desk]:
    public = [right for right in sample.rights if right.group == PUBLIC_APPLICANTS]
    with open_house(bureau_settings, feel, now) as house:
        demo.seed(house.rooms, Sample(rights=public))
        app.deploy_on_empty(house.rooms)
        demo.publish_notices(house.rooms, sample)
        yield house


@pytest.fixture
def rooms(house: Desk) -> Rooms:
    return house.rooms


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "demo-inbox"


@pytest.fixture
def url(house: Desk, bureau_settings: Settings, inbox: Path, serve: Serve) -> str:
    return serve(
        app.web_application(
            bureau_settings, app.discover(), house.rooms, channels=list(Channel), demo_inbox=inbox
        )
    )


def test_from_the_organisation_to_what_the_auditor_finds(
    enter: Enter, house: Desk, inbox: Path, bureau_settings: Settings, tmp_path: Path
) -> None:
    admin = enter(ADMIN, "/admin/organization")
    refuse_a_faulty_workbook(admin, house)
    import_the_organisation(admin)
    first = sign_in_for_the_first_time(enter, admin, "人事科01")
    second = sign_in_for_the_first_time(enter, admin, "人事科02")

    outsider = enter(None, "/public", size="narrow")
    apply_from_outside(outsider, house, inbox)
    read_the_task_of_the_post(first)
    second.goto("/inbox/claimable")
    expect(second.get_by_text("没有待签收")).to_be_visible()

    declare_a_tie_to_the_applicant(first)
    be_refused_as_a_relative(enter(OPERATOR, "/operations"))
    give_a_post(admin)
    ask_for_more(second)
    supply_it(outsider)
    find_it_untrue(second, house)
    read_the_result(outsider)

    read_in_clear(admin)
    auditor = enter(AUDITOR, "/audit")
    find_each_reading(auditor)
    heads = keep_the_heads(auditor, tmp_path)
    assert verified(bureau_settings, heads).returncode == 0
    change_an_opinion_by_hand(house)
    found = verified(bureau_settings, heads)
    assert found.returncode == 1
    assert "1 处不符" in found.stdout, found.stdout


def look_at(page: Page, units: Rows, people: Rows) -> None:
    """Let a workbook be checked."""
    content = book(units, people)
    page.get_by_label("Excel 文件").set_input_files(
        FilePayload(name="o.xlsx", mimeType=XLSX, buffer=content)
    )
    page.get_by_role("button", name="检查").click()


def refuse_a_faulty_workbook(page: Page, house: Desk) -> None:
    page.get_by_role("link", name="导入").first.click()
    rings = [["a", "甲", "", "b"], ["b", "乙", "", "a"], ["c", '=CMD("x")', "", ""]]
    two = [[f"head{n}", f"负责人{n}", "人事科", "科长", "", "是"] for n in (1, 2)]
    look_at(page, [*UNITS, *rings], two)
    expect(page.get_by_role("heading", name=re.compile("有 . 行不能导入"))).to_be_visible()
    told = page.locator("#checked")
    for reason in (
        "上级绕成了一个环：a → b → a",
        "单元格是公式",
        "这个机构的负责人已经写在第 2 行",
    ):
        expect(told).to_contain_text(reason)
    with house.rooms.read() as session:
        assert session.scalars(select(OrganizationUnit.id)).all() == []


def import_the_organisation(page: Page) -> None:
    look_at(page, UNITS, PEOPLE)
    expect(page.get_by_role("heading", name="已检查 4 行，都可以导入")).to_be_visible()
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("新建机构 2 个")


def sign_in_for_the_first_time(enter: Enter, page: Page, name: str) -> Page:
    """Invite somebody; return the browser in which they set a password and signed in."""
    page.goto("/admin/people")
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="生成邀请链接").click()
    theirs = enter(None, page.get_by_label("设置密码的链接").input_value())
    expect(theirs.get_by_text(name)).to_be_visible()
    theirs.get_by_label("新密码", exact=True).fill(PASSWORD)
    theirs.get_by_label("再输入一次新密码").fill(PASSWORD)
    theirs.get_by_role("button", name="设置密码").click()
    theirs.get_by_label("密码", exact=True).fill(PASSWORD)
    theirs.get_by_role("button", name="登录").click()
    expect(theirs.get_by_role("heading", name="工作台")).to_be_visible()
    return theirs


def apply_from_outside(page: Page, house: Desk, inbox: Path) -> None:
    page.get_by_role("link", name="关于受理教研员准入资格申请的公告").click()
    page.get_by_role("link", name="我要申请").click()
    come_in(page, house, inbox)
    wait_for_form(page)
    page.get_by_label("姓名").fill("教师甲")
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已保存")
    page.goto("/public/applications")
    page.get_by_role("link", name="继续填写").click()
    wait_for_form(page)
    expect(page.get_by_label("姓名")).to_have_value("教师甲")
    apply(page, path=f"/public/apply/{ADMISSION}")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("受理编号", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"SQ-[0-9A-Z]{4}-"))).to_be_visible()
    steps = page.locator(".timeline-list")
    expect(steps).to_have_text(re.compile("提交申请.*材料审核 进行中", re.S))


def read_the_task_of_the_post(page: Page) -> None:
    page.goto("/inbox/claimable")
    page.get_by_role("link", name=CASE).click()
    expect(page.get_by_text(re.compile("你任人事科.*，所以可以签收"))).to_be_visible()


def declare_a_tie_to_the_applicant(page: Page) -> None:
    """By the number that they came in by: they have no account that the house knows."""
    task = page.url
    page.goto("/profile/recusal")
    page.get_by_label("对方", exact=True).fill("教师甲")
    page.get_by_label("关系", exact=True).select_option("spouse")
    page.get_by_label("号码种类").select_option("mobile")
    page.get_by_label("号码", exact=True).fill("13800138000")
    page.get_by_role("button", name="申报").click()
    expect(page.get_by_text("夫妻").last).to_be_visible()
    page.goto(task)
    expect(page.get_by_text("没有找到").first).to_be_visible()


def be_refused_as_a_relative(page: Page) -> None:
    field = page.get_by_label(re.compile("办理人的用户名"))
    field.fill("personnel1")
    field.press("Enter")
    expect(
        page.get_by_text(re.compile("人事科01与本事项当事人.*有亲属关系（夫妻）"))
    ).to_be_visible()


def give_a_post(page: Page) -> None:
    """Whose post it is the open task is: membership is read live."""
    page.goto("/admin/organization/units/personnel")
    page.get_by_text("增加任职").first.click()
    page.get_by_label("人员", exact=True).fill("人事科02")
    page.get_by_label("岗位", exact=True).last.fill("科员")
    page.get_by_role("button", name="增加任职").click()
    expect(page.get_by_role("link", name="人事科02")).to_be_visible()


def ask_for_more(page: Page) -> None:
    page.goto("/inbox/claimable")
    open_check(page)
    page.get_by_label("意见", exact=True).fill("任教证明缺2018年，请补交。")
    decide(page, "退回补正")


def supply_it(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("任教证明缺2018年，请补交。")).to_be_visible()
    expect(page.get_by_text("人事科02")).to_have_count(0)
    page.get_by_role("link", name="现在办理").click()
    wait_for_form(page)
    expect(page.get_by_text("任教证明缺2018年，请补交。")).to_be_visible()
    expect(page.get_by_text("办理期限：")).to_contain_text("2026年3月23日")
    expect(page.get_by_label("姓名")).to_have_value("教师甲")
    expect(page.get_by_role("link", name="证明.pdf")).to_have_count(4)
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="证明.pdf").first.click()
    assert downloaded.value.path().read_bytes() == PDF
    enter_date(page, "结束日期", "2026年1月31日")
    page.get_by_role("button", name="重新提交").click()
    expect(page.get_by_text("接下来由受理单位办理")).to_be_visible()


def find_it_untrue(page: Page, house: Desk) -> None:
    page.goto("/inbox/claimable")
    open_check(page)
    page.get_by_label("申报材料不实").check()
    page.get_by_label("意见", exact=True).fill("任教证明有涂改。")
    decide(page, "不予通过")
    page.goto("/inbox/claimable")
    open_check(page)
    with house.rooms.read() as session:
        case = session.scalars(select(ProcessInstance.key)).one()
    examine(house, case, actor=SECOND)
    page.goto("/inbox/claimable")
    open_check(page)
    page.get_by_label("意见", exact=True).fill("申报材料不实，不予准入。")
    decide(page, "不予准入")


def read_the_result(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="现在办理").click()
    wait_for_form(page)
    expect(page.get_by_role("heading", name="不予准入", exact=True)).to_be_visible()
    expect(page.get_by_text("申报材料应当真实")).to_be_visible()
    page.get_by_role("button", name="没有异议").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("已办结")).to_be_visible()
    expect(page.locator(".timeline-list li").last).to_contain_text("不予准入")


def read_in_clear(page: Page) -> None:
    page.goto("/admin/people/personnel1")
    expect(page.get_by_text("1101**********002X")).to_be_visible()
    page.get_by_text("查看身份证号原文").click()
    page.get_by_label("查看的理由").fill("核对任职资格")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("11010519491231002X")).to_be_visible()


def find_each_reading(page: Page) -> None:
    page.get_by_role("link", name="查看个人信息").click()
    rows = page.get_by_role("row")
    for who in ("人事科01（personnel1）", "人事科02（personnel2）"):
        expect(rows.filter(has_text=who).filter(has_text="事项").first).to_be_visible()
    clear = rows.filter(has_text="系统管理员（admin）").filter(has_text="核对任职资格")
    expect(clear).to_contain_text("人事科01（personnel1）")
    page.get_by_label("操作人（用户名）").fill("personnel1")
    page.get_by_role("button", name="查找").click()
    expect(rows.filter(has_text="人事科02（personnel2）")).to_have_count(0)


def keep_the_heads(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="记录的完整性").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出锚点文件").click()
    kept = folder / "heads.jsonl"
    download.value.save_as(kept)
    return kept


def verified(settings: Settings, heads: Path) -> subprocess.CompletedProcess[str]:
    """Run `jiaoyan audit verify` as it runs each night."""
    return jiaoyan(
        settings.data_dir, "audit", "verify", "--heads", str(heads),
        JIAOYAN_DATABASE_URL=settings.database_url, JIAOYAN_AUDIT_KEY=SECRET,
        JIAOYAN_SECRET_KEY=SECRET, JIAOYAN_DATA_KEY=SECRET,
    )  # fmt: skip


def change_an_opinion_by_hand(house: Desk) -> None:
    with house.rooms.database.write() as session:
        values = session.scalars(select(HistoryValue)).all()
        [row] = [one for one in values if "任教证明缺2018年" in str(one.value)]
        its = (HistoryValue.instance_key == row.instance_key, HistoryValue.number == row.number)
        changed = {**dict(row.value), "comment": "材料齐全。"}  # type: ignore[arg-type]  # an object
        session.execute(update(HistoryValue).where(*its).values(value=changed))
