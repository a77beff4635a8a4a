"""Whose turn it is in a case: the open tasks of it and of what it has called."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.deputies import acting_name
from service.queries.called_cases import CalledCase, CalledCases
from service.queries.groups import names_of
from service.queries.names import display_name
from service.queries.selects import AnyRow
from service.store.tables import Person, UserTask
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
    session: Session, *, keys: Collection[int], called: CalledCases
) -> dict[int, tuple[tuple[Turn, ...], int]]:
    """Return the first tasks of each of these visible cases, and how many there are beside.

    In the order they arose, with those of the cases `called` under it. One statement, two with
    groups.
    """
    places = {key: (key, CalledCase(key, "")) for key in keys}
    places |= {one.key: (root, one) for root, its in called.items() for one in its}
    rows = _first_tasks(session, places)
    names = names_of(session, {one for row in rows for one in row.candidate_groups})
    turns: dict[int, list[Turn]] = {key: [] for key in keys}
    total: dict[int, dict[int, int]] = {key: {} for key in keys}
    for row in rows:
        root, place = places[row.instance_key]
        turns[root].append(_turn(row, names, place if place.key != root else None))
        total[root][place.key] = row.of
    return {
        key: (tuple(its[:SHOWN_STEPS]), sum(total[key].values()) - len(its[:SHOWN_STEPS]))
        for key, its in turns.items()
    }


def _first_tasks(session: Session, keys: Collection[int]) -> Sequence[AnyRow]:
    """The first tasks of each of these cases, all by key."""
    task, behalf = UserTask, aliased(Person)
    ranked = (
        select(
            task.key,
            func.row_number().over(partition_by=task.instance_key, order_by=task.key).label("rank"),
            func.count().over(partition_by=task.instance_key).label("of"),
        )
        .where(task.instance_key.in_(sorted(keys)), task.state == TaskState.CREATED)
        .subquery()
    )
    return session.execute(
        select(
            task.instance_key,
            task.name,
            case((task.assignee.is_not(None), display_name(task.assignee))).label("holder"),
            behalf.display_name.label("behalf"),
            task.candidate_groups,
            task.created_at,
            task.due_at,
            task.due_provisional,
            ranked.c.of,
        )
        .join(ranked, ranked.c.key == task.key)
        .outerjoin(Person, Person.username == task.assignee)
        .outerjoin(behalf, behalf.username == task.on_behalf_of)
        .where(ranked.c.rank <= SHOWN_STEPS)
        .order_by(task.key)
    ).all()


def _turn(row: AnyRow, names: dict[str, str], called: CalledCase | None) -> Turn:
    return Turn(
        name=row.name,
        holder=row.holder and acting_name(row.holder, row.behalf),
        groups=tuple(names.get(one, one) for one in row.candidate_groups),
        since=row.created_at,
        due_at=row.due_at,
        due_provisional=row.due_provisional,
        called_key=called.key if called else None,
        called_title=called.title if called else "",
    )
