"""What a person may do at all, for the menu and the pages behind it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import ObjectKind
from service.queries.deserted_tasks import OVERSIGHT
from service.store import authorization
from service.store.authorization import granted_any, may_start
from service.store.tables import ProcessDefinition


def kinds_held(session: Session, *, actor: Actor) -> frozenset[ObjectKind]:
    """Return the kinds of object about which the actor has any right at all; one statement."""
    return authorization.kinds_held(session, actor)


def starts(session: Session, *, actor: Actor) -> bool:
    """Tell whether there is any procedure that the actor may start; one statement."""
    startable = select(ProcessDefinition.key).where(may_start(actor))
    return session.execute(startable.limit(1)).first() is not None


def oversees(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor oversees the running, or hands out the tasks, of any procedure.

    One statement.
    """
    overseen = select(ProcessDefinition.key).where(
        granted_any(actor, OVERSIGHT, ProcessDefinition.process_id)
    )
    return session.execute(overseen.limit(1)).first() is not None
