"""axe-core finds nothing wrong with any page, at either width."""

from playwright.sync_api import Page, expect

from service.commands import drafts, user_tasks
from service.commands.handlers import BpmnError
from service.domain.actors import Actor
from service.domain.values import Variables
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter, wait_for_form
from tests.fixtures_commands import REVIEW, Deploy, Desk, Stage
from tests.fixtures_store import Cast


def show_diagram(page: Page) -> None:
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    page.wait_for_selector('[data-island="diagram"][data-ready]')


def test_signing_in(enter: Enter, cast: Cast) -> None:
    require_accessible_at_each_width(enter(None, "/sign-in"))


def test_the_lists(enter: Enter, cast: Cast, stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    stage.start("review", variables={"姓名": "张敏"})
    page = enter(cast.officer, "/")
    require_accessible_at_each_width(page)
    page.goto("/inbox/claimable")
    require_accessible_at_each_width(page)


def test_choosing_and_filling_in(enter: Enter, cast: Cast, deploy: Deploy, everything: str) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start")
    require_accessible_at_each_width(page)
    page.goto(everything)
    wait_for_form(page)
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_selector("[data-summary]:not([hidden])")
    require_accessible_at_each_width(page)


def test_a_task_to_do_with_its_dialog(
    enter: Enter, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    key = stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, key, actor=cast.officer, now=stage.clock.now)
    page = enter(cast.officer, f"/tasks/{key}")
    wait_for_form(page)
    show_diagram(page)
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="核对属实").click()
    page.wait_for_selector("#confirm-outcome[open]")
    require_accessible_at_each_width(page)


def test_a_done_task_and_its_case(enter: Enter, cast: Cast, stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    case = stage.start("review", variables={"姓名": "张敏"}).instance_key
    key = stage.task(case, "check")
    stage.complete(key, cast.officer, outcome="approve", comment="材料齐全")
    sent: Variables = {"核对意见": "另一个窗口里写的"}
    drafts.keep(stage.rooms, key, data=sent, actor=cast.officer, now=stage.clock.now)
    page = enter(cast.officer, f"/tasks/{key}")
    page.locator("[data-ready]").nth(1).wait_for()
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="删除这些内容").click()
    require_accessible_at_each_width(page)
    page = enter(cast.applicant, f"/instances/{case}")
    wait_for_form(page)
    show_diagram(page)
    page.get_by_text("用文字查看步骤").click()
    require_accessible_at_each_width(page)


def test_what_an_operator_sees(
    enter: Enter,
    cast: Cast,
    stage: Stage,
    deploy: Deploy,
    desk: Desk,
    operator: Actor,
) -> None:
    desk.fails(BpmnError("停机", "登记系统停机"))
    deploy("errand.bpmn")
    deploy("deserted.bpmn")
    stage.start("deserted")
    case = stage.start("errand").instance_key
    stage.complete(stage.task(case, "ask"), cast.applicant)
    page = enter(operator, "/operations")
    expect(page.get_by_label("办理人的用户名：没有的组")).to_be_visible()
    require_accessible_at_each_width(page)
    page.goto(f"/instances/{case}")
    page.get_by_role("button", name="终止流程…").click()
    require_accessible_at_each_width(page)


def test_the_account_and_a_page_that_is_not_there(enter: Enter, cast: Cast) -> None:
    page = enter(cast.officer, "/profile")
    require_accessible_at_each_width(page)
    page.goto("/nowhere")
    require_accessible_at_each_width(page)
