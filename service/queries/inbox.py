"""The lists of a person: 待办, 待签收, 已办, 我发起的 and 逾期上报.

A list of tasks is read from the inbox entries of each holder the person is (themselves, a
candidate by name, each of their groups): every branch walks its own index as far as the page
needs, and the union keeps a task once that reaches the person by several ways.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.actors import Actor
from service.queries import cursor
from service.queries.case_state import STATE
from service.queries.inbox_entries import holdings, joined
from service.queries.inbox_order import Box, Order, Sort, order_of
from service.queries.names import display_name
from service.queries.selects import AnyRow, AnySelect
from service.store.deputized import principal_of
from service.store.tables import (
    InboxEntry,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import TaskState

T = TypeVar("T")


class CaseState(StrEnum):
    """What to filter by: how the case stands, or that the task is overdue."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What to show of a list. `q` is sought in title, step, procedure and who started it."""

    q: str = ""
    process_id: str = ""
    state: CaseState | None = None
    sort: Sort = Sort.NEWEST

    @property
    def needs_case(self) -> bool:
        """Whether an entry's own columns do not suffice."""
        return bool(self.q) or self.state not in {None, CaseState.OVERDUE}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A task, or in 我发起的 a case: then `task_key` is None and `steps` are those it waits at."""

    task_key: int | None
    instance_key: int
    process_id: str
    process_name: str
    title: str
    steps: tuple[str, ...]
    started_by: str
    state: str
    """Of the case."""
    arrived_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    principal: str | None = None
    """Display name of whom the actor stands in for, where it is not their own."""
    due_provisional: bool = False
    """The due date rests on a year whose holidays are not announced yet."""
    escalated_at: datetime | None = None
    urged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where the next page begins (None: it is the last)."""

    rows: tuple[T, ...]
    next: str | None


def page(
    session: Session,
    *,
    actor: Actor,
    box: Box,
    wanted: InboxFilter,
    now: datetime,
    after: str | None = None,
    limit: int = 20,
) -> Page[InboxRow]:
    """Return a page of a list; one statement, two for 我发起的. Raises BadCursor, SortUnknown."""
    order = order_of(box, wanted.sort)
    behind = cursor.read(after, order.name, order.types) if after else None
    if box is Box.STARTED:
        rows = _started(session, actor, wanted, order, behind, limit + 1, now)
    else:
        rows = _tasks(session, actor, wanted, order, behind, limit + 1, now)
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    last = rows[limit - 1]
    key = last.instance_key if last.task_key is None else last.task_key
    return Page(
        tuple(rows[:limit]),
        cursor.write(order.name, order.values(key, last.due_at, last.ended_at)),
    )


def _tasks(
    session: Session,
    actor: Actor,
    wanted: InboxFilter,
    order: Order,
    behind: list[cursor.Value] | None,
    limit: int,
    now: datetime,
) -> list[InboxRow]:
    entry = InboxEntry
    columns = (entry.task_key.expression, entry.due_at.expression, entry.ended_at.expression)
    branches = []
    for held in holdings(actor, order.box):
        branch = _filtered(select(*columns).where(held), wanted, now)
        if behind is not None:
            branch = branch.where(order.beyond(behind, *columns))
        branches.append(branch.order_by(*order.by(*columns)).limit(limit))
    found = joined(branches)
    keys = (found.c.task_key, found.c.due_at, found.c.ended_at)
    statement = (
        select(
            *keys,
            UserTask.name.label("step"),
            UserTask.created_at,
            UserTask.due_provisional,
            UserTask.escalated_at,
            UserTask.urged_at,
            principal_of(actor, found.c.task_key).label("principal"),
            *_CASE,
        )
        .join(UserTask, UserTask.key == found.c.task_key)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(Person, Person.username == ProcessInstance.started_by)
    )
    rows = session.execute(statement.order_by(*order.by(*keys)).limit(limit))
    names = {one.username: one.display_name for one in actor.principals}
    return [
        replace(
            _row(row, task_key=row.task_key, steps=(row.step,), arrived_at=row.created_at),
            principal=names.get(row.principal),
            due_provisional=row.due_provisional,
            escalated_at=row.escalated_at,
            urged_at=row.urged_at,
        )
        for row in rows
    ]


def _filtered(statement: AnySelect, wanted: InboxFilter, now: datetime) -> AnySelect:
    """Keep the entries that are wanted; joins other tables only where a filter needs them."""
    if wanted.process_id:
        statement = statement.where(InboxEntry.process_id == wanted.process_id)
    if wanted.state is CaseState.OVERDUE:
        statement = statement.where(InboxEntry.due_at < now)
    if not wanted.needs_case:
        return statement
    statement = statement.join(UserTask, UserTask.key == InboxEntry.task_key).join(
        ProcessInstance, ProcessInstance.key == InboxEntry.instance_key
    )
    return _of_case(statement, wanted, UserTask.name)


def _of_case(
    statement: AnySelect, wanted: InboxFilter, *further: InstrumentedAttribute[str]
) -> AnySelect:
    """Keep what is wanted of the case's own columns, and what mentions the text sought."""
    if wanted.state not in {None, CaseState.OVERDUE}:
        statement = statement.where(STATE.in_([wanted.state]))
    if not wanted.q:
        return statement

    def mentions(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        return column.icontains(wanted.q, autoescape=True)

    # Procedures and people are few: sought once, not beside each of the entries.
    definitions = select(ProcessDefinition.key).where(mentions(ProcessDefinition.name))
    people = select(Person.username).where(mentions(Person.display_name))
    return statement.where(
        or_(
            *map(mentions, (ProcessInstance.title, *further)),
            ProcessInstance.definition_key.in_(definitions),
            ProcessInstance.started_by.in_(people),
        )
    )


def _started(
    session: Session,
    actor: Actor,
    wanted: InboxFilter,
    order: Order,
    behind: list[cursor.Value] | None,
    limit: int,
    now: datetime,
) -> list[InboxRow]:
    instance = ProcessInstance
    columns = (instance.key, instance.key, instance.ended_at)
    statement = (
        select(*_CASE, instance.started_at, instance.ended_at, null().label("due_at"))
        .join(ProcessDefinition, ProcessDefinition.key == instance.definition_key)
        .outerjoin(Person, Person.username == instance.started_by)
        .where(instance.started_by == actor.username, instance.parent_key.is_(None))
    )
    if wanted.process_id:
        statement = statement.where(instance.process_id == wanted.process_id)
    if wanted.state is CaseState.OVERDUE:
        late = select(UserTask.key).where(
            UserTask.instance_key == instance.key,
            UserTask.state == TaskState.CREATED,
            UserTask.due_at < now,
        )
        statement = statement.where(late.exists())
    if behind is not None:
        statement = statement.where(order.beyond(behind, *columns))
    statement = _of_case(statement, wanted).order_by(*order.by(*columns)).limit(limit)
    rows = session.execute(statement).all()
    steps = _open_steps(session, [row.instance_key for row in rows])
    return [
        _row(row, task_key=None, steps=steps[row.instance_key], arrived_at=row.started_at)
        for row in rows
    ]


def _open_steps(session: Session, instance_keys: list[int]) -> dict[int, tuple[str, ...]]:
    """Name the tasks that each of these cases waits at, in the order they arose."""
    rows = session.execute(
        select(UserTask.instance_key, UserTask.name)
        .where(UserTask.instance_key.in_(instance_keys), UserTask.state == TaskState.CREATED)
        .order_by(UserTask.key)
    )
    steps: dict[int, tuple[str, ...]] = dict.fromkeys(instance_keys, ())
    for instance_key, name in rows:
        steps[instance_key] = (*steps[instance_key], name)
    return steps


_CASE = (
    ProcessInstance.key.label("instance_key"),
    ProcessInstance.process_id,
    ProcessInstance.title,
    STATE.label("state"),
    ProcessDefinition.name.label("process_name"),
    display_name(ProcessInstance.started_by).label("started_by"),
)


def _row(
    row: AnyRow, *, task_key: int | None, steps: tuple[str, ...], arrived_at: datetime
) -> InboxRow:
    return InboxRow(
        task_key=task_key,
        instance_key=row.instance_key,
        process_id=row.process_id,
        process_name=row.process_name,
        title=row.title,
        steps=steps,
        started_by=row.started_by,
        state=row.state,
        arrived_at=arrived_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
    )
