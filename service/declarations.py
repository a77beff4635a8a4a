"""What a procedure declares beside its diagrams: registers, menu, pages, readings, daily work.

Procedures get these names from `service.procedure`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeAlias

from sqlalchemy.orm import Session

from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.openings import Opening

Opener: TypeAlias = Callable[[Session, datetime, str], Opening | None]
"""Says what a start form holds at a moment (UTC), for the `?choice=` of its address ("": none).

None where nothing is filled in. Raises a `JiaoyanError` where it is not to be had.
"""


@dataclass(frozen=True, slots=True)
class Register:
    """A register of the bureau; rights on it name its id.

    A closed one is open to those alone whom a right names for it: rights to all registers and
    rights of all members of staff do not reach it. Its pages ask `granted_by_name`.
    """

    id: str
    title: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu, for whoever may read this register (None: everybody signed in)."""

    label: str
    url: str
    register: str | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the procedure's own on which cases of these processes are worked on.

    The case's page links to it as `label`. `address` gets the key of the outermost caller and gives
    the page's, or None for who may not open it or where there is none.
    """

    label: str
    processes: Sequence[str]
    address: Callable[[Session, Actor, int], str | None]


@dataclass(frozen=True, slots=True)
class TaskReading:
    """What whoever works on a task of this step reads above its form, as it stands now.

    It may differ from reader to reader, which the case's variables do not. `read` gets the case's
    key and gives what the procedure's template shows as `reading.shown`, or None for who reads
    nothing.
    """

    process_id: str
    element_id: str
    template: str
    read: Callable[[Session, Actor, int], object | None]


@dataclass(frozen=True, slots=True)
class DailyWork:
    """What a procedure does each day at a time of the bureau's clock, whoever is at work.

    `key` and `name` are its own for good; keys of procedures begin at 101. `run` gets a transaction
    and the moment (UTC), and may be run twice without harm.
    """

    key: int
    name: str
    at: time
    run: Callable[[Toolbox, datetime], None]
