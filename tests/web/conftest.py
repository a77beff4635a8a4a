"""The pages of the real service, asked by Flask's test client as one of the cast."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from service.commands import accounts, groups
from service.commands.rooms import Rooms
from service.commands.tokens import new_token, token_hash
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.store.database import Database
from service.store.tables import WebSession
from service.web.app_factory import WebSettings, create_app
from service.web.identity import COOKIE
from tests.fixtures_commands import clock, deploy, desk, operator, rooms, stage
from tests.fixtures_organization import bureau
from tests.fixtures_store import OFFICE, PASSWORD, Cast

__all__ = ["bureau", "clock", "deploy", "desk", "operator", "rooms", "stage"]

SECRET = "a secret that signs the cookies of tests"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages know no SQL: the tests of the queries run on both kinds."""
    return sqlite_database


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(secret_key=SECRET, https=False, upload_bytes=1024 * 1024)


@pytest.fixture
def app(rooms: Rooms, settings: WebSettings) -> Flask:
    return create_app(rooms, settings)


@dataclass(slots=True)
class Visitor:
    """A browser; it sends the CSRF token as a page's form and script do."""

    client: FlaskClient

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string=query)

    def fragment(self, path: str, target: str = "", **query: str) -> TestResponse:
        headers = {"HX-Request": "true", "HX-Target": target}
        return self.client.get(path, query_string=query, headers=headers)

    def post(self, path: str, data: Mapping[str, object] | None = None) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})})

    def send(self, method: str, path: str, body: Json = None) -> TestResponse:
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self.client.open(path, method=method, json=body, headers=headers)

    def token(self) -> str:
        """The CSRF token that the server gave this browser."""
        text = self.client.get("/sign-in?resume=1").get_data(as_text=True)
        return text.split('name="csrf-token" content="')[1].split('"')[0]


Visit = Callable[[Actor | None], Visitor]


@pytest.fixture
def visit(app: Flask, rooms: Rooms, now: datetime) -> Visit:
    """Give a browser in which this person is signed in; None: nobody is."""

    def sign_in(actor: Actor | None) -> Visitor:
        client = app.test_client()
        if actor is not None:
            client.set_cookie(COOKIE, signed_in(rooms, actor))
        return Visitor(client)

    return sign_in


@pytest.fixture
def colleague(rooms: Rooms, cast: Cast, now: datetime) -> Actor:
    """Another member of the officer's office."""
    with rooms.write() as tools:
        accounts.create_person(
            tools,
            username="chen.jie",
            display_name="陈洁",
            password=PASSWORD,
            actor=SYSTEM,
            now=now,
        )
        groups.add_member(tools, group_id=OFFICE, username="chen.jie", actor=SYSTEM, now=now)
    return Actor("chen.jie", "陈洁", frozenset({OFFICE}))


def signed_in(rooms: Rooms, actor: Actor) -> str:
    """Open a session without the slow check of a password; return its token."""
    token = new_token()
    with rooms.write() as tools:
        session = {
            "token_hash": token_hash(token),
            "username": actor.username,
            "created_at": rooms.clock(),
            "seen_at": rooms.clock(),
        }
        tools.session.execute(insert(WebSession), [session])
    return token
