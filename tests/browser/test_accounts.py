"""Accounts in a browser: invited, signing in for the first time, a forced change, leaving."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from service.commands import user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.store.tables import Person, UserTask
from tests.browser.conftest import Enter
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import PASSWORD, Cast

NEW = "青山遮不住-毕竟东流去"


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


def set_password(page: Page, password: str = NEW) -> None:
    page.get_by_label("新密码", exact=True).fill(password)
    page.get_by_label("再输入一次新密码").fill(password)


def test_an_invited_person_sets_a_password_signs_in_and_has_the_offices_tasks(
    enter: Enter, admin: Actor, stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    stage.start("review", variables={"姓名": "王小明"})
    page = enter(admin, "/")
    page.get_by_role("link", name="系统管理").click()
    page.get_by_role("link", name="新建账号").click()
    page.get_by_label("姓名").fill("陈洁")
    page.get_by_label("用户名").fill("chen.jie")
    page.get_by_label("人事科").check()
    page.get_by_label("手机号").fill("138 1234 5678")
    page.get_by_role("button", name="新建并生成链接").click()
    expect(page.get_by_role("heading", name="账号已建立")).to_be_visible()
    link = page.get_by_label("设置密码的链接").input_value()
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()

    theirs = enter(None, link)
    expect(theirs.get_by_text("陈洁")).to_be_visible()
    set_password(theirs)
    theirs.get_by_role("button", name="设置密码").click()
    expect(theirs.get_by_label("用户名")).to_have_value("chen.jie")
    theirs.keyboard.type(NEW)
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", name="工作台")).to_be_visible()
    theirs.get_by_role("link", name="待签收").first.click()
    expect(theirs.get_by_text("王小明")).to_be_visible()

    page.get_by_role("link", name="查看账号").click()
    expect(page.get_by_role("heading", name="陈洁")).to_contain_text("在用")
    expect(page.get_by_text("138****5678")).to_be_visible()


def test_a_password_that_others_know_is_changed_before_anything_else(
    enter: Enter, cast: Cast, rooms: Rooms
) -> None:
    with rooms.write() as tools:
        its = update(Person).where(Person.username == cast.officer.username)
        tools.session.execute(its.values(must_change_password=True))
    page = enter(None, "/inbox/claimable")
    page.get_by_label("用户名").fill(cast.officer.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="先换一个密码")).to_be_visible()
    page.goto("/inbox/todo")
    expect(page.get_by_role("heading", name="先换一个密码")).to_be_visible()
    page.get_by_label("现在的密码").fill(PASSWORD)
    set_password(page)
    page.get_by_role("button", name="换成新密码").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("密码已换好")


def test_a_personal_value_is_seen_in_clear_once_and_with_a_reason(
    enter: Enter, admin: Actor, rooms: Rooms
) -> None:
    page = enter(admin, "/admin/people/li.na")
    page.get_by_text("登记身份证号").click()
    page.get_by_label("新的身份证号").fill("110105194912310021")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("校验码与前 17 位不符")
    expect(page.get_by_label("新的身份证号")).to_have_value("110105194912310021")
    page.get_by_label("新的身份证号").fill("11010519491231002X")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("1101**********002X")).to_be_visible()
    page.get_by_text("查看身份证号原文").click()
    page.get_by_label("查看的理由").fill("核对申请材料")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("11010519491231002X")).to_be_visible()
    page.goto("/admin/people/li.na")
    expect(page.get_by_text("1101**********002X")).to_be_visible()
    assert events_about(rooms, "li.na")[-1] == (
        admin.username,
        "personal_data_read",
        {"field": "id_number", "reason": "核对申请材料"},
    )


def test_who_leaves_hands_on_what_is_open(
    enter: Enter, admin: Actor, stage: Stage, deploy: Deploy, colleague: Actor
) -> None:
    deploy(*REVIEW)
    deploy("errand.bpmn")
    claimed = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, claimed, actor=stage.cast.officer, now=stage.clock.now)
    own = stage.task(stage.start("errand", stage.cast.officer).instance_key, "ask")
    page = enter(admin, "/admin/people/li.na")
    page.get_by_role("link", name="办理离岗").click()
    expect(page.get_by_text("王小明")).to_have_count(0)
    expect(page.get_by_text("退出用户组：人事科")).to_be_visible()
    page.get_by_role("button", name="确定离岗").click()
    expect(page.get_by_role("alert")).to_contain_text("没有写接手人的用户名")
    page.get_by_label("接手人的用户名").fill("zhang.min")
    page.get_by_role("button", name="确定离岗").click()
    expect(page.get_by_role("status")).to_contain_text("放回候选人 1 项，交给接手人 1 项")
    expect(page.get_by_role("heading", name="李娜")).to_contain_text("已离岗")
    assert stage.row(UserTask, key=claimed)["assignee"] is None
    assert stage.row(UserTask, key=own)["assignee"] == "zhang.min"
    theirs = enter(colleague, f"/tasks/{claimed}")
    expect(theirs.get_by_role("button", name="签收")).to_be_visible()
    page.get_by_role("button", name="重新启用").click()
    expect(page.get_by_role("heading", name="李娜")).to_contain_text("待设密码")
