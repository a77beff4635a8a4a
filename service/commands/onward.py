"""What a step means beyond its own instance: who waits for what, what goes out, who is called."""

from dataclasses import dataclass, field
from typing import TypeAlias

from service.domain.events import (
    CallNeeded,
    Escaped,
    MessageThrown,
    SignalThrown,
    Subscribed,
    Unsubscribed,
)

Act: TypeAlias = Subscribed | MessageThrown | SignalThrown


@dataclass(slots=True)
class Onward:
    """Gathered from the events of a step, in their order; what began and ended in it is left out.

    `left` are those who stopped waiting for what an earlier step had told: an element instance, and
    the ids of its events or none for all. `calls_over` are call activities whose instances end.
    """

    left: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    calls: dict[int, CallNeeded] = field(default_factory=dict)
    calls_over: list[int] = field(default_factory=list)
    escapes: list[Escaped] = field(default_factory=list)
    _acts: dict[int, Act] = field(default_factory=dict)
    _open: dict[int, dict[tuple[str, int], int]] = field(default_factory=dict)

    @property
    def acts(self) -> list[Act]:
        """Who begins to wait, and what goes out."""
        return list(self._acts.values())

    def add(self, act: Act) -> None:
        """Somebody waits from now on, or something goes out."""
        number = len(self._acts) and next(reversed(self._acts)) + 1
        self._acts[number] = act
        if isinstance(act, Subscribed):
            places = self._open.setdefault(act.element_instance_key, {})
            places[act.element_id, act.number] = number

    def unsubscribe(self, event: Unsubscribed, *, stored: bool) -> None:
        """Somebody waits no longer; `stored`: an earlier step may have written what for."""
        owner, ids = event.element_instance_key, event.element_ids
        places = self._open.get(owner, {})
        for place in [one for one in places if not ids or one[0] in ids]:
            del self._acts[places.pop(place)]
        if stored:
            self.left.append((owner, ids))

    def end_call(self, element_instance_key: int) -> None:
        """The called instance is no longer wanted."""
        if self.calls.pop(element_instance_key, None) is None:
            self.calls_over.append(element_instance_key)
