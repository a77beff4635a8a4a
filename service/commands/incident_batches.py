"""Trying again all incidents of one kind: a lot at a time, each in a transaction of its own."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from service.commands import incidents
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import JiaoyanError, Unavailable, place
from service.domain.instances import IncidentNotFound, InstanceForbidden
from service.store.authorization import holds, visible_incidents
from service.store.tables import Incident
from service.store.tables.work import IncidentState

LOT = 50
"""Incidents of one lot, at most."""

LOT_SECONDS = 2.0
"""A lot ends behind the incident at which so much time is over: somebody waits for the answer."""

MOST_LEFT = 999
"""What is left is counted up to one more than this."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IncidentClass:
    """What incidents of one kind share: the process, the element and the kind of error."""

    process_id: str
    element_id: str
    type: str


@dataclass(frozen=True, slots=True)
class Lot:
    """What became of a lot. `until` bounds the whole: what arises by a retry is not tried again."""

    until: int
    after: int
    """Key of the last one that was tried: the next lot begins behind it."""
    resolved: int
    failed_again: int
    refused: int
    """Could not even be tried, as that of a suspended instance; or somebody was faster."""
    broken: int
    """The program itself failed at them, nothing was written; the log says where."""
    left: int
    """How many are still to be tried, counted up to `MOST_LEFT + 1`."""
    busy: bool
    """It ended early, since the database had to give way."""

    @property
    def tried(self) -> int:
        """How many were looked at."""
        return self.resolved + self.failed_again + self.refused + self.broken


def retry_lot(
    rooms: Rooms,
    kind: IncidentClass,
    *,
    actor: Actor,
    after: int = 0,
    until: int | None = None,
    elapsed: Callable[[], float] = time.monotonic,
) -> Lot:
    """Try again up to `LOT` open incidents of a kind, the oldest first; see `incidents.retry`.

    By who has RUNNING act on the process. Each is recorded as a single retry is, and whatever one
    comes to, the next is tried. `after` and
    `until` are those of the lot before; without them it begins anew, with what is open now.
    Raises IncidentNotFound where there is none to be seen, InstanceForbidden.
    """
    with rooms.read() as session:
        newest = _require_allowed(session, kind, actor)
        until = until or newest
        if until is None:
            raise IncidentNotFound
        keys = _keys(session, kind, after, until)
    begun = elapsed()
    counts = {"resolved": 0, "failed_again": 0, "refused": 0, "broken": 0}
    busy = False
    for key in keys:
        try:
            counts[_retry(rooms, key, actor)] += 1
        except Unavailable:
            busy = True
            break
        after = key
        if elapsed() - begun >= LOT_SECONDS:
            break
    with rooms.read() as session:
        left = _left(session, kind, after, until)
    return Lot(until=until, after=after, left=left, busy=busy, **counts)


def _retry(rooms: Rooms, key: int, actor: Actor) -> str:
    """Which count it goes to. Raises Unavailable, InstanceForbidden."""
    try:
        with rooms.write() as tools:
            retried = incidents.retry(tools, key, actor=actor, now=rooms.clock())
    except (Unavailable, InstanceForbidden):
        raise
    except JiaoyanError:
        return "refused"
    except Exception as error:  # noqa: BLE001 - one must not keep the others from being tried
        _log.error("incident %d could not be retried: %s", key, place(error))
        return "broken"
    return "resolved" if retried.resolved else "failed_again"


def _require_allowed(session: Session, kind: IncidentClass, actor: Actor) -> int | None:
    """Return the key of the newest incident of the kind, None where there is none to be seen."""
    may_retry = holds(session, actor, ObjectKind.RUNNING, Action.ACT, kind.process_id)
    seen = true() if may_retry else visible_incidents(actor)
    newest = session.scalar(select(func.max(Incident.key)).where(*_open(kind), seen))
    if not may_retry:
        raise InstanceForbidden if newest is not None else IncidentNotFound
    return newest


def _keys(session: Session, kind: IncidentClass, after: int, until: int) -> Sequence[int]:
    keys = select(Incident.key).where(*_open(kind), *_between(after, until))
    return session.scalars(keys.order_by(Incident.key).limit(LOT)).all()


def _left(session: Session, kind: IncidentClass, after: int, until: int) -> int:
    keys = select(Incident.key).where(*_open(kind), *_between(after, until))
    counted = select(func.count()).select_from(keys.limit(MOST_LEFT + 1).subquery())
    return session.execute(counted).scalar_one()


def _open(kind: IncidentClass) -> tuple[ColumnElement[bool], ...]:
    return (
        Incident.state == IncidentState.ACTIVE,
        Incident.process_id == kind.process_id,
        Incident.element_id == kind.element_id,
        Incident.type == kind.type,
    )


def _between(after: int, until: int) -> tuple[ColumnElement[bool], ...]:
    return (Incident.key > after, Incident.key <= until)
