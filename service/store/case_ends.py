"""Which cases are over, as a condition for the queries of registers."""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute

from service.store.tables.instances import InstanceState, ProcessInstance


def case_ended(
    instance_key: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Return whether the case that a row names by its key was completed or cancelled.

    A case that is not there, because the row belongs to none, has not ended.
    """
    return exists().where(
        ProcessInstance.key == instance_key, ProcessInstance.state != InstanceState.ACTIVE
    )
