"""What the access log says of entries of registers: by whose digest each change can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.store.tables import AccessEvent


@dataclass(frozen=True, slots=True)
class RegisterEvent:
    """One change as it was recorded; `reference` is `<register>/<entry's key>`."""

    reference: str
    digest: str


def register_events(session: Session) -> Iterator[RegisterEvent]:
    """Give every recorded change of a single entry that has a digest, the oldest first.

    Kept for ever under the keyed chain of the access log, which a verification looks at first.
    """
    rows = session.execute(
        select(AccessEvent.reference, AccessEvent.details)
        .where(AccessEvent.kind == AccessKind.REGISTER_CHANGED)
        .order_by(AccessEvent.key)
    )
    for reference, details in rows:
        digest = details.get("digest") if isinstance(details, dict) else None
        if isinstance(digest, str) and isinstance(reference, str):
            yield RegisterEvent(reference, digest)
