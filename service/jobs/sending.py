"""Sending a message to somebody outside: between two transactions, inside none."""

import logging

from service.commands import outbox
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob
from service.connectors.senders import Senders
from service.domain.errors import JiaoyanError
from service.domain.outgoing import OutgoingMessage

_log = logging.getLogger(__name__)

TOO_LATE = "已经过时，没有发送"


def send(rooms: Rooms, senders: Senders, job: ClaimedJob) -> bool:
    """Send what a claimed job holds; False when its lock was lost.

    A message may go out twice, where its runner dies between sending and writing that down; it is
    never lost for that. The log never quotes it.
    """
    envelope = outbox.take(rooms, job, now=rooms.clock())
    if envelope is None:
        return False
    error = TOO_LATE if envelope.message is None else _sent(senders, envelope.message)
    if error is not None:
        _log.warning("message of job %d was not sent: %s", job.key, error)
    final = envelope.message is None
    with rooms.write() as tools:
        outbox.settle(tools, job, error=error, final=final, now=rooms.clock())
    return True


def _sent(senders: Senders, message: OutgoingMessage) -> str | None:
    """Hand the message over; return why that failed, None where it did not."""
    sender = senders.get(message.channel)
    if sender is None:
        return f"没有开通 {message.channel}"
    try:
        sender.send(message)
    except JiaoyanError as refusal:
        return refusal.message
    except Exception as error:  # noqa: BLE001 - a connector may fail in any way; its text may quote
        return type(error).__name__
    return None
