"""Signals: each goes to everybody who waits for it at that moment, and is not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from service.commands.correlation import Taker
from service.commands.event_texts import require_name, require_publisher, require_variables
from service.commands.instance_rows import Arising, insert_arising, new_instance
from service.commands.job_rows import job_row
from service.commands.reaching import reached_by
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM, Actor
from service.domain.events import EventKind
from service.domain.values import Variables
from service.store.tables import EventSubscription, Job, ProcessDefinition, StartSubscription
from service.store.tables.work import JobKind


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A signal that went out."""

    key: int


def broadcast(
    tools: Toolbox, name: str, *, variables: Variables, actor: Actor, now: datetime
) -> Broadcast:
    """Send a signal to every instance that waits for it, and start those that it starts.

    It reaches the processes on which the actor may act (RUNNING act). Raises EventsForbidden,
    EventNameInvalid, VariablesReserved, and Invalid for what no variable can hold.
    """
    require_publisher(tools.session, actor)
    name = require_name(name)
    require_variables(variables)
    reach(tools, name, variables, actor, now, ())
    return Broadcast(tools.keys.next())


def reach(
    tools: Toolbox,
    name: str,
    variables: Variables,
    actor: Actor,
    now: datetime,
    more: Sequence[Taker],
) -> None:
    """Bring a signal to all who wait for it, and to `more`, each by a job of its own."""
    jobs = [
        job_row(
            tools,
            JobKind.SIGNAL,
            instance_key=one.instance_key,
            element_instance_key=one.element_instance_key,
            element_id=one.element_id,
            now=now,
            details={"number": one.number, "name": name, "variables": dict(variables)},
        )
        for one in (*_waiting(tools, name, actor), *more)
    ]
    if jobs:
        tools.session.execute(insert(table(Job)), jobs)
    insert_arising(tools, _started(tools, name, variables, actor), now)


def _waiting(tools: Toolbox, name: str, actor: Actor) -> list[Taker]:
    waiting = EventSubscription
    rows = tools.session.execute(
        select(
            waiting.process_id,
            waiting.instance_key,
            waiting.element_instance_key,
            waiting.element_id,
            waiting.number,
        )
        .where(
            waiting.kind == EventKind.SIGNAL,
            waiting.name == name,
            reached_by(actor, waiting.process_id),
        )
        .order_by(waiting.key)
    )
    return [Taker(*row) for row in rows]


def _started(tools: Toolbox, name: str, variables: Variables, actor: Actor) -> list[Arising]:
    start = StartSubscription
    rows = tools.session.execute(
        select(start.definition_key, start.process_id, start.element_id, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.key == start.definition_key)
        .where(
            start.kind == EventKind.SIGNAL,
            start.name == name,
            reached_by(actor, start.process_id),
        )
        .order_by(start.key)
    )
    return [
        Arising(
            new_instance(
                tools.keys.next(),
                definition_key=row.definition_key,
                process_id=row.process_id,
                started_by=SYSTEM.username,
            ),
            row.name,
            {"start_event": row.element_id, "signal": name, "variables": dict(variables)},
        )
        for row in rows
    ]
