"""What is checked of a message or signal that somebody sends."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.submissions import require_storable
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.messages import CorrelationKeyInvalid, EventNameInvalid, EventsForbidden
from service.domain.strict_json import is_readable
from service.domain.submissions import VariablesReserved
from service.domain.values import Variables
from service.engine import CORRELATION_KEY_LIMIT, EVENT_NAME_LIMIT, is_reserved
from service.store.authorization import granted
from service.store.tables import AuthorizationGrant


def require_publisher(session: Session, actor: Actor) -> None:
    """Whoever may act on no process at all sends nothing. Raises EventsForbidden."""
    if actor == SYSTEM:
        return
    right = granted(actor, ObjectKind.RUNNING, Action.ACT, AuthorizationGrant.process_id)
    if session.execute(select(AuthorizationGrant.key).where(right).limit(1)).first() is None:
        raise EventsForbidden


def require_name(name: str) -> str:
    """Return the name of a message or signal as it is looked for. Raises EventNameInvalid."""
    name = name.strip()
    if not name or len(name) > EVENT_NAME_LIMIT or not is_readable(name):
        raise EventNameInvalid(limit=EVENT_NAME_LIMIT)
    return name


def require_correlation_key(key: str) -> str:
    """Return a correlation key as it is looked for. Raises CorrelationKeyInvalid."""
    key = key.strip()
    if len(key) > CORRELATION_KEY_LIMIT or not is_readable(key):
        raise CorrelationKeyInvalid(limit=CORRELATION_KEY_LIMIT)
    return key


def require_variables(variables: Variables) -> None:
    """Raises VariablesReserved, and Invalid for what no variable can hold."""
    require_storable(variables)
    reserved = sorted(name for name in variables if is_reserved(name))
    if reserved:
        raise VariablesReserved(reserved)
