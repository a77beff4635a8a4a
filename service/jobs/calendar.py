"""What is done by the calendar for the whole service: each night, at a time of the bureau's day.

More of it is one more line of `NIGHTLY`, with a number and a name of its own for good.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from service.commands import (
    calendar_estimates,
    calendar_jobs,
    documents,
    messages,
    notifications,
    outbox,
    provisional_dates,
    retention,
    verification,
    work,
)
from service.commands.calendar_jobs import Appointment, ClaimedWork
from service.commands.rooms import Rooms
from service.domain.access_events import BUREAU_TIME
from service.domain.actors import SYSTEM
from service.domain.errors import place
from service.domain.outgoing import Channel
from service.jobs import digest
from service.jobs.runner import PAUSE_AFTER_FAULT

HOLD = timedelta(hours=1)
"""How long a piece of work is left to its holder before it is taken for dead."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CalendarWork:
    """A piece of work that comes each day at a time of the bureau's clock.

    `run` opens its own transactions and may be run twice without harm.
    """

    key: int
    name: str
    at: time
    run: Callable[[Rooms, datetime], object]
    at_once: bool = False
    """It comes as soon as a worker knows of it, then each day."""

    def next_time(self, now: datetime) -> datetime:
        """The first time after `now`, in UTC."""
        day = now.astimezone(BUREAU_TIME).date()
        today = datetime.combine(day, self.at, BUREAU_TIME)
        if today > now:
            return today.astimezone(UTC)
        return datetime.combine(day + timedelta(days=1), self.at, BUREAU_TIME).astimezone(UTC)

    def appointment(self, now: datetime) -> Appointment:
        """When it comes first."""
        return Appointment(self.key, self.name, now if self.at_once else self.next_time(now))


def clean_up_messages(rooms: Rooms, now: datetime) -> None:
    """Delete messages that have expired, a transaction for each lot."""
    while True:
        with rooms.write() as tools:
            if not messages.clean_up(tools, now=now):
                return


def clean_up_documents(rooms: Rooms, now: datetime) -> None:
    """Remove files that nobody submitted."""
    documents.clean_up(rooms, now=now)


def clean_up_access_log(rooms: Rooms, now: datetime) -> None:
    """Delete what the access log has kept long enough."""
    with rooms.write() as tools:
        retention.clean_access_log(tools, days=rooms.access_log_days, actor=SYSTEM, now=now)


def clean_up_codes(rooms: Rooms, now: datetime) -> None:
    """Delete codes to people outside that have expired."""
    with rooms.write() as tools:
        verification.clean_up(tools, now=now)


def clean_up_notifications(rooms: Rooms, now: datetime) -> None:
    """Delete what people were told long ago, and what could never be sent."""
    with rooms.write() as tools:
        notifications.clean_up(tools, now=now)
        outbox.clean_up(tools, now=now)


def keep_working_days(rooms: Rooms, now: datetime) -> None:
    """Estimate the years ahead, take those announced, and settle the dates that rest on them."""
    calendar_estimates.bring_up_to_date(rooms, now=now)
    provisional_dates.settle(rooms, now=now)


NIGHTLY = (
    CalendarWork(1, "messages.clean-up", time(2, 10), clean_up_messages),
    CalendarWork(2, "documents.clean-up", time(2, 20), clean_up_documents),
    CalendarWork(3, "access-log.clean-up", time(2), clean_up_access_log),
    CalendarWork(4, "verification-codes.clean-up", time(2, 30), clean_up_codes),
    CalendarWork(5, "notifications.clean-up", time(2, 40), clean_up_notifications),
    CalendarWork(6, "working-days.keep", time(2, 50), keep_working_days, at_once=True),
)


def with_digest(hour: int, channels: Collection[Channel]) -> tuple[CalendarWork, ...]:
    """Return the nightly work, and the daily summary at this hour by what the house has."""

    def send(rooms: Rooms, now: datetime) -> None:
        digest.send(rooms, channels, now)

    return (*NIGHTLY, CalendarWork(7, "notifications.digest", time(hour), send))


class CalendarRunner:
    """Does the calendar work that is due, one piece after the other; see `JobRunner`."""

    def __init__(
        self, rooms: Rooms, *, owner: str, works: Sequence[CalendarWork] = NIGHTLY
    ) -> None:
        self._rooms = rooms
        self._owner = owner
        self._works = {one.name: one for one in works}
        self._planned = False

    def run_due(self, *, stopped: Callable[[], bool] = lambda: False) -> int:
        """Do what is due, and see to it first that every piece has its row; returns how many."""
        if not self._planned:
            self._plan()
        done = 0
        while not stopped() and (claimed := self._claim()) is not None:
            done += self._run(claimed)
        return done

    def _plan(self) -> None:
        now = self._rooms.clock()
        with self._rooms.write() as tools:
            appointments = [one.appointment(now) for one in self._works.values()]
            calendar_jobs.plan(tools, appointments, now=now)
        self._planned = True

    def _claim(self) -> ClaimedWork | None:
        with self._rooms.write() as tools:
            now = self._rooms.clock()
            return calendar_jobs.claim(tools.session, owner=self._owner, now=now, hold=HOLD)

    def _run(self, claimed: ClaimedWork) -> bool:
        known, job = self._works.get(claimed.name), claimed.job
        if known is None:  # of a newer program
            with self._rooms.write() as tools:
                later = self._rooms.clock() + PAUSE_AFTER_FAULT
                work.give_back(tools.session, job, due_at=later)
            return False
        try:
            known.run(self._rooms, self._rooms.clock())
        except Exception as error:  # noqa: BLE001 - one piece must not keep the others from running
            _log.error("%s failed: %s", known.name, place(error))
            now = self._rooms.clock()
            with self._rooms.write() as tools:
                name, again = type(error).__name__, known.next_time(now)
                calendar_jobs.failed(tools, job, error=name, now=now, due_at=again)
            return False
        with self._rooms.write() as tools:
            again = known.next_time(self._rooms.clock())
            return calendar_jobs.done(tools, job, due_at=again)
