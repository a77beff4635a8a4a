"""The list of what one was told, in a browser: read, opened, chosen."""

import pytest
from playwright.sync_api import expect

from service.domain.actors import Actor
from service.domain.outgoing import Channel
from service.jobs.runner import JobRunner
from service.web.app_factory import WebSettings
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.fixtures_commands import PARALLEL, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import SECRET


@pytest.fixture
def settings() -> WebSettings:
    channels = frozenset({Channel.MAIL, Channel.WECOM})
    return WebSettings(secret_key=SECRET, https=False, channels=channels)


def test_a_task_taken_away_and_one_that_came(
    enter: Enter, cast: Cast, stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*PARALLEL)
    first, second = (stage.task(stage.start("parallel").instance_key, "right") for _ in range(2))
    JobRunner(stage.rooms, owner="worker-1").run_due()
    stage.assign(first, "wang.wei", operator)
    JobRunner(stage.rooms, owner="worker-1").run_due()

    page = enter(cast.officer, "/", size="narrow")
    head = page.get_by_role("banner").get_by_role("link", name="提醒")
    expect(head).to_contain_text("3")
    head.click()
    require_accessible_at_each_width(page)

    page.get_by_role("link", name="等你办理").first.click()
    page.wait_for_url(f"**/tasks/{second}")
    expect(head).to_contain_text("2")

    head.click()
    page.get_by_role("link", name="改由王伟办理").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这件事已不需要你办理")
    require_accessible_at_each_width(page)

    head.click()
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_text("已全部标为已读。")).to_be_visible()
    expect(page.locator(".site-count")).to_have_count(0)


def test_choosing_by_what_one_is_told(enter: Enter, cast: Cast) -> None:
    page = enter(cast.officer, "/profile/notifications", size="narrow")
    require_accessible_at_each_width(page)
    box = page.get_by_role("checkbox", name="有新任务等我办理：企业微信群")
    box.check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("提醒方式已保存。")).to_be_visible()
    expect(box).to_be_checked()
