"""The 工作台 in the browser: searching, filtering and going on, without reloading the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BOTH_DATABASES, Enter
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast


@pytest.fixture
def cases(stage: Stage, deploy: Deploy) -> list[str]:
    """Titles of 23 cases that wait for the office, newest first."""
    deploy(*REVIEW)
    names = [f"申请{number:02}" for number in range(23)]
    for name in names:
        stage.start("review", variables={"姓名": name})
    return [f"{name}的材料核对" for name in reversed(names)]


def test_typing_finds_at_once_and_the_address_remembers_it(
    enter: Enter, cast: Cast, cases: list[str]
) -> None:
    page = enter(cast.officer, "/inbox/claimable")
    page.evaluate("window.kept = true")
    page.get_by_label("查找", exact=True).press_sequentially("申请07")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="申请07的材料核对")).to_be_visible()
    assert "q=" in page.url
    assert page.evaluate("window.kept")
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)


@BOTH_DATABASES
def test_more_is_shown_below_and_the_keyboard_goes_on_there(
    enter: Enter, cast: Cast, cases: list[str]
) -> None:
    page = enter(cast.officer, "/inbox/claimable")
    assert page.locator(".row-title").all_inner_texts() == cases[:20]
    page.get_by_role("link", name="显示更多").press("Enter")
    expect(page.locator(".row-title")).to_have_count(23)
    assert page.locator(".row-title").all_inner_texts() == cases
    expect(page.get_by_role("link", name=cases[20])).to_be_focused()


def test_another_sorting_shows_the_oldest_first(enter: Enter, cast: Cast, cases: list[str]) -> None:
    page = enter(cast.officer, "/inbox/claimable")
    page.get_by_label("排序").select_option("最早到达在前")
    expect(page.locator(".row-title").first).to_have_text(cases[-1])


def test_on_a_narrow_screen_nothing_is_wider_than_it(
    enter: Enter, cast: Cast, cases: list[str]
) -> None:
    page = enter(cast.officer, "/inbox/claimable", size="narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="筛选和排序").click()
    expect(page.get_by_label("排序")).to_be_visible()


def test_a_lost_connection_is_said_so(enter: Enter, cast: Cast, cases: list[str]) -> None:
    page = enter(cast.officer, "/inbox/claimable")
    page.context.set_offline(True)
    page.get_by_label("排序").select_option("最早到达在前")
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
