"""The clock by Camunda's own client: moved where it may be, else refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import ClockPinRequest
from flask import Flask

from service.commands.clocks import AdjustableClock
from service.commands.rooms import Rooms
from service.domain.values import Json
from service.store.database import Database
from service.store.tables import AccessEvent
from service.web.app_factory import WebSettings, create_app
from tests.api.conftest import SECRET, Call, Client
from tests.clocks import Clock
from tests.fixtures_commands import Stage
from tests.fixtures_store import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The clock is no table's."""
    return sqlite_database


@pytest.fixture
def woken() -> list[datetime]:
    return []


@pytest.fixture
def adjustable(clock: Clock) -> AdjustableClock:
    return AdjustableClock(clock)


@pytest.fixture
def app(rooms: Rooms, office: str, adjustable: AdjustableClock, woken: list[datetime]) -> Flask:
    """As the demonstration runs it."""
    moved = replace(rooms, clock=adjustable, job_written=woken.append)
    return create_app(moved, WebSettings(secret_key=SECRET, https=False))


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def pin(client: CamundaClient, moment: datetime) -> None:
    client.pin_clock(data=ClockPinRequest(milliseconds(moment)))


def test_it_stands_where_it_is_pinned_and_goes_on_when_it_is_reset(
    client: Client, cast: Cast, clock: Clock, adjustable: AdjustableClock, woken: list[datetime]
) -> None:
    begun, office = clock.now, client(cast.officer)
    later = begun + timedelta(days=3)

    pin(office, later)

    clock.forward(minutes=1)
    assert adjustable() == later
    assert woken[-1] == begun, "who waits for a job looks at once"
    office.reset_clock()
    assert adjustable() == begun + timedelta(minutes=1)
    assert woken[-1] == adjustable()


def test_moving_it_is_recorded(client: Client, cast: Cast, clock: Clock, stage: Stage) -> None:
    pin(client(cast.officer), clock.now + timedelta(days=3))
    client(cast.officer).reset_clock()
    recorded = stage.rows(AccessEvent, kind="settings_changed", person=cast.officer.username)
    assert [row["reference"] for row in recorded] == ["clock", "clock"]


@pytest.mark.parametrize("body", [{}, {"timestamp": "now"}, {"timestamp": -1}, {"timestamp": 1}])
def test_a_moment_that_is_none_is_refused(
    call: Call, cast: Cast, adjustable: AdjustableClock, clock: Clock, body: Json
) -> None:
    assert call(cast.officer)("PUT", "/v2/clock", body).status == 400
    late: Json = {"timestamp": milliseconds(datetime(9999, 1, 1, tzinfo=clock.now.tzinfo))}
    refused = call(cast.officer)("PUT", "/v2/clock", late)
    assert (refused.status, refused.code) == (400, "clock.moment-unlikely")
    assert adjustable() == clock.now


def test_who_does_not_run_everything_moves_no_clock(
    call: Call, cast: Cast, adjustable: AdjustableClock, clock: Clock
) -> None:
    body: Json = {"timestamp": milliseconds(clock.now + timedelta(days=1))}
    for method, path in (("PUT", "/v2/clock"), ("POST", "/v2/clock/reset")):
        refused = call(cast.stranger)(method, path, body if method == "PUT" else None)
        assert (refused.status, refused.code) == (403, "clock.forbidden")
    assert adjustable() == clock.now


def test_a_real_clock_is_never_moved(rooms: Rooms, office: str, cast: Cast, clock: Clock) -> None:
    app = create_app(rooms, WebSettings(secret_key=SECRET, https=False))
    for method, path in (("PUT", "/v2/clock"), ("POST", "/v2/clock/reset")):
        answer = app.test_client().open(
            path, method=method, auth=(cast.officer.username, PASSWORD),
            json={"timestamp": milliseconds(clock.now)} if method == "PUT" else {},
        )  # fmt: skip
        assert (answer.status_code, answer.get_json()["code"]) == (403, "clock.fixed")
