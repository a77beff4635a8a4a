"""What sends messages, by channel; the composition root chooses which the bureau has."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from service.domain.outgoing import Channel, OutgoingMessage


class Sender(Protocol):
    """One way out of the house."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message over; returns when it was taken.

        Raises SendFailed, whose text names neither the recipient nor what was to be said.
        """


Senders: TypeAlias = Mapping[Channel, Sender]
"""Without a sender a channel is closed: nothing is promised by it."""

NO_SENDERS: Senders = {}
"""Nothing leaves the house."""
