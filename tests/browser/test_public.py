"""The public side in Chromium: coming in, objecting; `test_people_walk` applies."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from processes.sample import ADMISSION, sample
from service import app, demo
from service.commands.disclosures import insert_disclosure
from service.commands.rooms import Rooms
from service.domain.access_events import bureau_day
from service.domain.disclosures import DisclosureItem, DisclosureText
from service.domain.outgoing import Channel
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import come_in, deliver
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import OFFICER, PDF, Desk

APPLY = f"/public/apply/{ADMISSION}"


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
def bureau(
    request: pytest.FixtureRequest, bureau_settings: Settings, feel: FeelPool, now: datetime
) -> Iterator[Desk]:
    with open_desk(bureau_settings, feel, now, request) as desk:
        demo.publish_notices(desk.rooms, sample)
        yield desk


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "demo-inbox"


@pytest.fixture
def url(bureau: Desk, bureau_settings: Settings, inbox: Path, serve: Serve) -> str:
    application = app.web_application(
        bureau_settings, app.discover(), bureau.rooms, channels=list(Channel), demo_inbox=inbox
    )
    return serve(application)


@pytest.fixture
def disclosure(bureau: Desk) -> str:
    """A disclosure of the demonstration's process; its slug."""
    today, case = bureau_day(bureau.clock()), bureau.apply().instance_key
    text = DisclosureText(
        "拟准入人员公示",
        "经审核，拟准予下列人员登记，现予公示。联系电话：0473-1234567。",
        today,
        today,
        (DisclosureItem("教师甲", "小学语文", "示例小学01"),),
    )
    with bureau.rooms.write() as tools:
        insert_disclosure(
            tools.session,
            tools.keys.next(),
            "gongshi",
            text,
            process_id=ADMISSION,
            instance_key=case,
            message_name="",
            now=bureau.clock(),
        )
    return "gongshi"


def test_an_objection_needs_no_account_and_loses_nothing(
    enter: Enter, bureau: Desk, disclosure: str
) -> None:
    page = enter(None, f"/public/disclosures/{disclosure}", size="narrow")
    expect(page.get_by_text("示例小学01")).to_be_visible()
    page.get_by_role("link", name="提出异议").click()
    bureau.clock.now = bureau.clock.now.replace(second=30)
    proof = FilePayload(name="证据.pdf", mimeType="application/pdf", buffer=PDF)
    page.get_by_label("证明材料").set_input_files(proof)
    # what is too long stays as it is, files and all
    page.get_by_label("异议内容").fill("异" * 4001)
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator("#text-error")).to_contain_text("最多 4000 个字，现在有 4001 个")
    expect(page.get_by_label("异议内容")).to_have_value("异" * 4001)
    page.get_by_label("异议内容").fill("教师甲任教不满六年。")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="异议已收到")).to_be_visible()
    number, secret = page.locator(".public-receipt dd").all_inner_texts()
    # the office answers
    officer = enter(OFFICER, "/")
    officer.get_by_role("button", name="更多").click()
    officer.get_by_role("link", name="公示异议").click()
    officer.get_by_role("link", name="拟准入人员公示").click()
    expect(officer.get_by_text("教师甲任教不满六年。")).to_be_visible()
    expect(officer.get_by_role("link", name="证据.pdf")).to_be_visible()
    officer.get_by_label("异议不成立").check()
    officer.get_by_label("核查情况").fill("查阅档案，向学校核实。")
    officer.get_by_label("答复", exact=True).fill("经核查，任教满十年。")
    officer.get_by_role("button", name="答复").click()
    # and who objected reads it by the receipt
    page.goto("/public/objections")
    page.get_by_label("回执编号").fill(number.lower())
    page.get_by_label("查询码").fill(secret.replace("-", " "))
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("经核查，任教满十年。")).to_be_visible()
    expect(page.get_by_text("人事科01")).to_have_count(0)


def test_the_pages_are_accessible(enter: Enter, bureau: Desk, inbox: Path, disclosure: str) -> None:
    page = enter(None, "/public", size="narrow")
    require_accessible_at_each_width(page)
    for path in (
        "/public/notices",
        "/public/disclosures",
        f"/public/disclosures/{disclosure}",
        f"/public/disclosures/{disclosure}/object",
        "/public/objections",
        "/public/demo-inbox",
        "/public/nothing",
    ):
        page.goto(path)
        require_accessible_at_each_width(page)
    page.goto("/public/notices")
    page.locator("main .public-list a").first.click()
    require_accessible_at_each_width(page)
    page.goto(APPLY)
    require_accessible_at_each_width(page)
    come_in(page, bureau, inbox)
    wait_for_form(page)
    require_accessible_at_each_width(page)
    page.goto("/public/applications")
    require_accessible_at_each_width(page)
    officer = enter(OFFICER, "/notices")
    require_accessible_at_each_width(officer)
    for path in ("/notices/new", "/objections"):
        officer.goto(path)
        require_accessible_at_each_width(officer)


def test_the_keyboard_alone_suffices_to_come_in(enter: Enter, bureau: Desk, inbox: Path) -> None:
    page = enter(None, "/public/sign-in")
    page.keyboard.type("13800138000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="填写验证码")).to_be_visible()
    deliver(bureau, inbox)
    [message] = inbox.glob("*.json")
    code = re.search(r"\d{6}", message.read_text("utf-8").split("text")[1])
    assert code is not None
    page.keyboard.type(code[0])
    page.keyboard.press("Enter")
    expect(page.get_by_text("你还没有提交过申请")).to_be_visible()
