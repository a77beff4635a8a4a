"""Searches over one table: conditions, orders and pages by keyset, all in SQL.

What a search may filter and sort by is a fixed table of fields; a name outside of it never
becomes SQL. The scope (who may see what) is in the statement that the caller gives.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    UnaryExpression,
    and_,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from service.domain.errors import Invalid
from service.domain.strict_json import is_readable
from service.queries.filter_search import Column, Condition, Predicate, expression_of
from service.queries.selects import AnyRow, AnySelect
from service.store.base import UtcDateTime

COUNTED = 10_000
"""Matches are counted up to here; beyond it a page says that there are more."""

_CURSOR_TEXT = 200

T = TypeVar("T")


class CursorInvalid(Invalid):
    """翻页位置无效：它要和取得它的那次查询用同样的排序。请从第一页重新查询。"""

    code: ClassVar[str] = "cursor-invalid"


class SortUnknown(Invalid):
    """不能按“{field}”排序；可以用的有：{known}。"""

    code: ClassVar[str] = "sort-unknown"


class FilterUnknown(Invalid):
    """不能按“{field}”筛选；可以用的有：{known}。"""

    code: ClassVar[str] = "filter-unknown"


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by this field; what has no value comes last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What to find (all conditions, and one group of `any_of` if there is any) and which page."""

    conditions: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()
    order: tuple[Order, ...] = ()
    limit: int = 100
    offset: int = 0
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One page; `total` stops at COUNTED, `more` says that it did. Empty cursors: no items."""

    items: tuple[T, ...]
    total: int
    more: bool
    start_cursor: str = ""
    end_cursor: str = ""


@dataclass(frozen=True, slots=True)
class SearchTable:
    """What a search may use: predicates to filter by name, columns to sort by name, the key."""

    key: Column
    filters: Mapping[str, Predicate]
    sorts: Mapping[str, Column]


def brief(text: Column) -> ColumnElement[str]:
    """Sort by the beginning of a text: a cursor holds it, and a name may be very long."""
    return func.substr(text, 1, _CURSOR_TEXT, type_=Text)


def run(
    session: Session,
    statement: AnySelect,
    *,
    table: SearchTable,
    search: Search,
    make: Callable[[AnyRow], T],
) -> Found[T]:
    """Search within the statement's scope; two statements: the page and the count.

    Raises FilterUnknown, SortUnknown, CursorInvalid.
    """
    matching = statement.where(*conditions_of(table.filters, search))
    total = _count(session, matching)
    keys = _sort_keys(table, search.order)
    backward = bool(search.before)
    page = matching.add_columns(*(key.column.label(f"_k{at}") for at, key in enumerate(keys)))
    if cursor := search.before or search.after:
        page = page.where(_beyond(keys, _values(cursor, keys), backward=backward))
    page = page.order_by(*(key.ordered(backward=backward) for key in keys))
    rows = session.execute(page.limit(search.limit).offset(search.offset or None)).all()
    if backward:
        rows = rows[::-1]
    return Found(
        items=tuple(map(make, rows)),
        total=min(total, COUNTED),
        more=total > COUNTED,
        start_cursor=_cursor(rows[0], keys) if rows else "",
        end_cursor=_cursor(rows[-1], keys) if rows else "",
    )


@dataclass(frozen=True, slots=True)
class _SortKey:
    name: str
    column: ColumnElement[Any]
    descending: bool

    def ordered(self, *, backward: bool) -> UnaryExpression[Any]:
        column = self.column.desc() if self.descending is not backward else self.column.asc()
        if not self._nullable:  # said of a column that is never NULL, it would hide the index
            return column
        return column.nulls_first() if backward else column.nulls_last()

    def same(self, value: Any) -> ColumnElement[bool]:
        return self.column.is_not_distinct_from(self._bound(value))

    def beyond(self, value: Any, *, backward: bool) -> ColumnElement[bool]:
        # Without a value is last in both orders, so nothing lies behind it and all before it.
        if value is None:
            return self.column.is_not(None) if backward else false()
        bound = self._bound(value)
        further = self.column < bound if self.descending is not backward else self.column > bound
        if backward or not self._nullable:
            return further
        return or_(further, self.column.is_(None))

    @property
    def _nullable(self) -> bool:
        return bool(getattr(self.column, "nullable", True))

    def _bound(self, value: Any) -> ColumnElement[Any]:
        return null() if value is None else literal(value, self.column.type)


def conditions_of(filters: Mapping[str, Predicate], search: Search) -> list[ColumnElement[bool]]:
    """Return what a search asks of a row. Raises FilterUnknown."""
    where = [_predicate(filters, condition) for condition in search.conditions]
    if search.any_of:
        groups = (
            and_(true(), *(_predicate(filters, one) for one in group)) for group in search.any_of
        )
        where.append(or_(false(), *groups))
    return where


def _predicate(filters: Mapping[str, Predicate], condition: Condition) -> ColumnElement[bool]:
    if (predicate := filters.get(condition.field)) is None:
        raise FilterUnknown(field=condition.field, known="、".join(filters))
    return predicate(condition.operator, condition.operand)


def _count(session: Session, matching: AnySelect) -> int:
    inner: AnySelect = matching.with_only_columns(literal_column("1"), maintain_column_froms=True)
    counted = select(func.count()).select_from(inner.limit(COUNTED + 1).subquery())
    return session.execute(counted).scalar_one()


def _sort_keys(table: SearchTable, order: Sequence[Order]) -> list[_SortKey]:
    keys = []
    for one in order:
        if (column := table.sorts.get(one.field)) is None:
            raise SortUnknown(field=one.field, known="、".join(table.sorts))
        keys.append(_SortKey(one.field, expression_of(column), one.descending))
    last = keys[-1].descending if keys else False
    return [*keys, _SortKey("", expression_of(table.key), last)]


def _beyond(
    keys: Sequence[_SortKey], values: Sequence[Any], *, backward: bool
) -> ColumnElement[bool]:
    same: list[ColumnElement[bool]] = []
    alternatives = []
    for key, value in zip(keys, values, strict=True):
        alternatives.append(and_(*same, key.beyond(value, backward=backward)))
        same.append(key.same(value))
    return or_(*alternatives)


def _signature(keys: Sequence[_SortKey]) -> str:
    return ",".join(f"{'-' if key.descending else ''}{key.name}" for key in keys)


def _cursor(row: AnyRow, keys: Sequence[_SortKey]) -> str:
    values = [row._mapping[f"_k{at}"] for at in range(len(keys))]
    said = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps([_signature(keys), *said], ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode("ascii")


def _values(cursor: str, keys: Sequence[_SortKey]) -> list[Any]:
    try:
        signature, *values = json.loads(base64.b64decode(cursor, validate=True))
        if signature != _signature(keys) or len(values) != len(keys):
            raise CursorInvalid
        return [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (binascii.Error, OverflowError, TypeError, ValueError, RecursionError):
        raise CursorInvalid from None


def _typed(value: Any, key: _SortKey) -> Any:
    if value is None:
        return None
    if isinstance(key.column.type, UtcDateTime):
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    kind = key.column.type.python_type
    # A truth value is an int to Python and none to PostgreSQL.
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise CursorInvalid
    if (kind is int and not _fits(value, key)) or (kind is str and not is_readable(value)):
        raise CursorInvalid
    return value


def _fits(number: int, key: _SortKey) -> bool:
    """Whether PostgreSQL takes the number as one of this column's type."""
    bits = 63 if isinstance(key.column.type, BigInteger) else 31
    return -(1 << bits) <= number < 1 << bits
