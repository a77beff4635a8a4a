"""Events are recorded with what they belong to, one chain a person, day and class."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.commands.access_log import record
from service.domain.access_events import AccessKind, EventGroup, RetentionClass
from service.domain.actors import Actor
from service.domain.values import Json
from service.store.tables import AccessEvent, AccessHead
from tests.fixtures_commands import Stage
from tests.fixtures_store import CountStatements


@pytest.fixture
def officer(stage: Stage) -> Actor:
    return replace(stage.cast.officer, address="10.1.2.3")


def events(stage: Stage) -> list[AccessEvent]:
    with stage.rooms.read() as session:
        return list(session.scalars(select(AccessEvent).order_by(AccessEvent.key)))


def test_an_event_says_who_did_what_to_whom_when_and_where(stage: Stage, officer: Actor) -> None:
    details: dict[str, Json] = {"reason": "核对申请"}
    with stage.rooms.write() as tools:
        record(
            tools,
            AccessKind.PERSONAL_DATA_READ,
            actor=officer,
            subject="zhang.min",
            reference="qualifications/7",
            details=details,
            now=stage.clock.now,
        )
    (event,) = events(stage)
    assert (event.person, event.kind, event.subject) == ("li.na", "personal_data_read", "zhang.min")
    assert (event.reference, event.address, event.details) == (
        "qualifications/7",
        "10.1.2.3",
        details,
    )
    assert (event.at, event.day, event.number) == (stage.clock.now, "2026-03-02", 1)


def test_what_is_undone_is_not_recorded(stage: Stage, officer: Actor) -> None:
    class Undone(Exception):
        """The transaction fails behind the recording."""

    def fail() -> None:
        with stage.rooms.write() as tools:
            record(tools, AccessKind.EXPORT, actor=officer, now=stage.clock.now)
            raise Undone

    with pytest.raises(Undone):
        fail()
    assert events(stage) == []


def test_a_chain_begins_with_each_person_each_day_of_the_bureau_and_each_class(
    stage: Stage, officer: Actor
) -> None:
    morning = stage.clock.now
    midnight_in_wuhai = morning + timedelta(hours=14, minutes=30)
    with stage.rooms.write() as tools:
        record(tools, AccessKind.SIGN_IN, actor=officer, now=morning)
        record(tools, AccessKind.SIGN_OUT, actor=officer, now=morning)
        record(tools, AccessKind.RIGHT_GRANTED, actor=officer, now=morning)
        record(tools, AccessKind.SIGN_IN, actor=stage.cast.applicant, now=morning)
        record(tools, AccessKind.SIGN_IN, actor=officer, now=midnight_in_wuhai)
    with stage.rooms.read() as session:
        heads = session.execute(
            select(AccessHead.day, AccessHead.person, AccessHead.retention, AccessHead.length)
        ).all()
    assert set(heads) == {
        ("2026-03-02", "li.na", RetentionClass.ACCESS, 2),
        ("2026-03-02", "li.na", RetentionClass.PERMANENT, 1),
        ("2026-03-02", "zhang.min", RetentionClass.ACCESS, 1),
        ("2026-03-03", "li.na", RetentionClass.ACCESS, 1),
    }


def test_requests_of_one_person_at_the_same_time_make_one_chain(
    stage: Stage, officer: Actor
) -> None:
    def one(_number: int) -> None:
        with stage.rooms.write() as tools:
            record(tools, AccessKind.EXPORT, actor=officer, now=stage.clock.now)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(24)))
    with stage.rooms.read() as session:
        assert session.scalars(select(AccessHead.length)).all() == [24]
        numbers = session.scalars(select(AccessEvent.number).order_by(AccessEvent.number)).all()
    assert numbers == list(range(1, 25))


def test_an_event_costs_three_statements(
    stage: Stage, officer: Actor, count_statements: CountStatements
) -> None:
    with stage.rooms.write() as tools, count_statements() as statements:
        record(tools, AccessKind.EXPORT, actor=officer, now=stage.clock.now)
    assert len(statements) == 3


def test_text_that_no_database_keeps_is_kept_without_it(stage: Stage, officer: Actor) -> None:
    with stage.rooms.write() as tools:
        record(
            tools,
            AccessKind.EXPORT,
            actor=officer,
            subject="a\0b\ud800",
            details={"reason": ["x\0" * 600]},
            now=stage.clock.now,
        )
    (event,) = events(stage)
    assert (event.subject, event.details) == ("ab?", {"reason": ["x" * 500]})


def test_every_kind_has_a_label_a_class_and_a_group() -> None:
    labels = {kind.label for kind in AccessKind}
    assert len(labels) == len(AccessKind)
    assert {kind.retention for kind in AccessKind} == set(RetentionClass)
    assert {kind for group in EventGroup for kind in group.kinds} == set(AccessKind)


def test_nothing_recorded_leaves_no_head(stage: Stage) -> None:
    with stage.rooms.read() as session:
        assert session.scalar(select(func.count()).select_from(AccessHead)) == 0
