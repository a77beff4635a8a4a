"""The lists of a person: 待办, 待签收, 已办, 我发起的 and 逾期上报.

A list of tasks is read from the inbox entries of each holder the person is (themselves, a
candidate by name, each of their groups): every branch walks its own index as far as the page
needs, and the union keeps a task once that reaches the person by several ways. What no index
answers, as a text within a title, is looked for among so many rows of the list at a time; a search
that has looked at many stops, says so and can be taken up there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Subquery, null, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.queries import cursor
from service.queries.case_state import STATE
from service.queries.inbox_entries import Asked, Behind, branches, joined, stretches
from service.queries.inbox_filter import InboxFilter
from service.queries.inbox_looking import look
from service.queries.inbox_order import Box, Order, order_of
from service.queries.names import display_name
from service.queries.selects import AnyRow, AnySelect
from service.store.deputized import principal_of
from service.store.tables import (
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import TaskState

T = TypeVar("T")


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
    looked_at: int | None = None
    """Among how many rows the search looked before it stopped; None: the page is full, or the
    list is at its end."""


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
    """Return a page of a list; one statement, two for 我发起的, more for a search.

    Raises BadCursor, SortUnknown.
    """
    order = order_of(box, wanted.sort)
    behind = cursor.read(after, order.name, order.types) if after else None
    asked = Asked(actor, order, wanted, now)
    if not wanted.looks_through(box):
        rows = _rows(session, asked, _first(asked, behind, limit + 1), limit + 1)
        return _page(rows, order, limit)
    found = look(session, asked, behind, limit + 1)
    page = _page(_rows(session, asked, _named(asked, found.keys), limit + 1), order, limit)
    if found.edge is None:
        return page
    return Page(page.rows, cursor.write(order.name, found.edge), found.looked_at)


def _page(rows: list[InboxRow], order: Order, limit: int) -> Page[InboxRow]:
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    last = rows[limit - 1]
    key = last.instance_key if last.task_key is None else last.task_key
    values = order.values(key, last.due_at, last.ended_at)
    return Page(tuple(rows[:limit]), cursor.write(order.name, values))


def _first(asked: Asked, behind: Behind, most: int) -> Subquery:
    """Return key, due date and end of the first rows of a list, at least `most` if there are."""
    return joined(
        [
            branch.where(*stretch.conditions).order_by(*stretch.by(*asked.columns)).limit(most)
            for stretch in stretches(asked, behind)
            for branch in branches(asked)
        ]
    )


def _named(asked: Asked, keys: Sequence[int]) -> Subquery:
    """Return the same of these tasks, or cases."""
    task, instance = UserTask, ProcessInstance
    if asked.box is Box.STARTED:
        columns = select(instance.key, null().label("due_at"), instance.ended_at)
        return columns.where(instance.key.in_(keys)).subquery()
    return select(task.key, task.due_at, task.ended_at).where(task.key.in_(keys)).subquery()


def _rows(session: Session, asked: Asked, found: Subquery, limit: int) -> list[InboxRow]:
    read = _cases if asked.box is Box.STARTED else _tasks
    statement = select(*found.c).order_by(*asked.order.by(*found.c)).limit(limit)
    return read(session, asked.actor, found, statement)


def _tasks(session: Session, actor: Actor, found: Subquery, statement: AnySelect) -> list[InboxRow]:
    rows = session.execute(
        statement.add_columns(
            UserTask.name.label("step"),
            UserTask.created_at,
            UserTask.due_at.label("task_due_at"),
            UserTask.due_provisional,
            UserTask.escalated_at,
            UserTask.urged_at,
            principal_of(actor, found.c.key).label("principal"),
            *_CASE,
        )
        .join(UserTask, UserTask.key == found.c.key)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(Person, Person.username == ProcessInstance.started_by)
    )
    names = {one.username: one.display_name for one in actor.principals}
    return [
        replace(
            _row(row, task_key=row.key, steps=(row.step,), arrived_at=row.created_at),
            principal=names.get(row.principal),
            due_at=row.task_due_at,
            due_provisional=row.due_provisional,
            escalated_at=row.escalated_at,
            urged_at=row.urged_at,
        )
        for row in rows
    ]


def _cases(
    session: Session, _actor: Actor, found: Subquery, statement: AnySelect
) -> list[InboxRow]:
    rows = session.execute(
        statement.add_columns(ProcessInstance.started_at, *_CASE)
        .join(ProcessInstance, ProcessInstance.key == found.c.key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(Person, Person.username == ProcessInstance.started_by)
    ).all()
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
