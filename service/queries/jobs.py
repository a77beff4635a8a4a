"""Jobs as an operator sees them: what is due, what is late, what failed; never what they carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.overseen import overseen
from service.queries.selects import MOST_COUNTED, AnyRow, AnySelect, count_of
from service.store.tables import (
    ElementInstance,
    Job,
    ProcessDefinition,
    ProcessInstance,
    StartSubscription,
)
from service.store.tables.work import JobKind, JobState

_ORDER = "jobs-due"

KINDS = tuple(kind.value for kind in JobKind)
"""Every kind there is: a new one is listed without a line here."""


GRACE = timedelta(minutes=1)
"""A job that is due no longer than this is on its way: nobody need look at it."""


class Standing(StrEnum):
    """How a job stands."""

    DUE = "due"
    """Due, and nobody is at it."""
    HELD = "held"
    """A worker, or an outside one, is at it."""
    LATER = "later"
    """Due at some time to come."""
    SUSPENDED = "suspended"
    """Waits while its instance is suspended."""
    FAILED = "failed"
    """Has no attempts left."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What to show: one standing; an empty text leaves kind and process open."""

    standing: Standing = Standing.DUE
    kind: str = ""
    process_id: str = ""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job. `type` is the service task's, or the name of calendar work.

    `instance_key` is 0 for what belongs to no instance, and the names are empty there, but for the
    timer of a start event. `error` names no value.
    """

    key: int
    kind: str
    type: str
    instance_key: int
    process_name: str
    element_name: str
    due_at: datetime
    attempts: int
    retries: int
    held_until: datetime | None
    error: str


def page(
    session: Session,
    *,
    actor: Actor,
    wanted: JobFilter,
    now: datetime,
    after: str | None = None,
    limit: int = 30,
) -> Page[JobRow]:
    """Return a page of the jobs that the actor oversees, the longest due first.

    What belongs to no procedure is for who oversees all of them. Raises BadCursor.
    """
    behind: ColumnElement[bool] | None = None
    if after:
        due_at, key = cursor.read(after, _ORDER, (datetime, int))
        if due_at is None:
            raise cursor.BadCursor
        behind = tuple_(Job.due_at, Job.key) > tuple_(due_at, key)
    branches = [
        _of_kind(kind, actor, wanted, now, behind)
        .order_by(Job.due_at, Job.key)
        .limit(limit + 1)
        .subquery()
        for kind in _kinds(wanted)
    ]
    found = union_all(*map(select, branches)).subquery()
    rows = session.execute(
        select(found).order_by(found.c.due_at, found.c.key).limit(limit + 1)
    ).all()
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = cursor.write(_ORDER, [last.due_at, last.key])
    return Page(tuple(_row(row, now) for row in rows[:limit]), following)


def counts(session: Session, *, actor: Actor, now: datetime) -> dict[Standing, int]:
    """Count the jobs that the actor oversees by how they stand, each up to 999+; one statement."""
    columns = [_counted(standing, actor, now) for standing in Standing]
    return dict(zip(Standing, session.execute(select(*columns)).one(), strict=True))


def count_late(session: Session, *, actor: Actor, now: datetime) -> int:
    """Count those that are due for longer than `GRACE` and that nobody is at; up to 999+."""
    late = _counted(Standing.DUE, actor, now - GRACE)
    return session.execute(select(late)).scalar_one()


def _counted(standing: Standing, actor: Actor, now: datetime) -> ScalarSelect[int]:
    each = [
        _of_kind(kind, actor, JobFilter(standing), now, None)
        .with_only_columns(Job.key)
        .limit(MOST_COUNTED + 1)
        .subquery()
        for kind in KINDS
    ]
    return count_of(select(union_all(*map(select, each)).subquery()))


def _kinds(wanted: JobFilter) -> tuple[str, ...]:
    return (wanted.kind,) if wanted.kind in KINDS else KINDS


def _of_kind(
    kind: str, actor: Actor, wanted: JobFilter, now: datetime, behind: ColumnElement[bool] | None
) -> AnySelect:
    """Each kind by itself walks the index of what is due."""
    process_id = func.coalesce(ProcessInstance.process_id, StartSubscription.process_id, "")
    starts = and_(Job.kind == JobKind.START, StartSubscription.key == Job.element_instance_key)
    definition_key = func.coalesce(ProcessInstance.definition_key, StartSubscription.definition_key)
    statement = (
        select(
            Job.key,
            Job.kind,
            Job.type,
            Job.instance_key,
            func.coalesce(ProcessDefinition.name, "").label("process_name"),
            func.coalesce(ElementInstance.element_name, "").label("element_name"),
            Job.element_id,
            Job.due_at,
            Job.attempts,
            Job.retries,
            Job.lock_owner,
            Job.lock_expires_at,
            Job.last_error,
        )
        .select_from(Job)
        .outerjoin(ProcessInstance, ProcessInstance.key == Job.instance_key)
        .outerjoin(StartSubscription, starts)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == definition_key)
        .outerjoin(ElementInstance, ElementInstance.key == Job.element_instance_key)
        .where(Job.kind == kind, overseen(actor, process_id), *_standing(wanted.standing, now))
    )
    if wanted.process_id:
        statement = statement.where(process_id == wanted.process_id)
    return statement if behind is None else statement.where(behind)


def _standing(standing: Standing, now: datetime) -> tuple[ColumnElement[bool], ...]:
    waiting = Job.state == JobState.WAITING
    held = and_(Job.lock_owner.is_not(None), Job.lock_expires_at > now)
    match standing:
        case Standing.DUE:
            free = or_(Job.lock_owner.is_(None), Job.lock_expires_at <= now)
            return (waiting, Job.due_at <= now, free)
        case Standing.HELD:
            return (waiting, held)
        case Standing.LATER:
            return (waiting, Job.due_at > now, Job.lock_owner.is_(None))
        case Standing.SUSPENDED:
            return (Job.state == JobState.SUSPENDED,)
        case Standing.FAILED:
            return (Job.state == JobState.FAILED,)


def _row(row: AnyRow, now: datetime) -> JobRow:
    held = row.lock_owner is not None and row.lock_expires_at > now
    return JobRow(
        key=row.key,
        kind=row.kind,
        type=row.type,
        instance_key=row.instance_key,
        process_name=row.process_name,
        element_name=row.element_name or row.element_id,
        due_at=row.due_at,
        attempts=row.attempts,
        retries=row.retries,
        held_until=row.lock_expires_at if held else None,
        error=row.last_error or "",
    )
