"""Variables as the API lists them; also how other searches filter by a variable's value."""

import json
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    exists,
    false,
    func,
    not_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from service.domain import strict_json
from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.strict_json import JsonUnreadable
from service.queries.filter_search import (
    TENANT,
    Column,
    Operand,
    Operator,
    Predicate,
    compare,
    flag,
)
from service.queries.keyset_search import Found, Search, SearchTable, run
from service.queries.selects import AnyRow
from service.store.authorization import readable_values, visible_tasks
from service.store.tables import ProcessInstance, UserTask, Variable

SHOWN = 8191
"""Characters of a value that a search shows unless it is asked for all."""

_TEXT = type_coerce(Variable.value, Text)


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable; `value` is JSON text, cut after SHOWN characters when `truncated`."""

    key: int
    name: str
    value: str
    truncated: bool
    scope_key: int
    instance_key: int


def search(
    session: Session, *, actor: Actor, search: Search, truncate: bool = True
) -> Found[VariableRow]:
    """Search the variables that the actor may read."""
    statement = _statement(truncate).where(readable_values(actor, throughout=True))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def search_of_task(
    session: Session,
    *,
    actor: Actor,
    task_key: int,
    search: Search,
    truncate: bool = True,
    effective: bool = False,
) -> Found[VariableRow]:
    """Search what a user task sees: its own scope and the instance's.

    `effective` leaves out what an inner scope covers. Raises NotFound for a task that the actor
    may not open.
    """
    task = select(UserTask.instance_key).where(UserTask.key == task_key, visible_tasks(actor))
    instance_key = session.execute(task).scalar_one_or_none()
    if instance_key is None:
        raise NotFound
    statement = _statement(truncate).where(
        Variable.instance_key == instance_key, Variable.scope_key.in_((task_key, instance_key))
    )
    if effective:
        inner = aliased(Variable)
        covered = exists().where(inner.scope_key == task_key, inner.name == Variable.name)
        statement = statement.where((Variable.scope_key == task_key) | ~covered)
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> VariableRow:
    """Return one variable with its whole value. Raises NotFound."""
    one = _statement(truncate=False).where(Variable.key == key, readable_values(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def has_variable(scope: Column, readable: ColumnElement[bool]) -> Predicate:
    """Compare a variable of the scope with this key, given as (name, operand).

    Only rows that `readable` lets through can match: nobody finds out a value by asking for it.
    """

    def predicate(operator: Operator, operand: Operand) -> ColumnElement[bool]:
        name, value = operand if isinstance(operand, tuple) else (operand, True)
        named = select(Variable.key).where(Variable.scope_key == scope, Variable.name == name)
        if operator is Operator.EXISTS:
            found = named.exists() if value else not_(named.exists())
        else:
            found = named.where(_as_stored(operator, value)).exists()
        return and_(readable, found)

    return predicate


def _as_stored(operator: Operator, operand: Operand) -> ColumnElement[bool]:
    if operator is Operator.LIKE:
        return compare(_TEXT)(operator, operand)
    if isinstance(operand, tuple):
        return compare(_TEXT)(operator, tuple(map(_canonical, operand)))
    return compare(_TEXT)(operator, _canonical(operand))


def _canonical(value: Operand) -> Operand:
    # The store writes JSON without spaces: {"a": 1} and {"a":1} are one value. A text that is no
    # JSON equals nothing, since every value is.
    try:
        said = strict_json.read(value.encode()) if isinstance(value, str) else value
    except JsonUnreadable:
        return value
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _statement(truncate: bool) -> Select[int, str, str, bool, int, int]:
    return select(
        Variable.key,
        Variable.name,
        (func.substr(_TEXT, 1, SHOWN) if truncate else _TEXT).label("value"),
        (_LONG if truncate else false()).label("truncated"),
        Variable.scope_key,
        Variable.instance_key,
    ).join(ProcessInstance, ProcessInstance.key == Variable.instance_key)


def _row(row: AnyRow) -> VariableRow:
    return VariableRow(
        key=row.key,
        name=row.name,
        value=row.value,
        truncated=bool(row.truncated),
        scope_key=row.scope_key,
        instance_key=row.instance_key,
    )


_LONG = func.length(_TEXT) > SHOWN

_TABLE = SearchTable(
    key=Variable.key,
    filters={
        "name": compare(Variable.name),
        "value": _as_stored,
        "isTruncated": flag(_LONG),
        "variableKey": compare(Variable.key),
        "scopeKey": compare(Variable.scope_key),
        "processInstanceKey": compare(Variable.instance_key),
        "tenantId": TENANT,
    },
    sorts={
        "variableKey": Variable.key,
        "name": Variable.name,
        "value": func.substr(_TEXT, 1, 100),
        "scopeKey": Variable.scope_key,
        "processInstanceKey": Variable.instance_key,
    },
)
