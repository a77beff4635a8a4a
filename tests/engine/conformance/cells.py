"""A cell of the conformance tables: a construct at a place, its diagram, and how it must run."""

from collections.abc import Callable
from dataclasses import dataclass, field

from service.domain.element_types import ElementType
from service.domain.values import Json
from tests.engine.builders import declare, diagram, message, start, user
from tests.engine.player import Player

Step = Callable[[Player], None]
"""What happens from outside."""

DECLARED = (
    message("order")
    + message("reply")
    + "".join(declare(kind, "x") for kind in ("signal", "error", "escalation"))
)
"""What the events refer to."""

VARIABLES: dict[str, Json] = {"id": "7", "n": 1}
"""Given to each instance: the correlation key, and what conditions ask for."""

INNER = ElementType.AD_HOC_SUB_PROCESS_INNER_INSTANCE


@dataclass(frozen=True, slots=True)
class Cell:
    """One construct at one place.

    The element that is asked about has the id `it`. `order` are the elements in the order in which
    they end, `×` before those that are terminated; empty where the standard has no such thing.
    `sends` are the names of the messages and signals that go out.
    """

    table: str
    construct: str
    place: str
    source: bytes
    order: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    start_event: str | None = None
    sends: tuple[str, ...] = ()
    variables: dict[str, Json] = field(default_factory=lambda: dict(VARIABLES))

    @property
    def name(self) -> str:
        """How the cell's test is named."""
        return f"{self.table}: {self.construct}, {self.place}"

    @property
    def in_bpmn(self) -> bool:
        """Whether the standard allows this construct at this place."""
        return bool(self.order)


def process(*elements: str, **more: str) -> bytes:
    """A process with a start event and these; artifacts come last."""
    return diagram(start(), *elements, declared=DECLARED, **more)


def startless(*elements: str) -> bytes:
    """A process with these alone."""
    return diagram(*elements, declared=DECLARED)


def do(*element_ids: str) -> tuple[Step, ...]:
    """Complete these tasks, one after the other."""
    return tuple(lambda player, one=one: player.complete(one) for one in element_ids)


def fire(event_id: str = "it") -> tuple[Step, ...]:
    """What this event waits for happens."""
    return (lambda player: player.trigger(event_id),)


def write(**variables: Json) -> tuple[Step, ...]:
    """Variables are written from outside."""
    return (lambda player: player.set(**variables),)


def alive(number: int, element_id: str = "it") -> tuple[Step, ...]:
    """So many instances of this element are active now."""

    def count(player: Player) -> None:
        here = [
            one
            for one in player.open.values()
            if one.element_id == element_id and one.type is not INNER
        ]
        assert len(here) == number, f"{len(here)} instances of {element_id} are active"

    return (count,)


def users(*element_ids: str) -> str:
    """User tasks."""
    return "".join(user(one) for one in element_ids)
