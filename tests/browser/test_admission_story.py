"""准入 from outside: supplements, a panel with one recused, objection, re-check, register."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from processes.sample import ADMISSION, sample
from service import app, demo
from service.commands import user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.outgoing import Channel
from service.feel import FeelPool
from service.settings import Settings
from tests.browser.applying import (
    apply,
    attach,
    come_in,
    confirm_everything,
    decide,
    open_check,
)
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.reviewing import REVIEWERS, examine, only_case, prove, vote


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


def test_from_outside_to_the_register_with_a_refusal_that_was_wrong(
    enter: Enter, bureau: Desk, inbox: Path
) -> None:
    # given somebody from outside who applies, is asked for more, and supplies it
    outsider = enter(None, f"/public/apply/{ADMISSION}", size="narrow")
    come_in(outsider, bureau, inbox)
    apply(outsider)
    outsider.get_by_role("button", name="提交申请").click()
    expect(outsider.get_by_text("接下来由受理单位办理")).to_be_visible()
    case = only_case(bureau)
    officer = enter(OFFICER, "/inbox/claimable")
    open_check(officer)
    officer.get_by_label("意见", exact=True).fill("任教证明缺2018年，请补交。")
    decide(officer, "退回补正")
    do_now(outsider)
    expect(outsider.get_by_text("办理期限：")).to_contain_text("2026年3月23日")
    expect(outsider.get_by_text("任教证明缺2018年，请补交。").first).to_be_visible()
    outsider.get_by_role("button", name="重新提交").click()
    expect(outsider.get_by_text("接下来由受理单位办理")).to_be_visible()
    take(officer, bureau, OFFICER)
    confirm_everything(officer)
    decide(officer, "核对属实")
    # when a panel is seated as proposed, and one of it asks to keep out
    prove(bureau, case)
    take(officer, bureau, OFFICER)
    require_accessible(officer)
    send(officer, "确定评议组")
    judge(enter(REVIEWERS[0], task_of(bureau, REVIEWERS[0])))
    keep_out(enter(REVIEWERS[2], task_of(bureau, REVIEWERS[2])))
    # then the office names another at once, while the second has not voted yet
    take(officer, bureau, OFFICER, "replace_reviewer")
    require_accessible(officer)
    expect(officer.get_by_text("教研员03不能参加评议：", exact=True)).to_be_visible()
    expect(officer.get_by_text("本人申请回避：是申请人的师父")).to_be_visible()
    expect(officer.get_by_text("必须补选")).to_be_visible()
    officer.get_by_label("教研员04").check()
    decide(officer, "补选这名评议人")
    vote(bureau, case, REVIEWERS[1])
    vote(bureau, case, REVIEWERS[3])
    # and it refuses because of an assessment that was entered wrongly
    examine(bureau, case, n4_finding="有不合格或基本合格", n4_reason="2024年度基本合格")
    take(officer, bureau, OFFICER)
    require_accessible(officer)
    officer.get_by_label("意见", exact=True).fill("近三年考核没有全部合格。")
    decide(officer, "不予准入")
    # then the applicant reads why and objects
    do_now(outsider)
    expect(outsider.get_by_text("2024年度基本合格")).to_be_visible()
    attach(outsider, "异议的材料")
    outsider.get_by_label("说明").fill("2024年度我是合格，见登记表。")
    require_accessible(outsider)
    outsider.get_by_role("button", name="提出异议").click()
    outsider.get_by_role("button", name="确认提交").click()
    expect(outsider.get_by_text("接下来由受理单位办理")).to_be_visible()
    # and a colleague sets it aside; who concluded does not find the task
    officer.goto("/inbox/claimable")
    expect(officer.get_by_text("没有待签收")).to_be_visible()
    colleague = enter(COLLEAGUE, "/inbox/claimable")
    open_check(colleague)
    expect(colleague.get_by_text("2024年度我是合格，见登记表。").first).to_be_visible()
    expect(colleague.get_by_role("link", name="证明.pdf")).to_be_visible()
    colleague.get_by_label("意见", exact=True).fill("经查登记表，2024年度合格。")
    decide(colleague, "撤销原结论，重新核定")
    bureau.check(case, actor=COLLEAGUE)
    prove(bureau, case, actor=COLLEAGUE)
    examine(bureau, case, actor=COLLEAGUE)
    take(colleague, bureau, COLLEAGUE)
    decide(colleague, "准予登记")
    # and the register has it, the refusal with what became of it beside it
    colleague.goto("/registers/qualifications")
    colleague.get_by_role("link", name="教师甲").click()
    expect(colleague.get_by_text("近几年考核")).to_be_visible()
    colleague.goto("/registers/qualifications/refusals")
    expect(colleague.get_by_text("异议成立，已撤销")).to_be_visible()
    do_now(outsider)
    expect(outsider.get_by_role("heading", name="准予登记", exact=True)).to_be_visible()
    expect(outsider.get_by_text("人事科0")).to_have_count(0)


def take(page: Page, bureau: Desk, actor: Actor, step: str = "") -> None:
    """Claim the one open task (of this step) and open its page."""
    (task,) = [one for one in bureau.open_tasks(only_case(bureau)) if step in one.element_id]
    with bureau.rooms.write() as tools:
        user_tasks.claim(tools, task.key, actor=actor, now=bureau.clock())
    page.goto(f"/tasks/{task.key}")
    wait_for_form(page)


def task_of(bureau: Desk, reviewer: Actor) -> str:
    tasks = bureau.open_tasks(only_case(bureau))
    (key,) = [task.key for task in tasks if task.assignee == reviewer.username]
    return f"/tasks/{key}"


def send(page: Page, outcome: str) -> None:
    """Complete a task with an outcome that asks for no confirmation."""
    page.get_by_role("button", name=outcome).click()
    expect(page.get_by_text("已提交")).to_be_visible()


def do_now(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="现在办理").click()
    wait_for_form(page)


def judge(page: Page) -> None:
    wait_for_form(page)
    page.get_by_label("参加评议").check()
    for box in page.get_by_label("符合", exact=True).all():
        box.check()
    page.get_by_label("理由").fill("课题和公开课在全市有影响。")
    require_accessible(page)
    send(page, "提交评议")


def keep_out(page: Page) -> None:
    wait_for_form(page)
    page.get_by_label("申请回避", exact=True).check()
    expect(page.get_by_label("不符合", exact=True)).to_have_count(0)
    page.get_by_label("理由").fill("是申请人的师父。")
    send(page, "提交评议")
