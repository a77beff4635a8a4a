"""Verifying the record, and exporting the heads of its chains: for auditors, each time recorded."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import NotFound
from service.domain.soundness import Head, HeadsFile, write_heads
from service.domain.values import Json
from service.store import heads, verification
from service.store.authorization import holds
from service.store.verification import Verification

_NAMED = 20
"""Findings that the event of a verification names; `jiaoyan audit verify` prints all."""


def require_auditor(session: Session, actor: Actor, action: Action = Action.READ) -> None:
    """Raise NotFound unless the actor may read (or export) what auditors see."""
    if not holds(session, actor, ObjectKind.AUDIT, action):
        raise NotFound


def verify(
    rooms: Rooms, outside: HeadsFile | None = None, *, actor: Actor, now: datetime
) -> Verification:
    """Verify histories, access log, rights and registers, and compare with heads kept outside.

    Reads everything there is: seconds for a hundred thousand entries. Raises NotFound.
    """
    with rooms.read() as session:
        require_auditor(session, actor)
        done = verification.verify(
            session, rooms.audit_key, outside.heads if outside else (), rooms.soundness_checks
        )
    found: list[Json] = [finding.label for finding in done.findings[:_NAMED]]
    details: dict[str, Json] = {
        "instances": done.extent.instances,
        "entries": done.extent.entries,
        "chains": done.extent.chains,
        "events": done.extent.events,
        "findings": len(done.findings),
        "first": found,
    }
    if outside is not None:
        details |= {"compared": done.compared, "heads_of": outside.at.isoformat()}
    with rooms.write() as tools:
        record(tools, AccessKind.CHAINS_VERIFIED, actor=actor, details=details, now=now)
    return done


def export_heads(
    rooms: Rooms, write: Callable[[str], object], *, actor: Actor, now: datetime
) -> int:
    """Write the lines of a heads file and return how many chains it has. Raises NotFound."""
    written = 0

    def counted(head: Head) -> Head:
        nonlocal written
        written += 1
        return head

    with rooms.read() as session:
        require_auditor(session, actor)
        current = map(counted, heads.current(session))
        for line in write_heads(current, at=now, key=rooms.audit_key):
            write(line)
    with rooms.write() as tools:
        record(tools, AccessKind.HEADS_EXPORTED, actor=actor, details={"chains": written}, now=now)
    return written
