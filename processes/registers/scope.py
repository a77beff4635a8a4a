"""Which entries of a roster a right reaches: all of them, or those of one unit.

A right to `<roster>@<unit id>` is one to the entries of that unit alone: an office of a district
sees and keeps its own. A closed roster has no parts.
"""

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.orm import Session

from processes.registers.roster import Roster
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.procedure import granted, granted_by_name, granted_parts

_UNIT = "unit_id"


def by_unit(roster: Roster) -> bool:
    """Tell whether the entries of a roster belong to units, so that rights may name one."""
    return not roster.closed and hasattr(roster.table, _UNIT)


def whole(actor: Actor, roster: Roster, action: Action) -> ColumnElement[bool]:
    """Condition: the actor may do this to every entry; of a closed roster who is named for it."""
    if roster.closed:
        return granted_by_name(actor, ObjectKind.REGISTER, action, roster.id)
    return granted(actor, ObjectKind.REGISTER, action, literal(roster.id))


def may(actor: Actor, roster: Roster, action: Action) -> ColumnElement[bool]:
    """Condition: the actor may do this to the roster, or to the entries of some unit."""
    if not by_unit(roster):
        return whole(actor, roster, action)
    parts = granted_parts(actor, ObjectKind.REGISTER, action, roster.id)
    return or_(whole(actor, roster, action), parts.exists())


def reaching(
    actor: Actor, roster: Roster, action: Action, unit: ColumnElement[str] | None = None
) -> ColumnElement[bool]:
    """Condition on the roster's table (or for this unit): the actor may do this to the entry."""
    if not by_unit(roster):
        return whole(actor, roster, action)
    parts = granted_parts(actor, ObjectKind.REGISTER, action, roster.id)
    column: ColumnElement[str] = getattr(roster.table, _UNIT) if unit is None else unit
    return or_(whole(actor, roster, action), column.in_(parts))


def reaches(session: Session, actor: Actor, roster: Roster, action: Action, entry: object) -> bool:
    """Tell whether the actor may do this to an entry, or to values that are to be one."""
    held = entry.get(_UNIT) if isinstance(entry, dict) else getattr(entry, _UNIT, None)
    unit = literal(str(held or "")) if by_unit(roster) else None
    return bool(session.scalar(select(reaching(actor, roster, action, unit))))


def units_of(
    session: Session, actor: Actor, roster: Roster, action: Action
) -> frozenset[str] | None:
    """Return the units whose entries the actor may do this to; None: those of every unit."""
    if session.scalar(select(whole(actor, roster, action))):
        return None
    if not by_unit(roster):
        return frozenset()
    parts = granted_parts(actor, ObjectKind.REGISTER, action, roster.id)
    return frozenset(session.scalars(parts))
