"""The API on a real server, with its callers: Camunda's own client, and plain HTTP."""

import io
import json
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import CreateDeploymentData, DeploymentResult
from camunda_orchestration_sdk.types import File
from flask import Flask
from werkzeug.serving import make_server

from service.commands import password_hashing, rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind, everyone
from service.domain.values import Json
from service.web.app_factory import WebSettings, create_app
from tests.api.parcels import send, stage, worker
from tests.fixtures_commands import clock, desk, rooms
from tests.fixtures_store import OFFICE, PASSWORD, Cast

__all__ = ["clock", "desk", "rooms", "send", "stage", "worker"]

DIAGRAMS = Path(__file__).parent / "diagrams"
LEAVE = ("leave.bpmn", "leave_kind.dmn", "leave_request.form", "leave_review.form")
SECRET = "3b1f6c0f9ad24e6fb0c1d2e3f4a5b6c7"


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


_hash = cache(password_hashing._hasher.hash)


class HashedOnce(PasswordHasher):
    """Makes the hash of a password once, as production does, and gives the same one again."""

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        assert salt is None
        return _hash(password)


@pytest.fixture(autouse=True)
def hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast has hashes that cost nothing; who is seen with one gets a real one, in each test."""
    own = extract_parameters(password_hashing.DECOY)
    monkeypatch.setattr(password_hashing, "_hasher", HashedOnce.from_parameters(own))


@pytest.fixture
def office(rooms: Rooms, cast: Cast) -> str:
    """The officer's group, which deploys, oversees and assigns; here everybody may start."""
    grants = [
        everyone(ObjectKind.PROCEDURE, Action.ACT),
        *_office(ObjectKind.DEPLOYMENT, Action.READ, Action.ACT),
        *_office(ObjectKind.RUNNING, Action.READ, Action.ACT),
        *_office(ObjectKind.TASK, Action.ACT),
    ]
    with rooms.write() as tools:
        for grant in grants:
            rights.grant(tools, grant, actor=SYSTEM, now=rooms.clock())
    return OFFICE


def _office(object: ObjectKind, *actions: Action) -> list[Grant]:
    return [Grant(GranteeKind.GROUP, OFFICE, "*", object, action) for action in actions]


@pytest.fixture
def app(rooms: Rooms, office: str) -> Flask:
    return create_app(rooms, WebSettings(secret_key=SECRET, https=False))


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
