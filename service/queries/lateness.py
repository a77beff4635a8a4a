"""Open tasks behind their due date: by step, by person, by office, and one by one; no value.

Time that an instance was suspended does not count: its dates stand still, and so it is not here.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Subquery, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from service.domain.access_events import BUREAU_TIME, bureau_day
from service.domain.actors import Actor
from service.domain.lateness import days_late, later_than
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.overseen import LATE
from service.queries.selects import AnySelect, count_of, written
from service.store import calendars
from service.store.authorization import granted_any, visible_instances
from service.store.tables import (
    OrganizationUnit,
    Person,
    Post,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import TaskState

MOST = 10_000
"""So many late tasks are counted, the latest ones; the page says so where there are more."""

SHOWN = 20
"""Lines of each table: those with the most."""

STEPS = (3, 10)
"""Working days by which lateness is told apart: up to 3, up to 10, more."""

NOBODY = "-"
"""As a person: nobody has claimed it. As an office: its holder has no post, or there is none."""

_ORDER = "late-oldest"

_Bounds: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LateLine:
    """Late tasks that share a step, a person or an office.

    `id` is what a list of them is asked by: `process/element`, a user name, a unit's id, `NOBODY`.
    `counts` are those up to 3 working days late, up to 10, and more.
    """

    id: str
    name: str
    beside: str
    """What the name belongs to: of a step its process."""
    counts: tuple[int, int, int]
    oldest: datetime

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Lateness:
    """What is late. `total` is `MOST` where `more` says that there are more."""

    total: int
    more: bool
    steps: tuple[LateLine, ...]
    people: tuple[LateLine, ...]
    offices: tuple[LateLine, ...]


@dataclass(frozen=True, slots=True)
class LateFilter:
    """Which late tasks to show; an empty text leaves it open. `step` is `process/element`."""

    process_id: str = ""
    step: str = ""
    person: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class LateTask:
    """One late task; `holder` is a display name, None while nobody has claimed it."""

    key: int
    instance_key: int
    name: str
    process_name: str
    holder: str | None
    due_at: datetime
    due_provisional: bool
    days: int
    """Working days behind the due day."""
    may_open: bool


def summary(session: Session, *, actor: Actor, process_id: str = "", now: datetime) -> Lateness:
    """Sum up what is late in the procedures that the actor oversees; five statements."""
    late = _latest(actor, LateFilter(process_id=process_id), now)
    bounds = _bounds(session, now)
    total = session.execute(select(func.count()).select_from(late)).scalar_one()
    return Lateness(
        total=min(total, MOST),
        more=total > MOST,
        steps=_by_step(session, late, bounds),
        people=_by_person(session, late, bounds),
        offices=_by_office(session, late, bounds),
    )


def count(session: Session, *, actor: Actor, now: datetime) -> int:
    """Count what is late, up to 999+; one statement."""
    keys = (
        select(UserTask.key)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .where(*_late(actor, LateFilter(), now))
    )
    return session.execute(select(count_of(keys))).scalar_one()


def tasks(
    session: Session,
    *,
    actor: Actor,
    wanted: LateFilter,
    now: datetime,
    after: str | None = None,
    limit: int = 30,
) -> Page[LateTask]:
    """Return a page of the late tasks the actor oversees, longest late first. Raises BadCursor."""
    statement = (
        select(
            UserTask.key,
            UserTask.instance_key,
            UserTask.name,
            ProcessDefinition.name.label("process_name"),
            func.coalesce(Person.display_name, UserTask.assignee).label("holder"),
            UserTask.due_at,
            UserTask.due_provisional,
            visible_instances(actor).label("may_open"),
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == UserTask.definition_key)
        .outerjoin(Person, Person.username == UserTask.assignee)
        .where(*_late(actor, wanted, now))
        .order_by(UserTask.due_at, UserTask.key)
        .limit(limit + 1)
    )
    if after:
        due_at, key = cursor.read(after, _ORDER, (datetime, int))
        if due_at is None:
            raise cursor.BadCursor
        statement = statement.where(tuple_(UserTask.due_at, UserTask.key) > tuple_(due_at, key))
    rows = session.execute(statement).all()
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = cursor.write(_ORDER, [last.due_at, last.key])
    days = calendars.working_days(session)
    today = bureau_day(now)
    return Page(
        tuple(
            LateTask(
                **{**row._mapping, "may_open": bool(row.may_open)},
                days=days_late(days, bureau_day(row.due_at), today),
            )
            for row in rows[:limit]
        ),
        following,
    )


def _late(actor: Actor, wanted: LateFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions on UserTask, joined with its instance."""
    conditions = [
        UserTask.state == written(TaskState.CREATED),
        UserTask.due_at < now,
        ProcessInstance.suspended_at.is_(None),
        granted_any(actor, LATE, UserTask.process_id),
    ]
    if wanted.process_id:
        conditions.append(UserTask.process_id == wanted.process_id)
    if wanted.step:
        process_id, _slash, element_id = wanted.step.partition("/")
        conditions += [UserTask.process_id == process_id, UserTask.element_id == element_id]
    if wanted.person:
        assignee = UserTask.assignee
        nobody = wanted.person == NOBODY
        conditions.append(assignee.is_(None) if nobody else assignee == wanted.person)
    if wanted.office:
        conditions.append(_in_office(wanted.office))
    return conditions


def _in_office(unit_id: str) -> ColumnElement[bool]:
    posts = select(Post.key).where(Post.username == UserTask.assignee, Post.ended_at.is_(None))
    posts = posts.correlate(UserTask)
    if unit_id == NOBODY:
        return ~posts.exists()
    return posts.where(Post.unit_id == unit_id).exists()


def _latest(actor: Actor, wanted: LateFilter, now: datetime) -> Subquery:
    """The tasks that are late for longest; one more than are counted."""
    return (
        select(
            UserTask.key,
            UserTask.process_id,
            UserTask.element_id,
            UserTask.definition_key,
            UserTask.name,
            UserTask.assignee,
            UserTask.due_at,
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .where(*_late(actor, wanted, now))
        .order_by(UserTask.due_at, UserTask.key)
        .limit(MOST + 1)
        .subquery()
    )


def _bounds(session: Session, now: datetime) -> _Bounds:
    """What is due before these moments is later than so many working days."""
    days, today = calendars.working_days(session), bureau_day(now)
    few, many = (datetime.combine(later_than(days, n, today), time(), BUREAU_TIME) for n in STEPS)
    return few, many


def _by_step(session: Session, late: Subquery, bounds: _Bounds) -> tuple[LateLine, ...]:
    statement = (
        select(
            late.c.process_id.concat("/").concat(late.c.element_id).label("id"),
            func.max(late.c.name).label("name"),
            func.max(ProcessDefinition.name).label("beside"),
            *_figures(late, bounds),
        )
        .join(ProcessDefinition, ProcessDefinition.key == late.c.definition_key)
        .group_by(late.c.process_id, late.c.element_id)
    )
    return _lines(session, statement)


def _by_person(session: Session, late: Subquery, bounds: _Bounds) -> tuple[LateLine, ...]:
    username = func.coalesce(late.c.assignee, NOBODY)
    statement = (
        select(
            username.label("id"),
            func.coalesce(func.max(Person.display_name), username).label("name"),
            literal("").label("beside"),
            *_figures(late, bounds),
        )
        .outerjoin(Person, Person.username == late.c.assignee)
        .group_by(username)
    )
    return _lines(session, statement)


def _by_office(session: Session, late: Subquery, bounds: _Bounds) -> tuple[LateLine, ...]:
    """Who has posts in several units counts in each of them, with several in one once."""
    held = select(Post.username, Post.unit_id).where(Post.ended_at.is_(None)).distinct().subquery()
    unit_id = func.coalesce(held.c.unit_id, NOBODY)
    statement = (
        select(
            unit_id.label("id"),
            func.coalesce(func.max(OrganizationUnit.name), unit_id).label("name"),
            literal("").label("beside"),
            *_figures(late, bounds),
        )
        .outerjoin(held, held.c.username == late.c.assignee)
        .outerjoin(OrganizationUnit, OrganizationUnit.id == held.c.unit_id)
        .group_by(unit_id)
    )
    return _lines(session, statement)


def _figures(late: Subquery, bounds: _Bounds) -> list[ColumnElement[Any]]:
    few, many = bounds
    due_at = late.c.due_at
    return [
        func.sum(case((due_at >= few, 1), else_=0)).label("few"),
        func.sum(case((due_at >= few, 0), (due_at >= many, 1), else_=0)).label("more"),
        func.sum(case((due_at >= many, 0), else_=1)).label("most"),
        func.min(due_at).label("oldest"),
    ]


def _lines(session: Session, statement: AnySelect) -> tuple[LateLine, ...]:
    rows = session.execute(statement.order_by(func.count().desc(), "id").limit(SHOWN))
    return tuple(
        LateLine(row.id, row.name, row.beside, (row.few, row.more, row.most), row.oldest)
        for row in rows
    )
