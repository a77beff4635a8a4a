"""What an outside worker, and who is none, may not do."""

from collections.abc import Callable

import pytest

from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.values import Json
from service.store.tables import Job
from tests.api.conftest import Call, Client
from tests.api.parcels import PARCEL, answered, asked, wish
from tests.engine.builders import (
    diagram,
    element,
    end,
    flows,
    start,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring_in
from tests.fixtures_store import Cast


def test_a_stranger_and_an_operator_take_and_answer_nothing(
    client: Client, call: Call, worker: Actor, cast: Cast, send: Callable[..., str]
) -> None:
    """Operators see no values, so they take no jobs; a wrong key and a foreign one look alike."""
    send()
    (job,) = client(worker).activate_jobs(data=wish()).jobs
    for somebody in (cast.stranger, cast.officer):
        caller = call(somebody)
        refused = caller("POST", "/v2/jobs/activation", asked())
        assert (refused.status, refused.code) == (403, "job.forbidden")
        error: Json = {"errorCode": "E"}
        for verb, body in (("completion", {}), ("failure", {}), ("error", error)):
            there = answered(caller, job, verb, body)
            nowhere = caller("POST", f"/v2/jobs/4/{verb}", body)
            assert (there.status, there.code) == (404, "job.not-found")
            assert there.json | {"instance": ""} == nowhere.json | {"instance": ""}
    change: Json = {"changeset": {"retries": 3}}
    assert call(cast.stranger)("PATCH", f"/v2/jobs/{job.job_key}", change).status == 404
    assert call(cast.officer)("PATCH", f"/v2/jobs/{job.job_key}", change).status == 204


def test_a_right_to_one_process_gives_no_job_of_another(
    rooms: Rooms, call: Call, worker: Actor, cast: Cast
) -> None:
    bring_in(rooms, PARCEL.replace(b'id="parcel"', b'id="letter"'))
    body: Json = {"processDefinitionId": "letter"}
    assert call(cast.applicant)("POST", "/v2/process-instances", body).status == 200
    assert call(worker)("POST", "/v2/jobs/activation", asked()).json == {"jobs": []}


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("completion", {"variables": {"initiator": "me"}}, None),
        ("completion", {"variables": {"a b": 1}}, None),
        ("completion", {"variables": [1]}, "variables"),
        ("completion", {"result": {"denied": True}}, "result"),
        ("failure", {"retries": -1}, "retries"),
        ("failure", {"retryBackOff": "1s"}, "retryBackOff"),
        ("error", {}, "errorCode"),
    ],
)
def test_what_is_wrong_costs_nobody_the_job(
    client: Client, call: Call, worker: Actor, send: Callable[..., str], stage: Stage,
    verb: str, body: Json, field: str | None,
) -> None:  # fmt: skip
    send()
    (job,) = client(worker).activate_jobs(data=wish()).jobs
    refused = answered(call(worker), job, verb, body)
    assert refused.status == 400, refused.json
    if field is not None:
        assert field in refused.detail
    assert stage.row(Job)["state"] == "waiting"


def test_a_job_of_ours_is_none_for_outsiders(
    rooms: Rooms, call: Call, worker: Actor, cast: Cast, stage: Stage
) -> None:
    later = element(
        "serviceTask", "work", '<zeebe:taskDefinition type="work" />'
        '<zeebe:properties><zeebe:property name="jiaoyan.async" value="true" /></zeebe:properties>',
    )  # fmt: skip
    bring_in(
        rooms, diagram(start(), later, end(), flows("start", "work", "end"), process_id="parcel")
    )
    body: Json = {"processDefinitionId": "parcel"}
    call(cast.applicant)("POST", "/v2/process-instances", body)
    key = stage.key(Job)
    assert call(worker)("POST", f"/v2/jobs/{key}/completion", {}).status == 404
    assert call(worker)("POST", "/v2/jobs/activation", asked(type="work")).json == {"jobs": []}
