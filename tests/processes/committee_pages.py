"""Browsers at the pages of the Party group, and acts of the desk as its forms send them."""

import re
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from service import app
from service.settings import Settings
from tests.fixtures_store import PASSWORD
from tests.processes.conftest import SECRET
from tests.processes.desk import Desk
from tests.processes.party_group import Group

Open = Callable[[str], FlaskClient]
"""Gives a browser in which this person is signed in."""


def browsers(bureau: Desk, folder: Path) -> Open:
    settings = Settings(
        database_url=str(bureau.rooms.database.url), data_dir=folder, audit_key=SECRET,
        secret_key=SECRET, https=False,
    )  # fmt: skip
    pages = app.web_application(settings, app.discover(), bureau.rooms)

    def open_browser(username: str) -> FlaskClient:
        browser = pages.test_client()
        token = token_of(browser.get("/sign-in").text)
        answer = browser.post(
            "/sign-in", data={"username": username, "password": PASSWORD, "csrf_token": token}
        )
        assert answer.status_code == 302
        return browser

    return open_browser


def token_of(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def send(browser: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    token = token_of(browser.get("/committee").text)
    answer = browser.post(path, data={"csrf_token": token, **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def act(browser: FlaskClient, group: Group, name: str, **fields: str) -> tuple[int, str]:
    """The secretary does it, having seen the newest revision."""
    path = f"/committee/meetings/{group.key}/acts/{name}"
    return send(browser, path, revision=str(group.meeting().revision), **fields)
