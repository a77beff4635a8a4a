"""A meeting of the Party group in Chromium: the secretary's desk, a member on a telephone."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from service import app
from service.commands.rooms import Rooms
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import decide
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import Desk
from tests.processes.party_group import SECRETARY, Group, about_plan, actor_of, settle


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
        settle(desk)
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, serve: Serve) -> str:
    return serve(app.web_application(bureau_settings, app.discover(), bureau.rooms))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def confirm(page: Page, button: Locator, asked: str) -> None:
    """Press what asks before it is done, and agree."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    page.once("dialog", answer)
    button.click()
    assert questions == [asked]


def at_desk(page: Page, choice: str, number: int) -> None:
    name = actor_of(number).display_name
    button = page.get_by_role("button", name=re.compile(f"^{choice}.*{name}"))
    confirm(page, button, f"登记“{name}：{choice}”？登记后不能单独更改。")


def on_telephone(page: Page, choice: str) -> None:
    button = page.get_by_role("button", name=choice, exact=True)
    confirm(page, button, f"表态：{choice}？表态后不能更改。")


def test_a_meeting_from_the_roll_call_to_the_archive(enter: Enter, bureau: Desk) -> None:
    # given a meeting of five whose notice has gone out
    group = Group(bureau, 5)
    group.prepare(about_plan("年度教研计划"))
    secretary = enter(SECRETARY, f"/committee/meetings/{group.key}")
    # when the secretary calls the roll and opens it
    for number in (1, 2, 3):
        name = actor_of(number).display_name
        secretary.get_by_label(f"{name}的到会情况", exact=True).select_option("present")
        row = secretary.locator("li", has=secretary.get_by_label(f"{name}的到会情况", exact=True))
        row.get_by_role("button", name="登记").click()
        expect(secretary.get_by_text(f"应到5人，到会{number}人")).to_be_visible()
    # then it does not open before the absent are entered with their reasons
    press(secretary, "宣布开会")
    expect(secretary.locator("#notices")).to_contain_text(
        "党组成员04、党组成员05的到会情况还没有登记"
    )
    for number in (4, 5):
        name = actor_of(number).display_name
        secretary.get_by_label(f"{name}的到会情况", exact=True).select_option("absent")
        row = secretary.locator("li", has=secretary.get_by_label(f"{name}的到会情况", exact=True))
        row.get_by_role("textbox").fill("外出开会")
        row.get_by_role("button", name="登记").click()
        expect(row).to_contain_text("缺席（外出开会）")
    press(secretary, "宣布开会")
    press(secretary, "开始讨论")
    require_accessible(secretary)
    # then nothing is voted on before it was discussed
    press(secretary, "核对到会，开始表决")
    expect(secretary.locator("#notices")).to_contain_text("表决前应当充分讨论")
    press(secretary, "登记无人发言")
    expect(secretary.get_by_text("没有成员要求发言")).to_be_visible()
    press(secretary, "核对到会，开始表决")
    expect(secretary.get_by_text("应表态 3 人")).to_be_visible()
    # then the chair cannot be first, at the desk or on a telephone
    at_desk(secretary, "同意", 1)
    expect(secretary.locator("#notices")).to_contain_text("主持人应当末位表态")
    chair = enter(actor_of(1), f"/committee/meetings/{group.key}/seat", "narrow")
    expect(chair.get_by_text("主持人末位表态，请等党组成员02、党组成员03表态")).to_be_visible()
    # and the others vote: one on a telephone, one by the secretary
    member = enter(actor_of(2), f"/committee/meetings/{group.key}/seat", "narrow")
    require_accessible(member)
    member.once("dialog", lambda asked: asked.dismiss())
    member.get_by_role("button", name="不同意", exact=True).click()
    expect(member.get_by_text("已表态 0 人")).to_be_visible()
    on_telephone(member, "同意")
    expect(member.get_by_text("你已经表态：同意")).to_be_visible()
    at_desk(secretary, "同意", 3)
    expect(secretary.locator("#notices")).to_be_empty()
    # when the chair has voted too
    chair.reload()
    on_telephone(chair, "同意")
    expect(chair.get_by_text("你已经表态：同意")).to_be_visible()
    press(secretary, "结束表决，计算结果")
    # then everybody reads the rule in words and figures
    said = "应到5人，实到3人，赞成3票，超过应到半数（2.5），通过"
    expect(secretary.get_by_text(said).first).to_be_visible()
    member.reload()
    expect(member.get_by_text(said)).to_be_visible()
    assert member.evaluate("document.documentElement.scrollWidth") <= 390
    # when the meeting is closed
    secretary.once("dialog", lambda asked: asked.accept())
    press(secretary, "宣布闭会")
    expect(secretary.get_by_text("已闭会，纪要未归档").first).to_be_visible()
    group.run_jobs()
    # and the office has put the minutes right, on a telephone, checked them, and the chair signed
    telephone = enter(SECRETARY, f"/committee/meetings/{group.key}", "narrow")
    telephone.get_by_text("改正纪要", exact=True).click()
    telephone.get_by_text("会议地点：三楼会议室").click()
    telephone.get_by_label("改正后的内容").first.fill("二楼会议室")
    telephone.get_by_label("改正的理由").first.fill("笔误")
    telephone.get_by_role("button", name="改正", exact=True).first.click()
    expect(telephone.get_by_text("原记“三楼会议室”，改为“二楼会议室”")).to_be_visible()
    require_accessible(telephone)
    secretary.goto("/")
    secretary.get_by_role("link", name=re.compile("局党组会议")).first.click()
    wait_for_form(secretary)
    secretary.get_by_role("button", name="核对无误，送签").click()
    expect(secretary.get_by_text("已提交")).to_be_visible()
    chair.goto("/")
    chair.get_by_role("link", name=re.compile("局党组会议")).first.click()
    wait_for_form(chair)
    decide(chair, "签发")
    # then they are archived and locked, and can be taken out
    secretary.goto(f"/committee/meetings/{group.key}/minutes")
    expect(secretary.get_by_text("已归档锁定：党组纪要〔2026〕")).to_be_visible()
    with secretary.expect_download() as saved:
        secretary.get_by_role("link", name=re.compile("PDF")).click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


def test_the_telephone_learns_by_itself_that_a_vote_is_on(enter: Enter, bureau: Desk) -> None:
    group = Group(bureau, 5)
    group.begin(about_plan("年度教研计划"), present=5)
    member = enter(actor_of(2), f"/committee/meetings/{group.key}/seat", "narrow")
    expect(member.get_by_text("现在没有正在讨论的议题")).to_be_visible()
    group.discuss()
    group.begin_vote()
    expect(member.get_by_role("button", name="同意", exact=True)).to_be_visible()
