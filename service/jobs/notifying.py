"""Telling people what happened: the job of a notification, in a transaction of its own."""

from service.commands import notification_delivery
from service.commands.rooms import Rooms
from service.commands.work import ClaimedJob


def tell(rooms: Rooms, job: ClaimedJob) -> bool:
    """Tell everybody whom a claimed job concerns; False when its lock was lost."""
    with rooms.write() as tools:
        return notification_delivery.deliver(tools, job, now=rooms.clock())
