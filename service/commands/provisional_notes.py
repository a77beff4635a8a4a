"""Noting the dates that rest on a year not announced yet, and how each was worked out.

Whoever computes a date by the calendar calls `note`; the dates that expressions give to tasks and
timers are noted by `follow`, behind each step. Whoever announces or serves a date says so by
`announce`: from then on it is a person who decides whether it moves. `provisional_dates` settles
them when the year arrives.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update

from service.commands.instance_lock import LockedInstance
from service.commands.outcome import Applied
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table
from service.domain.access_events import bureau_day
from service.domain.events import EventKind, Subscribed, UserTaskCreated
from service.domain.working_days import AddedDays, CalendarLook
from service.store.calendars import working_days
from service.store.tables import ProvisionalDate, UserTask
from service.store.tables.calendars import DateKind, DateState


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose date it is: a task's or a timer's, of one element instance."""

    kind: DateKind
    key: int
    element_id: str
    number: int = 0


def follow(tools: Toolbox, instance: LockedInstance, applied: Applied, now: datetime) -> None:
    """Note the provisional dates of a step; no statement where no expression asked the calendar."""
    rows: list[Row] = []
    calendar = applied.calendar
    for subject, due_at, look in _dated(applied):
        calendar = calendar or working_days(tools.session)
        basis = look.basis_of(bureau_day(due_at))
        years = look.years if basis is None else basis.years
        if calendar.is_provisional(years):
            rows.append(_row(tools, instance, subject, due_at, basis, years, now))
    if rows:
        _insert(tools, rows)


def note(
    tools: Toolbox,
    instance: LockedInstance,
    subject: Subject,
    *,
    due_at: datetime,
    basis: AddedDays,
    now: datetime,
) -> bool:
    """Note a date that was worked out by the calendar; what stood for the subject before goes.

    Returns whether it is provisional: nothing is kept of one that is not. `basis` is how it came
    about: `AddedDays(day 0, n, day)` of `WorkingDays.after`.
    """
    forget(tools, subject)
    calendar = working_days(tools.session)
    years = basis.years
    if not calendar.is_provisional(years):
        return False
    _insert(tools, [_row(tools, instance, subject, due_at, basis, years, now)])
    return True


def forget(tools: Toolbox, subject: Subject) -> None:
    """Drop what is noted of a date that somebody has set otherwise."""
    dates = table(ProvisionalDate)
    found = rows_changed(
        tools.session,
        delete(dates).where(
            dates.c.subject_key == subject.key,
            dates.c.kind == subject.kind,
            dates.c.element_id == subject.element_id,
            dates.c.number == subject.number,
            dates.c.state != DateState.SETTLED,
        ),
    )
    if found and subject.kind is DateKind.TASK_DUE:
        mark(tools, [subject.key], provisional=False)


def announce(tools: Toolbox, *, subject_key: int, now: datetime) -> None:
    """Say that the dates of this task or timer are known outside: no calendar moves them now."""
    dates = table(ProvisionalDate)
    tools.session.execute(
        update(dates)
        .where(
            dates.c.subject_key == subject_key,
            dates.c.state == DateState.OPEN,
            dates.c.announced_at.is_(None),
        )
        .values(announced_at=now)
    )


def _dated(applied: Applied) -> Iterable[tuple[Subject, datetime, CalendarLook]]:
    for task in applied.created:
        if task.look.years:
            for kind, at in _dates_of(task):
                yield Subject(kind, task.element_instance_key, task.element_id), at, task.look
    for one in applied.onward.acts:
        if isinstance(one, Subscribed) and one.kind is EventKind.TIMER and one.look.years:
            subject = Subject(DateKind.TIMER, one.element_instance_key, one.element_id, one.number)
            if one.due_at is not None:
                yield subject, one.due_at, one.look


def _dates_of(task: UserTaskCreated) -> Iterable[tuple[DateKind, datetime]]:
    if task.due_date is not None:
        yield DateKind.TASK_DUE, task.due_date
    if task.follow_up_date is not None:
        yield DateKind.TASK_FOLLOW_UP, task.follow_up_date


def _row(
    tools: Toolbox,
    instance: LockedInstance,
    subject: Subject,
    due_at: datetime,
    basis: AddedDays | None,
    years: Collection[int],
    now: datetime,
) -> Row:
    return {
        "key": tools.keys.next(),
        "kind": subject.kind,
        "subject_key": subject.key,
        "element_id": subject.element_id,
        "number": subject.number,
        "instance_key": instance.key,
        "process_id": instance.process_id,
        "begins_on": None if basis is None else basis.begins,
        "days": None if basis is None else basis.n,
        "day_on": None if basis is None else basis.day,
        "due_at": due_at,
        "years": sorted(years),
        "announced_at": None,
        "state": DateState.OPEN,
        "proposed_at": None,
        "noted_at": now,
        "settled_at": None,
        "settled_by": None,
    }


def _insert(tools: Toolbox, rows: list[Row]) -> None:
    tools.session.execute(insert(table(ProvisionalDate)), rows)
    due = [row["subject_key"] for row in rows if row["kind"] == DateKind.TASK_DUE]
    if due:
        mark(tools, due, provisional=True)


def mark(tools: Toolbox, keys: Iterable[object], *, provisional: bool) -> None:
    """Write on tasks whether their due dates are provisional."""
    tasks = table(UserTask)
    tools.session.execute(
        update(tasks).where(tasks.c.key.in_(keys)).values(due_provisional=provisional)
    )
