"""axe-core finds nothing wrong with the pages about accounts, at either width."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from service.commands import user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.store.tables import Person
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.commands.administering import administrator_of
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


def test_the_list_and_a_new_account_with_its_link(enter: Enter, admin: Actor) -> None:
    page = enter(admin, "/admin/people")
    require_accessible_at_each_width(page)
    page.goto("/admin/people/new")
    page.get_by_label("姓名").fill("陈洁")
    page.get_by_label("用户名").fill("a b")
    page.get_by_role("button", name="新建并生成链接").click()
    expect(page.get_by_role("alert")).to_be_visible()
    require_accessible_at_each_width(page)
    page.get_by_label("用户名").fill("chen.jie")
    page.get_by_role("button", name="新建并生成链接").click()
    expect(page.get_by_label("设置密码的链接")).to_be_visible()
    require_accessible_at_each_width(page)
    page.goto(page.get_by_label("设置密码的链接").input_value())
    require_accessible_at_each_width(page)


def test_one_account_with_every_form_open(enter: Enter, admin: Actor) -> None:
    page = enter(admin, "/admin/people/li.na")
    page.get_by_text("登记手机号").click()
    page.get_by_label("新的手机号").fill("13812345678")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("138****5678")).to_be_visible()
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    require_accessible_at_each_width(page)


def test_leaving(enter: Enter, admin: Actor, stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)
    page = enter(admin, "/admin/people/li.na/leave")
    expect(page.get_by_text("核对材料").first).to_be_visible()
    require_accessible_at_each_width(page)


def test_the_first_change(enter: Enter, cast: Cast, rooms: Rooms) -> None:
    with rooms.write() as tools:
        its = update(Person).where(Person.username == cast.officer.username)
        tools.session.execute(its.values(must_change_password=True))
    require_accessible_at_each_width(enter(cast.officer, "/password"))
