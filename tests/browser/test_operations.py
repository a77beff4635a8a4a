"""The operators' pages in a browser: charts with their tables, all of a kind tried again."""

import re

import pytest
from playwright.sync_api import expect

from service.domain.actors import Actor
from service.store.database import Database
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.fixtures_commands import Stage
from tests.overseeing import house

__all__ = ["house"]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What a page looks like does not depend on the kind."""
    return sqlite_database


def test_nothing_is_wrong_with_the_pages(enter: Enter, house: Stage, operator: Actor) -> None:
    page = enter(operator, "/operations/late")
    page.wait_for_selector('[data-island="bars"][data-ready] svg')
    require_accessible_at_each_width(page)
    for path in ("jobs", "instances?state=SUSPENDED", "late/tasks", "escalations"):
        page.goto(f"/operations/{path}")
        require_accessible_at_each_width(page)


def test_a_bar_leads_to_its_tasks_and_all_of_a_kind_are_tried_again(
    enter: Enter, house: Stage, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = enter(operator, "/operations/late")
    chart = page.locator('[data-island="bars"][data-ready]').nth(1)
    chart.locator("path[fill='#c05621']").first.click(force=True)
    expect(page).to_have_url(re.compile(r"/operations/late/tasks\?person=zhang\.min$"))
    monkeypatch.setattr("service.commands.incident_batches.LOT", 1)
    page.goto("/operations")
    page.get_by_role("button", name="全部重试").click()
    expect(page.locator("#retrying")).to_contain_text("已重试 3 处，3 处流程已继续。")
    page.get_by_role("link", name="刷新列表").click()
    expect(page.get_by_text("没有异常。")).to_be_visible()
