"""What is read from a roster: scoped, filtered and paged in SQL.

Who is in an open roster sees their own entry; everybody else needs the right to read it. Who may
not see an entry is told that it does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from processes.registers.entries import EntryNotFound
from processes.registers.fields import Field, FieldKind
from processes.registers.names import names_of
from processes.registers.roster import AnyEntry, Roster
from processes.registers.scope import may, reaching
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.procedure import people_names, read_cursor, unit_names, write_cursor

PAGE_SIZE = 20
MOST_EXPORTED = 10_000
_UNSORTED = "\uffff"

AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means all in force."""

    text: str = ""
    ended: bool = False
    narrowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries in order, the names of people and units in them, and the cursor of the page after."""

    rows: Sequence[AnyEntry]
    names: Mapping[str, str]
    next: str | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody may do with a roster."""

    read: bool
    act: bool
    export: bool


def allowed(session: Session, actor: Actor, roster: Roster, *, unit: str | None = None) -> Allowed:
    """Return what the actor may do with some entry, or with those of a unit; one statement."""
    of_unit = None if unit is None else literal(unit)
    rights = [
        may(actor, roster, one) if of_unit is None else reaching(actor, roster, one, of_unit)
        for one in (Action.READ, Action.ACT, Action.EXPORT)
    ]
    reads, acts, exports = tuple(session.execute(select(*rights)).one())
    return Allowed(bool(reads), bool(reads and acts), bool(reads and exports))


def search(
    session: Session,
    roster: Roster,
    *,
    actor: Actor,
    filters: Filters,
    after: str | None,
    limit: int = PAGE_SIZE,
) -> EntryPage:
    """Return one page of what the actor may see, by name or code. Raises BadCursor."""
    statement, order = _statement(roster, actor, filters)
    if after:
        place = read_cursor(after, f"roster-{roster.id}", (str, int))
        statement = statement.where(tuple_(*order) > tuple_(*map(literal, place)))
    found = session.execute(
        statement.add_columns(order[0].label("sorted_by")).order_by(*order).limit(limit + 1)
    ).all()
    rows = [row[0] for row in found[:limit]]
    cursor = None
    if len(found) > limit:
        last = found[limit - 1]
        cursor = write_cursor(f"roster-{roster.id}", [last.sorted_by, last[0].key])
    return EntryPage(rows, names_in(session, roster, rows), cursor)


def every(session: Session, roster: Roster, *, actor: Actor, filters: Filters) -> list[AnyEntry]:
    """Return what a list shows and the actor may export: at most 10,000."""
    statement, order = _statement(roster, actor, filters)
    statement = statement.where(reaching(actor, roster, Action.EXPORT))
    rows = session.execute(statement.order_by(*order).limit(MOST_EXPORTED)).all()
    return [row[0] for row in rows]


def one(session: Session, roster: Roster, *, actor: Actor, key: int) -> AnyEntry:
    """Return an entry, ended ones too. Raises EntryNotFound."""
    table = roster.table
    entry = session.scalar(select(table).where(table.key == key, _visible(roster, actor)))
    if entry is None:
        raise EntryNotFound
    return entry


def names_in(session: Session, roster: Roster, rows: Sequence[AnyEntry]) -> Mapping[str, str]:
    """Return the names of the people and units that these entries name."""
    return names_of(
        session,
        _named(roster, rows, FieldKind.PERSON),
        _named(roster, rows, FieldKind.UNIT),
    )


def _named(roster: Roster, rows: Sequence[AnyEntry], kind: FieldKind) -> set[str]:
    keys = [one.key for one in roster.fields if one.kind is kind]
    return {str(getattr(row, key)) for row in rows for key in keys if getattr(row, key)}


def _statement(
    roster: Roster, actor: Actor, filters: Filters
) -> tuple[AnySelect, tuple[ColumnElement[str], InstrumentedAttribute[int]]]:
    table = roster.table
    statement: AnySelect = select(table)
    conditions = [_visible(roster, actor)]
    conditions.append(table.ended_on.is_not(None) if filters.ended else table.ended_on.is_(None))
    searched: list[ColumnElement[str]] = [
        getattr(table, one.key) for one in roster.fields if one.kind in _SEARCHED
    ]
    identity = roster.field(roster.identity)
    order: ColumnElement[str] = getattr(table, identity.key)
    for each in roster.fields:
        if each.kind is FieldKind.PERSON:
            people = people_names()
            statement = statement.outerjoin(people, people.c.username == getattr(table, each.key))
            searched.append(people.c.display_name)
            if each is identity:
                order = _sorted(people.c.sort_name)
        elif each.kind is FieldKind.UNIT and each.required:
            units = unit_names()
            statement = statement.outerjoin(units, units.c.id == getattr(table, each.key))
            searched.append(units.c.name)
            if each is identity:
                order = _sorted(units.c.sort_name)
    if text := filters.text.replace("\0", "").strip():
        conditions.append(or_(*(one.contains(text, autoescape=True) for one in searched)))
    for key in roster.narrowed:
        if wanted := filters.narrowed.get(key, "").replace("\0", ""):
            conditions.append(getattr(table, key) == wanted)
    return statement.where(*conditions), (order, table.key)


_SEARCHED = {FieldKind.PERSON, FieldKind.TEXT, FieldKind.SEAT, FieldKind.SEATS}


def _sorted(column: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(column, _UNSORTED)


def _visible(roster: Roster, actor: Actor) -> ColumnElement[bool]:
    reads = reaching(actor, roster, Action.READ)
    own = getattr(roster.table, "username", None)
    if roster.closed or own is None or actor.public:
        return reads
    return or_(reads, own == actor.username)


def narrowing(roster: Roster) -> tuple[Field, ...]:
    """Return the fields that the list can be narrowed by."""
    return tuple(roster.field(key) for key in roster.narrowed)
