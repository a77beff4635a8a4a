"""Which instance a message goes to, and which message an instance that begins to wait gets.

Camunda 8's rules: a message goes at most once to each process, to one instance of it; an instance
that waits comes before a message start event; while an instance runs that a message with a
correlation key has started, no other message with this key starts one of that process. Whoever
calls these functions holds the lock of the name (`message_lock`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, func, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from service.commands.instance_rows import Arising, insert_arising, new_instance
from service.commands.job_rows import job_row
from service.commands.message_lock import Address
from service.commands.reaching import may_reach
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM
from service.domain.events import EventKind
from service.domain.values import Variables
from service.store.tables import (
    EventSubscription,
    Job,
    Message,
    MessageCorrelation,
    ProcessDefinition,
    ProcessInstance,
    StartSubscription,
)
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind

_WAITING, _START, _SENT, _TAKEN = EventSubscription, StartSubscription, Message, MessageCorrelation


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that goes out. `published_by` is a user name; it is kept until `expires_at`."""

    key: int
    name: str
    correlation_key: str
    variables: Variables
    published_by: str
    expires_at: datetime
    message_id: str = ""

    @property
    def address(self) -> Address:
        """What it is looked for by."""
        return self.name, self.correlation_key


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a message: a subscription, or as `subscription_key` 0 an instance it starts."""

    process_id: str
    instance_key: int
    element_instance_key: int = 0
    element_id: str = ""
    number: int = 0
    subscription_key: int = 0


def insert_message(session: Session, message: NewMessage, now: datetime) -> None:
    """Insert the message's row."""
    row: Row = {
        "key": message.key,
        "name": message.name,
        "correlation_key": message.correlation_key,
        "message_id": message.message_id,
        "variables": dict(message.variables),
        "published_by": message.published_by,
        "published_at": now,
        "expires_at": message.expires_at,
    }
    session.execute(insert(table(Message)), [row])


def takers(
    tools: Toolbox,
    message: NewMessage,
    now: datetime,
    *,
    only: str | None = None,
    unstarted: Collection[str] = (),
) -> list[Taker]:
    """Choose who takes a message, at most one a process (`only`: this one).

    Each is marked so that it takes no other; `deliver` writes that the message is on its way. Of
    `unstarted` processes it starts no instance.
    """
    found = _waiting_takers(tools.session, message, only)
    reached = {taker.process_id for taker in found} | set(unstarted)
    return [*found, *_started(tools, message, now, reached, only)]


def deliver(tools: Toolbox, message_key: int, chosen: Sequence[Taker], now: datetime) -> None:
    """Write that a message goes to these, each by a job; one that starts by it has its own.

    The message's row is there.
    """
    if not chosen:
        return
    rows: list[Row] = [
        {
            "message_key": message_key,
            "process_id": one.process_id,
            "instance_key": one.instance_key,
            "correlated_at": now,
            "delivered_at": None,
        }
        for one in chosen
    ]
    tools.session.execute(insert(table(MessageCorrelation)), rows)
    jobs = [
        job_row(
            tools,
            JobKind.MESSAGE,
            instance_key=one.instance_key,
            element_instance_key=one.element_instance_key,
            element_id=one.element_id,
            now=now,
            details={
                "number": one.number,
                "message_key": str(message_key),
                "subscription_key": str(one.subscription_key),
            },
        )
        for one in chosen
        if one.subscription_key
    ]
    if jobs:
        tools.session.execute(insert(table(Job)), jobs)


def kept(
    session: Session,
    process_id: str,
    addresses: Collection[Address],
    now: datetime,
    *,
    most: int,
) -> dict[Address, list[int]]:
    """Return the live messages that this process has not taken, the oldest first.

    At most `most` for each name and correlation key.
    """
    taken = exists().where(_TAKEN.message_key == _SENT.key, _TAKEN.process_id == process_id)
    place = func.row_number().over(
        partition_by=(_SENT.name, _SENT.correlation_key), order_by=_SENT.key
    )
    ranked = (
        select(_SENT.key, _SENT.name, _SENT.correlation_key, place.label("place"))
        .where(
            tuple_(_SENT.name, _SENT.correlation_key).in_(sorted(addresses)),
            _SENT.expires_at > now,
            ~taken,
            may_reach(_SENT.published_by.expression, literal(process_id)),
        )
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.key, ranked.c.name, ranked.c.correlation_key)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.key)
    )
    found: dict[Address, list[int]] = {}
    for key, name, correlation_key in rows:
        found.setdefault((name, correlation_key), []).append(key)
    return found


def free(tools: Toolbox, subscription_key: int, address: Address, now: datetime) -> None:
    """A message has arrived at a subscription: one that is still there takes the next one."""
    process_id = tools.session.execute(
        update(table(EventSubscription))
        .where(_WAITING.key == subscription_key)
        .values(message_key=None)
        .returning(_WAITING.process_id)
    ).scalar_one_or_none()
    if process_id is None:
        return
    for keys in kept(tools.session, process_id, [address], now, most=1).values():
        message = find(tools.session, keys[0])
        if message is not None:
            deliver(tools, message.key, takers(tools, message, now, only=process_id), now)


def start_names(session: Session, process_id: str) -> list[str]:
    """Return the messages that start instances of a process."""
    statement = select(_START.name).where(
        _START.process_id == process_id, _START.kind == EventKind.MESSAGE
    )
    return sorted(set(session.scalars(statement)))


def start_next(tools: Toolbox, process_id: str, start_key: str, now: datetime) -> None:
    """An instance that a message with this key had started is over: the next one may begin."""
    session = tools.session
    addresses = [(name, start_key) for name in start_names(session, process_id)]
    waiting = kept(session, process_id, addresses, now, most=1) if addresses else {}
    oldest = min((keys[0] for keys in waiting.values()), default=None)
    if oldest is None:
        return
    message = find(session, oldest)
    if message is not None:
        deliver(tools, oldest, takers(tools, message, now, only=process_id), now)


def find(session: Session, message_key: int) -> NewMessage | None:
    """Return a message that is kept."""
    row = session.execute(
        select(
            _SENT.name,
            _SENT.correlation_key,
            _SENT.variables,
            _SENT.published_by,
            _SENT.expires_at,
            _SENT.message_id,
        ).where(_SENT.key == message_key)
    ).one_or_none()
    if row is None:
        return None
    variables = row.variables if isinstance(row.variables, dict) else {}
    return NewMessage(
        message_key,
        row.name,
        row.correlation_key,
        variables,
        row.published_by,
        row.expires_at,
        row.message_id,
    )


def _waiting_takers(session: Session, message: NewMessage, only: str | None) -> list[Taker]:
    """The oldest free subscription of each process, marked. One that just ends is passed over."""
    found: list[Taker] = []
    refused: set[int] = set()
    while True:
        candidates = _candidates(session, message, only, [one.process_id for one in found])
        fresh = [key for key in candidates if key not in refused]
        if not fresh:
            return found
        marked = session.execute(
            update(table(EventSubscription))
            .where(_WAITING.key.in_(fresh), _WAITING.message_key.is_(None))
            .values(message_key=message.key)
            .returning(
                _WAITING.process_id,
                _WAITING.instance_key,
                _WAITING.element_instance_key,
                _WAITING.element_id,
                _WAITING.number,
                _WAITING.key,
            )
        ).all()
        found += [Taker(*row) for row in marked]
        refused |= set(fresh)


def _candidates(
    session: Session, message: NewMessage, only: str | None, reached: Sequence[str]
) -> Sequence[int]:
    taken = exists().where(
        _TAKEN.message_key == message.key, _TAKEN.process_id == _WAITING.process_id
    )
    statement = (
        select(func.min(_WAITING.key))
        .select_from(_WAITING)
        .where(
            _WAITING.kind == EventKind.MESSAGE,
            _WAITING.name == message.name,
            _WAITING.correlation_key == message.correlation_key,
            _WAITING.message_key.is_(None),
            _WAITING.process_id.not_in(reached),
            ~taken,
            may_reach(literal(message.published_by), _WAITING.process_id),
        )
        .group_by(_WAITING.process_id)
    )
    if only is not None:
        statement = statement.where(_WAITING.process_id == only)
    return session.scalars(statement).all()


def _started(
    tools: Toolbox, message: NewMessage, now: datetime, reached: set[str], only: str | None
) -> list[Taker]:
    """Instances that the message starts."""
    busy = exists().where(
        ProcessInstance.process_id == _START.process_id,
        ProcessInstance.start_key == message.correlation_key,
        ProcessInstance.state == InstanceState.ACTIVE,
    )
    taken = exists().where(
        _TAKEN.message_key == message.key, _TAKEN.process_id == _START.process_id
    )
    statement = (
        select(_START.process_id, _START.definition_key, _START.element_id, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.key == _START.definition_key)
        .where(
            _START.kind == EventKind.MESSAGE,
            _START.name == message.name,
            _START.process_id.not_in(reached),
            ~taken,
            may_reach(literal(message.published_by), _START.process_id),
        )
        .order_by(_START.key)
    )
    if message.correlation_key:
        statement = statement.where(~busy)
    if only is not None:
        statement = statement.where(_START.process_id == only)
    rows = {row.process_id: row for row in reversed(tools.session.execute(statement).all())}
    arising = [
        Arising(
            replace(
                new_instance(
                    tools.keys.next(),
                    definition_key=row.definition_key,
                    process_id=row.process_id,
                    started_by=SYSTEM.username,
                ),
                start_key=message.correlation_key or None,
            ),
            row.name,
            {"start_event": row.element_id, "message_key": str(message.key)},
        )
        for row in rows.values()
    ]
    begun = insert_arising(tools, arising, now)
    return [
        Taker(one.instance.process_id, one.instance.key)
        for one in arising
        if one.instance.key in begun
    ]
