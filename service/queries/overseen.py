"""The procedures whose running somebody oversees."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.store.authorization import ProcessIdColumn, granted, granted_any
from service.store.tables import ProcessDefinition

LATE = ((ObjectKind.RUNNING, Action.READ), (ObjectKind.TASK, Action.ACT))
"""Either of these rights on a procedure shows which of its tasks are late."""


@dataclass(frozen=True, slots=True)
class Process:
    """A procedure by its newest name."""

    id: str
    name: str


def overseen(actor: Actor, process_id: ProcessIdColumn) -> ColumnElement[bool]:
    """Condition: the actor oversees the running of this procedure."""
    return granted(actor, ObjectKind.RUNNING, Action.READ, process_id)


def oversees(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor oversees the running of any procedure; one statement."""
    found = select(ProcessDefinition.key).where(overseen(actor, ProcessDefinition.process_id))
    return session.execute(found.limit(1)).first() is not None


def processes(session: Session, *, actor: Actor, late: bool = False) -> tuple[Process, ...]:
    """Return the procedures whose running the actor oversees, by their ids; one statement.

    `late`: those whose late tasks the actor may see, which may be more.
    """
    newest, process_id = aliased(ProcessDefinition), ProcessDefinition.process_id
    latest = select(func.max(newest.version)).where(newest.process_id == process_id)
    seen = granted_any(actor, LATE, process_id) if late else overseen(actor, process_id)
    rows = session.execute(
        select(process_id, ProcessDefinition.name)
        .where(seen, ProcessDefinition.version == latest.scalar_subquery())
        .order_by(process_id)
    )
    return tuple(Process(row.process_id, row.name) for row in rows)
