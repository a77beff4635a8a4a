"""Working off the job rows that are due: claim a few, do each in a transaction of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from service.commands import job_faults, work
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob
from service.connectors.senders import NO_SENDERS, Senders
from service.domain.errors import JiaoyanError, Unavailable, place
from service.jobs import notifying
from service.jobs.sending import Outlet

HOLD = timedelta(seconds=45)
"""How long a claimed job is left to its holder before it is taken for dead.

On PostgreSQL the row of a job that is being done is locked beyond that: others pass it over.
"""

BATCH = 10
PAUSE = timedelta(seconds=30)
"""Before another try where the database or the FEEL helpers were busy."""

PAUSE_AFTER_FAULT = timedelta(minutes=5)
"""The same, where it could not even be written down that a job cannot be tried."""

_log = logging.getLogger(__name__)


class JobRunner:
    """Does due jobs of some kinds, one after the other. `owner` names it in the rows it holds."""

    def __init__(
        self,
        rooms: Rooms,
        *,
        owner: str,
        senders: Senders = NO_SENDERS,
        kinds: work.Kinds = work.RUN_HERE,
        hold: timedelta = HOLD,
    ) -> None:
        self._rooms = rooms
        self._owner = owner
        self._kinds = kinds
        self._channels = frozenset(senders)
        self._hold = hold
        self._outlet = Outlet(rooms, senders, hold)

    def run_due(self, *, stopped: Callable[[], bool] = lambda: False) -> int:
        """Do every job that is due; returns how many were done, failed attempts included.

        A run may last: the rooms' clock is asked at each claim and each job, so that no lock has
        expired before it is taken. Ends early once `stopped` says so, and lets go of what it holds.
        """
        done = 0
        while not stopped() and (claimed := self._claim()):
            for job in claimed:
                if stopped():
                    self._give_back(job, timedelta())
                else:
                    done += self._run(job)
        return done

    def next_due(self) -> datetime | None:
        """Return when the next job is due, or taken for dead; None when none waits."""
        with self._rooms.read() as session:
            return work.next_due(
                session,
                types=self._rooms.handlers.task_types,
                kinds=self._kinds,
                now=self._rooms.clock(),
            )

    def _claim(self) -> list[ClaimedJob]:
        with self._rooms.write() as tools:
            claimed = work.claim(
                tools.session,
                types=self._rooms.handlers.task_types,
                owner=self._owner,
                now=self._rooms.clock(),
                hold=self._hold,
                limit=BATCH,
                kinds=self._kinds,
            )
        return list(claimed)

    def _run(self, job: ClaimedJob) -> bool:
        try:
            if job.is_message:
                return self._outlet.send(job)
            if job.is_notification:
                return notifying.tell(self._rooms, job, self._channels)
            with self._rooms.write() as tools:
                now = self._rooms.clock()
                return work.run_job(tools, job.key, fencing=job.fencing, now=now)
        except Unavailable:
            self._give_back(job, PAUSE)
        except Exception as error:  # noqa: BLE001 - see below
            # One job that cannot be tried must not keep the others from running. The text may
            # quote a case, so the log gets the places in the code and no values.
            _log.error("job %d could not be tried: %s", job.key, place(error))
            self._count_fault(job, error)
        return False

    def _count_fault(self, job: ClaimedJob, error: Exception) -> None:
        try:
            with self._rooms.write() as tools:
                job_faults.count(tools, job, error=error, now=self._rooms.clock())
        except JiaoyanError:
            self._give_back(job, PAUSE_AFTER_FAULT, type(error).__name__)

    def _give_back(self, job: ClaimedJob, pause: timedelta, error: str | None = None) -> None:
        with self._rooms.write() as tools:
            due_at = self._rooms.clock() + pause
            work.give_back(tools.session, job, due_at=due_at, error=error)
