"""Whether the database answers."""

from sqlalchemy import literal, select
from sqlalchemy.orm import Session


def answers(session: Session) -> bool:
    """Ask the database for the number one; raises Busy where it does not answer."""
    return session.execute(select(literal(1))).scalar_one() == 1
