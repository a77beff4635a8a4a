"""Signing in as a step of other tests."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from service.commands.password_check import SignInRefused
from service.commands.rooms import Rooms
from service.commands.sign_in import (
    SignedIn,
    session_actor,
    sign_in,
)
from service.store.database import Database
from tests.fixtures_store import PASSWORD, Cast

MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "青山遮不住-毕竟东流去"

SignIn = Callable[..., SignedIn]


@pytest.fixture
def enter(rooms: Rooms, cast: Cast, now: datetime) -> SignIn:
    """Sign in as the officer from one address, unless told otherwise."""

    def entering(
        username: str = "li.na",
        password: str = PASSWORD,
        address: str = "10.0.0.1",
        at: datetime = now,
    ) -> SignedIn:
        return sign_in(rooms, username=username, password=password, address=address, now=at)

    return entering


def fail(enter: SignIn, times: int, **how: object) -> list[SignInRefused]:
    """Try wrong passwords and return how each was refused."""
    refusals = []
    for _ in range(times):
        with pytest.raises(SignInRefused) as refused:
            enter(password="wrong", **how)
        refusals.append(refused.value)
    return refusals


def is_in(database: Database, token: str, at: datetime) -> bool:
    with database.read() as session:
        return session_actor(session, token=token, now=at) is not None
