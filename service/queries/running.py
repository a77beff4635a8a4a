"""Instances as an operator sees them: which run, stand still or have ended; no title, no value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.queries import cursor
from service.queries.case_state import STATE
from service.queries.inbox import Page
from service.queries.names import display_name
from service.queries.overseen import Process, overseen
from service.queries.selects import MOST_COUNTED, count_of
from service.store.tables import Incident, Person, ProcessDefinition, ProcessInstance
from service.store.tables.instances import InstanceState
from service.store.tables.work import IncidentState

_ORDER = "running-newest"


class RunningState(StrEnum):
    """How an instance stands. STOPPED runs and has an open incident."""

    ACTIVE = "ACTIVE"
    STOPPED = "STOPPED"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


@dataclass(frozen=True, slots=True)
class RunningRow:
    """One instance; `suspended_by` is a display name."""

    key: int
    process_name: str
    version: int
    state: str
    incidents: int
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None
    suspended_by: str | None


def page(
    session: Session,
    *,
    actor: Actor,
    state: RunningState,
    processes: Sequence[Process],
    after: str | None = None,
    limit: int = 30,
) -> Page[RunningRow]:
    """Return a page of the instances of these overseen procedures, newest first. Raises BadCursor.

    `processes` are of `overseen.processes`; what is none of the actor's gives no row.
    """
    conditions = [*_standing(state)]
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        conditions.append(ProcessInstance.key < last)
    keys = _keys(processes, state, *conditions, limit=limit + 1)
    if keys is None:
        return Page((), None)
    rows = session.execute(
        select(
            ProcessInstance.key,
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            STATE.label("state"),
            ProcessInstance.open_incidents.label("incidents"),
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            ProcessInstance.suspended_at,
            display_name(ProcessInstance.suspended_by).label("suspended_by"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(Person, Person.username == ProcessInstance.suspended_by)
        .where(ProcessInstance.key.in_(keys), overseen(actor, ProcessInstance.process_id))
        .order_by(ProcessInstance.key.desc())
        .limit(limit + 1)
    ).all()
    found = [RunningRow(**row._mapping) for row in rows]
    following = cursor.write(_ORDER, [found[limit - 1].key]) if len(found) > limit else None
    return Page(tuple(found[:limit]), following)


def counts(session: Session, *, processes: Sequence[Process]) -> dict[RunningState, int]:
    """Count the instances of these procedures by how they stand, each up to 999+."""
    columns = []
    for state in RunningState:
        keys = _keys(processes, state, *_standing(state), limit=MOST_COUNTED + 1)
        if keys is None:
            return dict.fromkeys(RunningState, 0)
        columns.append(count_of(keys))
    return dict(zip(RunningState, session.execute(select(*columns)).one(), strict=True))


def _keys(
    processes: Sequence[Process],
    state: RunningState,
    *conditions: ColumnElement[bool],
    limit: int,
) -> "Select[int] | None":
    """Keys of the newest, each procedure by itself: so its index is walked as far as is needed."""
    if not processes:
        return None
    instance = ProcessInstance
    if state in _FEW:
        among = instance.process_id.in_([one.id for one in processes])
        few = select(instance.key).where(among, *conditions)
        return few.order_by(instance.key.desc()).limit(limit)
    branches = [
        select(instance.key)
        .where(instance.process_id == one.id, *conditions)
        .order_by(instance.key.desc())
        .limit(limit)
        .subquery()
        for one in processes
    ]
    found = union_all(*map(select, branches)).subquery()
    return select(found.c.key)


_STILL = aliased(ProcessInstance)
_FEW = frozenset({RunningState.STOPPED, RunningState.SUSPENDED})
"""An index has them alone, or their incidents."""


def _standing(state: RunningState) -> tuple[ColumnElement[bool], ...]:
    instance = ProcessInstance
    running = instance.state == InstanceState.ACTIVE
    match state:
        case RunningState.ACTIVE:
            return (running, instance.suspended_at.is_(None))
        case RunningState.STOPPED:
            stopped = select(Incident.instance_key).where(Incident.state == IncidentState.ACTIVE)
            return (running, instance.key.in_(stopped))
        case RunningState.SUSPENDED:
            still = select(_STILL.key).where(_STILL.suspended_at.is_not(None))
            return (running, instance.key.in_(still))
        case RunningState.COMPLETED:
            return (instance.state == InstanceState.COMPLETED,)
        case RunningState.TERMINATED:
            return (instance.state == InstanceState.TERMINATED,)
