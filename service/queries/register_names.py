"""Names that the registers of procedures show beside their own rows: of people and of units.

A register keeps user names and ids of units, never a copy of what the organisation knows of them;
these are what it joins. Names alone: every member of staff may know them, personal data is not
among them.
"""

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM
from service.domain.organization import UnitPath
from service.queries.organization import UnitRow, tree
from service.store.tables import OrganizationUnit, Person


def people_names() -> Subquery:
    """Rows of `username`, `display_name`, `sort_name`, `active` of the members of staff."""
    columns = (Person.username, Person.display_name, Person.sort_name, Person.active)
    return select(*columns).where(Person.kind == PersonKind.STAFF).subquery("people_names")


def unit_names() -> Subquery:
    """Rows of `id`, `name`, `position`, `sort_name` of all units, closed ones too."""
    unit = OrganizationUnit
    return select(unit.id, unit.name, unit.position, unit.sort_name).subquery("unit_names")


def unit_paths(session: Session) -> list[UnitPath]:
    """Return all units with the names up to their roots, in the order of the tree."""
    rows = tree(session, actor=SYSTEM, closed=True)
    known = {row.id: row for row in rows}
    return [UnitPath(row.id, _names(row, known), row.closed_at is not None) for row in rows]


def _names(row: UnitRow, known: dict[str, UnitRow]) -> tuple[str, ...]:
    names = [row.name]
    while row.parent_id is not None and len(names) <= len(known):
        row = known[row.parent_id]
        names.append(row.name)
    return tuple(names)
