"""How far the record reaches, for auditors."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.access_log import may_read
from service.store import verification


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to verify."""

    instances: int
    entries: int
    chains: int
    events: int

    @property
    def total(self) -> int:
        """Entries and events together."""
        return self.entries + self.events


def extent(session: Session, *, actor: Actor) -> Extent:
    """Count what there is; raises NotFound for who is no auditor."""
    if not may_read(session, actor):
        raise NotFound
    found = verification.extent(session)
    return Extent(found.instances, found.entries, found.chains, found.events)
