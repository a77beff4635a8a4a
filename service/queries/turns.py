"""Whose turn it is in a case: the open tasks of it and of what it has called."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.deputies import acting_name
from service.queries.called_cases import families, shown_in, title_for
from service.queries.groups import names_of
from service.queries.names import display_name
from service.queries.selects import AnyRow
from service.store.tables import Person, ProcessInstance, UserTask
from service.store.tables.tasks import TaskState

SHOWN_STEPS = 4
"""So many tasks of a case are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that a case waits at; `holder` is a display name, `groups` those who may claim it.

    `called_key` and `called_title`: the called case in which it lies; None and empty of its own.
    """

    name: str
    holder: str | None
    groups: tuple[str, ...]
    since: datetime
    due_at: datetime | None
    due_provisional: bool
    called_key: int | None = None
    called_title: str = ""


def turns_of(
    session: Session, *, actor: Actor, keys: Collection[int]
) -> dict[int, tuple[tuple[Turn, ...], int]]:
    """Return the first tasks of each of these visible cases, and how many there are beside.

    In the order they arose, with those of open cases that it has called, however deep, as far as
    the actor may see these. One statement, two with groups.
    """
    task, behalf = UserTask, aliased(Person)
    family = families(keys)
    ranked = (
        select(
            family.c.root,
            task.key,
            ProcessInstance.key.label("instance_key"),
            title_for(actor).label("title"),
            func.row_number().over(partition_by=family.c.root, order_by=task.key).label("rank"),
            func.count().over(partition_by=family.c.root).label("of"),
        )
        .join(ProcessInstance, ProcessInstance.key == family.c.key)
        .join(task, task.instance_key == family.c.key)
        .where(task.state == TaskState.CREATED, shown_in(family, actor))
        .subquery()
    )
    rows = session.execute(
        select(
            ranked.c.root,
            ranked.c.instance_key,
            ranked.c.title,
            ranked.c.of,
            task.name,
            case((task.assignee.is_not(None), display_name(task.assignee))).label("holder"),
            behalf.display_name.label("behalf"),
            task.candidate_groups,
            task.created_at,
            task.due_at,
            task.due_provisional,
        )
        .join(ranked, ranked.c.key == task.key)
        .outerjoin(Person, Person.username == task.assignee)
        .outerjoin(behalf, behalf.username == task.on_behalf_of)
        .where(ranked.c.rank <= SHOWN_STEPS)
        .order_by(task.key)
    ).all()
    names = names_of(session, {one for row in rows for one in row.candidate_groups})
    turns: dict[int, list[Turn]] = {key: [] for key in keys}
    total = dict.fromkeys(keys, 0)
    for row in rows:
        turns[row.root].append(_turn(row, names))
        total[row.root] = row.of
    return {key: (tuple(turns[key]), total[key] - len(turns[key])) for key in keys}


def _turn(row: AnyRow, names: dict[str, str]) -> Turn:
    called = row.instance_key != row.root
    return Turn(
        name=row.name,
        holder=row.holder and acting_name(row.holder, row.behalf),
        groups=tuple(names.get(one, one) for one in row.candidate_groups),
        since=row.created_at,
        due_at=row.due_at,
        due_provisional=row.due_provisional,
        called_key=row.instance_key if called else None,
        called_title=row.title if called else "",
    )
