"""Rooms in which somebody else is faster, or never lets go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, NoReturn

from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.store.database import Busy


def before_writing(rooms: Rooms, happens: Callable[[], object]) -> Rooms:
    """The same rooms, where this happens once, just before the first writing transaction."""
    waiting = [happens]

    class Overtaken(Rooms):
        @contextmanager
        def write(self) -> Iterator[Toolbox]:
            while waiting:
                waiting.pop()()
            with super().write() as tools:
                yield tools

    return Overtaken(**_parts(rooms))


def behind_reading(rooms: Rooms, happens: Callable[[], object]) -> Rooms:
    """The same rooms, where this happens once, behind the first reading transaction."""
    waiting = [happens]

    class Overtaken(Rooms):
        @contextmanager
        def reading(self) -> Iterator[Toolbox]:
            with super().reading() as tools:
                yield tools
            while waiting:
                waiting.pop()()

    return Overtaken(**_parts(rooms))


def never_writing(rooms: Rooms) -> Rooms:
    """The same rooms on a database whose write lock somebody else never gives back."""

    class Locked(Rooms):
        def write(self) -> NoReturn:
            raise Busy

    return Locked(**_parts(rooms))


def _parts(rooms: Rooms) -> dict[str, Any]:
    return {one.name: getattr(rooms, one.name) for one in fields(Rooms)}
