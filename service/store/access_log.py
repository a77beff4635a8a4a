"""Writes the access log: a chain (see `chain`) for each person, day and retention class.

Many people act at the same time and none waits for another; two requests of one person wait for
each other at the row of their head, until the first one's transaction ends. The day is the
bureau's. Whole chains are deleted when their time is over: that is why they begin anew each day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol, TypeAlias, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind, bureau_day
from service.domain.values import Json
from service.store.chain import moment_text, next_state, seal_of
from service.store.tables import AccessEvent, AccessHead

_EVENTS = cast(Table, AccessEvent.__table__)
_HEADS = cast(Table, AccessHead.__table__)
_OF_CHAIN = ("day", "person", "retention")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event to record, numbered and keyed by the caller's `KeySource`."""

    key: int
    at: datetime
    person: str
    kind: AccessKind
    subject: str
    reference: str
    address: str
    details: Json


class EventColumns(Protocol):
    """What the chain runs over: an event's columns but `mac`."""

    @property
    def key(self) -> int: ...
    @property
    def day(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def retention(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def details(self) -> Json: ...


@dataclass(frozen=True)
class _Link:
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


def append(session: Session, event: NewEvent, key: bytes) -> None:
    """Write the event behind the newest of its chain, and keep the chain's new end.

    Three statements. The head's row is locked until the transaction ends.
    """
    append_all(session, [event], key)


def append_all(session: Session, events: Sequence[NewEvent], key: bytes) -> None:
    """Write events in their order; three statements for each chain, whatever their number."""
    chains: dict[tuple[str, str, str], list[NewEvent]] = {}
    for event in events:
        day, retention = bureau_day(event.at).isoformat(), event.kind.retention.value
        chains.setdefault((day, event.person, retention), []).append(event)
    # In one order, so that two who write to the same chains never wait for each other.
    for (day, person, retention), its in sorted(chains.items(), key=lambda one: one[0]):
        chain: dict[str, object] = {"day": day, "person": person, "retention": retention}
        length, state = _locked_head(session, chain)
        rows: list[dict[str, object]] = []
        for event in its:
            length += 1
            link = _link(event, length)
            state = next_state(key, state, content_of(link))
            rows.append({**vars(link), "mac": seal_of(state)})
        session.execute(insert(_EVENTS), rows)
        wanted = {f"of_{name}": value for name, value in chain.items()}
        session.execute(_KEEP, {**wanted, "length": length, "state": state})


def _link(event: NewEvent, number: int) -> _Link:
    return _Link(
        key=event.key,
        day=bureau_day(event.at).isoformat(),
        person=event.person,
        retention=event.kind.retention.value,
        number=number,
        at=event.at,
        kind=event.kind.value,
        subject=event.subject,
        reference=event.reference,
        address=event.address,
        details=event.details,
    )


def content_of(event: EventColumns) -> Sequence[object]:
    """Return what the chain runs over."""
    return [
        "access",
        event.key,
        event.day,
        event.person,
        event.retention,
        event.number,
        moment_text(event.at),
        event.kind,
        event.subject,
        event.reference,
        event.address,
        event.details,
    ]


_KEEP = update(_HEADS).where(*(_HEADS.c[name] == bindparam(f"of_{name}") for name in _OF_CHAIN))

_Upsert: TypeAlias = "postgresql.Insert | sqlite.Insert"


@cache
def _locking(dialect: str) -> _Upsert:
    """An INSERT that changes nothing where there is a head, but locks it: one statement for both.

    Of two requests that begin a chain at the same time, one inserts and the other waits for it.
    """
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(_HEADS)
    return statement.on_conflict_do_update(
        index_elements=_OF_CHAIN, set_={"length": _HEADS.c.length}
    )


def _locked_head(session: Session, chain: dict[str, object]) -> tuple[int, str]:
    statement = _locking(session.get_bind().dialect.name).returning(_HEADS.c.length, _HEADS.c.state)
    length, state = session.execute(statement, {**chain, "length": 0, "state": ""}).one()
    return length, state
