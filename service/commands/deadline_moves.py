"""Moving the last day of a step that people are at: its timer, and when its tasks are due.

A diagram fixes a timer as the step begins. An office that may set the day anew meanwhile does it
here: the tasks stay, with their holders and their drafts, and the forms that are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update

from service.commands import deadline_jobs, provisional_notes, step
from service.commands.deadline_acts import holders_of
from service.commands.element_instances import lock_running
from service.commands.instance_lock import act
from service.commands.job_rows import announce_job
from service.commands.notifications import Happening, notify
from service.commands.provisional_notes import Subject
from service.commands.step_input import Step
from service.commands.submissions import cleaned_line
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import BUREAU_TIME
from service.domain.actors import Actor
from service.domain.dates import said_day, shown_end
from service.domain.errors import Conflict
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.store.tables import InboxEntry, Job, UserTask
from service.store.tables.calendars import DateKind
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind, JobState

_LONGEST = 500


class DeadlineOver(Conflict):
    """这一步已经截止或者已经办完，截止日没有改动。请刷新后核对。"""

    code = "deadline.over"


@dataclass(frozen=True, slots=True)
class LastDay:
    """A day that ends a step: the user task, the timer at its boundary, the variable they read.

    The diagram gives the tasks the day as their due date, and lets the timer end them at the
    midnight behind it.
    """

    step: str
    timer: str
    variable: str


def move_last_day(
    tools: Toolbox,
    instance_key: int,
    last: LastDay,
    day: date,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the open tasks of a step be due on another day, and its timer end them behind it.

    `day` is the bureau's, and the last one on which the tasks are done. `reason` is told to whoever
    has the tasks, also by channels that leave the house. The caller has made sure that the actor
    may do it and that the day is a lawful one; the history has who, from when, to when and why.
    Raises InstanceNotFound, InstanceEnded, InstanceSuspended, and DeadlineOver where nothing waits
    for the timer, or its moment has passed.
    """
    session = tools.session
    instance, resumed = lock_running(tools, instance_key, now)
    timers = session.scalars(
        select(Job).where(
            Job.kind == JobKind.TIMER,
            Job.state == JobState.WAITING,
            Job.instance_key == instance_key,
            Job.element_id == last.timer,
            Job.due_at > now,
        )
    ).all()
    tasks = session.scalars(
        select(UserTask.key).where(
            UserTask.instance_key == instance_key,
            UserTask.element_id == last.step,
            UserTask.state == TaskState.CREATED,
        )
    ).all()
    if not timers or not tasks:
        raise DeadlineOver
    before = timers[0].due_at - timedelta(seconds=1)
    ends_at = datetime.combine(day + timedelta(days=1), time(0), BUREAU_TIME)
    due_at = ends_at - timedelta(seconds=1)
    _move_timers(tools, timers, ends_at)
    _move_tasks(tools, tasks, last, due_at, now)
    reason = cleaned_line(reason, _LONGEST)
    element = resumed.model.elements.get(last.step)
    old = said_day(before.astimezone(BUREAU_TIME))
    value: dict[str, Json] = {
        "name": (element.name if element else "") or last.step,
        "from": shown_end(before),
        "to": shown_end(due_at),
        "text": f"由{old}改为{said_day(day)}（含当日）：{reason}",
    }
    entry = act("deadline.moved", actor=actor.username, now=now, element_id=last.step, value=value)
    resumed.execution.set_variables(instance.key, {last.variable: day.isoformat()}, local=True)
    taken = Step(acts=[entry], stored_scopes=resumed.scopes)
    step.run(tools, resumed, instance, taken, actor=actor, now=now)
    _tell(tools, tasks, reason, now)


def _move_timers(tools: Toolbox, timers: Sequence[Job], at: datetime) -> None:
    for job in timers:
        details = job.details if isinstance(job.details, dict) else {}
        number = int(str(details.get("number", 0)))
        provisional_notes.forget(
            tools, Subject(DateKind.TIMER, job.element_instance_key, job.element_id, number)
        )
        job.due_at, job.details = at, {**details, "due": at.isoformat()}
    tools.session.flush()
    announce_job(tools, at)


def _move_tasks(
    tools: Toolbox, keys: Sequence[int], last: LastDay, due_at: datetime, now: datetime
) -> None:
    """The revision of the tasks stays, so that no open form is refused."""
    tasks, entries = table(UserTask), table(InboxEntry)
    session = tools.session
    session.execute(update(tasks).where(tasks.c.key.in_(keys)).values(due_at=due_at))
    session.execute(update(entries).where(entries.c.task_key.in_(keys)).values(due_at=due_at))
    for key in keys:
        provisional_notes.forget(tools, Subject(DateKind.TASK_DUE, key, last.step))
        deadline_jobs.follow_due_date(tools, key, now=now)


def _tell(tools: Toolbox, keys: Sequence[int], reason: str, now: datetime) -> None:
    for key in keys:
        task = deadline_jobs.read_task(tools.session, key)
        if task is not None:
            kind, facts = NotificationKind.DEADLINE_MOVED, {"due": shown_end(task.due_at)}
            facts["why"] = reason
            happening = Happening(kind, holders_of(task), task_key=key, facts=facts)
            notify(tools, happening, now=now)
