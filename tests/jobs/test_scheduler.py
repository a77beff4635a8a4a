"""The scheduler looks when a job is due, when it is woken, and at the latest after its poll."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.commands import outbox, work
from service.commands.handlers import TaskContext
from service.commands.rooms import Rooms
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.values import Variables
from service.jobs.scheduler import JobScheduler
from service.store.tables import Job
from tests.fixtures_commands import Deploy, Desk, Stage

SOON = 20.0
"""Seconds a test waits at most for what should come at once."""

NEVER = timedelta(hours=1)


class Bell:
    """Rung by the handler; a test waits for it instead of sleeping."""

    def __init__(self, desk: Desk) -> None:
        self._rung = threading.Semaphore(0)
        self._desk = desk

    def hang(self, times: int = 1) -> "Bell":
        self._desk.acts.extend([self._ring] * times)
        return self

    def rings(self) -> bool:
        return self._rung.acquire(timeout=SOON)

    def _ring(self, _context: TaskContext) -> Variables:
        self._rung.release()
        return {}


@pytest.fixture
def bell(desk: Desk) -> Bell:
    return Bell(desk)


@pytest.fixture
def begin(rooms: Rooms) -> Iterator[Callable[..., JobScheduler]]:
    """Start a scheduler; it is stopped after the test."""
    begun: list[JobScheduler] = []

    def begin_one(poll: timedelta = NEVER) -> JobScheduler:
        begun.append(JobScheduler(rooms, poll=poll))
        begun[-1].start()
        return begun[-1]

    yield begin_one
    for scheduler in begun:
        scheduler.stop()


Begin = Callable[..., JobScheduler]


def test_what_is_overdue_runs_at_the_start(
    stage: Stage, deploy: Deploy, bell: Bell, begin: Begin
) -> None:
    deploy("later.bpmn")
    bell.hang()
    stage.start("later")
    stage.clock.forward(hours=3)

    begin()

    assert bell.rings()


def test_a_commit_wakes_it(stage: Stage, deploy: Deploy, bell: Bell, begin: Begin) -> None:
    deploy("later.bpmn")
    scheduler = begin()
    bell.hang()
    woken = replace(stage, rooms=replace(stage.rooms, job_written=scheduler.wake))

    woken.start("later")

    assert bell.rings()


def test_each_of_many_wake_ups_in_a_row_is_heard(
    stage: Stage, deploy: Deploy, bell: Bell, begin: Begin
) -> None:
    deploy("later.bpmn")
    scheduler = begin()
    woken = replace(stage, rooms=replace(stage.rooms, job_written=scheduler.wake))

    for _ in range(10):
        bell.hang()
        woken.start("later")
        assert bell.rings()


def test_an_appointment_in_a_moment_is_kept_once(
    stage: Stage, deploy: Deploy, desk: Desk, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    """However soon, and however long what it began takes: nothing is repeated and caught up on."""
    deploy("later.bpmn")
    begun, ended = threading.Event(), threading.Event()

    def last_long(_context: TaskContext) -> Variables:
        begun.set()
        assert ended.wait(SOON)
        return {}

    desk.acts.append(last_long)
    scheduler = begin()
    stage.start("later")
    scheduler.wake(stage.clock() + timedelta(microseconds=50))
    assert begun.wait(SOON)

    time.sleep(0.1)
    ended.set()

    scheduler.stop()
    assert [record.message for record in caplog.records if record.name.startswith("aps")] == []


def test_without_a_word_the_poll_finds_it(
    stage: Stage, deploy: Deploy, bell: Bell, begin: Begin
) -> None:
    """A job of another process, or of a runner that died."""
    deploy("later.bpmn")
    begin(poll=timedelta(milliseconds=50))
    bell.hang()

    stage.start("later")

    assert bell.rings()


def test_what_nobody_tells_it_of_on_sqlite_is_found_within_a_second(
    stage: Stage, deploy: Deploy, bell: Bell
) -> None:
    deploy("later.bpmn")
    bell.hang()
    scheduler = JobScheduler(stage.rooms, poll=NEVER, untold=True)
    scheduler.start()
    try:
        stage.start("later")
        assert bell.rings()
    finally:
        scheduler.stop()


def test_it_looks_when_a_dead_worker_is_given_up(
    stage: Stage, deploy: Deploy, bell: Bell, begin: Begin
) -> None:
    deploy("later.bpmn")
    bell.hang()
    stage.start("later")
    with stage.rooms.write() as tools:
        types = stage.rooms.handlers.task_types
        soon = timedelta(seconds=0.3)
        work.claim(
            tools.session, types=types, owner="dead", now=stage.clock.now, hold=soon, limit=10
        )
    begin()
    stage.clock.forward(seconds=1)
    assert bell.rings()


def test_it_runs_a_failed_one_again_when_its_pause_is_over(
    stage: Stage, deploy: Deploy, bell: Bell, begin: Begin, desk: Desk
) -> None:
    deploy("later.bpmn")
    failed = threading.Event()

    def fail(_context: TaskContext) -> Variables:
        failed.set()
        raise OSError("网络不通")

    desk.acts.append(fail)
    bell.hang()
    stage.start("later")
    begin(poll=timedelta(milliseconds=50))
    assert failed.wait(SOON)

    stage.clock.forward(seconds=30)

    assert bell.rings()


def test_stopping_waits_for_the_job_under_way(stage: Stage, deploy: Deploy, desk: Desk) -> None:
    deploy("later.bpmn")
    entered, released = threading.Event(), threading.Event()

    def work_slowly(_context: TaskContext) -> Variables:
        entered.set()
        assert released.wait(SOON)
        return {}

    desk.acts.append(work_slowly)
    stage.start("later")
    scheduler = JobScheduler(stage.rooms)
    scheduler.start()
    assert entered.wait(SOON)

    stopping = threading.Thread(target=scheduler.stop)
    stopping.start()
    released.set()
    stopping.join(SOON)

    assert not stopping.is_alive()
    assert stage.row(Job, kind="handler")["state"] == "done"


def test_a_wake_up_after_the_end_does_nothing(stage: Stage, begin: Begin) -> None:
    scheduler = begin()
    scheduler.stop()

    scheduler.wake(stage.clock.now)


def test_a_slow_server_keeps_no_other_job_waiting(
    stage: Stage, deploy: Deploy, bell: Bell, rooms: Rooms
) -> None:
    entered, release = threading.Event(), threading.Event()

    class Slow:
        def send(self, _message: OutgoingMessage) -> None:
            entered.set()
            release.wait(SOON)

    message = OutgoingMessage(Channel.MAIL, "li.na@example.cn", "。")
    now = stage.clock.now
    with rooms.write() as tools:
        outbox.enqueue(tools, message, now=now, expires_at=now + timedelta(hours=9))
    deploy("later.bpmn")
    bell.hang()
    stage.start("later")
    stage.clock.forward(hours=3)
    scheduler = JobScheduler(rooms, poll=NEVER, senders={Channel.MAIL: Slow()})
    scheduler.start()
    try:
        assert entered.wait(SOON)
        assert bell.rings()
    finally:
        release.set()
        scheduler.stop()
    assert stage.row(Job, kind="send")["state"] == "done"


def test_it_stops_while_an_appointment_is_being_made(rooms: Rooms) -> None:
    """Neither waits for the other for ever."""
    making, go_on = threading.Event(), threading.Event()

    def clock() -> datetime:
        # Asked by a lane's own thread, in the midst of its next appointment.
        if threading.current_thread() not in known and sys._getframe(1).f_code.co_name == "appoint":
            making.set()
            go_on.wait(SOON)
        return rooms.clock()

    known = {threading.current_thread()}
    scheduler = JobScheduler(replace(rooms, clock=clock), poll=NEVER)
    scheduler.start()
    assert making.wait(SOON)
    stopping = threading.Thread(target=scheduler.stop, daemon=True)
    stopping.start()
    stopping.join(0.3)  # so long it gets as far as it can
    go_on.set()
    stopping.join(SOON)
    assert not stopping.is_alive()
