"""APScheduler that keeps its appointments when the machine's clock is set back."""

import time
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

LONGEST_WAIT = 2.0
"""Seconds after which it looks at the clock at the latest."""

_STEP = 1.0
"""Seconds; what is less is a clock that is being put right little by little."""


class Once(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """One turn, so long after the appointment is made; at once where that is over.

    Not an interval: APScheduler counts up all the turns that a job missed, and falls ever further
    behind where an interval is of microseconds.
    """

    def __init__(self, delay: timedelta) -> None:
        self._delay = delay

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the moment by the machine's clock, None once it was."""
        return None if previous else now + self._delay


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Moves its appointments along with a clock that goes back.

    APScheduler appoints by the machine's clock: set back by an hour, it would sleep an hour longer.
    A clock that goes forward makes appointments due, at the next look.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        self._offset = _offset()
        super().__init__(*arguments, **options)

    def _process_jobs(self) -> float:
        before, self._offset = self._offset, _offset()
        if (back := before - self._offset) > _STEP:
            for job in self.get_jobs():
                job.modify(next_run_time=job.next_run_time - timedelta(seconds=back))
        wait = super()._process_jobs()
        return LONGEST_WAIT if wait is None else min(wait, LONGEST_WAIT)


def _offset() -> float:
    """What the machine's clock shows beyond one that is never set."""
    return time.time() - time.monotonic()
