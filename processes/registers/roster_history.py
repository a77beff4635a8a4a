"""The history of a whole roster, read row by row for a workbook."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from processes.registers.editing import require
from processes.registers.fields import FieldKind
from processes.registers.roster import RegisterChange, Roster
from processes.registers.roster_search import AnySelect
from processes.registers.scope import reaching
from processes.registers.told_acts import Period, ToldAct, act_of, lines_of
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.procedure import people_names, unit_names

_AT_ONCE = 500
"""Rows that are held at a time."""


def acts(session: Session, roster: Roster, *, actor: Actor, period: Period) -> Iterator[ToldAct]:
    """Give every act on the entries that the actor may export, the oldest first.

    Raises EntryNotFound for who may not read the roster, Forbidden for who may not export.
    """
    require(session, actor, roster, Action.EXPORT)
    return _acts(session, roster, actor, period)


def _acts(session: Session, roster: Roster, actor: Actor, period: Period) -> Iterator[ToldAct]:
    table, change = roster.table, RegisterChange
    identity = getattr(table, roster.identity)
    kind = roster.field(roster.identity).kind
    name: ColumnElement[str] = literal("")
    statement: AnySelect = select(change, identity).join(table, table.key == change.entry_key)
    if kind is FieldKind.PERSON:
        people = people_names()
        name = people.c.display_name
        statement = statement.outerjoin(people, people.c.username == identity)
    elif kind is FieldKind.UNIT:
        units = unit_names()
        name = units.c.name
        statement = statement.outerjoin(units, units.c.id == identity)
    statement = statement.where(
        change.register == roster.id,
        reaching(actor, roster, Action.READ),
        reaching(actor, roster, Action.EXPORT),
    )
    if period.begins is not None:
        statement = statement.where(change.at >= period.begins)
    if period.ends is not None:
        statement = statement.where(change.at < period.ends)
    order = (change.at, change.entry_key, change.revision)
    statement = statement.add_columns(name).order_by(*order).limit(_AT_ONCE)
    for row in _in_lots(session, statement, order):
        told: RegisterChange = row[0]
        yield ToldAct(
            entry=str(row[1]),
            name=row[2] or "",
            number=told.revision,
            at=told.at,
            act=act_of(told),
            by=told.by,
            by_name=told.by_name,
            lines=lines_of(roster, told),
            reason=told.reason,
            rules=told.rules,
            instance_key=told.instance_key,
            digest=told.digest,
        )


def _in_lots(
    session: Session, statement: AnySelect, order: Sequence[InstrumentedAttribute[Any]]
) -> Iterator[Any]:
    """Give the rows lot by lot: a session that only reads keeps no cursor open in between."""
    lot = session.execute(statement).all()
    while lot:
        yield from lot
        last = [literal(getattr(lot[-1][0], one.key), one.type) for one in order]
        lot = session.execute(statement.where(tuple_(*order) > tuple_(*last))).all()
