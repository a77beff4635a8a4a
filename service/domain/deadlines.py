"""The deadline of a task: when it is due, and the plan of reminders and escalations around that.

Reminders and escalations are counted in working days (design of the bureau's own; the calendar is
the State Council's), at an hour of the bureau's day, or by the clock. Overdue never means agreed:
nothing here decides anything. Moments are aware; days are the bureau's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from service.domain.access_events import BUREAU_TIME, bureau_day
from service.domain.deadline_settings import StepDeadline
from service.domain.deadline_spans import Span
from service.domain.working_days import (
    AddedDays,
    DayOutsideCalendar,
    WorkingDays,
    is_weekend,
)

FARTHEST = timedelta(days=3_660)
"""A due date behind that is taken, and said to be doubtful: ten years."""


class ActKind(StrEnum):
    """What the plan holds."""

    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True, order=True)
class PlannedAct:
    """One act of a plan; `number` counts those of its kind from 1: of escalations the level."""

    at: datetime
    kind: ActKind
    number: int


@dataclass(frozen=True, slots=True)
class Due:
    """A due date that was counted in working days, and how."""

    at: datetime
    basis: AddedDays


class Doubt(StrEnum):
    """What is odd about a due date; the task arises all the same, and the record says so."""

    PASSED = "passed"
    """It lies before the task's arrival."""
    FAR = "far"
    """It lies more than ten years ahead."""


def due_after(begun_at: datetime, days: int, calendar: WorkingDays) -> Due:
    """Return when a task that arrives now is due: the close of the nth working day behind today.

    Today is day 0 and does not count (民法典 article 201). For 0 it is today's close, or that of
    the next working day where the office has closed already (article 203). Raises
    DayOutsideCalendar, DaysTooMany.
    """
    begins = bureau_day(begun_at)
    found = calendar.after(begins, days)
    if calendar.closes_at(found.date) <= begun_at:
        days = 1
        found = calendar.after(begins, days)
    at = calendar.closes_at(found.date).astimezone(UTC)
    return Due(at, AddedDays(begins, days, found.date))


def doubt_about(due_at: datetime, begun_at: datetime) -> Doubt | None:
    """Return what is odd about a due date, None where nothing is."""
    if due_at < begun_at:
        return Doubt.PASSED
    return Doubt.FAR if due_at - begun_at > FARTHEST else None


def plan(
    settings: StepDeadline, *, due_at: datetime, begun_at: datetime, calendar: WorkingDays
) -> tuple[PlannedAct, ...]:
    """Return the acts around a due date in their order; bounded by the limits of the settings.

    What would lie before the task's arrival is left out. Where the due date does, lateness counts
    from the arrival. Beyond the calendar's years days count from Monday to Friday: a reminder
    binds nobody. What would lie behind the end of time is left out too.
    """
    late_from = max(due_at, begun_at)
    acts = [
        *_numbered(ActKind.SOON, (_before(due_at, s, settings, calendar) for s in settings.before)),
        *_numbered(ActKind.OVERDUE, _reminders(late_from, settings, calendar)),
        *_numbered(
            ActKind.ESCALATE,
            (_behind(late_from, level.after, 1, settings, calendar) for level in settings.levels),
        ),
    ]
    return tuple(
        sorted(
            act
            for act in acts
            if act.at > begun_at and (act.kind is not ActKind.SOON or act.at < due_at)
        )
    )


def next_act(acts: Iterable[PlannedAct], behind: datetime) -> PlannedAct | None:
    """Return the first act behind a moment."""
    return next((act for act in acts if act.at > behind), None)


@dataclass(frozen=True, slots=True)
class DueActs:
    """What is to be done now: one reminder for all that were missed, each level by itself."""

    reminder: PlannedAct | None
    levels: tuple[int, ...]
    missed: int
    """Reminders that the one stands for beside itself."""


def due_acts(acts: Iterable[PlannedAct], *, behind: datetime, now: datetime) -> DueActs:
    """Return what has become due since `behind` up to now, both of them moments of the plan."""
    found = [act for act in acts if behind < act.at <= now]
    reminders = [act for act in found if act.kind is not ActKind.ESCALATE]
    levels = tuple(act.number for act in found if act.kind is ActKind.ESCALATE)
    return DueActs(reminders[-1] if reminders else None, levels, max(len(reminders) - 1, 0))


def moved_behind(
    old: Sequence[PlannedAct], new: Sequence[PlannedAct], behind: datetime
) -> datetime:
    """Return up to which moment of a plan that was moved as a whole everything is done.

    What was done by the old plan is not done again by the new one.
    """
    done = {(act.kind, act.number) for act in old if act.at <= behind}
    return max([behind, *(act.at for act in new if (act.kind, act.number) in done)])


def _numbered(kind: ActKind, moments: Iterable[datetime | None]) -> list[PlannedAct]:
    return [PlannedAct(at, kind, n) for n, at in enumerate(moments, 1) if at is not None]


def _reminders(
    late_from: datetime, settings: StepDeadline, calendar: WorkingDays
) -> Iterable[datetime | None]:
    if settings.after is None:
        return
    first = _behind(late_from, settings.after, 1, settings, calendar)
    yield first
    if first is None or settings.every is None:
        return
    for further in range(1, settings.limit):
        yield _behind(first, settings.every, further, settings, calendar)


def _before(
    due_at: datetime, span: Span, settings: StepDeadline, calendar: WorkingDays
) -> datetime | None:
    if span.clock is not None:
        return _moved(due_at, -span.clock)
    day = bureau_day(due_at)
    days = span.days or 0
    if days == 0 and not _is_working(day, calendar):
        days = 1
    return _at(_counted(day, -days, calendar), settings)


def _behind(
    moment: datetime, span: Span, times: int, settings: StepDeadline, calendar: WorkingDays
) -> datetime | None:
    if span.clock is not None:
        return _moved(moment, span.clock * times)
    return _at(_counted(bureau_day(moment), (span.days or 1) * times, calendar), settings)


def _at(day: date | None, settings: StepDeadline) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, settings.at, BUREAU_TIME).astimezone(UTC)


def _moved(moment: datetime, span: timedelta) -> datetime | None:
    try:
        return moment.astimezone(UTC) + span
    except OverflowError:
        return None


def _is_working(day: date, calendar: WorkingDays) -> bool:
    try:
        return calendar.is_working(day)
    except DayOutsideCalendar:
        return not is_weekend(day)


def _counted(day: date, days: int, calendar: WorkingDays) -> date | None:
    if days == 0:
        return day
    try:
        return calendar.after(day, days).date
    except DayOutsideCalendar:
        pass
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    try:
        while left:
            day += step
            left -= not is_weekend(day)
    except OverflowError:
        return None
    return day
