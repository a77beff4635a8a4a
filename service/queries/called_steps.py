"""Open cases by tasks that lie in what they have called: at a step there, or late anywhere below.

A task leads to its case and to the callers above. Walked by the indexes of open tasks, lot by lot;
a case comes once, at the first of its tasks in the order of the list.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.queries import cursor
from service.queries.called_cases import called_under
from service.queries.selects import written
from service.store.authorization import granted
from service.store.tables import ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState

LEVELS = 5
"""So many callers above a task are looked at."""

_NEWEST, _LATEST = "open-cases-below", "open-cases-late-below"
_LOT = 100

Calls = Callable[[Session, int], Collection[str]]
"""Gives the ids of the processes that a version of a process calls, by the version's key."""

Edge = tuple[int, Any, int]
"""Key of a case, and the place of its task in the list: due date or called case, and task."""


def processes_below(
    session: Session, *, actor: Actor, process_id: str, calls: Calls
) -> tuple[str, ...]:
    """Return what a process calls, however deep, whose cases the actor may read, by id.

    The ten newest versions count of each. Two statements a level of calls.
    """
    found: set[str] = set()
    level = {process_id}
    while level:
        keys = _versions(session, level)
        called = {one for key in keys for one in calls(session, key)}
        level = called - found - {process_id}
        found |= level
    if not found:
        return ()
    may = _may_read(actor, ProcessDefinition.process_id)
    rows = select(ProcessDefinition.process_id).where(
        ProcessDefinition.process_id.in_(sorted(found)), may
    )
    return tuple(sorted(set(session.scalars(rows))))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the cases of `process_id`: a step of a process called, or what is late.

    `late_before` None: late or not. `element_id` empty: at whatever step, of the cases themselves
    too.
    """

    process_id: str
    below: Collection[str]
    element_id: str = ""
    late_before: datetime | None = None

    @property
    def order(self) -> str:
        """Names the list in its cursors."""
        return _NEWEST if self.late_before is None else _LATEST


def edges(
    session: Session, wanted: Wanted, *, actor: Actor, after: str | None, most: int
) -> list[Edge]:
    """Return the first cases with their places, `most` at most. Raises BadCursor.

    Those at a step by what was called last, those that are late the longest late first.
    """
    found: list[Edge] = []
    place = None if after is None else _place(wanted, after)
    while len(found) < most:
        lot = _lot(session, wanted, actor, place)
        first = _first_places(session, wanted, actor, {one[0] for one in lot})
        found += [one for one in lot if first.get(one[0]) == one[1:]]
        if len(lot) < _LOT:
            break
        place = lot[-1][1:]
    return found[:most]


def _lot(
    session: Session, wanted: Wanted, actor: Actor, behind: tuple[Any, int] | None
) -> list[Edge]:
    chain = [aliased(ProcessInstance) for _ in range(LEVELS + 1)]
    of_case = case(
        *(
            (
                and_(one.process_id == wanted.process_id, one.state == InstanceState.ACTIVE),
                one.key,
            )
            for one in chain
        )
    )
    place = _order(wanted)
    found = select(of_case.label("case"), *place).join(
        chain[0], chain[0].key == UserTask.instance_key
    )
    for below, above in itertools.pairwise(chain):
        found = found.outerjoin(above, above.key == below.parent_key)
    found = found.where(
        *_of(wanted, UserTask),
        # Most of what nobody has called is passed over without a look at callers.
        or_(chain[0].parent_key.is_not(None), chain[0].process_id == wanted.process_id),
        of_case.is_not(None),
        chain[0].suspended_at.is_(None) if wanted.late_before is not None else literal(value=True),
        _may_read(actor, UserTask.process_id),
        _may_read(actor, literal(wanted.process_id)),
    )
    return [(row[0], row[1], row[2]) for row in session.execute(_walked(found, wanted, behind))]


def _walked(found: Select[Any], wanted: Wanted, behind: tuple[Any, int] | None) -> Select[Any]:
    place = tuple_(*_order(wanted))
    if wanted.late_before is not None:
        if behind is not None:
            found = found.where(place > tuple_(*behind))
        return found.order_by(*_order(wanted)).limit(_LOT)
    if behind is not None:
        found = found.where(place < tuple_(*behind))
    return found.order_by(*(one.desc() for one in _order(wanted))).limit(_LOT)


def _first_places(
    session: Session, wanted: Wanted, actor: Actor, cases: Collection[int]
) -> Mapping[int, tuple[Any, int]]:
    """Return where each case comes: at the first of all its tasks that count, not of a lot's."""
    if not cases:
        return {}
    called = called_under(session, actor=actor, keys=sorted(cases))
    of_case = {one.key: key for key, its in called.items() for one in its}
    of_case |= {key: key for key in cases}
    rows = session.execute(
        select(UserTask.instance_key, *_order(wanted)).where(
            UserTask.instance_key.in_(sorted(of_case)), *_of(wanted, UserTask)
        )
    )
    places: dict[int, list[tuple[Any, int]]] = {}
    for row in rows:
        places.setdefault(of_case[row[0]], []).append((row[1], row[2]))
    best = max if wanted.late_before is None else min
    return {key: best(its) for key, its in places.items()}


def _of(wanted: Wanted, task: type[UserTask]) -> list[ColumnElement[bool]]:
    """Conditions on UserTask, in the words of its indexes of open tasks."""
    found = [task.state == written(TaskState.CREATED), task.process_id.in_(sorted(wanted.below))]
    if wanted.element_id:
        found.append(task.element_id == wanted.element_id)
    if wanted.late_before is not None:
        found.append(task.due_at < wanted.late_before)
    return found


def _order(wanted: Wanted) -> Sequence[Any]:
    first = UserTask.instance_key if wanted.late_before is None else UserTask.due_at
    return (first, UserTask.key)


def _place(wanted: Wanted, after: str) -> tuple[Any, int]:
    kind: type[int] | type[datetime] = int if wanted.late_before is None else datetime
    _case, first, key = cursor.read(after, wanted.order, (int, kind, int))
    if first is None or not isinstance(key, int):
        raise cursor.BadCursor
    return (first, key)


def _versions(session: Session, process_ids: Collection[str]) -> Iterator[int]:
    ranked = select(
        ProcessDefinition.key,
        func.row_number()
        .over(partition_by=ProcessDefinition.process_id, order_by=ProcessDefinition.version.desc())
        .label("rank"),
    ).where(ProcessDefinition.process_id.in_(sorted(process_ids)))
    its = ranked.subquery()
    yield from session.scalars(select(its.c.key).where(its.c.rank <= 10)).all()


def _may_read(actor: Actor, process_id: Any) -> ColumnElement[bool]:
    return granted(actor, ObjectKind.CASE, Action.READ, process_id)
