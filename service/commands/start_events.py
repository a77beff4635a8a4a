"""Start events with a trigger: those of the newest version of a process that is in use count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update

from service.commands import failed_jobs, versions
from service.commands.deliveries import Delivery
from service.commands.instance_rows import Arising, insert_arising, new_instance
from service.commands.job_rows import job_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM
from service.domain.events import EventKind, Subscribed
from service.engine import TimerDue
from service.store.tables import Incident, Job, ProcessDefinition, StartSubscription
from service.store.tables.work import NO_INSTANCE, JobKind, JobState


@dataclass(frozen=True, slots=True)
class _Definition:
    key: int
    process_id: str


def renew(tools: Toolbox, process_ids: Collection[str], now: datetime) -> None:
    """Put the start events of the newest versions in the place of those that counted until now.

    A process whose last version was deleted begins by no event any more. Timers count from now.
    Raises StartUnclear, FeelUnavailable.
    """
    if not process_ids:
        return
    _withdraw(tools, process_ids, now)
    known = versions.find(tools.session, ProcessDefinition, process_ids)
    for process_id in dict.fromkeys(process_ids):
        current = known.current(process_id)
        if current is not None:
            _write(tools, _Definition(current.key, process_id), now)


def fire(tools: Toolbox, job: Delivery, *, now: datetime) -> None:
    """The timer of a start event is due: an instance starts, and a cycle comes round again."""
    row = tools.session.execute(
        select(
            StartSubscription.definition_key,
            StartSubscription.process_id,
            StartSubscription.number,
            ProcessDefinition.name,
        )
        .join(ProcessDefinition, ProcessDefinition.key == StartSubscription.definition_key)
        .where(StartSubscription.key == job.element_instance_key)
    ).one_or_none()
    if row is None:
        return
    instance = new_instance(
        tools.keys.next(),
        definition_key=row.definition_key,
        process_id=row.process_id,
        started_by=SYSTEM.username,
    )
    details = {"start_event": job.element_id}
    insert_arising(tools, [Arising(instance, row.name, dict(details))], now)
    model = tools.models.process(tools.session, row.definition_key)
    again = tools.engine.due_again(model, job.element_id, row.number, job.fired, now=now)
    if again is not None:
        timer = _timer(tools, job.element_instance_key, job.element_id, again, now)
        tools.session.execute(insert(table(Job)), [timer])


def _withdraw(tools: Toolbox, process_ids: Collection[str], now: datetime) -> None:
    gone = tools.session.scalars(
        delete(table(StartSubscription))
        .where(StartSubscription.process_id.in_(process_ids))
        .returning(StartSubscription.key)
    ).all()
    if gone:
        tools.session.execute(
            update(table(Job))
            .where(
                Job.element_instance_key.in_(gone),
                Job.kind == JobKind.START,
                Job.state.in_((JobState.WAITING, JobState.FAILED)),
            )
            .values(state=JobState.CANCELLED, ended_at=now, details=None)
        )
        failed_jobs.resolve(
            tools,
            and_(Incident.instance_key == NO_INSTANCE, Incident.element_instance_key.in_(gone)),
            now,
        )


def _write(tools: Toolbox, definition: _Definition, now: datetime) -> None:
    model = tools.models.process(tools.session, definition.key)
    rows: list[Row] = []
    timers: list[Row] = []
    for one in tools.engine.starts(model, keys=tools.keys, now=now):
        key = tools.keys.next()
        rows.append(_row(key, definition, one))
        if one.kind is EventKind.TIMER:
            due = TimerDue(one.due_at or now, one.cycle, one.left)
            timers.append(_timer(tools, key, one.element_id, due, now))
    if rows:
        tools.session.execute(insert(table(StartSubscription)), rows)
    if timers:
        tools.session.execute(insert(table(Job)), timers)


def _row(key: int, definition: _Definition, event: Subscribed) -> Row:
    return {
        "key": key,
        "definition_key": definition.key,
        "process_id": definition.process_id,
        "element_id": event.element_id,
        "number": event.number,
        "kind": event.kind,
        "name": event.name,
    }


def _timer(
    tools: Toolbox, subscription_key: int, element_id: str, due: TimerDue, now: datetime
) -> Row:
    return job_row(
        tools,
        JobKind.START,
        instance_key=NO_INSTANCE,
        element_instance_key=subscription_key,
        element_id=element_id,
        now=now,
        due_at=due.at,
        details={"due": due.at.isoformat(), "cycle": due.cycle, "left": due.left},
    )
