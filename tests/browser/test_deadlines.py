"""The demonstration's sample: a step made due reminds, then goes up, for everybody to see."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from processes.sample import sample
from service.commands import deployments, personal_data, rights
from service.commands.deployments import Upload
from service.connectors.sink import FileSink
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.jobs.runner import JobRunner
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_organization import Bureau, bureau
from tests.fixtures_store import Cast, write

__all__ = ["bureau", "write"]

Minutes = Callable[[int], None]


@pytest.fixture
def minutes(stage: Stage, deploy: Deploy, bureau: Bureau, tmp_path: Path) -> Minutes:
    """Let so many minutes pass while a worker runs; mails are files, as in the demonstration.

    The officer heads the office in which the holder works.
    """
    [file] = sample.files
    content = file.content.replace(b'"personnel2"', b'"wang.wei"')
    deployments.deploy(
        stage.rooms, [Upload(file.file_name, content)], actor=SYSTEM, now=stage.clock.now
    )
    bureau.begin("wang.wei", "personnel", "科员")
    bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    with stage.rooms.write() as tools:
        for username in ("wang.wei", "li.na"):
            mail = f"{username}@example.cn"
            personal_data.write(
                tools, username=username, kind=PersonalKind.MAIL, text=mail, now=stage.clock.now
            )
        sees = Grant(GranteeKind.PERSON, "zhang.min", "*", ObjectKind.RUNNING, Action.READ)
        rights.grant(tools, sees, actor=SYSTEM, now=stage.clock.now)
    sink = FileSink(tmp_path / "inbox", stage.rooms.clock)
    runner = JobRunner(stage.rooms, owner="w", senders={Channel.MAIL: sink})

    def passing(count: int) -> None:
        for _ in range(count):
            stage.clock.now += timedelta(minutes=1)
            runner.run_due()

    return passing


def mails(folder: Path) -> list[str]:
    return sorted(path.read_text("utf-8") for path in (folder / "inbox").iterdir())


def test_a_step_made_due_reminds_then_goes_up(
    enter: Enter, cast: Cast, stage: Stage, minutes: Minutes, tmp_path: Path
) -> None:
    case = stage.start("deadline_sample").instance_key
    minutes(5)

    superior = enter(cast.officer, "/", size="narrow")
    superior.get_by_role("link", name="逾期上报").click()
    superior.get_by_role("link", name="期限演示").first.click()
    expect(superior.get_by_text("王伟逾期未办，已报到你这里").first).to_be_visible()
    require_accessible_at_each_width(superior)
    superior.get_by_role("button", name="催办…").click()
    superior.get_by_label("想说的话（可以不填）").fill("今天办完")
    superior.get_by_role("button", name="催办", exact=True).click()
    expect(superior.get_by_text("已催办，办理人会收到提醒。")).to_be_visible()
    minutes(0)

    holder = enter(cast.stranger, "/", size="narrow")
    for badge in ("已逾期", "已上报", "被催办"):
        expect(holder.locator("#inbox-list").get_by_text(badge, exact=True)).to_be_visible()
    holder.get_by_role("link", name="期限演示").first.click()
    expect(holder.get_by_text("今天办完").first).to_be_visible()
    require_accessible_at_each_width(holder)

    started = enter(cast.applicant, f"/instances/{case}", size="narrow")
    for act in ("“限时办理”快到期", "“限时办理”已逾期", "“限时办理”逾期，上报给李娜"):
        expect(started.get_by_text(act).first).to_be_visible()
    require_accessible_at_each_width(started)

    said = "\n".join(mails(tmp_path))
    for text in ("到期，请按时办理", "逾期，请尽快办理", "逾期，报你督促"):
        assert text in said, text
    assert {"li.na@example.cn", "wang.wei@example.cn"} <= set(re.findall(r"[\w.]+@[\w.]+", said))


def test_settings_say_what_will_happen(enter: Enter, operator: Actor, minutes: Minutes) -> None:
    page = enter(operator, "/operations/deadlines/deadline_sample")
    section = page.get_by_role("region", name="限时办理")
    expect(section.get_by_text("逾期 2 分钟报所在机构的上级负责人。")).to_be_visible()
    section.get_by_text("修改", exact=False).first.click()
    section.get_by_label("办理期限（工作日）").fill("3")
    section.get_by_label("修改的原因").fill("演示")
    section.get_by_role("button", name="保存").click()
    expect(page.get_by_text("期限设置已保存")).to_be_visible()
    section.get_by_text("如果任务现在到达，会怎样").click()
    expect(section.get_by_text("到期", exact=False).first).to_be_visible()
    require_accessible_at_each_width(page)
