"""The operators' lists: jobs and timers, instances by state, escalations of the week."""

from typing import TypeVar

from flask import Blueprint, request

from service.queries import escalations, jobs, running
from service.queries.jobs import KINDS, JobFilter, Standing
from service.queries.running import RunningState
from service.web import operations_texts
from service.web.desk import current_actor, now, rooms
from service.web.operations_frame import asked_process, operations_page, running_processes

pages = Blueprint("operations_lists", __name__, url_prefix="/operations")

_Word = TypeVar("_Word", Standing, RunningState)


@pages.get("/jobs")
def jobs_listed() -> str:
    """Jobs by how they stand: due, held, later, suspended, failed."""
    actor, after = current_actor(), request.args.get("after")
    standing = _asked("standing", Standing.DUE)
    kind = request.args.get("kind", "")
    with rooms().read() as session:
        processes = running_processes(session, actor)
        wanted = JobFilter(standing, kind if kind in KINDS else "", asked_process(processes))
        page = jobs.page(session, actor=actor, wanted=wanted, now=now(), after=after)
        counts = jobs.counts(session, actor=actor, now=now())
    return operations_page(
        "operations/jobs.html",
        running=True,
        page=page,
        wanted=wanted,
        counts=counts,
        processes=processes,
        standings=operations_texts.standings(),
        kinds={one: operations_texts.job_kind(one) for one in KINDS},
        job_kind=operations_texts.job_kind,
        job_subject=operations_texts.job_subject,
        behind=operations_texts.behind,
        grace=jobs.GRACE,
    )


@pages.get("/instances")
def instances_listed() -> str:
    """Instances by how they stand, those that stand still among them."""
    actor, after = current_actor(), request.args.get("after")
    state = _asked("state", RunningState.ACTIVE)
    with rooms().read() as session:
        processes = running_processes(session, actor)
        process_id = asked_process(processes)
        among = [one for one in processes if process_id in {"", one.id}]
        page = running.page(session, actor=actor, state=state, processes=among, after=after)
        counts = running.counts(session, processes=among)
    return operations_page(
        "operations/instances.html",
        running=True,
        page=page,
        state=state,
        counts=counts,
        process_id=process_id,
        processes=processes,
        states=operations_texts.running_states(),
    )


@pages.get("/escalations")
def escalations_listed() -> str:
    """What went up in the last seven days because it was late."""
    actor, after = current_actor(), request.args.get("after")
    with rooms().read() as session:
        processes = running_processes(session, actor)
        process_id = asked_process(processes)
        page = escalations.page(session, actor=actor, now=now(), process_id=process_id, after=after)
    return operations_page(
        "operations/escalations.html",
        running=True,
        page=page,
        process_id=process_id,
        processes=processes,
    )


def _asked(name: str, default: _Word) -> _Word:
    given = request.args.get(name, "")
    return type(default)(given) if given in set(type(default)) else default
