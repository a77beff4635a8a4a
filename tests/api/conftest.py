"""The API on a real server, with its callers: Camunda's own client, and plain HTTP."""

import io
import json
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import CreateDeploymentData, DeploymentResult
from camunda_orchestration_sdk.types import File
from flask import Flask
from werkzeug.serving import make_server

from service.commands import rights
from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry, TaskContext
from service.commands.models import ModelCache
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind, everyone
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.engine import Engine
from service.feel import FeelPool
from service.store.database import Database
from service.web.api import routes
from service.web.app_factory import WebSettings, create_app
from tests.fixtures_feel import feel
from tests.fixtures_store import OFFICE, PASSWORD, Cast

__all__ = ["feel"]

DIAGRAMS = Path(__file__).parent / "diagrams"
LEAVE = ("leave.bpmn", "leave_kind.dmn", "leave_request.form", "leave_review.form")
SECRET = "3b1f6c0f9ad24e6fb0c1d2e3f4a5b6c7"


@dataclass(slots=True)
class Clock:
    """The present moment, moved by the test."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


@dataclass(slots=True)
class Desk:
    """What the handler of errands is told to do, and what it was asked."""

    failing: bool = False
    asked: list[int] = field(default_factory=list)

    def record(self, context: TaskContext) -> Variables | None:
        self.asked.append(context.element_instance_key)
        if self.failing:
            raise OSError("the book is locked away")
        return {"recorded": True}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def detail(self) -> str:
        return str(self.json["detail"])


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends plain HTTP as a person; without one as nobody."""

    url: str
    actor: Actor | None = None

    def __call__(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {"Content-Type": "application/json"}
        if self.actor is not None:
            credentials = f"{self.actor.username}:{PASSWORD}".encode()
            sent["Authorization"] = f"Basic {b64encode(credentials).decode()}"
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.url + path, data, {**sent, **(headers or {})}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the same
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.headers, refusal.read())


Client = Callable[[Actor], CamundaClient]
Call = Callable[[Actor | None], Caller]


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def rooms(
    database: Database,
    cast: Cast,
    keys: KeySource,
    feel: FeelPool,
    clock: Clock,
    desk: Desk,
    tmp_path: Path,
) -> Rooms:
    """The service with a cast: everybody may start, the officer deploys and runs it."""
    handlers = HandlerRegistry()
    handlers.register("errand.record", desk.record)
    with database.write() as session:
        for grant in (
            everyone(ObjectKind.PROCEDURE, Action.ACT),
            *_office(ObjectKind.DEPLOYMENT, Action.READ, Action.ACT),
            *_office(ObjectKind.RUNNING, Action.READ, Action.ACT),
            *_office(ObjectKind.TASK, Action.ACT),
        ):
            rights.grant(session, keys, grant, actor=SYSTEM, now=clock.now)
    return Rooms(
        database=database,
        engine=Engine(feel),
        feel=feel,
        handlers=handlers,
        keys=keys,
        files=FileRoom(tmp_path / "files"),
        models=ModelCache(),
        clock=clock,
        audit_key=b"a key of the tests' own",
    )


def _office(object: ObjectKind, *actions: Action) -> list[Grant]:
    return [Grant(GranteeKind.GROUP, OFFICE, "*", object, action) for action in actions]


@pytest.fixture
def app(rooms: Rooms) -> Flask:
    settings = WebSettings(secret_key=SECRET, https=False)
    app = create_app(rooms, settings)
    if "api" not in app.blueprints:
        routes.install(app, settings)
    return app


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The address of a real server."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    """Camunda's client, signed in by HTTP Basic."""
    opened: list[CamundaClient] = []

    def sign_in(actor: Actor) -> CamundaClient:
        configuration: Any = {
            "CAMUNDA_REST_ADDRESS": url,
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": actor.username,
            "CAMUNDA_BASIC_AUTH_PASSWORD": PASSWORD,
            "CAMUNDA_SDK_LOG_LEVEL": "silent",
        }
        opened.append(CamundaClient(configuration=configuration))
        return opened[-1]

    yield sign_in
    for one in opened:
        one.client.get_httpx_client().close()


@pytest.fixture
def call(url: str) -> Call:
    """Plain HTTP as somebody, or as nobody."""
    return lambda actor: Caller(url, actor)


def deployed(client: CamundaClient, *names: str) -> DeploymentResult:
    """Deploy files of this folder's diagrams together."""
    files = [File(io.BytesIO((DIAGRAMS / name).read_bytes()), name) for name in names]
    return client.create_deployment(data=CreateDeploymentData(resources=files))
