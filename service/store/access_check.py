"""Finds whatever was changed in the access log behind its back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, func, select, union
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind, RetentionClass
from service.domain.soundness import Fault, Finding, access_chain
from service.domain.values import Json
from service.store.access_log import content_of
from service.store.chain import broken_links
from service.store.tables import AccessEvent, AccessHead


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An event as it is found, its chain's head beside it: None where there is no head."""

    key: int
    day: str
    person: str
    retention: str
    number: int
    at: datetime
    kind: str
    subject: str
    reference: str
    address: str
    details: Json
    mac: str
    length: int | None
    state: str | None

    def content(self) -> list[object]:
        return list(content_of(self))


_SAME_CHAIN = and_(
    AccessHead.day == AccessEvent.day,
    AccessHead.person == AccessEvent.person,
    AccessHead.retention == AccessEvent.retention,
)
_RECORDED = (
    select(
        AccessEvent.key,
        AccessEvent.day,
        AccessEvent.person,
        AccessEvent.retention,
        AccessEvent.number,
        AccessEvent.at,
        AccessEvent.kind,
        AccessEvent.subject,
        AccessEvent.reference,
        AccessEvent.address,
        AccessEvent.details,
        AccessEvent.mac,
        AccessHead.length,
        AccessHead.state,
    )
    .outerjoin(AccessHead, _SAME_CHAIN)
    .order_by(AccessEvent.person, AccessEvent.retention, AccessEvent.number)
)


def verify(session: Session, key: bytes) -> list[Finding]:
    """Check every event and head; an empty list means that nothing was changed.

    Day by day: what one day has is read by one statement, so what is being recorded meanwhile is
    never taken for a fault.
    """
    found: list[Finding] = []
    cleaned = cleaned_before(session)
    for day in _days(session):
        rows = session.execute(_RECORDED.where(AccessEvent.day == day))
        events = (_Recorded(*tuple(row)) for row in rows)
        for _, chain in groupby(events, key=lambda event: (event.person, event.retention)):
            found.extend(_check(list(chain), cleaned, key))
        found.extend(_heads_without_events(session, day))
    return found


def cleaned_before(session: Session) -> str:
    """Return the day before which access logs were deleted when their time was over.

    The empty text where that never happened. Taken from the record, which nobody forges unseen.
    """
    days = [
        str(details.get("before", ""))
        for details in session.scalars(
            select(AccessEvent.details).where(
                AccessEvent.kind == AccessKind.LOG_CLEANED,
                AccessEvent.retention == RetentionClass.PERMANENT,
            )
        )
        if isinstance(details, dict)
    ]
    return max(days, default="")


def _days(session: Session) -> Iterator[str]:
    days = union(select(AccessEvent.day), select(AccessHead.day)).subquery()
    yield from session.scalars(select(days.c.day).order_by(days.c.day)).all()


def _check(events: list[_Recorded], cleaned: str, key: bytes) -> Iterator[Finding]:
    first = events[0]
    chain = access_chain(first.day, first.retention, first.person)
    if first.retention == RetentionClass.ACCESS and first.day < cleaned:
        yield Finding(chain, 1, Fault.LEFT_OVER)
    elif first.length is None or first.state is None:
        yield Finding(chain, 0, Fault.NO_HEAD)
    else:
        for number, fault in broken_links(events, length=first.length, head=first.state, key=key):
            yield Finding(chain, number, fault)


def _heads_without_events(session: Session, day: str) -> Iterator[Finding]:
    """A head comes with its first event, so there can be none."""
    any_event = select(func.count()).where(_SAME_CHAIN).correlate(AccessHead).scalar_subquery()
    for person, retention, length in session.execute(
        select(AccessHead.person, AccessHead.retention, AccessHead.length)
        .where(AccessHead.day == day, any_event == 0)
        .order_by(AccessHead.person, AccessHead.retention)
    ):
        yield Finding(access_chain(day, retention, person), length, Fault.CUT_OFF)
