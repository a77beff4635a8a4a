"""People outside in the pages' tests: browsers of theirs, what is offered to them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.commands import notices
from service.domain.actors import Actor
from service.domain.notices import NoticeText
from service.domain.outgoing import Channel
from service.domain.values import Json
from service.web.app_factory import WebSettings
from tests.commands.coming_in import come_in
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_events import bring
from tests.fixtures_public import let_office_publish, let_public_start
from tests.web.conftest import SECRET, Visit, Visitor

__all__ = ["bring"]

PDF = b"%PDF-1.7\n1 0 obj"
NUMBER = "13800138000"


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(
        secret_key=SECRET, https=False, upload_bytes=1024 * 1024, channels=frozenset(Channel)
    )


@pytest.fixture
def guest(visit: Visit) -> Visitor:
    return visit(None)


@pytest.fixture
def offered(stage: Stage, deploy: Deploy) -> str:
    """A notice by which the review may be applied for; its slug."""
    deploy(*REVIEW)
    let_public_start(stage.rooms, "review")
    let_office_publish(stage.rooms)
    return notices.publish(
        stage.rooms,
        NoticeText("受理公告", "现受理审核申请。", stage.clock.now, None, ("review",)),
        process_id="review",
        actor=stage.cast.officer,
        now=stage.clock.now,
    )


Outsider = Callable[..., tuple[Visitor, Actor]]


@pytest.fixture
def outsider(stage: Stage, visit: Visit, app: Flask) -> Outsider:
    """Give a browser in which somebody from outside has come in, and who they are."""

    def enter(number: str = NUMBER) -> tuple[Visitor, Actor]:
        signed_in = come_in(stage, number).signed_in
        visitor = visit(None)
        visitor.client.set_cookie("jiaoyan_session", signed_in.token)
        return visitor, Actor(signed_in.username, public=True)

    return enter


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def content(answer: TestResponse) -> bytes:
    """A file that was sent to be saved."""
    assert answer.headers["Content-Disposition"].startswith("attachment")
    sent = answer.get_data()
    answer.close()
    return sent


def apply(visitor: Visitor, stage: Stage, name: str = "王小明") -> TestResponse:
    page = text(visitor.get("/public/apply/review"))
    found = re.search(r'"definitionKey": "(\d+)"', page)
    assert found is not None, page
    body: Json = {"definitionKey": found[1], "requestId": "r" * 16, "data": {"姓名": name}}
    return visitor.send("POST", "/public/apply/review", body)


def case_of(answer: TestResponse) -> int:
    assert answer.status_code == 200, answer.get_json()
    return int(str(answer.get_json()["location"]).rsplit("/", 1)[1])
