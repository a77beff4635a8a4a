"""What operators are shown: jobs, instances, lateness, escalations, on a database of each kind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from service.domain.actors import Actor
from service.queries import escalations, incidents, jobs, lateness, metrics, overseen, running
from service.queries.cursor import BadCursor
from service.queries.inbox import Page
from service.queries.incidents import IncidentFilter
from service.queries.jobs import JobFilter, Standing
from service.queries.lateness import NOBODY, LateFilter
from service.queries.running import RunningState
from tests import overseeing
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_organization import Bureau
from tests.overseeing import jobs_of, late_tasks


def test_what_is_due_stands_first_that_waits_longest(house: Stage, operator: Actor) -> None:
    assert jobs_of(house, operator)[:2] == ["message", "timer"]
    assert jobs_of(house, operator, JobFilter(Standing.LATER)) == ["calendar"]
    with house.rooms.read() as session:
        page = jobs.page(
            session, actor=operator, wanted=JobFilter(kind="message"), now=house.clock.now
        )
        late = jobs.count_late(session, actor=operator, now=house.clock.now)
    [row] = page.rows
    assert (row.process_name, row.error, row.attempts, row.retries) == ("办一件事", "OSError", 2, 1)
    assert late == 2


def walked(page_behind: Callable[[str | None], Page[Any]]) -> int:
    """How many rows all pages have together, none of them twice."""
    seen: list[object] = []
    after: str | None = None
    while True:
        page = page_behind(after)
        seen += page.rows
        after = page.next
        if after is None:
            assert len(set(seen)) == len(seen)
            return len(seen)


def test_every_list_is_walked_page_by_page(house: Stage, operator: Actor) -> None:
    now, actor = house.clock.now, operator
    for due_at in (now - timedelta(days=2), now - timedelta(days=2)):
        overseeing.escalated(house, overseeing.late(house, due_at))
    with house.rooms.read() as session:
        among = overseen.processes(session, actor=actor)
        assert walked(
            lambda after: running.page(
                session, actor=actor, state=RunningState.ACTIVE, processes=among, after=after,
                limit=2,
            )
        ) == 8  # fmt: skip
        assert walked(
            lambda after: lateness.tasks(
                session, actor=actor, wanted=LateFilter(), now=now, after=after, limit=2
            )
        ) == 5  # fmt: skip
        assert walked(
            lambda after: escalations.page(session, actor=actor, now=now, after=after, limit=2)
        ) == 3  # fmt: skip
        due = jobs.counts(session, actor=actor, now=now)[Standing.DUE]
        assert walked(
            lambda after: jobs.page(
                session, actor=actor, wanted=JobFilter(), now=now, after=after, limit=1
            )
        ) == due  # fmt: skip
        with pytest.raises(BadCursor):
            jobs.page(session, actor=actor, wanted=JobFilter(), now=now, after="x")


def test_lateness_is_summed_by_step_person_and_office(
    house: Stage, operator: Actor, bureau: Bureau
) -> None:
    applicant = house.cast.applicant
    bureau.begin(applicant.username, "haibowan")
    bureau.begin(applicant.username, "haibowan", title="主任")
    bureau.begin(applicant.username, "wuda")
    with house.rooms.read() as session:
        late = lateness.summary(session, actor=operator, now=house.clock.now)
    assert (late.total, late.more) == (3, False)
    [step] = late.steps
    assert (step.id, step.name, step.beside) == ("errand/ask", "交办", "办一件事")
    assert step.counts == (1, 1, 1)
    assert [(one.id, one.name, one.total) for one in late.people] == [
        (applicant.username, applicant.display_name, 3)
    ]
    assert [(one.id, one.name, one.total) for one in late.offices] == [
        ("haibowan", "海勃湾区教研室", 3),
        ("wuda", "乌达区教研室", 3),
    ]
    for wanted in (
        LateFilter(step="errand/ask"), LateFilter(person=applicant.username),
        LateFilter(office="wuda"), LateFilter(process_id="errand"),
    ):  # fmt: skip
        assert len(late_tasks(house, operator, wanted)) == 3
    for wanted in (
        LateFilter(step="errand/read"), LateFilter(person=NOBODY), LateFilter(office=NOBODY),
        LateFilter(process_id="review"),
    ):  # fmt: skip
        assert late_tasks(house, operator, wanted) == []


def test_incidents_that_are_alike_are_counted_together(
    house: Stage, operator: Actor, desk: Desk
) -> None:
    with house.rooms.read() as session:
        [one] = incidents.classes(session, actor=operator)
        hidden = incidents.classes(session, actor=house.cast.stranger)
        wanted = IncidentFilter(one.process_id, one.element_id, one.type)
        same = incidents.open_page(session, actor=operator, wanted=wanted)
        other = incidents.open_page(
            session, actor=operator, wanted=IncidentFilter(element_id="read")
        )
    assert (one.process_id, one.element_name, one.count, one.may_retry) == (
        "errand", "办理", 3, True,
    )  # fmt: skip
    assert hidden == ()
    assert (len(same.rows), len(other.rows)) == (3, 0)
    assert same.rows[0].variables == ("initiator",)


def test_the_numbers_for_monitoring_are_read_on_both_databases(house: Stage) -> None:
    with house.rooms.read() as session:
        figures = metrics.measure(session, now=house.clock.now)
    of_errand = next(one for one in figures.instances if one.process_id == "errand")
    assert (of_errand.active, of_errand.suspended, of_errand.incidents) == (6, 1, 3)
    assert (figures.tasks_open, figures.tasks_overdue, figures.tasks_completed) == (4, 3, 3)
    late = {one.kind: one.lateness for one in figures.jobs}
    assert (late["message"], late["timer"], late["calendar"]) == (7200, 420, 0)
