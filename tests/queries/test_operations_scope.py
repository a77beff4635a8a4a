"""What operators are shown is of the procedures they oversee, and stands where it belongs."""

from datetime import timedelta

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.queries import escalations, jobs, lateness, overseen, running
from service.queries.inbox import Page
from service.queries.jobs import JobFilter, Standing
from service.queries.lateness import NOBODY, LateFilter
from service.queries.running import RunningState
from service.store.database import Database
from service.store.tables.work import JobKind
from tests import overseeing
from tests.fixtures_commands import Stage
from tests.overseeing import jobs_of, late_tasks


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The statements run on both kinds in tests of their own."""
    return sqlite_database


def give(
    stage: Stage, actor: Actor, process_id: str, kind: ObjectKind = ObjectKind.RUNNING
) -> None:
    action = Action.READ if kind is ObjectKind.RUNNING else Action.ACT
    right = Grant(GranteeKind.PERSON, actor.username, process_id, kind, action)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def test_a_job_that_somebody_is_at_is_told_apart(house: Stage, operator: Actor) -> None:
    until = house.clock.now + timedelta(minutes=5)
    overseeing.job(
        house, JobKind.CALL, house.clock.now, lock_owner="worker-1", lock_expires_at=until
    )
    assert jobs_of(house, operator, JobFilter(Standing.HELD)) == ["call"]
    assert "call" not in jobs_of(house, operator)
    house.clock.forward(minutes=6)
    assert jobs_of(house, operator, JobFilter(Standing.HELD)) == []
    assert "call" in jobs_of(house, operator)


def test_who_oversees_one_procedure_sees_its_jobs_alone(house: Stage) -> None:
    stranger = house.cast.stranger
    assert jobs_of(house, stranger) == []
    give(house, stranger, "review")
    assert jobs_of(house, stranger) == []
    give(house, stranger, "errand")
    assert jobs_of(house, stranger) == ["message", "timer"]
    assert jobs_of(house, stranger, JobFilter(process_id="review")) == []
    assert jobs_of(house, stranger, JobFilter(Standing.LATER)) == []


def test_counts_agree_with_the_lists(house: Stage, operator: Actor) -> None:
    with house.rooms.read() as session:
        counts = jobs.counts(session, actor=operator, now=house.clock.now)
    assert counts == {
        standing: len(jobs_of(house, operator, JobFilter(standing))) for standing in Standing
    }


def instances(stage: Stage, actor: Actor, state: RunningState) -> Page[running.RunningRow]:
    with stage.rooms.read() as session:
        among = overseen.processes(session, actor=actor)
        return running.page(session, actor=actor, state=state, processes=among)


@pytest.mark.parametrize(
    ("state", "count"),
    [
        (RunningState.ACTIVE, 6), (RunningState.STOPPED, 3), (RunningState.SUSPENDED, 1),
        (RunningState.COMPLETED, 0), (RunningState.TERMINATED, 0),
    ],
)  # fmt: skip
def test_instances_by_how_they_stand(
    house: Stage, operator: Actor, state: RunningState, count: int
) -> None:
    assert len(instances(house, operator, state).rows) == count
    with house.rooms.read() as session:
        among = overseen.processes(session, actor=operator)
        assert running.counts(session, processes=among)[state] == count
    assert instances(house, house.cast.stranger, state).rows == ()


def test_what_nobody_has_claimed_is_late_all_the_same(house: Stage, operator: Actor) -> None:
    key = house.start("review", variables={"姓名": "王小明"}).instance_key
    task = house.task(key, "check")
    overseeing.make_late(house, task, house.clock.now - timedelta(days=1))
    with house.rooms.read() as session:
        late = lateness.summary(session, actor=operator, process_id="review", now=house.clock.now)
    assert [one.id for one in (*late.people, *late.offices)] == [NOBODY, NOBODY]
    assert len(late_tasks(house, operator, LateFilter(person=NOBODY, office=NOBODY))) == 1


def test_the_longest_late_stands_first_and_a_suspended_one_is_not_late(
    house: Stage, operator: Actor
) -> None:
    assert late_tasks(house, operator, LateFilter()) == [17, 5, 1]
    with house.rooms.read() as session:
        assert lateness.count(session, actor=operator, now=house.clock.now) == 3
        assert lateness.count(session, actor=house.cast.stranger, now=house.clock.now) == 0


def test_who_hands_out_tasks_sees_what_is_late_of_them(house: Stage) -> None:
    stranger = house.cast.stranger
    assert late_tasks(house, stranger, LateFilter()) == []
    give(house, stranger, "errand", ObjectKind.TASK)
    assert len(late_tasks(house, stranger, LateFilter())) == 3


def test_escalations_of_the_week_alone_are_listed(house: Stage, operator: Actor) -> None:
    task = overseeing.late(house, house.clock.now - timedelta(days=20))
    overseeing.escalated(house, task, ago=timedelta(days=8))
    with house.rooms.read() as session:
        page = escalations.page(session, actor=operator, now=house.clock.now)
        hidden = escalations.page(session, actor=house.cast.stranger, now=house.clock.now)
        elsewhere = escalations.page(
            session, actor=operator, now=house.clock.now, process_id="review"
        )
        assert escalations.count(session, actor=operator, now=house.clock.now) == 1
    [row] = page.rows
    assert (row.step, row.process_name, row.ended) == ("交办", "办一件事", False)
    assert hidden.rows == elsewhere.rows == ()
