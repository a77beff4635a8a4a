"""我的提醒: the count in the head, where each line leads, and what one wants by which channel."""

import html
import re

import pytest
from flask import Flask

from service.commands import notifications, personal_data
from service.commands.notifications import Concerned, Happening
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.notifications import NotificationKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.jobs.runner import JobRunner
from service.store.tables import Notification, NotificationChoice
from service.web.app_factory import WebSettings, create_app
from tests.fixtures_commands import PARALLEL, Deploy, Stage
from tests.web.conftest import SECRET, Visit

CHANNELS = frozenset({Channel.MAIL, Channel.WECOM})


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(secret_key=SECRET, https=False, channels=CHANNELS)


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    """One of the officer's, of which she was told."""
    deploy(*PARALLEL)
    key = stage.task(stage.start("parallel").instance_key, "right")
    run(stage)
    return key


def run(stage: Stage) -> None:
    JobRunner(stage.rooms, owner="worker-1").run_due()


def told(stage: Stage, username: str = "li.na") -> int:
    return stage.key(Notification, username=username)


def count(page: str) -> str:
    """What the head says is unread."""
    found = re.search(r'class="site-count">([^<]+)<', page)
    return found[1] if found else ""


def test_the_head_counts_and_the_line_opens_the_task(visit: Visit, stage: Stage, task: int) -> None:
    officer = visit(stage.cast.officer)
    assert count(officer.get("/").text) == "1"
    page = officer.get("/notifications").text
    assert "“两方会办”的“人事意见”等你办理。" in page
    answer = officer.get(f"/notifications/{told(stage)}")
    assert (answer.status_code, answer.location) == (302, f"/tasks/{task}")
    assert count(officer.get("/").text) == ""


def test_what_is_no_longer_theirs_is_said_kindly(
    visit: Visit, stage: Stage, task: int, operator: Actor
) -> None:
    stage.assign(task, "wang.wei", operator)
    officer = visit(stage.cast.officer)
    assert "已不在你名下" in officer.get("/notifications").text
    page = officer.get(f"/notifications/{told(stage)}")
    assert page.status_code == 200
    assert "这件事已不需要你办理" in page.text


def test_anothers_is_not_found(visit: Visit, stage: Stage, task: int) -> None:
    stranger, key = visit(stage.cast.stranger), told(stage)
    assert "没有提醒" in stranger.get("/notifications").text
    assert stranger.get(f"/notifications/{key}").status_code == 404
    assert stranger.post(f"/notifications/{key}/read").status_code == 404
    assert stage.row(Notification, key=key)["read_at"] is None


def test_one_is_marked_and_all_are_marked(visit: Visit, stage: Stage, task: int) -> None:
    tell(stage, 2)
    officer = visit(stage.cast.officer)
    first = min(int(str(row["key"])) for row in stage.rows(Notification))
    assert officer.post(f"/notifications/{first}/read").location == "/notifications"
    page = officer.get("/notifications").text
    assert count(page) == "2"
    [newest] = re.findall(r'name="up_to" value="(\d+)"', page)
    tell(stage, 1)
    officer.post("/notifications/read", {"up_to": newest})
    assert count(officer.get("/").text) == "1"


@pytest.mark.parametrize("up_to", ["", "x", "9" * 30, "-1"])
def test_a_bad_mark_changes_nothing(visit: Visit, stage: Stage, task: int, up_to: str) -> None:
    officer = visit(stage.cast.officer)
    assert officer.post("/notifications/read", {"up_to": up_to}).status_code == 302
    assert stage.row(Notification)["read_at"] is None


def test_a_long_list_has_pages_and_a_bounded_count(visit: Visit, stage: Stage) -> None:
    tell(stage, 101)
    officer = visit(stage.cast.officer)
    page = officer.get("/notifications").text
    assert count(page) == "99+"
    assert page.count("标为已读<span") == 20
    following = re.search(r'href="(/notifications\?after=[^"]+)"', page)
    assert following is not None
    further = officer.client.get(html.unescape(following[1]))
    assert further.text.count("标为已读<span") == 20
    assert officer.get("/notifications", after="nonsense").status_code == 400


def test_the_choices_are_shown_as_they_count_and_kept(visit: Visit, stage: Stage) -> None:
    with stage.rooms.write() as tools:
        mail = PersonalKind.MAIL
        personal_data.write(
            tools, username="li.na", kind=mail, text="li.na@example.cn", now=stage.clock.now
        )
    officer = visit(stage.cast.officer)
    page = officer.get("/profile/notifications").text
    assert "l***@example.cn" in page
    assert "流程异常" not in page
    assert ticked(page) > {"digest/mail", "task-assigned/mail"}
    officer.post("/profile/notifications", {"wanted": ["task-arrived/mail", "task-arrived/wecom"]})
    page = officer.get("/profile/notifications").text
    assert ticked(page) == {"task-arrived/mail", "task-arrived/wecom"}


def test_operators_choose_of_incidents_too(
    visit: Visit, stage: Stage, task: int, operator: Actor
) -> None:
    assert "流程异常" in visit(operator).get("/profile/notifications").text
    assert "流程异常" not in visit(stage.cast.officer).get("/profile/notifications").text


def test_what_is_not_offered_cannot_be_chosen(visit: Visit, stage: Stage) -> None:
    wanted = ["task-arrived/sms", "incident/mail", "no-such/mail", "x"]
    assert (
        visit(stage.cast.officer).post("/profile/notifications", {"wanted": wanted}).status_code
        == 302
    )
    chosen = stage.rows(NotificationChoice)
    assert not any(row["wanted"] for row in chosen)
    assert {row["channel"] for row in chosen} == {"mail", "wecom"}
    assert "incident" not in {row["kind"] for row in chosen}


def test_without_channels_there_is_nothing_to_choose(
    rooms: Rooms, visit: Visit, stage: Stage, app: Flask
) -> None:
    bare = create_app(rooms, WebSettings(secret_key=SECRET, https=False))
    visitor = visit(stage.cast.officer)
    app.extensions.update(bare.extensions)
    assert "没有可以选择的" in visitor.get("/profile/notifications").text


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="wanted" value="([^"]+)" checked', page))


def tell(stage: Stage, times: int) -> None:
    happening = Happening(
        NotificationKind.CASE_COMPLETED, Concerned(("li.na",)), facts={"process": "请假"}
    )
    for _ in range(times):
        with stage.rooms.write() as tools:
            notifications.notify(tools, happening, now=stage.clock.now)
    run(stage)
