"""Sending a message to somebody outside: between two transactions, inside none."""

import logging
import threading
from datetime import datetime, timedelta

from service.commands import outbox, work
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob
from service.connectors.senders import Senders
from service.domain.errors import JiaoyanError
from service.domain.outgoing import Channel, OutgoingMessage, Refused, SendFailed, Unreachable

_log = logging.getLogger(__name__)

REST = timedelta(seconds=60)
"""So long nothing more is tried by a channel that answers nobody."""


class Outlet:
    """The ways out of the house, as one process knows them.

    A channel that answers nobody rests for a minute: the messages behind the first one wait without
    being tried, else each would wait for the same silence.
    """

    def __init__(self, rooms: Rooms, senders: Senders, hold: timedelta) -> None:
        self._rooms = rooms
        self._senders = senders
        self._hold = hold
        self._rests_until: dict[Channel, datetime] = {}
        self._lock = threading.Lock()

    def send(self, job: ClaimedJob) -> bool:
        """Send what a claimed job holds; False when its lock was lost, or the channel rests.

        A message may go out twice, where its runner dies between sending and writing that down; it
        is never lost for that, and has the same key both times. The log never quotes it.
        """
        with self._rooms.write() as tools:
            envelope = outbox.take(tools, job, now=self._rooms.clock(), hold=self._hold)
        if envelope is None:
            return False
        message = envelope.message
        if message is None:
            return self._settle(job, SendFailed(reason="已经过时，没有发送"), final=True)
        if (until := self._resting(message.channel)) is not None:
            with self._rooms.write() as tools:
                work.give_back(tools.session, job, due_at=until)
            return False
        error = self._sent(message)
        if isinstance(error, Unreachable):
            with self._lock:
                self._rests_until[message.channel] = self._rooms.clock() + REST
        return self._settle(job, error, final=isinstance(error, Refused))

    def _resting(self, channel: Channel) -> datetime | None:
        with self._lock:
            until = self._rests_until.get(channel)
        return until if until is not None and until > self._rooms.clock() else None

    def _settle(self, job: ClaimedJob, error: SendFailed | None, *, final: bool) -> bool:
        said = None if error is None else error.message
        if said is not None:
            _log.warning("message of job %d: %s", job.key, said)
        with self._rooms.write() as tools:
            outbox.settle(tools, job, error=said, final=final, now=self._rooms.clock())
        return True

    def _sent(self, message: OutgoingMessage) -> SendFailed | None:
        """Hand the message over; return why that failed, None where it did not."""
        sender = self._senders.get(message.channel)
        if sender is None:
            return SendFailed(reason=f"没有开通{message.channel.label}")
        try:
            sender.send(message)
        except SendFailed as refusal:
            return refusal
        except JiaoyanError as refusal:
            return SendFailed(reason=refusal.code)
        except Exception as error:  # noqa: BLE001 - a connector may fail in any way; its text may quote
            return SendFailed(reason=type(error).__name__)
        return None
