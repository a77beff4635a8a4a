"""Trying a transaction again that had to give way to another."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from service.store.database import Busy

ATTEMPTS = 3

_GAVE_WAY = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization failure, deadlock. The other one is through, so trying again helps."""

_Result = TypeVar("_Result")


def again_after_conflict(attempt: Callable[[], _Result]) -> _Result:
    """Return what the attempt gives; where the database chose it to give way, try again.

    An attempt reads everything anew and nothing of a failed one is kept. Whoever has waited for a
    lock or a connection in vain does not wait again. Raises Busy.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except Busy as error:
            if not _had_to_give_way(error):
                raise
    return attempt()


def _had_to_give_way(error: Busy) -> bool:
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) in _GAVE_WAY
