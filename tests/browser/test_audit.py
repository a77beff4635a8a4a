"""The auditor at work: who has read whose data, and a row changed by hand that is found."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import AccessEvent
from tests.browser.conftest import Enter
from tests.browser.test_accessibility import SIZES, findings
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.recorded import record_cast


@pytest.fixture
def auditor(stage: Stage) -> Actor:
    with stage.rooms.write() as tools:
        record_cast(tools, stage.clock.now)
        for action in (Action.READ, Action.EXPORT):
            right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.AUDIT, action)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return stage.cast.stranger


@pytest.fixture
def case(stage: Stage, deploy: Deploy) -> int:
    deploy(*REVIEW)
    return stage.start("review", variables={"姓名": "张敏"}).instance_key


def test_a_reading_and_a_changed_row_are_found(
    enter: Enter, stage: Stage, auditor: Actor, case: int
) -> None:
    enter(stage.cast.officer, f"/instances/{case}")
    page = enter(auditor, "/audit")
    page.get_by_role("link", name="查看个人信息").click()
    page.get_by_label("对象（用户名或编号）").fill("zhang.min")
    page.get_by_role("button", name="查找").click()
    row = page.get_by_role("row").filter(has_text="李娜（li.na）")
    expect(row).to_contain_text("张敏（zhang.min）")
    expect(row).to_contain_text(f"事项 {case}")

    with stage.rooms.write() as tools:
        tools.session.execute(
            update(AccessEvent).where(AccessEvent.person == "li.na").values(person="zhang.min")
        )
    page.get_by_role("link", name="记录的完整性").click()
    page.get_by_role("button", name="立即核对").click()
    expect(page.get_by_role("status")).to_contain_text("有 2 处不符")
    expect(page.get_by_role("row").nth(1)).to_contain_text(re.compile("zhang.min 在 .*访问日志"))


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(
    enter: Enter, stage: Stage, auditor: Actor, case: int, size: str
) -> None:
    enter(stage.cast.officer, f"/instances/{case}")
    page = enter(auditor, "/audit", size=size)
    assert findings(page) == []
    page.get_by_role("link", name=re.compile("查看这条记录")).first.click()
    assert findings(page) == []
    page.goto("/audit/soundness")
    page.get_by_role("button", name="立即核对").click()
    page.wait_for_url("**/soundness")
    assert findings(page) == []
