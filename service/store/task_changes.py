"""Who last changed to whom a task belongs, and when: read from the history of its instance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.domain.actors import SYSTEM, Actor
from service.store.tables import HistoryEntry, HistoryValue, Person
from service.store.tables.tasks import TaskState

_CHANGES = ("user-task.created", "user-task.claimed", "user-task.released", "user-task.assigned")


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The newest change; `who` is a display name."""

    who: str
    at: datetime


def since_another_holds(
    session: Session,
    actor: Actor,
    *,
    instance_key: int,
    task_key: int,
    state: str,
    assignee: str | None,
) -> datetime | None:
    """Return since when somebody else has this task to do; None, unasked, where nobody else has."""
    if state != TaskState.CREATED or assignee in {None, actor.username}:
        return None
    return latest(session, instance_key=instance_key, task_key=task_key).at


def meant_for(
    session: Session, *, instance_key: int, task_key: int
) -> tuple[str | None, str | None]:
    """Return whom the diagram gave this task to as it arose, whoever holds it now: both names."""
    value = session.scalar(
        select(HistoryValue.value)
        .join(
            HistoryEntry,
            and_(
                HistoryEntry.instance_key == HistoryValue.instance_key,
                HistoryEntry.number == HistoryValue.number,
            ),
        )
        .where(
            HistoryEntry.instance_key == instance_key,
            HistoryEntry.element_instance_key == task_key,
            HistoryEntry.act == "user-task.created",
        )
        .limit(1)
    )
    named = value.get("assignee") if isinstance(value, dict) else None
    if not isinstance(named, str):
        return None, None
    return named, session.scalar(select(Person.display_name).where(Person.username == named))


def latest(session: Session, *, instance_key: int, task_key: int) -> TaskChange:
    """Return the newest change of an existing task; that it arose counts as its first."""
    row = session.execute(
        select(HistoryEntry.actor, HistoryEntry.at, Person.display_name)
        .outerjoin(Person, Person.username == HistoryEntry.actor)
        .where(
            HistoryEntry.instance_key == instance_key,
            HistoryEntry.element_instance_key == task_key,
            HistoryEntry.act.in_(_CHANGES),
        )
        .order_by(HistoryEntry.number.desc())
        .limit(1)
    ).one()
    who = SYSTEM.display_name if row.actor == SYSTEM.username else row.display_name or row.actor
    return TaskChange(who, row.at)
