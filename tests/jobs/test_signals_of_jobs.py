"""On PostgreSQL a commit in one process wakes the worker in another."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service.commands.rooms import Rooms
from service.jobs.scheduler import JobScheduler
from service.store.database import Database
from service.store.job_signal import CHANNEL, JobListener, knows_signals, tell
from tests.fixtures_commands import Deploy, Stage
from tests.jobs.test_scheduler import NEVER, SOON, Bell, bell

__all__ = ["bell"]


@pytest.fixture
def database(database: Database) -> Database:
    if not knows_signals(database):
        pytest.skip("SQLite has one process")
    return database


@pytest.fixture
def heard() -> "queue.Queue[datetime]":
    return queue.Queue()


@pytest.fixture
def listener(
    database: Database, heard: "queue.Queue[datetime]", now: datetime
) -> Iterator[JobListener]:
    """Listens already: the first thing it says is that it might have missed something."""
    one = JobListener(database, heard.put, lambda: now)
    one.start()
    assert heard.get(timeout=SOON) == now
    yield one
    one.stop()


def test_who_listens_hears_when_a_job_is_due(
    database: Database, listener: JobListener, heard: "queue.Queue[datetime]", now: datetime
) -> None:
    tell(database, now + timedelta(seconds=7))
    assert heard.get(timeout=SOON) == now + timedelta(seconds=7)


def test_what_is_no_moment_is_taken_for_now(
    database: Database, listener: JobListener, heard: "queue.Queue[datetime]", now: datetime
) -> None:
    """Whoever may connect to the database may say anything."""
    for said in ("", "soon", "2026-03-02"):
        with database.reading.connect() as connection:
            connection.execute(text(f"NOTIFY {CHANNEL}, '{said}'"))
        assert heard.get(timeout=SOON) == now


def test_a_lost_connection_is_made_again_and_it_is_looked_at_once(
    database: Database, listener: JobListener, heard: "queue.Queue[datetime]", now: datetime
) -> None:
    with database.reading.connect() as connection:
        cut = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        ).scalar_one()
    assert cut == 1
    assert heard.get(timeout=SOON) == now
    tell(database, now + timedelta(seconds=9))
    assert heard.get(timeout=SOON) == now + timedelta(seconds=9)


def test_a_hint_that_cannot_be_given_stops_nobody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = Database(database.url.set(port=1), wait_seconds=1)
    tell(nowhere, datetime(2026, 3, 2, tzinfo=UTC))
    assert "could not be told" in caplog.text
    nowhere.dispose()


def test_the_worker_of_another_process_runs_what_a_page_has_committed(
    stage: Stage, deploy: Deploy, bell: Bell, database: Database
) -> None:
    deploy("later.bpmn")
    scheduler = JobScheduler(stage.rooms, poll=NEVER, calendar=())
    listener = JobListener(database, scheduler.wake, stage.rooms.clock)
    page = pages_of(stage.rooms, lambda due_at: tell(database, due_at))
    scheduler.start()
    listener.start()
    try:
        bell.hang()
        replace(stage, rooms=page).start("later")
        assert bell.rings()
    finally:
        listener.stop()
        scheduler.stop()


def pages_of(rooms: Rooms, written: Callable[[datetime], None]) -> Rooms:
    """The rooms of a process that runs no jobs."""
    return replace(rooms, job_written=written)
