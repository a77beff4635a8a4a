"""Signing in by hand, by keyboard, and again in another window when the session has ended."""

from dataclasses import replace

from playwright.sync_api import Page, expect

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, MEANT, Grant, GranteeKind
from service.store.tables import ProcessInstance
from service.web.app_factory import DemoAccount, WebSettings, create_app
from tests.browser.conftest import Enter, Serve, wait_for_form
from tests.clocks import Clock
from tests.fixtures_commands import (
    REVIEW,
    Deploy,
    Stage,
)
from tests.fixtures_store import PASSWORD, Cast


def test_the_keyboard_alone_signs_in_and_out(enter: Enter, cast: Cast) -> None:
    page = enter(None, "/")
    page.keyboard.type(cast.applicant.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    page.get_by_role("button", name="退出登录").press("Enter")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(enter: Enter, cast: Cast) -> None:
    page = enter(cast.applicant)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_wrong_password_is_explained_and_the_name_kept(enter: Enter, cast: Cast) -> None:
    page = enter(None, "/sign-in")
    page.get_by_label("用户名").fill(cast.applicant.username)
    page.get_by_label("密码", exact=True).fill("记错了的密码")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(page.get_by_label("用户名")).to_have_value(cast.applicant.username)


def test_a_typed_password_can_be_looked_at(enter: Enter) -> None:
    page = enter(None, "/sign-in")
    page.get_by_label("密码", exact=True).fill("看看打对没有")
    page.get_by_label("显示密码").check()
    assert page.get_by_label("密码", exact=True).get_attribute("type") == "text"


def test_one_click_fills_in_an_account_of_the_demonstration(
    rooms: Rooms, settings: WebSettings, serve: Serve, page: Page, cast: Cast
) -> None:
    offered = DemoAccount(cast.applicant.username, "张敏", "申请准入")
    demo = replace(settings, demo_accounts=(offered,), demo_password=PASSWORD)
    page.goto(serve(create_app(rooms, demo)) + "/sign-in")
    page.get_by_role("button", name="张敏").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_on_a_narrow_screen_the_menu_folds(enter: Enter, cast: Cast, deploy: Deploy) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, size="narrow")
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).not_to_be_visible()
    page.get_by_role("button", name="菜单").press("Enter")
    menu.get_by_role("link", name="发起申请").click()
    expect(page.get_by_role("heading", name="发起申请")).to_be_visible()


def test_a_session_that_ends_while_writing_loses_nothing(
    enter: Enter, cast: Cast, stage: Stage, clock: Clock, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    clock.forward(hours=1)
    page.get_by_label("姓名").fill("张敏")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert").last).to_contain_text("登录已过期")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    again = opened.value
    again.get_by_label("用户名").fill(cast.applicant.username)
    again.get_by_label("密码", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="登录").click()
    expect(again.get_by_text("回到原来的窗口")).to_be_visible()
    again.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#notices")).to_contain_text("可以继续提交")
    expect(page.get_by_label("姓名")).to_have_value("张敏")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交「张敏的材料核对」")).to_be_visible()


def test_a_page_of_one_person_submits_nothing_as_another(
    enter: Enter, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    page.get_by_label("姓名").fill("张敏")
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="退出登录").click()
    other.get_by_label("用户名").fill(cast.officer.username)
    other.get_by_label("密码", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("heading", name="工作台")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("#notices")).to_contain_text("另一个账号")
    assert stage.rows(ProcessInstance) == []


def test_an_idle_person_is_warned_and_can_stay(enter: Enter, cast: Cast, clock: Clock) -> None:
    page = enter(None, "/sign-in")
    page.clock.install()
    page.get_by_label("用户名").fill(cast.applicant.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    clock.forward(minutes=28)
    page.clock.fast_forward("28:01")
    page.get_by_role("button", name="继续使用").click()
    expect(page.get_by_role("button", name="继续使用")).not_to_be_visible()
    clock.forward(minutes=10)
    page.reload()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_many_rights_leave_the_head_of_a_page_one_line(
    enter: Enter, everything: str, stage: Stage, cast: Cast
) -> None:
    person = cast.applicant
    with stage.rooms.write() as tools:
        for kind, actions in MEANT.items():
            for action in actions:
                right = Grant(GranteeKind.PERSON, person.username, ALL, kind, action)
                rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    page = enter(person, "/")
    page.set_viewport_size({"width": 1280, "height": 800})
    head, more = page.locator(".site-header"), page.get_by_role("button", name="更多")
    box = head.bounding_box()
    assert box is not None
    assert box["height"] <= 64
    more.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#site-more a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#site-more")).to_be_hidden()
    expect(more).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_role("link", name="审计")).to_be_hidden()
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("link", name="审计")).to_be_visible()
    expect(more).to_be_hidden()
