"""Parcels that an outside worker weighs: a process, its worker, and who sends them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from camunda_orchestration_sdk.models import (
    ActivatedJobResult,
    JobActivationRequest,
)
from sqlalchemy import insert

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.values import Json
from service.store.tables import Person
from tests.clocks import Clock
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    flows,
    on,
    start,
    user,
)
from tests.fixtures_commands import (
    Stage,
)
from tests.fixtures_events import bring_in
from tests.fixtures_store import PASSWORD_HASH, Cast

if TYPE_CHECKING:
    from tests.api.conftest import Answer, Call, Caller

_WEIGH = (
    '<zeebe:taskDefinition type="weigh" retries="2" />'
    '<zeebe:taskHeaders><zeebe:header key="unit" value="kg" /></zeebe:taskHeaders>'
)
PARCEL = diagram(
    start(), element("serviceTask", "weigh", _WEIGH), end(),
    boundary("heavy", "weigh", on("error", "TOO_HEAVY")), user("split"), end("end_split"),
    flows("start", "weigh", "end"), flows("heavy", "split", "end_split"), process_id="parcel",
    declared=declare("error", "TOO_HEAVY"),
)  # fmt: skip

SCALES = Actor("scales", "称重程序")


@pytest.fixture
def stage(rooms: Rooms, clock: Clock, cast: Cast) -> Stage:
    return Stage(rooms, clock, cast)


@pytest.fixture
def worker(rooms: Rooms, office: str, cast: Cast) -> Actor:
    """The account of a program that may take the jobs of parcels, and those alone."""
    with rooms.write() as tools:
        person = {
            "username": SCALES.username,
            "display_name": SCALES.display_name,
            "sort_name": SCALES.username,
            "password_hash": PASSWORD_HASH,
            "active": True,
            "failed_sign_ins": 0,
            "locked_until": None,
            "created_at": rooms.clock(),
        }
        tools.session.execute(insert(Person), [person])
        right = Grant(GranteeKind.PERSON, SCALES.username, "parcel", ObjectKind.JOB, Action.ACT)
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    bring_in(rooms, PARCEL)
    return SCALES


@pytest.fixture
def send(call: "Call", cast: Cast) -> Callable[..., str]:
    """Start a parcel, and return its key."""

    def begin(**variables: Json) -> str:
        body: Json = {"processDefinitionId": "parcel", "variables": variables}
        started = call(cast.applicant)("POST", "/v2/process-instances", body)
        return str(started.json["processInstanceKey"])

    return begin


def wish(**more: Any) -> JobActivationRequest:
    given = {"timeout": 60_000, "max_jobs_to_activate": 5, "request_timeout": -1, **more}
    return JobActivationRequest("weigh", worker="scales", **given)


def asked(**more: Json) -> Json:
    given: dict[str, Json] = {"timeout": 60_000, "maxJobsToActivate": 5, "requestTimeout": -1}
    return {"type": "weigh", **given, **more}


def answered(caller: "Caller", job: ActivatedJobResult, verb: str, body: Json = None) -> "Answer":
    return caller("POST", f"/v2/jobs/{job.job_key}/{verb}", body or {})
