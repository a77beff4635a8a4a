"""Compares what counts now with what was recorded of it.

The record of who was given what is kept for ever, so what counts now follows from it: a right that
was given and not taken back, a post that was begun and not ended, an account as it was left.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.soundness import ChainKind, ChainName, Fault, Finding
from service.domain.values import Json
from service.store.chain import moment_text
from service.store.tables import AccessEvent

Standing = tuple[str, ...]
"""All of one thing that the record tells too, as texts; the finding names it by them."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event that gives, changes or takes something."""

    kind: AccessKind
    at: str
    person: str
    subject: str
    reference: str
    details: Mapping[str, Json]

    def text(self, name: str) -> str:
        """Return a detail as text; empty where it was not said."""
        value = self.details.get(name)
        return "" if value is None else str(value)

    def texts(self, name: str) -> list[str]:
        """Return a detail that is a list."""
        value = self.details.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []

    def flag(self, name: str) -> str:
        """Return a detail that is true or false as `flag` writes it."""
        return flag(self.details.get(name) is True)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One kind of thing: how it stands now, and how it should by these kinds of event."""

    kind: ChainKind
    events: tuple[AccessKind, ...]
    now: Callable[[Session], set[Standing]]
    recorded: Callable[[Iterable[Said]], set[Standing]]


def compare(session: Session, comparison: Comparison) -> Iterator[Finding]:
    """Find what counts without a record, and what should count by it and does not.

    The rows are read before the record and behind it: what is changed meanwhile has both, and never
    looks like a fault.
    """
    before = comparison.now(session)
    recorded = comparison.recorded(_said(session, comparison.events))
    after = comparison.now(session)
    for standing in sorted((before & after) - recorded):
        yield Finding(_name(comparison.kind, standing), 0, Fault.NOT_RECORDED)
    for standing in sorted(recorded - before - after):
        yield Finding(_name(comparison.kind, standing), 0, Fault.NOT_THERE)


def flag(value: bool) -> str:
    """Write true and false."""
    return "yes" if value else "no"


def moment(at: datetime | None) -> str:
    """Write a moment as the chain has it; empty for none."""
    return "" if at is None else moment_text(at)


def _name(kind: ChainKind, standing: Standing) -> ChainName:
    return ChainName(kind, " ".join(part for part in standing if part))


def _said(session: Session, kinds: Iterable[AccessKind]) -> Iterator[Said]:
    event = AccessEvent
    for row in session.execute(
        select(event.kind, event.at, event.person, event.subject, event.reference, event.details)
        .where(event.kind.in_(kinds))
        .order_by(event.key)
    ):
        details = row.details if isinstance(row.details, dict) else {}
        yield Said(
            AccessKind(row.kind),
            moment_text(row.at),
            row.person,
            row.subject,
            row.reference,
            details,
        )
