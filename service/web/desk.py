"""What a view has at hand: the running service, the moment, and who is signed in.

`Desk` is the same for the pages of procedures, which are given one.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from service.commands.access_log import record, record_case_readings, record_reading
from service.commands.public_files import Received, Sent, received
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError

ROOMS = "jiaoyan.rooms"
"""Key of the `Rooms` in `app.extensions`."""


class NotSignedIn(JiaoyanError):
    """登录已过期或还没有登录，没有做任何改动。请登录后再试。"""

    code = "not-signed-in"


class Desk:
    """The service as the pages of a request see it."""

    def actor(self) -> Actor:
        """Return the signed-in person; raises NotSignedIn, which leads to the sign-in page."""
        return current_actor()

    def read(self) -> AbstractContextManager[Session]:
        """Open a reading session; nothing written in it is kept."""
        return rooms().read()

    def write(self) -> AbstractContextManager[Toolbox]:
        """Open a transaction that is committed once, at the end of the block."""
        return rooms().write()

    def now(self) -> datetime:
        """Return the moment of the request, in UTC."""
        return now()

    def received(self, files: Sequence[Sent]) -> AbstractContextManager[list[Received]]:
        """Keep the bytes of files that were sent, for a transaction in this block."""
        return received(rooms(), files)

    def record_reading(self, *, subject: str, reference: str, what: str) -> None:
        """Record that the signed-in person looks at somebody's personal data."""
        record_reading(
            rooms(),
            actor=current_actor(),
            subject=subject,
            reference=reference,
            details={"what": what},
            now=now(),
        )

    def record_export(self, *, reference: str, rows: int, reason: str) -> None:
        """Record that a list leaves the system as a file."""
        with rooms().write() as tools:
            record(
                tools,
                AccessKind.EXPORT,
                actor=current_actor(),
                reference=reference,
                details={"rows": rows, "reason": reason},
                now=now(),
            )


def rooms() -> Rooms:
    """Return the running service's parts."""
    return cast(Rooms, current_app.extensions[ROOMS])


def now() -> datetime:
    """Return the moment of the request, in UTC: one for all that it does."""
    if "now" not in g:
        g.now = rooms().clock()
    return cast(datetime, g.now)


def current_actor() -> Actor:
    """Return the signed-in person; raises NotSignedIn."""
    actor = signed_in()
    if actor is None:
        raise NotSignedIn
    return actor


def password_change_due() -> bool:
    """Tell whether the signed-in person must give themselves another password first."""
    return bool(g.get("password_change_due", False))


def case_is_read(instance_key: int) -> None:
    """Record that the signed-in person looks at the content of a case."""
    record_case_readings(rooms(), [instance_key], actor=current_actor(), now=now())


def signed_in() -> Actor | None:
    """Return the signed-in person, or None."""
    return cast("Actor | None", g.get("actor"))
