"""Telling people what happened: the job of a notification, in a transaction of its own."""

from collections.abc import Collection

from service.commands import notification_delivery
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob
from service.domain.outgoing import Channel


def tell(rooms: Rooms, job: ClaimedJob, channels: Collection[Channel]) -> bool:
    """Tell everybody whom a claimed job concerns; False when its lock was lost.

    By the channels that the house has: messages are job rows of this transaction.
    """
    with rooms.write() as tools:
        return notification_delivery.deliver(tools, job, channels=channels, now=rooms.clock())
