"""Outside workers: Camunda's own client and plain HTTP take service tasks and answer them."""

import threading
from collections.abc import Callable

import pytest
from camunda_orchestration_sdk.errors import ConflictError, NotFoundError
from camunda_orchestration_sdk.models import (
    JobChangeset,
    JobCompletionRequest,
    JobCompletionRequestVariables,
    JobErrorRequest,
    JobFailRequest,
    JobFailRequestVariables,
    JobUpdateRequest,
)
from sqlalchemy import update

from service.commands.outside_jobs import MOST_RETRIES
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.store.tables import AccessEvent, HistoryEntry, Incident, Job
from tests.api.conftest import Answer, Call, Client
from tests.api.parcels import asked, wish
from tests.clocks import Clock
from tests.fixtures_commands import (
    Stage,
)
from tests.fixtures_store import Cast


def test_camundas_client_takes_a_task_and_does_it(
    client: Client, worker: Actor, send: Callable[..., str], stage: Stage
) -> None:
    key = send(goods="书", weight=3)
    program = client(worker)

    (job,) = program.activate_jobs(data=wish()).jobs

    assert (job.type_, job.element_id, job.retries) == ("weigh", "weigh", 2)
    assert (job.process_instance_key, job.process_definition_id) == (key, "parcel")
    assert job.custom_headers.to_dict() == {"unit": "kg"}
    assert job.variables.to_dict() == {
        "goods": "书", "weight": 3, "initiator": stage.cast.applicant.username,
    }  # fmt: skip
    assert program.activate_jobs(data=wish()).jobs == []

    result = JobCompletionRequestVariables.from_dict({"weighed": 3.2})
    program.complete_job(job.job_key, data=JobCompletionRequest(variables=result))

    assert stage.variables(int(key))["weighed"] == 3.2
    assert stage.acts(int(key))[-2:] == ["job.completed", "instance.completed"]
    entry = stage.row(HistoryEntry, instance_key=int(key), act="job.completed")
    assert entry["actor"] == worker.username
    with pytest.raises(NotFoundError):
        program.complete_job(job.job_key, data=JobCompletionRequest())


def test_only_the_wanted_variables_go_out_and_that_they_do_is_recorded(
    client: Client, worker: Actor, send: Callable[..., str], stage: Stage
) -> None:
    key = send(goods="书", weight=3)
    (job,) = client(worker).activate_jobs(data=wish(fetch_variable=["weight", "height"])).jobs
    assert job.variables.to_dict() == {"weight": 3}
    (read,) = stage.rows(AccessEvent, kind="personal_data_read")
    assert (read["person"], read["reference"]) == (worker.username, f"instance/{key}")


def test_a_job_that_nobody_answers_comes_back(
    client: Client, worker: Actor, send: Callable[..., str], clock: Clock
) -> None:
    send()
    program = client(worker)
    (first,) = program.activate_jobs(data=wish(timeout=60_000)).jobs
    clock.forward(seconds=59)
    assert program.activate_jobs(data=wish()).jobs == []
    clock.forward(seconds=1)
    (second,) = program.activate_jobs(data=wish()).jobs
    assert first.job_key == second.job_key
    assert second.retries == 2


def test_without_a_lease_who_answers_first_is_heard(
    client: Client, worker: Actor, send: Callable[..., str], clock: Clock
) -> None:
    send()
    program = client(worker)
    (late,) = program.activate_jobs(data=wish()).jobs
    clock.forward(minutes=2)
    program.activate_jobs(data=wish())
    program.complete_job(late.job_key, data=JobCompletionRequest())
    with pytest.raises(NotFoundError):
        program.complete_job(late.job_key, data=JobCompletionRequest())


def test_with_a_lease_a_late_worker_changes_nothing(
    client: Client, worker: Actor, send: Callable[..., str], clock: Clock, stage: Stage
) -> None:
    key = send()
    program = client(worker)
    (late,) = program.activate_jobs(data=wish(with_lease=True)).jobs
    clock.forward(minutes=2)
    assert program.activate_jobs(data=wish()).jobs == []  # leased once, leased for good
    (second,) = program.activate_jobs(data=wish(with_lease=True)).jobs
    assert late.job_lease_token != second.job_lease_token

    for token in (None, late.job_lease_token):
        done = JobCompletionRequest(job_lease_token=token)
        with pytest.raises(ConflictError):
            program.complete_job(late.job_key, data=done)
        with pytest.raises(ConflictError):
            program.fail_job(late.job_key, data=JobFailRequest(job_lease_token=token))
    assert stage.row(Job, kind="outside")["state"] == "waiting"

    right = JobCompletionRequest(job_lease_token=second.job_lease_token)
    program.complete_job(second.job_key, data=right)
    assert stage.acts(int(key))[-1] == "instance.completed"


def test_a_failure_waits_for_its_pause_and_tells_no_values(
    client: Client, worker: Actor, send: Callable[..., str], clock: Clock, stage: Stage
) -> None:
    key = send(goods="机密材料")
    program = client(worker)
    (job,) = program.activate_jobs(data=wish()).jobs
    program.fail_job(
        job.job_key,
        data=JobFailRequest(
            retries=1,
            error_message="称不了 机密材料，电话 13900001111",
            retry_back_off=30_000,
            variables=JobFailRequestVariables.from_dict({"phone": "13900001111"}),
        ),
    )
    assert program.activate_jobs(data=wish()).jobs == []
    row = stage.row(Job)
    assert (row["attempts"], row["last_error"]) == (1, "称不了 •••，电话 •••")
    assert "phone" not in stage.variables(int(key))

    clock.forward(seconds=30)
    (again,) = program.activate_jobs(data=wish()).jobs
    assert (again.retries, again.variables.to_dict()["phone"]) == (1, "13900001111")


def test_without_retries_left_an_incident_waits_for_an_operator(
    client: Client, worker: Actor, send: Callable[..., str], call: Call, cast: Cast, stage: Stage
) -> None:
    key = send()
    program, operator = client(worker), client(cast.officer)
    (job,) = program.activate_jobs(data=wish()).jobs
    program.fail_job(job.job_key, data=JobFailRequest(error_message="秤坏了"))

    incident = stage.row(Incident)
    assert (incident["type"], incident["job_key"]) == ("JOB_NO_RETRIES", int(job.job_key))
    assert "秤坏了" in str(incident["message"])
    with pytest.raises(ConflictError):
        program.complete_job(job.job_key, data=JobCompletionRequest())
    assert program.activate_jobs(data=wish()).jobs == []

    operator.update_job(job.job_key, data=JobUpdateRequest(JobChangeset(retries=7)))
    resolved = call(cast.officer)("POST", f"/v2/incidents/{incident['key']}/resolution", {})
    assert resolved.status == 204
    (again,) = program.activate_jobs(data=wish()).jobs
    assert (again.process_instance_key, again.retries) == (key, 7)
    assert again.element_instance_key == job.element_instance_key


def test_a_worker_that_always_has_retries_left_is_stopped_in_the_end(
    client: Client, worker: Actor, send: Callable[..., str], rooms: Rooms, stage: Stage
) -> None:
    send()
    program = client(worker)
    with rooms.write() as tools:
        tools.session.execute(update(Job).values(attempts=MOST_RETRIES - 2))
    for state in ("waiting", "failed"):
        (job,) = program.activate_jobs(data=wish()).jobs
        program.fail_job(job.job_key, data=JobFailRequest(retries=5))
        assert stage.row(Job, kind="outside")["state"] == state


def test_a_business_error_goes_to_the_event_that_catches_it(
    client: Client, worker: Actor, send: Callable[..., str], stage: Stage
) -> None:
    key = send()
    program = client(worker)
    (job,) = program.activate_jobs(data=wish()).jobs
    program.throw_job_error(job.job_key, data=JobErrorRequest("TOO_HEAVY", "超重"))
    assert stage.open_tasks(int(key)) == ["split"]
    with pytest.raises(NotFoundError):
        program.throw_job_error(job.job_key, data=JobErrorRequest("TOO_HEAVY"))


def test_an_error_that_nothing_catches_is_an_incident(
    client: Client, worker: Actor, send: Callable[..., str], stage: Stage
) -> None:
    send()
    program = client(worker)
    (job,) = program.activate_jobs(data=wish()).jobs
    program.throw_job_error(job.job_key, data=JobErrorRequest("LOST"))
    assert stage.row(Incident)["type"] == "UNHANDLED_ERROR_EVENT"
    assert stage.row(Job, kind="outside")["state"] == "failed"


def test_a_worker_gives_itself_more_time(
    client: Client, worker: Actor, send: Callable[..., str], clock: Clock
) -> None:
    send()
    program = client(worker)
    (job,) = program.activate_jobs(data=wish(timeout=60_000)).jobs
    clock.forward(seconds=50)
    program.update_job(job.job_key, data=JobUpdateRequest(JobChangeset(timeout=60_000)))
    clock.forward(seconds=50)
    assert program.activate_jobs(data=wish()).jobs == []
    clock.forward(seconds=10)
    with pytest.raises(ConflictError):
        program.update_job(job.job_key, data=JobUpdateRequest(JobChangeset(timeout=60_000)))
    assert len(program.activate_jobs(data=wish()).jobs) == 1


def test_who_waits_gets_a_job_that_comes_meanwhile(
    call: Call, worker: Actor, send: Callable[..., str]
) -> None:
    answers: list[Answer] = []
    waiting = threading.Thread(
        target=lambda: answers.append(
            call(worker)("POST", "/v2/jobs/activation", asked(requestTimeout=20_000))
        )
    )
    waiting.start()
    key = send()
    waiting.join()
    (job,) = answers[0].json["jobs"]
    assert job["processInstanceKey"] == key


def test_of_two_workers_each_job_goes_to_one(
    call: Call, worker: Actor, send: Callable[..., str]
) -> None:
    keys = {send() for _ in range(6)}
    call(worker)("POST", "/v2/jobs/activation", asked(type="other"))  # its password is known now
    taken: list[str] = []

    def work() -> None:
        while jobs := call(worker)("POST", "/v2/jobs/activation", asked(maxJobsToActivate=1)).json[
            "jobs"
        ]:
            taken.extend(job["processInstanceKey"] for job in jobs)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(taken) == sorted(keys)
