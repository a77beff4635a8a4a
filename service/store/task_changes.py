"""Who last changed to whom a task belongs, and when: read from the history of its instance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import SYSTEM, Actor
from service.store.tables import HistoryEntry, Person
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
