"""Conditions: how a search filters rows, in SQL.

A filter is a name in a fixed table of predicates; a name outside of it never becomes SQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    String,
    false,
    literal,
    not_,
    or_,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

Comparable: TypeAlias = str | int | bool | datetime
Operand: TypeAlias = "Comparable | tuple[Operand, ...]"
Column: TypeAlias = "ColumnElement[Any] | InstrumentedAttribute[Any]"


class Operator(StrEnum):
    """How a field is compared, in the spelling of the Camunda 8 API."""

    EQ = "$eq"
    NEQ = "$neq"
    EXISTS = "$exists"
    IN = "$in"
    NOT_IN = "$notIn"
    LIKE = "$like"
    GT = "$gt"
    GTE = "$gte"
    LT = "$lt"
    LTE = "$lte"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; IN and NOT_IN take a tuple, EXISTS a truth value."""

    field: str
    operator: Operator
    operand: Operand


Predicate: TypeAlias = Callable[[Operator, Operand], ColumnElement[bool]]


def compare(column: Column) -> Predicate:
    """Compare a column by each operator; a NULL is unequal to everything."""
    column = expression_of(column)

    def predicate(operator: Operator, operand: Operand) -> ColumnElement[bool]:
        return _COMPARISONS[operator](column, operand)

    return predicate


def flag(condition: ColumnElement[bool]) -> Predicate:
    """Ask whether a condition holds: `$eq` with a truth value is all it knows."""

    def predicate(operator: Operator, operand: Operand) -> ColumnElement[bool]:
        return condition if operand else not_(condition)

    return predicate


def related(
    column: Column, exists: Callable[[ColumnElement[bool]], ColumnElement[bool]]
) -> Predicate:
    """Compare the many values a row has elsewhere; `exists` asks for one that meets a condition.

    The negations ask that none does: `$neq` finds the rows that do not have this value at all.
    """

    def predicate(operator: Operator, operand: Operand) -> ColumnElement[bool]:
        if operator is Operator.EXISTS:
            return exists(true()) if operand else not_(exists(true()))
        if opposite := _OPPOSITES.get(operator):
            return not_(exists(compare(column)(opposite, operand)))
        return exists(compare(column)(operator, operand))

    return predicate


def expression_of(column: Column) -> ColumnElement[Any]:
    """Return the column as an expression."""
    return column.expression if isinstance(column, InstrumentedAttribute) else column


def _like(column: ColumnElement[Any], operand: Operand) -> ColumnElement[bool]:
    # ILIKE on both databases: SQLite's LIKE knows no case anyway.
    pattern, escaped = [], False
    for letter in str(operand):
        if escaped or letter not in "\\*?":
            pattern.append("\\" + letter if letter in "\\%_" else letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            pattern.append("%" if letter == "*" else "_")
    return column.ilike("".join(pattern), escape="\\")


_OPPOSITES = {Operator.NEQ: Operator.EQ, Operator.NOT_IN: Operator.IN}

_COMPARISONS: Mapping[Operator, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    Operator.EQ: lambda column, value: column == value,
    Operator.NEQ: lambda column, value: column.is_distinct_from(value),
    Operator.EXISTS: lambda column, value: column.is_not(None) if value else column.is_(None),
    Operator.IN: lambda column, values: column.in_(values),
    Operator.NOT_IN: lambda column, values: or_(column.not_in(values), column.is_(None)),
    Operator.LIKE: _like,
    Operator.GT: lambda column, value: column > value,
    Operator.GTE: lambda column, value: column >= value,
    Operator.LT: lambda column, value: column < value,
    Operator.LTE: lambda column, value: column <= value,
}

TENANT: Predicate = compare(literal("<default>", String()))
"""There is one tenant, the same in every row."""


def _absent(operator: Operator, operand: Operand) -> ColumnElement[bool]:
    holds = operator in _OPPOSITES or (operator is Operator.EXISTS and not operand)
    return true() if holds else false()


NOTHING: Predicate = _absent
"""What no row has, like a parent instance."""
