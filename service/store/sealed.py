"""What nothing is written into from outside, as a condition for SQL.

A mark of the diagram (`jiaoyan.sealed`). Once a version has borne it, it holds for every case of
the procedure, of whatever version, and no later version takes it away: otherwise whoever may deploy
could open what others may not write.
"""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.store.tables import ProcessDefinition


def sealed(
    process_id: ColumnElement[str] | InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    """Condition: nothing is written from outside into cases of the process that a row names."""
    version = aliased(ProcessDefinition)
    return exists().where(version.process_id == process_id, version.sealed)
