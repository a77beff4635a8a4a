"""Access logs go by whole days when their time is over; what is kept for ever stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select

from service.commands import rights
from service.commands.access_log import record
from service.commands.retention import clean_access_log
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, ObjectKind, everyone
from service.domain.soundness import Fault, Head
from service.jobs.calendar import CalendarRunner
from service.store import heads
from service.store.tables import AccessEvent, AccessHead, SignInAttempt
from service.store.verification import verify
from tests.fixtures_commands import Stage
from tests.fixtures_store import AUDIT_KEY
from tests.recorded import record_cast


@pytest.fixture
def logged(stage: Stage) -> datetime:
    """A sign-in, a reading and a right, 200 days ago and today; returns today."""
    today = stage.clock.now
    with stage.rooms.write() as tools:
        record_cast(tools, today - timedelta(days=200))
        for moment, action in ((today - timedelta(days=200), Action.READ), (today, Action.ACT)):
            record(tools, AccessKind.SIGN_IN, actor=stage.cast.officer, now=moment)
            record(tools, AccessKind.PERSONAL_DATA_READ, actor=stage.cast.officer, now=moment)
            rights.grant(tools, everyone(ObjectKind.RUNNING, action), actor=SYSTEM, now=moment)
            tools.session.execute(
                insert(SignInAttempt).values(
                    key=tools.keys.next(), at=moment, username="li.na", address="", outcome="ok"
                )
            )
    return today


def days(stage: Stage) -> list[tuple[str, str, int]]:
    """Day, person and length of each chain."""
    head = AccessHead
    with stage.rooms.read() as session:
        rows = session.execute(
            select(head.day, head.person, head.length).order_by(head.day, head.person)
        )
        return [(day, person, length) for day, person, length in rows]


def faults(stage: Stage, outside: list[Head] | None = None) -> set[Fault]:
    with stage.rooms.read() as session:
        done = verify(session, AUDIT_KEY, outside or ())
    return {finding.fault for finding in done.findings}


def test_what_is_older_goes_and_that_is_recorded(stage: Stage, logged: datetime) -> None:
    with stage.rooms.write() as tools:
        cleaned = clean_access_log(tools, days=190, actor=SYSTEM, now=logged)
    assert (cleaned.before, cleaned.chains, cleaned.events) == ("2025-08-24", 1, 2)
    assert days(stage) == [
        ("2025-08-14", "system", 5),  # the cast, and a right
        ("2026-03-02", "li.na", 2),
        ("2026-03-02", "system", 2),
    ]
    event = stage.row(AccessEvent, kind="log_cleaned")
    assert event["details"] == {"before": "2025-08-24", "chains": 1, "events": 2, "days": 190}
    assert len(stage.rows(SignInAttempt)) == 1


def test_the_record_verifies_with_heads_from_before(stage: Stage, logged: datetime) -> None:
    with stage.rooms.read() as session:
        before = list(heads.current(session))
    with stage.rooms.write() as tools:
        clean_access_log(tools, days=190, actor=SYSTEM, now=logged)
    assert faults(stage, before) == set()


def test_a_day_that_went_without_being_recorded_is_missed(stage: Stage, logged: datetime) -> None:
    with stage.rooms.read() as session:
        before = list(heads.current(session))
    with stage.rooms.write() as tools:
        clean_access_log(tools, days=190, actor=SYSTEM, now=logged)
        for entity in (AccessEvent, AccessHead):
            tools.session.execute(delete(entity).where(entity.day == "2026-03-02"))
    assert Fault.CHAIN_GONE in faults(stage, before)


def test_a_day_that_comes_back_is_found(stage: Stage, logged: datetime) -> None:
    old = logged - timedelta(days=200)
    with stage.rooms.write() as tools:
        clean_access_log(tools, days=190, actor=SYSTEM, now=logged)
        record(tools, AccessKind.SIGN_IN, actor=stage.cast.officer, now=old)
    assert faults(stage) == {Fault.LEFT_OVER}


def test_where_nothing_is_old_nothing_is_recorded(stage: Stage, logged: datetime) -> None:
    with stage.rooms.write() as tools:
        clean_access_log(tools, days=201, actor=SYSTEM, now=logged)
    assert stage.rows(AccessEvent, kind="log_cleaned") == []
    assert len(days(stage)) == 4


def test_nobody_keeps_them_for_less_than_six_months(stage: Stage, logged: datetime) -> None:
    with stage.rooms.write() as tools, pytest.raises(ValueError, match="180"):
        clean_access_log(tools, days=179, actor=SYSTEM, now=logged)


def test_it_is_done_every_day(stage: Stage, logged: datetime) -> None:
    runner = CalendarRunner(stage.rooms, owner="worker-1")
    runner.run_due()
    stage.clock.forward(days=1)
    runner.run_due()
    assert len(stage.rows(AccessEvent, kind="log_cleaned")) == 1
    with stage.rooms.read() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1
