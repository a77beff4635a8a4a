"""The auditor's pages in the browser; `test_people_walk` finds there what was read."""

import re

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
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


def test_axe_finds_nothing(enter: Enter, stage: Stage, auditor: Actor, case: int) -> None:
    enter(stage.cast.officer, f"/instances/{case}")
    page = enter(auditor, "/audit")
    require_accessible_at_each_width(page)
    page.get_by_role("link", name=re.compile("查看这条记录")).first.click()
    require_accessible_at_each_width(page)
    page.goto("/audit/soundness")
    page.get_by_role("button", name="立即核对").click()
    page.wait_for_url("**/soundness")
    require_accessible_at_each_width(page)
