"""Who may look at the administrator's pages."""

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import NotFound
from service.store.authorization import granted_any, holds

_READERS = ((ObjectKind.ACCOUNT, Action.READ), (ObjectKind.ACCOUNT, Action.ACT))


def may_read(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may read or administer accounts; one statement."""
    return bool(session.scalar(select(granted_any(actor, _READERS, literal(ALL)))))


def may_act(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may administer accounts; one statement."""
    return holds(session, actor, ObjectKind.ACCOUNT, Action.ACT)


def may_export(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may let people and units leave as a file; one statement."""
    return holds(session, actor, ObjectKind.ACCOUNT, Action.EXPORT)


def require_reader(session: Session, actor: Actor) -> None:
    """Raise NotFound unless the actor may read or administer accounts."""
    if not may_read(session, actor=actor):
        raise NotFound
