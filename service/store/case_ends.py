"""Which cases are over, as a condition for the queries of registers; where one waits."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.store.tables import UserTask, Variable
from service.store.tables.instances import InstanceState, ProcessInstance
from service.store.tables.tasks import TaskState


def case_ended(
    instance_key: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Return whether the case that a row names by its key was completed or cancelled.

    A case that is not there, because the row belongs to none, has not ended.
    """
    return exists().where(
        ProcessInstance.key == instance_key, ProcessInstance.state != InstanceState.ACTIVE
    )


def cancelled_case(
    instance_key: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> Select[datetime | None, str | None]:
    """Select when and why the case was cancelled that a row names, or the one that called it.

    No row where it goes on, was completed, or there is none. `end_event` is the reason.
    """
    own, root = aliased(ProcessInstance), aliased(ProcessInstance)
    return (
        select(root.ended_at, root.end_event)
        .join(own, root.key == func.coalesce(own.root_key, own.key))
        .where(own.key == instance_key, root.state == InstanceState.TERMINATED)
    )


def one_case(session: Session, *instance_keys: int) -> bool:
    """Tell whether these instances belong together: all of them have one outermost caller."""
    root = func.coalesce(ProcessInstance.root_key, ProcessInstance.key)
    wanted = select(func.count(), func.count(func.distinct(root))).where(
        ProcessInstance.key.in_(instance_keys)
    )
    there, roots = session.execute(wanted).one()
    return there == len(set(instance_keys)) and roots == 1


def step_open(session: Session, instance_key: int, element_id: str) -> bool:
    """Tell whether a user task of this element waits for somebody in the case."""
    waiting = select(UserTask.key).where(
        UserTask.instance_key == instance_key,
        UserTask.element_id == element_id,
        UserTask.ended_at.is_(None),
    )
    return session.scalar(waiting.limit(1)) is not None


def cases_at(
    session: Session, process_id: str, element_id: str, *, name: str, values: Collection[str]
) -> Mapping[str, int]:
    """Return the cases of a process that wait at a user task, by what they are about.

    The variable `name` of the case itself says that, and is one of `values`. Keys are those of the
    cases; who is shown them, the caller has asked.
    """
    if not values:
        return {}
    rows = session.execute(
        select(Variable.value, Variable.instance_key)
        .join(UserTask, UserTask.instance_key == Variable.instance_key)
        .where(
            UserTask.process_id == process_id,
            UserTask.element_id == element_id,
            UserTask.state == TaskState.CREATED,
            Variable.scope_key == Variable.instance_key,
            Variable.name == name,
            Variable.value.in_(list(values)),
        )
        .distinct()
    )
    return {str(value): key for value, key in rows}
