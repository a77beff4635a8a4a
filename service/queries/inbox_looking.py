"""Looking for what no index of the inbox has: among so many rows of a list at a time.

The rows come from the index in the order of the list, and each is looked at by its key: what a
search costs is bounded whatever plan a database makes. It stops when the page is full, or when it
has looked at many; it can be taken up there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from service.queries.cursor import Value
from service.queries.inbox_entries import Asked, Behind, branches, merged, stretches
from service.queries.inbox_order import Box
from service.queries.selects import AnyRow
from service.store.tables import ProcessInstance, UserTask

FIRST, LOOKED_AT = 1_000, 10_000
"""A search looks at so many rows of a list first, and at so many in all before it stops."""


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of tasks (in 我发起的: of cases) as wanted, in the order of the list.

    Where the search stopped before it was done: among how many rows, and the sort values of the
    last of them.
    """

    keys: list[int] = field(default_factory=list)
    looked_at: int | None = None
    edge: Sequence[Value] | None = None


def look(session: Session, asked: Asked, behind: Behind, most: int) -> Found:
    """Find the first so many rows that are as wanted.

    A statement or two for the next rows of the list, one more for each thousand of them.
    """
    found = Found()
    for count in (FIRST, LOOKED_AT - FIRST):
        rows = _next(session, asked, behind, count)
        # One that comes in several ways comes several times, in the order of the list.
        keys = list(dict.fromkeys(row.key for row in rows))
        for start in range(0, len(keys), FIRST):
            found.keys.extend(_wanted(session, asked, keys[start : start + FIRST]))
            if len(found.keys) >= most:
                return Found(found.keys[:most])
        if len(rows) < count:
            return found
        behind = asked.order.values(*rows[-1])
    return Found(found.keys, LOOKED_AT, behind)


def _next(session: Session, asked: Asked, behind: Behind, count: int) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for stretch in stretches(asked, behind):
        parts = [branch.where(*stretch.conditions) for branch in branches(asked)]
        rows += session.execute(merged(session, parts, stretch.by, count - len(rows)))
        if len(rows) == count:
            break
    return rows


def _wanted(session: Session, asked: Asked, keys: Sequence[int]) -> list[int]:
    """Return those of the keys that are as wanted, in the same order."""
    wanted = asked.wanted.of_cases(asked.box, asked.now)
    if asked.box is Box.STARTED:
        statement = select(ProcessInstance.key).where(ProcessInstance.key.in_(keys), *wanted)
    else:
        # Not a join: a planner might read all cases for it.
        its_case = ProcessInstance.key == UserTask.instance_key
        as_wanted = select(literal(1)).where(its_case, *wanted).correlate(UserTask)
        statement = select(UserTask.key).where(
            UserTask.key.in_(keys), as_wanted.scalar_subquery().is_not(None)
        )
    found = set(session.scalars(statement))
    return [key for key in keys if key in found]
