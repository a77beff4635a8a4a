"""Until when a version of a form counts for an element."""

from datetime import datetime

from sqlalchemy.orm import Session

from service.engine import Binding
from service.store.form_versions import ALWAYS, deployment_of


def deadline(session: Session, binding: Binding, definition_key: int) -> datetime:
    """Return until when a version counts: always, or until the process's deployment."""
    if binding is Binding.LATEST:
        return ALWAYS
    return session.execute(deployment_of(definition_key)).scalar_one()
