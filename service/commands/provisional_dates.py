"""Dates that rest on a year not announced yet, settled when the year arrives.

They are noted with the way they were worked out (`provisional_notes`), so that each can be worked
out anew without its diagram. A date that was announced or served, or of which nobody knows how it
came about, is flagged for a person to decide, never moved by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from service.commands import deadline_jobs
from service.commands.instance_lock import LockedInstance, act, lock, record
from service.commands.provisional_notes import mark
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.dates import shown
from service.domain.errors import Conflict, NotFound
from service.domain.values import Json
from service.domain.working_days import DayOutsideCalendar, WorkingDays
from service.store.authorization import holds
from service.store.calendars import working_days
from service.store.tables import InboxEntry, Job, ProvisionalDate, UserTask
from service.store.tables.calendars import DateKind, DateState
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind, JobState

_AT_ONCE = 500
"""Dates that are read at once; each is settled in a transaction of its own."""


class DateNotFound(NotFound):
    """这个日期已经处理过了，或者你没有处理它的权限。"""

    code = "provisional-date.not-found"


class DateUnclear(Conflict):
    """这个日期不能自动算出新的结果，没有改动。请与承办人商定后另行通知当事人，再选“保持原日期”。"""

    code = "provisional-date.unclear"


@dataclass(slots=True)
class Settled:
    """How many dates stayed, moved, and wait for a person now."""

    kept: int = 0
    moved: int = 0
    flagged: int = 0


def settle(rooms: Rooms, *, now: datetime, most: int = _AT_ONCE * 1_000) -> Settled:
    """Work out anew every date whose years are announced by now, each in its own transaction.

    To be called after a year has arrived, and each day. A date that was announced or served, or of
    which nobody knows how it came about, is flagged for a person instead of being moved. `most`
    bounds the dates that are looked at, for a page that waits for it.
    """
    settled, last, looked_at = Settled(), 0, 0
    while looked_at < most:
        with rooms.read() as session:
            calendar = working_days(session)
            open_ones = session.execute(
                select(ProvisionalDate.key, ProvisionalDate.years)
                .where(ProvisionalDate.state == DateState.OPEN, ProvisionalDate.key > last)
                .order_by(ProvisionalDate.key)
                .limit(min(_AT_ONCE, most))
            ).all()
        looked_at += len(open_ones)
        for key, years in open_ones:
            if not calendar.is_provisional(years):
                with rooms.write() as tools:
                    _settle_one(tools, key, settled, now)
        if len(open_ones) < _AT_ONCE:
            return settled
        last = open_ones[-1][0]
    return settled


def decide(tools: Toolbox, key: int, *, move: bool, actor: Actor, now: datetime) -> None:
    """Move a flagged date to where the announced calendar has it, or leave it where it is.

    Needs TASK act on the process: to anybody else there is no such date. Raises DateNotFound,
    DateUnclear.
    """
    session = tools.session
    process_id = session.scalar(
        select(ProvisionalDate.process_id).where(ProvisionalDate.key == key)
    )
    if process_id is None or not holds(session, actor, ObjectKind.TASK, Action.ACT, process_id):
        raise DateNotFound
    instance, row = _locked(tools, key)
    if row is None or instance is None or row.state != DateState.FLAGGED:
        raise DateNotFound
    if move and row.proposed_at is None:
        raise DateUnclear
    if move and row.proposed_at is not None and _is_waited_for(tools, row):
        _move(tools, instance, row, row.proposed_at, actor, now)
    else:
        value: dict[str, Json] = {"at": shown(row.due_at)}
        _note_act(tools, instance, row, "date.kept", value, actor, now)
    _close(tools, row, actor, now)


def _settle_one(tools: Toolbox, key: int, settled: Settled, now: datetime) -> None:
    instance, row = _locked(tools, key)
    if row is None or instance is None or row.state != DateState.OPEN:
        return
    calendar = working_days(tools.session)
    if calendar.is_provisional(row.years):
        return
    if not _is_waited_for(tools, row):
        _close(tools, row, SYSTEM, now)
        return
    proposed = _proposed(calendar, row)
    if proposed == row.due_at:
        settled.kept += 1
        _close(tools, row, SYSTEM, now)
    elif proposed is None or row.announced_at is not None:
        settled.flagged += 1
        row.state, row.proposed_at = DateState.FLAGGED, proposed
    else:
        settled.moved += 1
        _move(tools, instance, row, proposed, SYSTEM, now)
        _close(tools, row, SYSTEM, now)


def _proposed(calendar: WorkingDays, row: ProvisionalDate) -> datetime | None:
    """Return where the date is by the calendar of today; None where nobody knows how it came."""
    if row.begins_on is None or row.days is None or row.day_on is None:
        return None
    try:
        day = calendar.after(row.begins_on, row.days).date
    except DayOutsideCalendar:
        return None
    return row.due_at + (day - row.day_on)  # the hour stays: no summer time in China


def _locked(tools: Toolbox, key: int) -> tuple[LockedInstance | None, ProvisionalDate | None]:
    """Lock the instance, then read the date."""
    session = tools.session
    instance_key = session.scalar(
        select(ProvisionalDate.instance_key).where(ProvisionalDate.key == key)
    )
    if instance_key is None:
        return None, None
    instance = lock(session, instance_key)
    return instance, session.get(ProvisionalDate, key, populate_existing=True)


def _is_waited_for(tools: Toolbox, row: ProvisionalDate) -> bool:
    if row.kind != DateKind.TIMER:
        state = tools.session.scalar(select(UserTask.state).where(UserTask.key == row.subject_key))
        return state == TaskState.CREATED
    return _timer(tools, row) is not None


def _timer(tools: Toolbox, row: ProvisionalDate) -> Job | None:
    """Return the job of the timer while it waits as it was noted."""
    waiting = tools.session.scalars(
        select(Job).where(
            Job.kind == JobKind.TIMER,
            Job.state == JobState.WAITING,
            Job.element_instance_key == row.subject_key,
            Job.element_id == row.element_id,
            Job.due_at == row.due_at,
        )
    )
    for job in waiting:
        if isinstance(job.details, dict) and job.details.get("number") == row.number:
            return job
    return None


def _move(
    tools: Toolbox,
    instance: LockedInstance,
    row: ProvisionalDate,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    session, before = tools.session, row.due_at
    match DateKind(row.kind):
        case DateKind.TIMER:
            job = _timer(tools, row)
            if job is not None and isinstance(job.details, dict):
                job.due_at = at
                job.details = {**job.details, "due": at.isoformat()}
        case DateKind.TASK_DUE:
            tasks, entries = table(UserTask), table(InboxEntry)
            session.execute(
                update(tasks)
                .where(tasks.c.key == row.subject_key)
                .values(due_at=at, revision=tasks.c.revision + 1)
            )
            session.execute(
                update(entries).where(entries.c.task_key == row.subject_key).values(due_at=at)
            )
            deadline_jobs.follow_due_date(tools, row.subject_key, now=now)
        case DateKind.TASK_FOLLOW_UP:
            tasks = table(UserTask)
            session.execute(
                update(tasks).where(tasks.c.key == row.subject_key).values(follow_up_at=at)
            )
    row.due_at = at
    value: dict[str, Json] = {"from": shown(before), "to": shown(at)}
    _note_act(tools, instance, row, "date.moved", value, actor, now)


def _note_act(
    tools: Toolbox,
    instance: LockedInstance,
    row: ProvisionalDate,
    name: str,
    value: dict[str, Json],
    actor: Actor,
    now: datetime,
) -> None:
    model = tools.models.process(tools.session, instance.definition_key)
    element = model.elements.get(row.element_id)
    named: dict[str, Json] = {"name": (element.name if element else "") or row.element_id}
    entry = act(
        name,
        actor=actor.username,
        now=now,
        element_id=row.element_id,
        element_instance_key=None if row.subject_key == instance.key else row.subject_key,
        value={**named, **value},
    )
    record(tools, instance, entry)


def _close(tools: Toolbox, row: ProvisionalDate, actor: Actor, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by = DateState.SETTLED, now, actor.username
    tools.session.flush()
    if row.kind == DateKind.TASK_DUE:
        mark(tools, [row.subject_key], provisional=False)
