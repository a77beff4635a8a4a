"""Messages from outside: publishing one that is kept for a while, and correlating one at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from service.commands import correlation, message_lock
from service.commands.correlation import NewMessage, Taker
from service.commands.event_texts import (
    require_correlation_key,
    require_name,
    require_publisher,
    require_variables,
)
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import Actor
from service.domain.messages import (
    MessageIdInvalid,
    MessageNotCorrelated,
    MessagePublishedAlready,
    TimeToLiveInvalid,
)
from service.domain.strict_json import is_readable
from service.domain.values import Variables
from service.store.tables import Message, MessageCorrelation

LONGEST_LIFE = timedelta(days=366)
"""A message is kept no longer."""

MESSAGE_ID_LIMIT = 200
"""Characters of the id that a sender gives."""


@dataclass(frozen=True, slots=True)
class Published:
    """A message that went out; `instance_keys` are those that it reaches at once."""

    key: int
    instance_keys: tuple[int, ...]


def publish(
    tools: Toolbox,
    name: str,
    *,
    correlation_key: str = "",
    time_to_live: timedelta = timedelta(),
    message_id: str = "",
    variables: Variables,
    actor: Actor,
    now: datetime,
) -> Published:
    """Send a message, and keep it for who begins to wait for it within its time to live.

    It reaches the processes on which the actor may act (RUNNING act), each once. A `message_id` is
    unique among the live messages of this name and correlation key. Raises EventsForbidden,
    EventNameInvalid, CorrelationKeyInvalid, MessageIdInvalid, TimeToLiveInvalid, VariablesReserved,
    MessagePublishedAlready, and Invalid for what no variable can hold.
    """
    require_publisher(tools.session, actor)
    if not timedelta() <= time_to_live <= LONGEST_LIFE:
        raise TimeToLiveInvalid(days=LONGEST_LIFE.days)
    if len(message_id) > MESSAGE_ID_LIMIT or not is_readable(message_id):
        raise MessageIdInvalid(limit=MESSAGE_ID_LIMIT)
    message = NewMessage(
        key=tools.keys.next(),
        name=require_name(name),
        correlation_key=require_correlation_key(correlation_key),
        variables=variables,
        published_by=actor.username,
        expires_at=now + time_to_live,
        message_id=message_id,
    )
    require_variables(variables)
    chosen = _send(tools, message, now)
    return Published(message.key, tuple(one.instance_key for one in chosen))


def correlate(
    tools: Toolbox,
    name: str,
    *,
    correlation_key: str = "",
    variables: Variables,
    actor: Actor,
    now: datetime,
) -> Published:
    """Send a message to who waits for it now; nothing is kept.

    Raises MessageNotCorrelated where nobody does, and what `publish` raises.
    """
    published = publish(
        tools, name, correlation_key=correlation_key, variables=variables, actor=actor, now=now
    )
    if not published.instance_keys:
        raise MessageNotCorrelated
    return published


def clean_up(tools: Toolbox, *, now: datetime) -> int:
    """Delete messages that have expired and are where they go; return how many."""
    under_way = exists().where(
        MessageCorrelation.message_key == Message.key, MessageCorrelation.delivered_at.is_(None)
    )
    keys = tools.session.scalars(
        select(Message.key).where(Message.expires_at <= now, ~under_way).limit(1000)
    ).all()
    if keys:
        taken = table(MessageCorrelation)
        tools.session.execute(delete(taken).where(taken.c.message_key.in_(keys)))
        tools.session.execute(delete(table(Message)).where(Message.key.in_(keys)))
    return len(keys)


def _send(tools: Toolbox, message: NewMessage, now: datetime) -> list[Taker]:
    message_lock.lock(tools.session, [message.address])
    if message.message_id and _is_live(tools, message, now):
        raise MessagePublishedAlready(message_id=message.message_id[:60])
    chosen = correlation.takers(tools, message, now)
    if chosen or message.expires_at > now:
        correlation.insert_message(tools.session, message, now)
        correlation.deliver(tools, message.key, chosen, now)
    return chosen


def _is_live(tools: Toolbox, message: NewMessage, now: datetime) -> bool:
    same = select(Message.key).where(
        Message.name == message.name,
        Message.correlation_key == message.correlation_key,
        Message.message_id == message.message_id,
        Message.expires_at > now,
    )
    return tools.session.execute(same.limit(1)).first() is not None
