"""How the lists of the inbox may be sorted, and what lies behind a row in each order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from service.domain.errors import Invalid
from service.queries.cursor import Value


class SortUnknown(Invalid):
    """这个列表不能按“{sort}”排序；可以用的有：{known}。"""

    code = "inbox.sort-unknown"


class Box(StrEnum):
    """The lists."""

    TODO = "todo"
    CLAIMABLE = "claimable"
    DONE = "done"
    STARTED = "started"
    ESCALATED = "escalated"
    """Tasks of others that are late and were brought before the person."""


class Sort(StrEnum):
    """By arrival (by completion in 已办), or by due date with the undated last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


SORTS = {
    Box.TODO: (Sort.NEWEST, Sort.OLDEST, Sort.DUE),
    Box.CLAIMABLE: (Sort.NEWEST, Sort.OLDEST, Sort.DUE),
    Box.DONE: (Sort.NEWEST, Sort.OLDEST),
    Box.STARTED: (Sort.NEWEST, Sort.OLDEST),
    Box.ESCALATED: (Sort.NEWEST, Sort.OLDEST, Sort.DUE),
}

Column: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Order:
    """A sorting of a list. `keyed` columns are the row's key alone, or a moment and the key."""

    name: str
    box: Box
    sort: Sort

    @property
    def types(self) -> tuple[type[int] | type[datetime], ...]:
        """Types of the sort values of a row, as the cursor carries them."""
        return (datetime, int) if self._by_moment else (int,)

    @property
    def _by_moment(self) -> bool:
        return self.sort is Sort.DUE or self.box is Box.DONE

    def values(self, key: int, due_at: datetime | None, ended_at: datetime | None) -> list[Value]:
        """Return the sort values of a row."""
        if not self._by_moment:
            return [key]
        return [due_at if self.sort is Sort.DUE else ended_at, key]

    def by(self, key: Column, due_at: Column, ended_at: Column) -> Sequence[Column]:
        """Return what to order a statement by."""
        if self.sort is Sort.DUE:
            return (due_at.asc().nulls_last(), key)
        columns = (ended_at, key) if self._by_moment else (key,)
        return [one.desc() if self.sort is Sort.NEWEST else one.asc() for one in columns]

    def beyond(
        self, values: Sequence[Value], key: Column, due_at: Column, ended_at: Column
    ) -> ColumnElement[bool]:
        """Condition: the row comes behind the one with these sort values."""
        if not self._by_moment:
            return key < values[0] if self.sort is Sort.NEWEST else key > values[0]
        moment, last = values
        if self.sort is not Sort.DUE:
            row, edge = tuple_(ended_at, key), tuple_(moment, last)
            return row < edge if self.sort is Sort.NEWEST else row > edge
        if moment is None:
            return and_(due_at.is_(None), key > last)
        return or_(due_at > moment, and_(due_at == moment, key > last), due_at.is_(None))


def order_of(box: Box, sort: Sort) -> Order:
    """Return the sorting of this list; raises SortUnknown."""
    if sort not in SORTS[box]:
        raise SortUnknown(sort=sort, known="、".join(SORTS[box]))
    return Order(f"{box}-{sort}", box, sort)
