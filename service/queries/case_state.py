"""How a case stands, in one word: a suspended one is still running, and is told as suspended."""

from sqlalchemy import case, literal

from service.store.tables import ProcessInstance

SUSPENDED = "SUSPENDED"
"""In the spelling of the Camunda 8 API."""

STATE = case(
    (ProcessInstance.suspended_at.is_not(None), literal(SUSPENDED)), else_=ProcessInstance.state
)
"""The word, as a column of ProcessInstance."""
