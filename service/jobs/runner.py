"""Working off the job rows that are due: claim a few, do each in a transaction of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from service.commands import work
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob
from service.domain.errors import Unavailable

HOLD = timedelta(minutes=5)
"""How long a claimed job is left to its holder before it is taken for dead."""

BATCH = 10
PAUSE = timedelta(seconds=30)
"""Before another try where the database or the FEEL helpers were busy."""

PAUSE_AFTER_FAULT = timedelta(minutes=5)
"""The same, where a job could not even be tried: somebody has to look into the log."""

_log = logging.getLogger(__name__)


class JobRunner:
    """Does due jobs, one after the other. `owner` names it in the rows it holds."""

    def __init__(self, rooms: Rooms, *, owner: str) -> None:
        self._rooms = rooms
        self._owner = owner

    def run_due(self, now: datetime, *, stopped: Callable[[], bool] = lambda: False) -> int:
        """Do every job that is due at `now`; returns how many were done, failed attempts included.

        Ends early once `stopped` says so, and lets go of what it holds.
        """
        done = 0
        while not stopped() and (claimed := self._claim(now)):
            for job in claimed:
                if stopped():
                    self._give_back(job, due_at=now)
                else:
                    done += self._run(job, now)
        return done

    def next_due(self) -> datetime | None:
        """Return when the next job is due; None when none waits."""
        with self._rooms.read() as session:
            return work.next_due(session, types=self._rooms.handlers.task_types)

    def _claim(self, now: datetime) -> list[ClaimedJob]:
        with self._rooms.write() as tools:
            claimed = work.claim(
                tools.session,
                types=self._rooms.handlers.task_types,
                owner=self._owner,
                now=now,
                hold=HOLD,
                limit=BATCH,
            )
        return list(claimed)

    def _run(self, job: ClaimedJob, now: datetime) -> bool:
        try:
            with self._rooms.write() as tools:
                return work.run_job(tools, job.key, fencing=job.fencing, now=now)
        except Unavailable:
            self._give_back(job, due_at=now + PAUSE)
        except Exception as error:  # noqa: BLE001 - see below
            # One job that cannot be tried must not keep the others from running. The text may
            # quote a case, so the log gets the places in the code and no values.
            _log.error("job %d could not be tried: %s", job.key, _place(error))
            self._give_back(job, due_at=now + PAUSE_AFTER_FAULT, error=type(error).__name__)
        return False

    def _give_back(self, job: ClaimedJob, *, due_at: datetime, error: str | None = None) -> None:
        with self._rooms.write() as tools:
            work.give_back(tools.session, job, due_at=due_at, error=error)


def _place(error: BaseException) -> str:
    """Name an error's type and the lines it came through."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"
