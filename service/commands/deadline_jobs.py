"""The one job of a task that has a due date: the next act of its plan.

A task keeps what was set when it arrived, with the moment up to which its plan is done. So a plan
can be worked out anew whenever its due date moves, and what was missed is done once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.commands.job_rows import announce_job, job_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table
from service.domain.deadline_settings import StepDeadline, read
from service.domain.deadlines import PlannedAct, moved_behind, next_act, plan
from service.domain.values import Json
from service.domain.working_days import WorkingDays
from service.store.calendars import working_days
from service.store.deadline_settings import texts_from
from service.store.tables import Job, UserTask
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind, JobState

_JOBS, _TASKS = table(Job), table(UserTask)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a task keeps of its deadline: `user_task.deadline`.

    `texts` are all that counted when it arrived, `versions` those of what the office had set for
    the procedure and the step (0: nothing). `behind`: up to when the plan is done. `told` are the
    user names of those above the holder who know of it.
    """

    texts: Mapping[str, str]
    versions: tuple[int, int]
    behind: datetime
    told: tuple[str, ...] = ()

    @property
    def settings(self) -> StepDeadline:
        """The texts as they are worked with."""
        return read(texts_from(dict(self.texts)))

    def written(self) -> Json:
        """As the column holds it."""
        return {
            "texts": dict(self.texts),
            "versions": [*self.versions],
            "behind": self.behind.isoformat(),
            "told": [*self.told],
        }

    @classmethod
    def from_written(cls, written: Json) -> "Deadline | None":
        """Read the column; None where the task has no due date."""
        if not isinstance(written, dict):
            return None
        texts, told = written["texts"], written["told"]
        versions = written["versions"]
        if not (isinstance(texts, dict) and isinstance(told, list) and isinstance(versions, list)):
            raise TypeError("the deadline of a task is written by this module alone")
        return cls(
            {name: str(text) for name, text in texts.items()},
            (int(str(versions[0])), int(str(versions[1]))),
            datetime.fromisoformat(str(written["behind"])),
            tuple(str(one) for one in told),
        )


def deadline_row(
    tools: Toolbox, instance_key: int, task_key: int, element_id: str, at: datetime, now: datetime
) -> Row:
    """Make the row of a task's next act."""
    return job_row(
        tools,
        JobKind.DEADLINE,
        instance_key=instance_key,
        element_instance_key=task_key,
        element_id=element_id,
        now=now,
        due_at=at,
    )


def end(session: Session, task_keys: Collection[int], now: datetime) -> None:
    """Nobody is reminded of these tasks any more; no statement for none."""
    if not task_keys:
        return
    alive = (JobState.WAITING, JobState.SUSPENDED, JobState.FAILED)
    session.execute(
        update(_JOBS)
        .where(
            _JOBS.c.element_instance_key.in_(list(task_keys)),
            _JOBS.c.kind == JobKind.DEADLINE,
            _JOBS.c.state.in_(alive),
        )
        .values(state=JobState.CANCELLED, ended_at=now)
    )


def follow_due_date(tools: Toolbox, task_key: int, *, now: datetime) -> None:
    """The due date of a task has moved: so does its next act, under the instance's lock.

    What lies ahead by the new date is done, also what was done for the old one.
    """
    task = read_task(tools.session, task_key)
    if task is None:
        return
    acts = acts_of(task, task.due_at, working_days(tools.session))
    appoint(tools, task, next_act(acts, task.deadline.behind), now)


def follow_suspension(
    tools: Toolbox, task_key: int, *, due: tuple[datetime, datetime], now: datetime
) -> None:
    """The instance goes on and the task is due later: `due` is from and to.

    The plan moves as a whole: what was done is not done again.
    """
    task = read_task(tools.session, task_key)
    if task is None:
        return
    calendar = working_days(tools.session)
    old, new = (acts_of(task, at, calendar) for at in due)
    behind = moved_behind(old, new, task.deadline.behind)
    keep(tools.session, task_key, replace(task.deadline, behind=behind))
    appoint(tools, task, next_act(new, behind), now)


@dataclass(frozen=True, slots=True)
class DatedTask:
    """An open task with a due date."""

    key: int
    instance_key: int
    element_id: str
    name: str
    due_at: datetime
    begun_at: datetime
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    deadline: Deadline


def read_task(session: Session, task_key: int) -> DatedTask | None:
    """Return the task while it is open and has a due date; the instance's lock is held."""
    row = session.execute(
        select(
            UserTask.key,
            UserTask.instance_key,
            UserTask.element_id,
            UserTask.name,
            UserTask.due_at,
            UserTask.created_at,
            UserTask.assignee,
            UserTask.candidate_users,
            UserTask.candidate_groups,
            UserTask.deadline,
        ).where(UserTask.key == task_key, UserTask.state == TaskState.CREATED)
    ).one_or_none()
    deadline = None if row is None else Deadline.from_written(row.deadline)
    if row is None or deadline is None or row.due_at is None:
        return None
    return DatedTask(
        key=row.key,
        instance_key=row.instance_key,
        element_id=row.element_id,
        name=row.name,
        due_at=row.due_at,
        begun_at=row.created_at,
        assignee=row.assignee,
        candidate_users=tuple(row.candidate_users),
        candidate_groups=tuple(row.candidate_groups),
        deadline=deadline,
    )


def acts_of(task: DatedTask, due_at: datetime, calendar: WorkingDays) -> tuple[PlannedAct, ...]:
    """Return the plan of a task that is due at this moment."""
    settings, begun_at = task.deadline.settings, task.begun_at
    return plan(settings, due_at=due_at, begun_at=begun_at, calendar=calendar)


def keep(session: Session, task_key: int, deadline: Deadline, **changes: object) -> None:
    """Write how far a plan is; the task's revision stays, so that no open form is refused."""
    session.execute(
        update(_TASKS)
        .where(_TASKS.c.key == task_key)
        .values(deadline=deadline.written(), **changes)
    )


def appoint(tools: Toolbox, task: DatedTask, act: PlannedAct | None, now: datetime) -> None:
    """Let the task's one job be due at this act; end it where there is none any more."""
    if act is None:
        end(tools.session, [task.key], now)
        return
    moved = rows_changed(
        tools.session,
        update(_JOBS)
        .where(
            _JOBS.c.element_instance_key == task.key,
            _JOBS.c.kind == JobKind.DEADLINE,
            _JOBS.c.state.in_((JobState.WAITING, JobState.SUSPENDED)),
        )
        .values(due_at=act.at),
    )
    if moved:
        announce_job(tools, act.at)
        return
    row = deadline_row(tools, task.instance_key, task.key, task.element_id, act.at, now)
    tools.session.execute(insert(_JOBS), [row])
