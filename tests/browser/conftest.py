"""Real pages in a real Chromium: on SQLite, and on PostgreSQL where a test asks for both.

`url`      the address of a server with the rooms of the test diagrams
`enter`    opens a page of a browser in which a person is signed in
`become`   signs somebody else in there, and opens a page
`serve`    gives any Flask application an address

Whatever a page does, it may ask no other server for anything: each test fails that tries.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from service.commands import deployments
from service.commands.deployments import Upload
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.web.app_factory import WebSettings, create_app
from service.web.identity import COOKIE
from tests.chromium import launch_arguments
from tests.fixtures_commands import Deploy, clock, deploy, desk, operator, rooms, stage
from tests.fixtures_store import BOTH, migrated_url
from tests.processes.conftest import settled_postgresql, settled_sqlite
from tests.web.conftest import SECRET, colleague, signed_in

__all__ = [
    "clock", "colleague", "deploy", "desk", "operator", "rooms", "settled_postgresql",
    "settled_sqlite", "stage",
]  # fmt: skip

DIAGRAMS = Path(__file__).parent / "diagrams"
SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 900},
    "narrow": {"width": 390, "height": 844},
}

BOTH_DATABASES = pytest.mark.parametrize("database_url", BOTH, indirect=True)
"""For what one kind of database could tell a browser differently: whole stories, two at once."""

expect.set_options(timeout=30_000)  # milliseconds, as all else waits: a busy machine is no failure

Serve = Callable[[Flask], str]
Enter = Callable[..., Page]
Become = Callable[[Page, Actor, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite, unless the test is marked `BOTH_DATABASES`."""
    yield from migrated_url(request, request.param)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": SIZES["wide"],
    }


@pytest.fixture(scope="session")
def base_url() -> str:
    """Of no use here, where each test has a server; the plugin's own is deprecated in pytest."""
    return ""


class QuietHandler(WSGIRequestHandler):
    """Writes no line a request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[tuple[Any, threading.Thread]] = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
        # Closing it waits for requests under way: each gives its connection back to the pool.
        server.daemon_threads = False  # type: ignore[attr-defined]  # of the threaded server
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(secret_key=SECRET, https=False, upload_bytes=1024 * 1024)


@pytest.fixture
def url(rooms: Rooms, settings: WebSettings, serve: Serve) -> str:
    return serve(create_app(rooms, settings))


@pytest.fixture
def enter(
    browser: Browser, browser_context_args: dict[str, Any], rooms: Rooms, url: str
) -> Iterator[Enter]:
    """Give `enter(actor, path="/", size="wide")`: each call opens a browser of its own."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []
    troubles: list[str] = []

    def watch(request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"} and not request.url.startswith(url):
            elsewhere.append(request.url)

    def open_page(actor: Actor | None, path: str = "/", size: str = "wide") -> Page:
        context = browser.new_context(
            **{**browser_context_args, "base_url": url, "viewport": SIZES[size]}
        )
        contexts.append(context)
        context.on("request", watch)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        if actor is not None:
            token = signed_in(rooms, actor)
            context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert elsewhere == []
    assert troubles == []


@pytest.fixture
def become(rooms: Rooms, url: str) -> Become:
    """Give `become(page, actor, path)`: one browser that several people use in turn, as at a desk.

    It costs less than a browser a person.
    """

    def sit_down(page: Page, actor: Actor, path: str) -> None:
        token = signed_in(rooms, actor)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        page.goto(path)

    return sit_down


@pytest.fixture
def everything(rooms: Rooms, deploy: Deploy) -> str:
    """A start form with every kind of field; gives its page's path."""
    names = ("everything.bpmn", "everything.form")
    uploads = [Upload(name, (DIAGRAMS / name).read_bytes()) for name in names]
    deployments.deploy(rooms, uploads, actor=SYSTEM, now=rooms.clock())
    return "/start/everything"


def wait_for_form(page: Page) -> None:
    """Until the form's island is there."""
    page.wait_for_selector('[data-island="form"][data-ready]')
