"""How the lists of the inbox may be sorted, and what lies behind a row in each order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, null, tuple_
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
Columns: TypeAlias = tuple[Column, Column, Column]
"""Key, due date and end of a row."""


OrderBy: TypeAlias = Callable[..., Sequence[Column]]
"""Of the key and, where there are, due date and end of rows: what to order them by."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list that an index gives as it stands: its rows, in this order.

    With a due date and without are two: between them no comparison holds in SQL. Both are ordered
    by the date too, where there is none as well: PostgreSQL knows the index by it.
    """

    conditions: Sequence[ColumnElement[bool]]
    by: OrderBy


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

    def needed(self, key: Column, due_at: Column, ended_at: Column) -> Columns:
        """Return these columns, NULL for one that the order does not need.

        An index that has the others then suffices.
        """
        due = due_at if self.sort is Sort.DUE else null()
        return key, due, ended_at if self.box is Box.DONE else null()

    def stretches(
        self, values: Sequence[Value] | None, columns: Columns, *, undated: bool = True
    ) -> Sequence[Stretch]:
        """Return what lies behind the row with these sort values (None: all), one after another.

        Without `undated` what has no due date is left out.
        """
        key, due_at, ended_at = columns
        if self.sort is not Sort.DUE:
            beyond = [] if values is None else [self._beyond(values, key, ended_at)]
            return [Stretch(beyond, self.by)]
        first = [due_at.is_not(None)] if values is None else [tuple_(due_at, key) > tuple_(*values)]
        dated = [] if values and values[0] is None else [Stretch(first, _by_due)]
        if not undated:
            return dated
        further = [] if dated else [key > (values or [0])[-1]]
        return [*dated, Stretch([due_at.is_(None), *further], _by_due)]

    def _beyond(
        self, values: Sequence[Value], key: Column, ended_at: Column
    ) -> ColumnElement[bool]:
        if not self._by_moment:
            return key < values[0] if self.sort is Sort.NEWEST else key > values[0]
        row, edge = tuple_(ended_at, key), tuple_(*values)
        return row < edge if self.sort is Sort.NEWEST else row > edge


def _by_due(key: Column, due_at: Column, _ended_at: Column) -> Sequence[Column]:
    return (due_at, key)


def by_key(key: Column, *_: Column) -> Sequence[Column]:
    """Order rows by their key alone."""
    return (key,)


def order_of(box: Box, sort: Sort) -> Order:
    """Return the sorting of this list; raises SortUnknown."""
    if sort not in SORTS[box]:
        raise SortUnknown(sort=sort, known="、".join(SORTS[box]))
    return Order(f"{box}-{sort}", box, sort)
