"""A password that others know opens nothing but the page to change it; a link sets one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from service.commands import api_tokens, password_links
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.store.tables import Person
from tests.fixtures_store import PASSWORD, Cast
from tests.web.addresses import OPEN, addresses
from tests.web.conftest import Visit, Visitor

NEW = "青山遮不住-毕竟东流去"


@pytest.fixture
def newcomer(rooms: Rooms, cast: Cast) -> Actor:
    """The applicant, whose password an administrator has set."""
    with rooms.write() as tools:
        its = update(Person).where(Person.username == cast.applicant.username)
        tools.session.execute(its.values(must_change_password=True))
    return cast.applicant


def change(visitor: Visitor, current: str = PASSWORD, new: str = NEW, again: str = NEW) -> str:
    sent = {"current": current, "new": new, "again": again, "next": "/start"}
    response = visitor.post("/password", sent)
    return response.location if response.status_code == 302 else response.text


def test_every_page_leads_to_the_change(app: Flask, visit: Visit, newcomer: Actor) -> None:
    visitor = visit(newcomer)
    asked = 0
    for rule, method, path in addresses(app):
        if rule.endpoint in OPEN | {"passwords.show", "passwords.change"}:
            continue
        asked += 1
        if method == "GET":
            answer = visitor.get(path)
            assert answer.status_code == 302, path
            assert answer.location.startswith("/password?next="), path
        refused = visitor.send(method, path)
        assert refused.status_code == 403, (method, path)
        assert refused.get_json()["code"] == "password-change-due", (method, path)
    assert asked > 30


def test_the_page_shows_no_menu(visit: Visit, newcomer: Actor) -> None:
    page = visit(newcomer).get("/password").text
    assert "先换一个密码" in page
    assert 'href="/start"' not in page
    assert "退出登录" in page
    assert "提醒" not in page


def test_after_the_change_all_is_open_and_leads_to_what_was_wanted(
    visit: Visit, newcomer: Actor
) -> None:
    visitor = visit(newcomer)
    assert change(visitor) == "/start"
    assert "工作台" in visitor.get("/inbox/todo").text
    assert visitor.get("/password").location == "/profile"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "记错了的密码"}, "当前密码不正确"),
        ({"again": "另一个"}, "两次输入的新密码不一样"),
        ({"new": PASSWORD, "again": PASSWORD}, "与现在的密码相同"),
        ({"new": "1234567890", "again": "1234567890"}, "太常见"),
    ],
)
def test_what_is_no_change_opens_nothing(
    visit: Visit, newcomer: Actor, fields: dict[str, str], said: str
) -> None:
    visitor = visit(newcomer)
    assert said in change(visitor, **fields)
    assert visitor.get("/inbox/todo").location.startswith("/password")


def test_no_way_of_the_api_is_open_either(
    app: Flask, rooms: Rooms, visit: Visit, newcomer: Actor
) -> None:
    with rooms.write() as tools:
        token = api_tokens.create_token(
            tools, username=newcomer.username, name="测试", actor=SYSTEM, now=rooms.clock()
        )
    client = app.test_client()
    by_token = client.get("/v2/topology", headers={"Authorization": f"Bearer {token.plain}"})
    by_password = client.get("/v2/topology", auth=(newcomer.username, PASSWORD))
    by_session = visit(newcomer).send("GET", "/v2/topology")
    for answer in (by_token, by_password, by_session):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "password-change-due")


MakeLink = Callable[[], str]


@pytest.fixture
def link(rooms: Rooms, cast: Cast) -> MakeLink:
    """Make a link for the applicant; gives its address."""

    def make() -> str:
        now = rooms.clock()
        with rooms.write() as tools:
            made = password_links.make(
                tools,
                username=cast.applicant.username,
                expires_at=now + timedelta(hours=72),
                actor=SYSTEM,
                now=now,
            )
        return f"/password/{made.token}"

    return make


def test_a_link_sets_the_password_and_leads_to_the_sign_in(visit: Visit, link: MakeLink) -> None:
    visitor, path = visit(None), link()
    page = visitor.get(path).text
    assert "张敏" in page
    assert "2026年3月5日" in page
    done = visitor.post(path, {"new": NEW, "again": NEW})
    assert done.location == "/sign-in?username=zhang.min"
    page = visitor.get("/sign-in", username="zhang.min").text
    assert 'value="zhang.min"' in page
    assert "密码已设置好" in page
    visitor.post("/sign-in", {"username": "zhang.min", "password": NEW})
    assert "张敏" in visitor.get("/inbox/todo").text


def test_whoever_was_signed_in_in_that_browser_is_no_more(
    visit: Visit, cast: Cast, link: MakeLink
) -> None:
    visitor = visit(cast.officer)
    visitor.post(link(), {"new": NEW, "again": NEW})
    assert visitor.get("/inbox/todo").status_code == 302


def test_two_entries_that_differ_leave_the_link_as_it_is(visit: Visit, link: MakeLink) -> None:
    visitor, path = visit(None), link()
    refused = visitor.post(path, {"new": NEW, "again": "另一个"})
    assert refused.status_code == 400
    assert "两次输入的新密码不一样" in refused.text
    assert visitor.post(path, {"new": NEW, "again": NEW}).status_code == 302
    assert visitor.get(path).status_code == 409


def test_a_forged_submission_sets_nothing(app: Flask, link: MakeLink) -> None:
    answer = app.test_client().post(link(), data={"new": NEW, "again": NEW})
    assert answer.status_code == 400


def test_a_wrong_link_says_what_to_do(visit: Visit, link: MakeLink) -> None:
    link()
    answer = visit(None).get("/password/xyz")
    assert answer.status_code == 404
    assert "重新发一个链接" in answer.text
