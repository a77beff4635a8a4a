"""Somebody from outside, signed in: no page of the house answers them, whatever the address."""

from datetime import datetime

import pytest
from flask import Flask

from service.commands import accounts, rights
from service.commands.rooms import Rooms
from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind, everyone
from service.web.api.routes import all_operations
from tests.fixtures_store import Cast
from tests.web.conftest import Visit
from tests.web.outsiders import OPEN, address, addresses


@pytest.fixture
def outsider(rooms: Rooms, cast: Cast, now: datetime) -> Actor:
    """An applicant from outside, in a house where everyone may start everything."""
    with rooms.write() as tools:
        accounts.create_person(
            tools,
            username="applicant",
            display_name="申请人",
            kind=PersonKind.PUBLIC,
            actor=SYSTEM,
            now=now,
        )
        everybody_starts = everyone(ObjectKind.PROCEDURE, Action.ACT)
        rights.grant(tools, everybody_starts, actor=SYSTEM, now=now)
    return Actor("applicant", "申请人", public=True)


def test_every_page_is_one_that_does_not_exist(app: Flask, visit: Visit, outsider: Actor) -> None:
    visitor = visit(outsider)
    asked = 0
    for rule, method, path in addresses(app):
        if rule.endpoint not in OPEN:
            assert visitor.send(method, path).status_code == 404, (method, path)
            asked += 1
    assert asked > 30


def test_no_call_of_the_api_answers(visit: Visit, outsider: Actor) -> None:
    visitor = visit(outsider)
    for operation in all_operations():
        path = address(operation.rule)
        answer = visitor.send(operation.method, path, {})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "outsider-refused"), path


def test_they_may_sign_out(visit: Visit, outsider: Actor) -> None:
    visitor = visit(outsider)
    assert visitor.get("/session").get_json()["username"] == "applicant"
    assert visitor.post("/sign-out").status_code == 302
    assert visitor.get("/session").status_code == 302
