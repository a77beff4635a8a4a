"""Which cases are over, as a condition for the queries of registers; where one waits."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.store.tables import UserTask
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


def step_open(session: Session, instance_key: int, element_id: str) -> bool:
    """Tell whether a user task of this element waits for somebody in the case."""
    waiting = select(UserTask.key).where(
        UserTask.instance_key == instance_key,
        UserTask.element_id == element_id,
        UserTask.ended_at.is_(None),
    )
    return session.scalar(waiting.limit(1)) is not None
