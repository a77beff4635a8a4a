"""Jobs of the service's own that were given up, and the incidents that tell so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update

from service.commands.instance_lock import LockedInstance
from service.commands.job_rows import ATTEMPTS, OWN_KINDS, announce_job
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table
from service.domain.actors import SYSTEM
from service.store.tables import Incident, Job, ProcessInstance
from service.store.tables.work import IncidentState, JobKind, JobState

_JOBS = table(Job)


def wake(tools: Toolbox, job_key: int, *, now: datetime) -> bool:
    """Let a job of the service's own that has failed run again; False for any other."""
    return bool(_wake(tools, [_JOBS.c.key == job_key, _JOBS.c.kind.in_(OWN_KINDS)], now))


def withdraw(
    tools: Toolbox, instance: LockedInstance, waited: ColumnElement[bool], *, now: datetime
) -> None:
    """What these jobs were to bring is not waited for any more: their incidents are over.

    A message that was on its way looks for somebody else, by its own job. `waited` is a condition
    on jobs; the instance's row is written already.
    """
    over: Row = {"state": JobState.CANCELLED, "ended_at": now, "details": None}
    failed = _JOBS.c.state == JobState.FAILED
    gone = tools.session.scalars(
        update(_JOBS)
        .where(waited, failed, _JOBS.c.kind.in_((JobKind.TIMER, JobKind.SIGNAL)))
        .values(over)
        .returning(_JOBS.c.key)
    ).all()
    woken = _wake(tools, [waited, _JOBS.c.kind == JobKind.MESSAGE], now)
    resolved = resolve(tools, Incident.job_key.in_([*gone, *woken]), now) if gone or woken else 0
    if resolved:
        tools.session.execute(
            update(table(ProcessInstance))
            .where(ProcessInstance.key == instance.key)
            .values(open_incidents=ProcessInstance.open_incidents - resolved)
        )


def resolve(
    tools: Toolbox, which: ColumnElement[bool], now: datetime, *, by: str = SYSTEM.username
) -> int:
    """End the open incidents of this condition, and return how many there were."""
    resolving = (
        update(table(Incident))
        .where(which, Incident.state == IncidentState.ACTIVE)
        .values(state=IncidentState.RESOLVED, resolved_at=now, resolved_by=by)
    )
    return rows_changed(tools.session, resolving)


def _wake(tools: Toolbox, which: Sequence[ColumnElement[bool]], now: datetime) -> list[int]:
    again: Row = {"state": JobState.WAITING, "due_at": now, "ended_at": None, "attempts": 0}
    woken = tools.session.scalars(
        update(_JOBS)
        .where(*which, _JOBS.c.state == JobState.FAILED)
        .values(**again, retries=ATTEMPTS)
        .returning(_JOBS.c.key)
    ).all()
    if woken:
        announce_job(tools, now)
    return list(woken)
