"""What an attempt at a service task came to: done, failed, or a BPMN error.

Each is written under the lock of the instance and of the job, whoever made the attempt: a handler
of ours or an outside worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.commands import instance_lock, step
from service.commands.handler_calls import CallFailed
from service.commands.instance_lock import LockedInstance
from service.commands.job_rows import announce_job
from service.commands.resuming import Resumed, resume
from service.commands.step_input import Step
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json, Variables
from service.engine import HandlerDue
from service.store.history import NewEntry
from service.store.tables import Job
from service.store.tables.work import JobKind, JobState


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job as its holder reads it; `retries` are the attempts that are left."""

    key: int
    kind: str
    type: str
    state: str
    instance_key: int
    element_instance_key: int
    element_id: str
    attempts: int
    retries: int
    backoff: list[int]
    headers: dict[str, str]
    details: dict[str, Json] | None
    fencing: int
    leased: bool

    def due(self, variables: Variables) -> HandlerDue:
        """Return the call that the row stands for."""
        return HandlerDue(
            element_instance_key=self.element_instance_key,
            element_id=self.element_id,
            task_type=self.type,
            headers=tuple(self.headers.items()),
            retries=self.retries,
            backoff=tuple(self.backoff),
            asynchronous=True,
            variables=dict(variables),
        )


_COLUMNS = tuple(getattr(Job, one.name) for one in fields(HeldJob))


def read(session: Session, job_key: int, *, lock: bool = False) -> HeldJob | None:
    """Return a job in whatever state; locked, nobody else claims it meanwhile.

    Whoever locks it has locked its instance before.
    """
    statement = select(*_COLUMNS).where(Job.key == job_key)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else HeldJob(*row)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job whose row and instance are locked, and who tries it: a worker's name, or nobody's."""

    tools: Toolbox
    instance: LockedInstance
    resumed: Resumed
    job: HeldJob
    actor: Actor
    now: datetime

    @property
    def visible(self) -> Variables:
        """The variables that the task sees."""
        return self.resumed.execution.visible(self.job.element_instance_key)


def attempt(
    tools: Toolbox,
    instance: LockedInstance,
    job: HeldJob,
    *,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Attempt:
    """Bring back the instance of a job. Raises InstanceNotBegun and StateUnreadable."""
    resumed = resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )
    return Attempt(tools, instance, resumed, job, actor, now)


def done(
    made: Attempt,
    variables: Variables,
    *,
    acts: Sequence[NewEntry] = (),
    notes: Sequence[NewEntry] = (),
) -> None:
    """The task is done with these variables, and the instance goes on."""
    end(made.tools.session, made.job, JobState.DONE, made.now)
    made.resumed.execution.complete(made.job.element_instance_key, variables)
    taken = Step(acts=list(acts), notes=list(notes), stored_scopes=made.resumed.scopes)
    _run(made, taken)


def failed(
    made: Attempt,
    text: str,
    *,
    left: int,
    due_at: datetime,
    variables: Variables | None = None,
) -> None:
    """The attempt failed: the job is due again then, or without attempts left an incident holds it.

    `variables` become those of the task itself.
    """
    job, answer = made.job, CallFailed(text)
    attempts = job.attempts + 1
    entry = step.failed_attempt(job.due({}), answer, attempt=attempts, now=made.now)
    failure = step.final_failure(answer, attempts=attempts, left=left)
    changes = _counted(job, text, left)
    if variables:
        made.resumed.execution.set_variables(job.element_instance_key, variables, local=True)
    if failure is not None:
        end(made.tools.session, job, JobState.FAILED, made.now, **changes)
        made.resumed.execution.fail(job.element_instance_key, failure)
        _run(made, _failed_step(made, entry))
        return
    changes["due_at"] = due_at
    _write(made.tools.session, job, changes)
    if job.kind != JobKind.OUTSIDE:
        announce_job(made.tools, due_at)
    if variables:
        _run(made, Step(acts=[entry], stored_scopes=made.resumed.scopes))
    else:
        instance_lock.record(made.tools, made.instance, entry)


def thrown(made: Attempt, answer: CallFailed) -> bool:
    """A BPMN error: an event of the diagram catches it, or an incident holds the task at once.

    True when an event does.
    """
    job = made.job
    taken = Step(stored_scopes=made.resumed.scopes)
    caught = step.throw(made.resumed.execution, job.due({}), answer)
    if caught:
        end(made.tools.session, job, JobState.DONE, made.now)
    else:
        changes = _counted(job, answer.text, 0)
        end(made.tools.session, job, JobState.FAILED, made.now, **changes)
        entry = step.failed_attempt(job.due({}), answer, attempt=job.attempts + 1, now=made.now)
        taken = _failed_step(made, entry)
    _run(made, taken)
    return caught


def end(session: Session, job: HeldJob, state: JobState, now: datetime, **changes: object) -> None:
    """Let a job be over; what it carried goes."""
    over: Row = {"lock_owner": None, "lock_expires_at": None, "details": None, **changes}
    _write(session, job, {**over, "state": state, "ended_at": now})


def _failed_step(made: Attempt, entry: NewEntry) -> Step:
    return Step(
        acts=[entry],
        stored_scopes=made.resumed.scopes,
        failed_jobs={made.job.element_instance_key: made.job.key},
    )


def _run(made: Attempt, taken: Step) -> None:
    step.run(made.tools, made.resumed, made.instance, taken, actor=made.actor, now=made.now)


def _counted(job: HeldJob, text: str, left: int) -> Row:
    return {
        "attempts": job.attempts + 1,
        "retries": max(left, 0),
        "last_error": text,
        "lock_owner": None,
        "lock_expires_at": None,
    }


def _write(session: Session, job: HeldJob, changes: Row) -> None:
    session.execute(update(table(Job)).where(Job.key == job.key).values(changes))
