"""Recording in the access log, in the transaction of what is recorded."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import Text, cast, exists, literal, select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind, bureau_day
from service.domain.actors import SYSTEM, Actor
from service.domain.keys import KeySource
from service.domain.values import Json
from service.store import access_log
from service.store.access_log import NewEvent
from service.store.tables import AccessEvent, ProcessInstance

_CASE = "instance/"
_LONGEST = 500
"""Characters of a text that came from a request."""


class Books(Protocol):
    """Where transactions are opened: part of every `Rooms`."""

    def read(self) -> AbstractContextManager[Session]:
        """Open a reading session."""

    def write(self) -> "AbstractContextManager[Ledger]":
        """Open a transaction, committed once at the end of the block."""


class Ledger(Protocol):
    """What it takes to change something and record it: part of every `Toolbox`."""

    @property
    def session(self) -> Session: ...
    @property
    def keys(self) -> KeySource: ...
    @property
    def audit_key(self) -> bytes: ...


def record(
    tools: Ledger,
    kind: AccessKind,
    *,
    actor: Actor,
    subject: str = "",
    reference: str = "",
    details: Mapping[str, Json] | None = None,
    now: datetime,
    address: str = "",
) -> None:
    """Record what the actor does; kept and lost together with it.

    `subject` is the user name of the person whose data or account it is, else the id of what it
    concerns (a group, a process); `reference` the very thing (a document's key, a record of a
    register). `details` holds what an auditor needs beside that, such as a reason: never a value
    that was read. `address` is the actor's where it is left out.

    Call it last: the lock it takes is held to the end of the transaction, and who holds it must
    not wait for an instance's. Three statements.
    """
    access_log.append(
        tools.session,
        NewEvent(
            key=tools.keys.next(),
            at=now,
            person=actor.username,
            kind=kind,
            subject=_kept(subject),
            reference=_kept(reference),
            address=_kept(address or actor.address),
            details={name: _storable(value) for name, value in (details or {}).items()},
        ),
        tools.audit_key,
    )


def record_reading(
    rooms: Books,
    kind: AccessKind = AccessKind.PERSONAL_DATA_READ,
    *,
    actor: Actor,
    subject: str,
    reference: str,
    details: Mapping[str, Json] | None = None,
    now: datetime,
) -> None:
    """Record that the actor looks at somebody's data: the first time in a day for one reference.

    Looking at one's own is nobody's concern. One statement where it is recorded already, else a
    transaction of its own. Raises Busy where it cannot be recorded: nothing must be shown then.
    """
    if actor == SYSTEM or actor.username == subject:
        return
    first = select(AccessEvent.key).where(
        AccessEvent.day == bureau_day(now).isoformat(),
        AccessEvent.person == actor.username,
        AccessEvent.retention == kind.retention,
        AccessEvent.kind == kind,
        AccessEvent.subject == _kept(subject),
        AccessEvent.reference == _kept(reference),
    )
    with rooms.read() as session:
        if session.execute(first.limit(1)).first() is not None:
            return
    with rooms.write() as tools:
        record(
            tools,
            kind,
            actor=actor,
            subject=subject,
            reference=reference,
            details=details,
            now=now,
        )


def record_case_readings(
    rooms: Books, instance_keys: Collection[int], *, actor: Actor, now: datetime
) -> None:
    """Record that the actor reads the content of these cases: each once a day, none of their own.

    One statement where all of it is recorded already, else a transaction of its own. Raises Busy
    where it cannot be recorded: nothing must be shown then.
    """
    if actor == SYSTEM or not instance_keys:
        return
    kind = AccessKind.PERSONAL_DATA_READ
    recorded = exists().where(
        AccessEvent.day == bureau_day(now).isoformat(),
        AccessEvent.person == actor.username,
        AccessEvent.retention == kind.retention,
        AccessEvent.kind == kind,
        AccessEvent.reference == literal(_CASE).concat(cast(ProcessInstance.key, Text)),
    )
    unrecorded = select(ProcessInstance.key, ProcessInstance.started_by).where(
        ProcessInstance.key.in_(sorted(set(instance_keys))),
        ProcessInstance.started_by != actor.username,
        ~recorded,
    )
    with rooms.read() as session:
        cases = session.execute(unrecorded.order_by(ProcessInstance.key)).all()
    if not cases:
        return
    with rooms.write() as tools:
        events = [
            NewEvent(
                key=tools.keys.next(),
                at=now,
                person=actor.username,
                kind=kind,
                subject=started_by,
                reference=f"{_CASE}{key}",
                address=_kept(actor.address),
                details={"what": "case"},
            )
            for key, started_by in cases
        ]
        access_log.append_all(tools.session, events, tools.audit_key)


def _storable(value: Json) -> Json:
    if isinstance(value, str):
        return _kept(value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_kept(name): _storable(each) for name, each in value.items()}
    return value


def _kept(text: str) -> str:
    """Without what no database keeps, and no longer than somebody will read."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:_LONGEST]
