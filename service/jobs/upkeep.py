"""What is cleared away every day: what nobody submitted, and what has been kept long enough."""

import logging
from collections.abc import Callable
from datetime import datetime

from service.commands import documents, messages, retention, verification
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM

_log = logging.getLogger(__name__)


def run(rooms: Rooms) -> None:
    """Do all of it; one part that fails does not keep the others from being done."""
    for part in (_access_log, _messages, _documents, _codes):
        _tried(part, rooms, rooms.clock())


def _tried(part: Callable[[Rooms, datetime], object], rooms: Rooms, now: datetime) -> None:
    try:
        part(rooms, now)
    except Exception as error:  # noqa: BLE001 - tomorrow is another day, and the log has the type
        _log.error("%s could not be done: %s", part.__name__.strip("_"), type(error).__name__)


def _access_log(rooms: Rooms, now: datetime) -> None:
    with rooms.write() as tools:
        retention.clean_access_log(tools, days=rooms.access_log_days, actor=SYSTEM, now=now)


def _messages(rooms: Rooms, now: datetime) -> None:
    with rooms.write() as tools:
        messages.clean_up(tools, now=now)


def _documents(rooms: Rooms, now: datetime) -> None:
    documents.clean_up(rooms, now=now)


def _codes(rooms: Rooms, now: datetime) -> None:
    with rooms.write() as tools:
        verification.clean_up(tools, now=now)
