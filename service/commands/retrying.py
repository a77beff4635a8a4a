"""Trying a transaction again that had to give way to another."""

from collections.abc import Callable
from typing import TypeVar

from service.store.database import Busy

ATTEMPTS = 3

_Result = TypeVar("_Result")


def again_when_busy(attempt: Callable[[], _Result]) -> _Result:
    """Return what the attempt gives; where the database chose it to give way, try again.

    An attempt reads everything anew and nothing of a failed one is kept. Raises Busy when the
    last one had to give way too.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except Busy:
            continue
    return attempt()
