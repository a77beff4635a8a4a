"""Rights that name a part of a register: see `PART` of `service.domain.authorization`."""

from sqlalchemy import Select, func, select

from service.domain.actors import Actor
from service.domain.authorization import PART, Action, ObjectKind
from service.store.authorization import given_to
from service.store.tables import AuthorizationGrant


def granted_parts(actor: Actor, object: ObjectKind, action: Action, register: str) -> Select[str]:
    """Return the parts of a register for which a right lets the actor do this: see `PART`."""
    grant, prefix = AuthorizationGrant, f"{register}{PART}"
    return select(func.substr(grant.process_id, len(prefix) + 1)).where(
        grant.object == object,
        grant.action == action,
        grant.process_id.startswith(prefix, autoescape=True),
        given_to(actor),
    )
