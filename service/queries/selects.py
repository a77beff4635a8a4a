"""What statements are made of: types of those that have any columns, counts that end somewhere."""

from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Text, func, literal_column, select

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

MOST_COUNTED = 999
"""A count that people read stops one above; the page then says 999+."""


def written(word: StrEnum) -> ColumnElement[str]:
    """A word written out in the statement: a database must know for certain which index serves."""
    return literal_column(f"'{word}'", Text)


def count_of(keys: AnySelect, at_most: int = MOST_COUNTED + 1) -> ScalarSelect[int]:
    """Count the rows of a statement, reading no more of them than are counted."""
    return select(func.count()).select_from(keys.limit(at_most).subquery()).scalar_subquery()
