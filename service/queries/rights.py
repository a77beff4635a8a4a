"""What a person may do at all, for the menu and the pages behind it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.store.authorization import granted
from service.store.tables import ProcessDefinition


def oversees(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor oversees the running of any procedure; one statement."""
    overseen = select(ProcessDefinition.key).where(
        granted(actor, ObjectKind.RUNNING, Action.READ, ProcessDefinition.process_id)
    )
    return session.execute(overseen.limit(1)).first() is not None
