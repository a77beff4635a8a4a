"""What the pages of the public have at hand beside `service.web.desk`."""

from datetime import date

from flask import request

from service.commands import rate_limits
from service.domain.access_events import bureau_day
from service.domain.actors import Actor
from service.domain.rate_limits import Limit
from service.web.desk import NotSignedIn, now, rooms, signed_in


def applicant() -> Actor:
    """Return the person from outside who is signed in; raises NotSignedIn.

    Who works here has pages of their own and is no applicant: they sign in as one if they are.
    """
    actor = signed_in()
    if actor is None or not actor.public:
        raise NotSignedIn
    return actor


def count(limit: Limit, actor: Actor) -> None:
    """Count one more of what somebody from outside does. Raises TooOften."""
    with rooms().write() as tools:
        rate_limits.take(tools, limit, actor.username, now())


def address() -> str:
    """Return where the request came from."""
    return request.remote_addr or ""


def today() -> date:
    """Return the day of the request in Beijing."""
    return bureau_day(now())


def older_than() -> int | None:
    """Return where a list goes on, by the key in its address."""
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
