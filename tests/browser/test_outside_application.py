"""An application for a post from outside in Chromium: found, filled in, mended, answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from processes.recruitment.candidacies import of_round
from processes.recruitment.tables import CandidacyState
from service import app
from service.commands.rooms import Rooms
from service.domain.outgoing import Channel
from service.domain.values import Json
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import attach, choose, come_in
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.browser.test_public import bureau_settings
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import newest, settle_waiting
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau

__all__ = ["bureau_settings"]


@pytest.fixture
def bureau(sqlite_template: Path, tmp_path: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path, feel) as desk:
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


def test_somebody_from_outside_applies_mends_and_reads_why_not(
    bureau: Desk, inbox: Path, enter: Enter
) -> None:
    one = Selecting(bureau, process="recruitment_open")
    one.open()
    one.approve()
    one.plan()
    settle_waiting(bureau, one.case)
    one.open_registration()
    # the notice leads to the form, on a telephone
    page = enter(None, "/public/notices", size="narrow")
    page.get_by_role("link", name="公开招聘").click()
    expect(page.get_by_text(f"岗位{one.post.code}：小学语文，1名。")).to_be_visible()
    page.get_by_role("link", name=f"我要申请：岗位{one.post.code} 小学语文").click()
    come_in(page, bureau, inbox)
    wait_for_form(page)
    # the post is the one whose button it was, and cannot be changed
    post = page.get_by_label("岗位编号")
    expect(post).to_have_value(one.post.code)
    expect(post).not_to_be_editable()
    page.get_by_label("姓名").fill("校外教师甲")
    page.get_by_label("现工作单位").fill("外地示例中学")
    choose(page, "教师职称", "一级教师")
    page.get_by_label("填写的内容和材料真实").check()
    # a post of open recruitment asks for no consent
    expect(page.get_by_text("同意报考证明")).to_have_count(0)
    require_accessible(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/public/applications/*")
    one.run()
    # the office wants a paper
    case = newest(bureau, "recruitment_application")
    one.do("formal_check", "supplement", {"originals_checked": False}, case=case,
           comment="请补传职称证书")  # fmt: skip
    page.reload()
    expect(page.get_by_text("请补传职称证书")).to_be_visible()
    require_accessible(page)
    expect(page.get_by_role("heading", name="需要你办理：补正材料")).to_be_visible()
    page.get_by_role("link", name="现在办理").click()
    wait_for_form(page)
    expect(page.get_by_label("现工作单位")).to_have_value("外地示例中学")
    attach(page, "其他材料")
    page.get_by_role("button", name="重新提交").click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url("**/public/applications/*")
    # and refuses in the end; the reason is told, and nothing is left to do
    refusal: dict[str, Json] = {"originals_checked": True, "check_reason": "不符合公告的学历条件"}
    one.do("formal_check", "reject", refusal, case=case, comment="不符合公告的学历条件")
    page.reload()
    expect(page.get_by_role("heading", name="需要你办理：查看资格审查结果")).to_be_visible()
    page.get_by_role("link", name="现在办理").click()
    wait_for_form(page)
    expect(page.get_by_text("理由：不符合公告的学历条件。")).to_be_visible()
    require_accessible(page)
    page.get_by_role("button", name="没有异议").click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url("**/public/applications/*")
    expect(page.get_by_text("没有进入考试").first).to_be_visible()
    with bureau.rooms.read() as session:
        [candidacy] = of_round(session, one.round.key)
    assert (candidacy.name, candidacy.state) == ("校外教师甲", CandidacyState.REFUSED)
