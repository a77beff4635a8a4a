"""Signing in: who gets in, what the browser keeps, and how it ends."""

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.commands.rooms import Rooms
from service.web.app_factory import DemoAccount, WebSettings, create_app
from service.web.identity import COOKIE
from tests.clocks import Clock
from tests.fixtures_store import PASSWORD, Cast
from tests.web.conftest import Visit, Visitor


def enter(visitor: Visitor, cast: Cast, password: str = PASSWORD, **more: str) -> TestResponse:
    return visitor.post(
        "/sign-in", {"username": cast.applicant.username, "password": password, **more}
    )


def test_the_right_password_leads_to_the_inbox(visit: Visit, cast: Cast) -> None:
    visitor = visit(None)
    response = enter(visitor, cast)
    assert (response.status_code, response.location) == (302, "/")
    assert "工作台" in visitor.get("/").text
    assert "张敏" in visitor.get("/").text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visit: Visit, cast: Cast
) -> None:
    [cookie] = [
        one for one in enter(visit(None), cast).headers.getlist("Set-Cookie") if COOKIE in one
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_cookies_are_secure_and_browsers_stay_with_it(
    rooms: Rooms, settings: WebSettings, cast: Cast
) -> None:
    app = create_app(rooms, replace(settings, https=True))
    visitor = Visitor(app.test_client())
    secure = {"base_url": "https://localhost"}
    page = visitor.client.get("/sign-in", **secure)
    token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    response = visitor.client.post(
        "/sign-in",
        data={"csrf_token": token, "username": "zhang.min", "password": PASSWORD},
        headers={"Referer": "https://localhost/sign-in"},
        **secure,
    )
    assert response.status_code == 302
    assert all("Secure" in one for one in response.headers.getlist("Set-Cookie"))
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


def test_a_wrong_password_says_nothing_of_who_has_an_account(visit: Visit, cast: Cast) -> None:
    known = enter(visit(None), cast, password="不对的密码不对的密码")
    unknown = visit(None).post("/sign-in", {"username": "nobody", "password": "x"})
    assert known.status_code == unknown.status_code == 401
    assert "用户名或密码不正确" in known.text
    assert "用户名或密码不正确" in unknown.text


def test_a_locked_account_says_how_long_to_wait(visit: Visit, cast: Cast) -> None:
    visitor = visit(None)
    for _ in range(5):
        enter(visitor, cast, password="不对的密码不对的密码")
    response = enter(visitor, cast)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) == 15 * 60
    assert "锁定" in response.text


def test_who_wanted_a_page_gets_it_after_signing_in(visit: Visit, cast: Cast) -> None:
    visitor = visit(None)
    asked = visitor.get("/inbox/done", sort="oldest")
    assert asked.status_code == 302
    assert "next=/inbox/done?sort%3Doldest" in asked.location
    assert enter(visitor, cast, next="/inbox/done?sort=oldest").location.endswith("sort=oldest")


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(visit: Visit, cast: Cast, elsewhere: str) -> None:
    assert enter(visit(None), cast, next=elsewhere).location == "/"


def test_without_the_token_of_our_own_form_nobody_is_signed_in(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    response = client.post("/sign-in", data={"username": "zhang.min", "password": PASSWORD})
    assert response.status_code == 400
    assert "刷新页面" in response.text
    assert client.get_cookie(COOKIE) is None


def test_who_is_idle_for_half_an_hour_is_signed_out(visit: Visit, cast: Cast, clock: Clock) -> None:
    visitor = visit(cast.applicant)
    clock.forward(minutes=29)
    assert visitor.get("/").status_code == 200
    clock.forward(minutes=29)
    assert visitor.get("/").status_code == 200
    clock.forward(minutes=31)
    assert visitor.get("/").location.startswith("/sign-in?")


def test_signing_out_ends_the_session_on_the_server_too(visit: Visit, cast: Cast) -> None:
    visitor = visit(cast.applicant)
    cookie = visitor.client.get_cookie(COOKIE)
    assert visitor.post("/sign-out").location == "/sign-in"
    assert cookie is not None
    visitor.client.set_cookie(COOKIE, cookie.value)
    assert visitor.get("/").status_code == 302


def test_a_page_left_open_learns_who_is_signed_in_now(visit: Visit, cast: Cast) -> None:
    answer = visit(cast.officer).get("/session").get_json()
    assert answer["username"] == cast.officer.username
    assert answer["csrfToken"]


def test_signing_in_for_a_page_left_open_leads_back_to_it(visit: Visit, cast: Cast) -> None:
    assert "回到原来的窗口" in enter(visit(None), cast, resume="1").text


def test_no_account_is_offered_outside_the_demonstration(visit: Visit) -> None:
    assert "演示账号" not in visit(None).get("/sign-in").text


def test_the_demonstration_offers_its_accounts(rooms: Rooms, settings: WebSettings) -> None:
    offered = DemoAccount("applicant", "申请人01", "申请准入")
    demo = replace(settings, demo_accounts=(offered,), demo_password="jiaoyan-demo")
    page = create_app(rooms, demo).test_client().get("/sign-in").text
    assert 'data-fill-username="applicant"' in page
    assert "申请准入" in page
