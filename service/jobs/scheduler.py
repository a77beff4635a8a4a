"""When to look for due jobs: at the next due time, when somebody wakes it, and now and then."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from service.commands.job_rows import LOOKS_EVERY
from service.commands.rooms import Rooms
from service.commands.work import ALL_BUT_MESSAGES, MESSAGES
from service.connectors.senders import NO_SENDERS, Senders
from service.jobs.calendar import NIGHTLY, CalendarRunner, CalendarWork
from service.jobs.runner import HOLD, JobRunner
from service.jobs.steady import Once, SteadyScheduler

POLL = LOOKS_EVERY
"""Jobs of runners that died announce nothing."""

POLL_UNTOLD = timedelta(seconds=1)
"""Nor does anything on SQLite, where the pages of another process write them."""

_RETRY = timedelta(seconds=5)
_HELD_ON = timedelta(seconds=1)
"""Before another look at what is due and could not be had: its row is locked by who does it."""

_WORK, _MESSAGES, _CALENDAR = "due-jobs", "due-messages", "calendar"
_log = logging.getLogger(__name__)


class JobScheduler:
    """Runs due jobs in threads of its own between `start` and `stop`.

    Messages to the outside have a thread of their own: a server that is slow to take them keeps no
    timer waiting. So has calendar work, which may last and looks now and then. The rows are the
    truth. `untold`: nobody wakes it when a job is committed.
    """

    def __init__(
        self,
        rooms: Rooms,
        *,
        poll: timedelta = POLL,
        untold: bool = False,
        senders: Senders = NO_SENDERS,
        calendar: Sequence[CalendarWork] = NIGHTLY,
        hold: timedelta = HOLD,
    ) -> None:
        self._rooms = rooms
        self._poll = poll
        self._calendar = CalendarRunner(rooms, owner=_owner(), works=calendar)
        self._stopping = threading.Event()
        names = (_WORK, _MESSAGES, _CALENDAR)
        self._scheduler = SteadyScheduler(
            timezone=UTC, executors={name: ThreadPoolExecutor(1) for name in names}
        )
        owner = _owner()
        self._lanes = tuple(
            _Lane(
                name,
                rooms,
                JobRunner(rooms, owner=owner, senders=senders, kinds=kinds, hold=hold),
                self._scheduler,
                min(poll, POLL_UNTOLD) if untold else poll,
                self._stopping,
            )
            for name, kinds in ((_WORK, ALL_BUT_MESSAGES), (_MESSAGES, MESSAGES))
        )

    def start(self) -> None:
        """Begin; what is overdue runs at once."""
        self._scheduler.start()
        for lane in self._lanes:
            lane.appoint(self._rooms.clock())
        for when in (DateTrigger(), IntervalTrigger(seconds=self._poll.total_seconds())):
            self._scheduler.add_job(
                self._keep_calendar, when, executor=_CALENDAR, misfire_grace_time=None
            )

    def stop(self) -> None:
        """End after the jobs that are under way; returns when they are done."""
        self._stopping.set()
        for lane in self._lanes:
            lane.settle()
        if self._scheduler.running:
            # A shutdown in the midst of a look at its jobs lets APScheduler fail in its thread: it
            # is paused first, and asked for its jobs, which waits for that look.
            self._scheduler.pause()
            self._scheduler.get_jobs()
            self._scheduler.shutdown(wait=True)

    def wake(self, due_at: datetime) -> None:
        """Say that a job due at this moment was committed; cheap, from any thread."""
        for lane in self._lanes:
            lane.wake(due_at)

    def _keep_calendar(self) -> None:
        try:
            self._calendar.run_due(stopped=self._stopping.is_set)
        except Exception as error:  # noqa: BLE001 - the database may be away for a while
            _log.error("calendar work could not be looked for: %s", type(error).__name__)


class _Lane:
    """One runner, and its one appointment: at the next due time."""

    def __init__(
        self,
        name: str,
        rooms: Rooms,
        runner: JobRunner,
        scheduler: SteadyScheduler,
        poll: timedelta,
        stopping: threading.Event,
    ) -> None:
        self._name = name
        self._clock: Callable[[], datetime] = rooms.clock
        self._runner = runner
        self._scheduler = scheduler
        self._poll = poll
        self._lock = threading.Lock()
        self._running = False
        self._announced: datetime | None = None
        self._stopping = stopping

    def wake(self, due_at: datetime) -> None:
        """Look at this moment, if not before."""
        with self._lock:
            earliest = due_at if self._announced is None else min(self._announced, due_at)
            if earliest == self._announced:
                return
            self._announced = earliest
            if not self._running and not self._stopping.is_set():
                self.appoint(earliest)

    def settle(self) -> None:
        """Return when no appointment is being made; once `stopping` is set, none will be.

        APScheduler's shutdown holds its lock while it waits for this lane's thread, which would
        wait for that lock with an appointment.
        """
        with self._lock:
            pass

    def appoint(self, moment: datetime) -> None:
        """Replace the appointment."""
        # The rooms' clock may be set apart from the machine's, whose time APScheduler goes by.
        self._scheduler.add_job(
            self._look,
            Once(moment - self._clock()),
            id=self._name,
            executor=self._name,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=2,
        )

    def _look(self) -> None:
        """Run what is due and make the next appointment. Whatever happens, there is one."""
        with self._lock:
            self._running, self._announced = True, None
        next_due: datetime | None = None
        soonest = self._poll
        try:
            # A look costs one statement that reads as long as nothing is due.
            next_due = self._runner.next_due()
            if next_due is not None and next_due <= self._clock():
                done = self._runner.run_due(stopped=self._stopping.is_set)
                next_due = self._runner.next_due()
                if not done and next_due is not None:
                    next_due = max(next_due, self._clock() + _HELD_ON)
        except Exception as error:  # noqa: BLE001 - see below
            # The database may be away for a while: it must not end the scheduler for good.
            _log.error("due jobs could not be looked for: %s", type(error).__name__)
            soonest = _RETRY
        with self._lock:
            self._running = False
            latest = self._clock() + soonest
            moments = [moment for moment in (next_due, self._announced, latest) if moment]
            if not self._stopping.is_set():
                self._announced = min(moments)
                self.appoint(self._announced)


def _owner() -> str:
    """Name this runner so that no other has the same name."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
