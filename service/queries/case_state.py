"""How a case stands, in one word: a suspended one is still running, and is told as suspended."""

from sqlalchemy import ColumnElement, and_, case, literal

from service.store.tables import ProcessInstance

SUSPENDED = "SUSPENDED"
"""In the spelling of the Camunda 8 API."""

STATE = case(
    (ProcessInstance.suspended_at.is_not(None), literal(SUSPENDED)), else_=ProcessInstance.state
)
"""The word, as a column of ProcessInstance."""


def stands(word: str) -> ColumnElement[bool]:
    """Condition on ProcessInstance: STATE is this word, said so that an index serves."""
    if word == SUSPENDED:
        return ProcessInstance.suspended_at.is_not(None)
    return and_(ProcessInstance.state == word, ProcessInstance.suspended_at.is_(None))
