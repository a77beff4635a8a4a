"""The rows of one step, written table by table, each by one statement whatever their number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from service.commands import deadline_jobs
from service.commands.instance_lock import LockedInstance
from service.commands.task_rows import DoneTask, Place, cancel_tasks, complete_task, create_tasks
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table, upsert
from service.domain.actors import Actor
from service.domain.events import UserTaskCreated
from service.domain.recusal import Bar
from service.domain.values import Json
from service.store.history import ChainHead
from service.store.tables import ElementInstance, Incident, Job, ProcessInstance, Variable
from service.store.tables.work import IncidentState, JobState


@dataclass(slots=True)
class StepRows:
    """What a step leaves to write; keys are those of element instances.

    `until` gives, for new tasks whose form's version is that of a deployment, until when it counts.
    """

    elements: dict[int, Row] = field(default_factory=dict)
    tasks: dict[int, UserTaskCreated] = field(default_factory=dict)
    until: dict[int, datetime] = field(default_factory=dict)
    done_task: DoneTask | None = None
    bars: Mapping[int, Mapping[str, Bar]] = field(default_factory=dict)
    """Who keeps out of which new task, by user name."""
    deadlines: Mapping[int, Json] = field(default_factory=dict)
    """What new tasks keep of their deadlines."""
    canceled_tasks: dict[int, None] = field(default_factory=dict)
    """In their order; looked up by key."""
    variables: dict[int, dict[str, Json]] = field(default_factory=dict)
    """By scope key and name."""
    dropped_scopes: list[int] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    jobs_over: list[int] = field(default_factory=list)
    incidents: dict[int, Row] = field(default_factory=dict)
    resolved: list[int] = field(default_factory=list)

    def over_by_date(self) -> list[int]:
        """Return the tasks of earlier steps that end, and may have been reminded of."""
        done = self.done_task
        ended = [key for key in self.canceled_tasks if key not in self.tasks]
        return [*ended, done.key] if done is not None and done.dated else ended


@dataclass(frozen=True, slots=True)
class Written:
    """What the database knew: incidents that are open now, and new tasks that nobody could do."""

    open_incidents: int
    deserted: frozenset[int]


def write(
    tools: Toolbox,
    instance: LockedInstance,
    rows: StepRows,
    *,
    ended: bool,
    actor: Actor,
    now: datetime,
) -> Written:
    """Write all rows but the history and the instance's own; `ended`: the instance is over."""
    session = tools.session
    elements = rows.elements.values()
    upsert(session, ElementInstance, elements, ("state", "ended_at"), added=("flows_taken",))
    if rows.done_task is not None:
        complete_task(session, rows.done_task, now)
    if rows.canceled_tasks:
        cancel_tasks(session, list(rows.canceled_tasks), now)
    place = Place(instance.key, instance.definition_key, instance.process_id, now)
    tasks = list(rows.tasks.values())
    deserted = create_tasks(session, place, tasks, rows.done_task, rows)
    deadline_jobs.end(session, rows.over_by_date(), now)
    _write_variables(tools, instance, rows)
    _write_jobs(session, rows, now)
    open_now = _resolve_incidents(session, instance, rows, ended, actor, now)
    if rows.incidents:
        session.execute(insert(table(Incident)), list(rows.incidents.values()))
    return Written(open_now + len(rows.incidents), deserted)


def write_instance(
    session: Session, instance: LockedInstance, changes: Row, head: ChainHead
) -> None:
    """Write the instance's row after a step: its revision grows by one."""
    session.execute(
        _WRITE_INSTANCE,
        {
            "wanted": instance.key,
            "revision": instance.revision + 1,
            "history_length": head.length,
            "history_head": head.state,
            **changes,
        },
    )


_INSTANCES = table(ProcessInstance)
_WRITE_INSTANCE = update(_INSTANCES).where(_INSTANCES.c.key == bindparam("wanted"))
"""The columns to set are named by the values it is executed with."""


def _write_variables(tools: Toolbox, instance: LockedInstance, rows: StepRows) -> None:
    if rows.dropped_scopes:
        tools.session.execute(
            delete(table(Variable)).where(
                Variable.instance_key == instance.key, Variable.scope_key.in_(rows.dropped_scopes)
            )
        )
    variables: list[Row] = [
        {
            "key": tools.keys.next(),
            "instance_key": instance.key,
            "scope_key": scope_key,
            "name": name,
            "value": value,
        }
        for scope_key, values in rows.variables.items()
        for name, value in values.items()
    ]
    upsert(tools.session, Variable, variables, ("value",), by=("scope_key", "name"))


def _write_jobs(session: Session, rows: StepRows, now: datetime) -> None:
    if rows.jobs_over:
        session.execute(
            update(table(Job))
            .where(Job.element_instance_key.in_(rows.jobs_over), Job.state == JobState.WAITING)
            .values(state=JobState.CANCELLED, ended_at=now)
        )
    if rows.jobs:
        session.execute(insert(table(Job)), rows.jobs)


def _resolve_incidents(
    session: Session,
    instance: LockedInstance,
    rows: StepRows,
    ended: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Resolve what is over and return how many are still open; a new one replaces an element's.

    The engine knows nothing of the incident of a job that could not be tried: it is over when the
    engine says that the job is, or when its element ends.
    """
    over = {*rows.resolved, *rows.incidents, *rows.jobs_over}
    over |= {key for key, row in rows.elements.items() if row["ended_at"] is not None}
    if not instance.open_incidents or not (over or ended):
        return instance.open_incidents
    resolving = (
        update(table(Incident))
        .where(Incident.instance_key == instance.key, Incident.state == IncidentState.ACTIVE)
        .values(state=IncidentState.RESOLVED, resolved_at=now, resolved_by=actor.username)
    )
    if not ended:
        resolving = resolving.where(Incident.element_instance_key.in_(over))
    return instance.open_incidents - rows_changed(session, resolving)
