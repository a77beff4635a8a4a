"""The whole record verified: histories, access log, what counts by it, heads kept outside."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.soundness import Finding, Head
from service.store import access_check, heads, history_check, record_check
from service.store.tables import AccessEvent, AccessHead, HistoryEntry, ProcessInstance


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to verify."""

    instances: int
    entries: int
    """Of their histories."""
    chains: int
    """Of the access log."""
    events: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified and what was found; nothing found means that nothing was changed."""

    extent: Extent
    compared: int
    """Heads that were compared."""
    findings: tuple[Finding, ...]


def extent(session: Session) -> Extent:
    """Count what there is."""
    instances, entries, chains, events = (
        session.scalar(select(func.count()).select_from(entity)) or 0
        for entity in (ProcessInstance, HistoryEntry, AccessHead, AccessEvent)
    )
    return Extent(instances, entries, chains, events)


SoundnessCheck = Callable[[Session], Iterable[Finding]]
"""Gives what does not fit in the registers of a procedure, each entry against its own record."""


def verify(
    session: Session,
    key: bytes,
    outside: Sequence[Head] = (),
    further: Iterable[SoundnessCheck] = (),
) -> Verification:
    """Verify everything, what procedures keep too, and compare with the heads kept `outside`."""
    findings = [
        *history_check.verify(session, key),
        *access_check.verify(session, key),
        *record_check.verify(session),
        *heads.compare(session, outside),
        *(finding for check in further for finding in check(session)),
    ]
    return Verification(extent(session), len(outside), tuple(findings))
