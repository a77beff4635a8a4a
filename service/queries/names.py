"""How people are named in what is shown."""

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import InstrumentedAttribute

from service.domain.actors import SYSTEM
from service.store.tables import Person


def display_name(
    username: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    person: type[Person] = Person,
) -> ColumnElement[str]:
    """Return the name to show of who this column names; the statement joins `person` by it."""
    system = case((username == SYSTEM.username, SYSTEM.display_name), else_=username)
    return func.coalesce(person.display_name, system)
