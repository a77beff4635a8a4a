"""Ways in: HTTP Basic, a bearer token, the pages' session with its CSRF token."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from service.commands import api_tokens
from service.commands.rooms import Rooms
from tests.api.conftest import Answer, Call, Caller
from tests.clocks import Clock
from tests.fixtures_store import PASSWORD, Cast

ME = "/v2/authentication/me"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def token(rooms: Rooms, cast: Cast, clock: Clock) -> str:
    with rooms.write() as tools:
        return api_tokens.create_token(
            tools,
            username=cast.officer.username,
            name="测试",
            expires_at=clock.now + timedelta(days=1),
            actor=cast.officer,
            now=clock.now,
        ).plain


def test_basic_lets_in_who_knows_the_password(call: Call, cast: Cast) -> None:
    assert call(cast.officer)("GET", ME).json["username"] == cast.officer.username


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Basic bGkubmE6d3Jvbmc=", "sign-in.refused"),
        ("Basic bm9ib2R5OngK", "sign-in.refused"),
        ("Basic !!!", "credentials-unreadable"),
        ("Basic", "sign-in.refused"),
        ("Digest username=x", "credentials-unreadable"),
        ("Bearer", "credentials-unreadable"),
        ("Bearer wrong", "token-refused"),
        ("", "credentials-unreadable"),
    ],
)
def test_what_is_no_credential_is_challenged(call: Call, header: str, code: str) -> None:
    answer = call(None)("GET", ME, headers={"Authorization": header})
    assert (answer.status, answer.code) == (401, code)
    assert "WWW-Authenticate" in answer.headers


def test_a_page_that_fetches_is_not_asked_for_a_password(call: Call) -> None:
    answer = call(None)("GET", ME, headers={"Sec-Fetch-Mode": "cors"})
    assert answer.headers.get_all("WWW-Authenticate") == ['Bearer realm="Jiaoyan"']


def test_five_wrong_passwords_lock_for_a_while(call: Call, cast: Cast) -> None:
    wrong = {"Authorization": "Basic bGkubmE6d3Jvbmc="}
    tries = [call(None)("GET", ME, headers=wrong).status for _ in range(5)]
    locked = call(cast.officer)("GET", ME)
    assert tries == [401, 401, 401, 401, 429]
    assert (locked.status, locked.code) == (429, "sign-in.locked")
    assert int(locked.headers["Retry-After"]) > 60


def test_a_token_lets_in_until_it_expires(call: Call, token: str, clock: Clock) -> None:
    assert call(None)("GET", ME, headers=bearer(token)).json["username"] == "li.na"
    clock.forward(days=2)
    assert call(None)("GET", ME, headers=bearer(token)).code == "token-refused"


class Browser:
    """A browser that is signed in on the pages."""

    def __init__(self, url: str, username: str) -> None:
        self._url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        page = self._opener.open(f"{url}/sign-in").read().decode()
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found
        form = {"username": username, "password": PASSWORD, "csrf_token": found[1]}
        self._opener.open(f"{url}/sign-in", urllib.parse.urlencode(form).encode()).close()
        home = json.load(self._opener.open(f"{url}/session"))
        self.csrf_token = home["csrfToken"]

    def __call__(self, method: str, path: str, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(  # noqa: S310 - our own server
            self._url + path, b"{}" if method == "POST" else None, headers, method=method
        )
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.headers, refusal.read())


def test_the_pages_session_reads_and_with_its_csrf_token_changes(url: str, cast: Cast) -> None:
    browser = Browser(url, cast.officer.username)
    search = "/v2/user-tasks/search"
    assert browser("GET", ME, {}).json["username"] == cast.officer.username
    assert browser("POST", search, {"X-CSRFToken": browser.csrf_token}).status == 200
    for header in ({}, {"X-CSRFToken": "forged"}):
        refused = browser("POST", search, header)
        assert (refused.status, refused.code) == (403, "csrf-refused")


def test_a_header_that_is_refused_is_not_made_good_by_a_session(url: str, cast: Cast) -> None:
    browser = Browser(url, cast.officer.username)
    assert browser("GET", ME, bearer("wrong")).code == "token-refused"


def test_openapi_and_its_page_are_open_to_everybody(call: Call) -> None:
    nobody: Caller = call(None)
    document: Any = nobody("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    page = nobody("GET", "/docs")
    assert page.status == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.body.decode()
