"""Giving tasks their due dates as they arrive, and the plan of what happens around these.

What counts is looked up once, when the task arrives, and stays with it: a date that somebody was
told is not changed behind their back, and the record can say by which version a task was treated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.commands.deadline_jobs import Deadline, deadline_row
from service.commands.instance_lock import LockedInstance, act
from service.commands.notifications import Concerned, Happening, notify_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.actors import SYSTEM
from service.domain.deadline_settings import (
    BUILT_IN,
    DeadlineUnfit,
    Field,
    Texts,
    merged,
    read,
    texts_of,
)
from service.domain.deadlines import doubt_about, due_after, next_act, plan
from service.domain.errors import Invalid
from service.domain.events import Event, UserTaskCreated
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.domain.working_days import CalendarLook, WorkingDays
from service.engine import ProcessModel
from service.store.calendars import calendar_at
from service.store.deadline_settings import PROCEDURE, StoredSettings, stored_settings
from service.store.history import NewEntry


@dataclass(slots=True)
class Planned:
    """The events with the due dates that were worked out, and what is written for each task."""

    events: list[Event] = field(default_factory=list)
    deadlines: dict[int, Json] = field(default_factory=dict)
    """`user_task.deadline` by the task's key."""
    jobs: dict[int, list[Row]] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)
    calendar: WorkingDays | None = None
    """Where one was asked."""

    def jobs_of(self, but: Mapping[int, object]) -> Iterable[Row]:
        """Return the jobs of tasks that did not end within their own step."""
        for key, rows in self.jobs.items():
            if key not in but:
                yield from rows


def layers_of(model: ProcessModel, element_id: str, stored: StoredSettings) -> tuple[Texts, ...]:
    """Return what counts for a step, the nearest first: set or drawn, for it or the procedure."""
    element = model.elements.get(element_id)
    drawn = {} if element is None else texts_of(element.properties)
    return (
        stored.texts(element_id),
        drawn,
        stored.texts(PROCEDURE),
        texts_of(model.properties),
        BUILT_IN,
    )


def assign(
    tools: Toolbox,
    instance: LockedInstance,
    model: ProcessModel,
    events: Iterable[Event],
    now: datetime,
) -> Planned:
    """Work out when the tasks among the events are due and what happens around that.

    No statement where nothing is due; else where this process does not know the calendar, or what
    is set.
    """
    planned = Planned(list(events))
    if not any(isinstance(event, UserTaskCreated) for event in planned.events):
        return planned
    stored = stored_settings(tools.session, instance.process_id, instance.stamps)
    desk = _Desk(tools, instance, model, stored, planned, now)
    planned.events = [
        desk.plan(event) if isinstance(event, UserTaskCreated) else event
        for event in planned.events
    ]
    return planned


@dataclass(frozen=True, slots=True)
class _Desk:
    """Plans the tasks of one step."""

    tools: Toolbox
    instance: LockedInstance
    model: ProcessModel
    stored: StoredSettings
    planned: Planned
    now: datetime

    def plan(self, task: UserTaskCreated) -> UserTaskCreated:
        """Return the task with its due date; what is written for it goes into `planned`."""
        layers = layers_of(self.model, task.element_id, self.stored)
        try:
            texts = merged(layers)
            settings = read(texts)
        except DeadlineUnfit:  # of a diagram that was not checked
            texts = dict(BUILT_IN)
            settings = read(texts)
        days = task.due_working_days if settings.due_expression else settings.due
        if days is not None:
            task = self._counted(task, days)
        if task.due_date is None:
            return task
        self._appoint(task, texts)
        return task

    def _counted(self, task: UserTaskCreated, days: int) -> UserTaskCreated:
        try:
            due = due_after(self.now, days, self._calendar())
        except Invalid as refusal:  # no calendar reaches that far
            self._note(task, "deadline.failed", {"message": refusal.message})
            self._tell_overseers(task, "期限算不出来（工作日历没有那一年）")
            return task
        look = CalendarLook(
            task.look.years | frozenset(due.basis.years), (*task.look.added, due.basis)
        )
        return replace(task, due_date=due.at, look=look)

    def _appoint(self, task: UserTaskCreated, texts: Texts) -> None:
        due_at, key = task.due_date, task.element_instance_key
        if due_at is None:
            return
        if (doubt := doubt_about(due_at, self.now)) is not None:
            self._note(task, "deadline.doubtful", {"why": doubt})
        versions = (self.stored.version(PROCEDURE), self.stored.version(task.element_id))
        kept = {field.value: text for field, text in texts.items() if field is not Field.DUE}
        deadline = Deadline(kept, versions, self.now)
        self.planned.deadlines[key] = deadline.written()
        calendar = self._calendar()
        acts = plan(deadline.settings, due_at=due_at, begun_at=self.now, calendar=calendar)
        if (first := next_act(acts, self.now)) is not None:
            self._jobs(key).append(
                deadline_row(
                    self.tools, self.instance.key, key, task.element_id, first.at, self.now
                )
            )

    def _calendar(self) -> WorkingDays:
        if self.planned.calendar is None:
            self.planned.calendar = calendar_at(self.tools.session, self.stored.calendar_stamp)
        return self.planned.calendar

    def _jobs(self, key: int) -> list[Row]:
        return self.planned.jobs.setdefault(key, [])

    def _note(self, task: UserTaskCreated, name: str, value: dict[str, Json]) -> None:
        self.planned.entries.append(
            act(
                name,
                actor=SYSTEM.username,
                now=self.now,
                element_id=task.element_id,
                element_instance_key=task.element_instance_key,
                value={"name": task.name, **value},
            )
        )

    def _tell_overseers(self, task: UserTaskCreated, why: str) -> None:
        happening = Happening(
            NotificationKind.DEADLINE_STUCK,
            Concerned(overseers_of=self.instance.process_id),
            instance_key=self.instance.key,
            facts={"step": task.name, "why": why},
        )
        self._jobs(task.element_instance_key).append(notify_row(self.tools, happening, self.now))
