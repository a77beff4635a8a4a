"""The open tasks of one person, as who administers accounts sees them: without any value.

Named are the step and its procedure, never the case's title: an administrator sees no case. Of a
closed procedure they see that there is a task.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.queries.administration import require_reader
from service.queries.selects import AnyRow
from service.store.authorization import closed, granted
from service.store.left_behind import claimable_by_others, left_behind
from service.store.tables import ProcessDefinition, UserTask

SHOWN = 200
"""Tasks that are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class HeldTask:
    """One task that is the person's to do, or that nobody but them could claim."""

    key: int
    name: str
    process_name: str
    created_at: datetime
    due_at: datetime | None
    held: bool
    """It is assigned to the person; otherwise it waits to be claimed."""
    claimable: bool
    """Given back, somebody else with an open account could claim it."""
    closed: bool
    """Of a closed procedure whose tasks the actor may not hand out: the names are empty."""


@dataclass(frozen=True, slots=True)
class HeldTasks:
    """The longest waiting ones, and how many there are."""

    rows: tuple[HeldTask, ...]
    count: int


def of_person(session: Session, *, actor: Actor, username: str) -> HeldTasks:
    """Return what would be left undone without this person.

    Raises NotFound for who does not see the accounts.
    """
    require_reader(session, actor)
    theirs = UserTask.key.in_(left_behind(username))
    statement = (
        select(
            UserTask.key,
            UserTask.name,
            ProcessDefinition.name.label("process_name"),
            UserTask.created_at,
            UserTask.due_at,
            (UserTask.assignee == username).label("held"),
            claimable_by_others(UserTask.key, username).label("claimable"),
            and_(
                closed(UserTask.process_id),
                ~granted(actor, ObjectKind.TASK, Action.ACT, UserTask.process_id),
            ).label("closed"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == UserTask.definition_key)
        .where(theirs)
        .order_by(UserTask.key)
        .limit(SHOWN)
    )
    rows = tuple(_row(row) for row in session.execute(statement))
    if len(rows) < SHOWN:
        return HeldTasks(rows, len(rows))
    counted = select(func.count()).select_from(UserTask).where(theirs)
    return HeldTasks(rows, session.scalar(counted) or 0)


def _row(row: AnyRow) -> HeldTask:
    return HeldTask(
        key=row.key,
        name="" if row.closed else row.name,
        process_name="" if row.closed else row.process_name,
        created_at=row.created_at,
        due_at=row.due_at,
        held=bool(row.held),
        claimable=bool(row.claimable),
        closed=bool(row.closed),
    )
