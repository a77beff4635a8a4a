"""Rights in a browser: given to a post, seen by who has it, taken back, found by the auditor."""

import re

import pytest
from playwright.sync_api import expect

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import AuthorizationGrant
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.commands.administering import administrator_of
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_organization import Bureau, bureau
from tests.fixtures_store import Cast

__all__ = ["bureau"]


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


@pytest.fixture
def auditor(rooms: Rooms, cast: Cast) -> Actor:
    right = Grant(GranteeKind.PERSON, cast.applicant.username, "*", ObjectKind.AUDIT, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    return cast.applicant


def test_a_right_is_given_to_a_post_seen_and_taken_back(
    enter: Enter, stage: Stage, deploy: Deploy, bureau: Bureau, admin: Actor, auditor: Actor
) -> None:
    deploy(*REVIEW)
    bureau.begin("wang.wei", "city", labels=["数学"])
    page = enter(admin, "/admin/rights")
    page.get_by_text("新增授权").click()
    page.get_by_label("授予", exact=True).select_option("用户组或岗位组")
    page.get_by_label("人员、用户组或岗位组").fill("教研员 · 数学 @ 市教研机构")
    page.get_by_label("可以做什么", exact=True).select_option("case.read")
    page.get_by_label("对哪个流程或名册").select_option("review")
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请写明授权的理由")
    require_accessible_at_each_width(page)
    expect(page.get_by_label("人员、用户组或岗位组")).to_have_value("教研员 · 数学 @ 市教研机构")
    page.get_by_label("理由", exact=True).fill("分管小学数学")
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.get_by_text("已授权，马上生效。")).to_be_visible()

    page.get_by_label("这个人可以做什么").fill("王伟")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("王伟现在可以做的事")).to_be_visible()
    expect(page.get_by_text("岗位：市教研机构 教研员（数学）")).to_be_visible()
    require_accessible_at_each_width(page)
    page.get_by_role("link", name=re.compile("查看或收回.+教研员")).click()
    expect(page.get_by_role("link", name="王伟")).to_be_visible()
    require_accessible_at_each_width(page)
    page.get_by_role("button", name="收回这项权限").click()
    expect(page.get_by_text("已收回，马上生效。")).to_be_visible()
    assert stage.rows(AuthorizationGrant, grantee="教研员 · 数学 @ city") == []

    theirs = enter(auditor, "/audit")
    theirs.get_by_role("link", name="现有授权").click()
    theirs.get_by_role("link", name="查看授予和收回的记录").click()
    rows = theirs.get_by_role("row").filter(has_text="教研员 · 数学")
    expect(rows.filter(has_text="收回权限")).to_have_count(1)
    expect(rows.filter(has_text="授予权限")).to_contain_text("查看事项内容")
