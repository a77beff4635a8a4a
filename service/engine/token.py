"""A token: one live node of an instance's tree, with typed access to what it remembers."""

from collections import deque
from enum import IntEnum, StrEnum
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.values import Variables
from service.engine.process_spec import ElementSpec, Flow, Level


class Phase(StrEnum):
    """Where a token stands at its element. The letters are part of the saved form."""

    ARRIVED = "a"
    """Before the element: the engine enters it next."""
    JOINING = "j"
    """At a join that misses other tokens."""
    PERSON = "u"
    """In a user task that a person completes."""
    DUE = "d"
    """In a task whose work is handed out and not answered."""
    PARKED = "p"
    """In a task whose work a job row will answer."""
    CATCHING = "e"
    """At an event, receive task or event based gateway that waits to be triggered."""
    CALLING = "k"
    """In a call activity whose instance runs."""
    INSIDE = "c"
    """A scope: the tokens in it are its children."""
    PAUSED = "w"
    """A row of items that goes on in a transaction of its own."""
    THROWING = "t"
    """Its error, escalation, termination or cancellation is delivered next."""
    UNDOING = "v"
    """Compensation runs: at a throw event, in a transaction, or in a completed subprocess."""
    LEAVING = "l"
    """Done; the results are there, the output mappings are not."""


class Trouble(IntEnum):
    """The incident of a token. The numbers are part of the saved form."""

    NONE = 0
    OPEN = 1
    """An incident holds the token."""
    RETRIED = 2
    """Somebody retries; the incident stays open until the token is past it."""


ACTIVE = frozenset({Phase.PERSON, Phase.DUE, Phase.PARKED, Phase.CALLING})
"""Phases that end by an answer from outside."""

Queues = dict[str | None, deque[Task]]
"""Tokens that wait at one join, oldest first, by the flow that brought them; none is empty."""

Record = list[Any]
"""What can be undone: `[element id, element instance key, [records inside]]`, in JSON's types."""


class Token:
    """A view of a task of SpiffWorkflow; it holds nothing itself."""

    __slots__ = ("task",)

    def __init__(self, task: Task) -> None:
        self.task = task

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and other.task is self.task

    def __hash__(self) -> int:
        return hash(self.task.id)

    @property
    def spec(self) -> ElementSpec:
        """The element it stands at; of the root, what stands for the process."""
        spec: ElementSpec = self.task.task_spec
        return spec

    @property
    def is_root(self) -> bool:
        """True for the process itself."""
        return self.task.parent is None

    @property
    def parent(self) -> "Token":
        """The scope it moves in."""
        return Token(self.task.parent)

    @property
    def children(self) -> list["Token"]:
        """The tokens in this scope, oldest first."""
        return [Token(task) for task in self.task.children]

    @property
    def is_empty(self) -> bool:
        """True for a scope without tokens; nothing is built to see it."""
        return not self.task._children

    @property
    def level(self) -> Level | None:
        """What lies in the scope, None where the token is no scope of elements."""
        if self.is_body or self.is_inner or (self.phase is not Phase.INSIDE and not self.is_root):
            return None
        return self.spec.level

    @property
    def key(self) -> int | None:
        """Key of the element instance; None until the element is activated."""
        key: int | None = self.task.internal_data.get("key")
        return key

    @key.setter
    def key(self, key: int) -> None:
        self.task.internal_data["key"] = key

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        phase: Phase = self.task.internal_data.get("phase", Phase.ARRIVED)
        return phase

    @phase.setter
    def phase(self, phase: Phase) -> None:
        self.task.internal_data["phase"] = phase

    @property
    def trouble(self) -> Trouble:
        """Its incident."""
        trouble: Trouble = self.task.internal_data.get("trouble", Trouble.NONE)
        return trouble

    @trouble.setter
    def trouble(self, trouble: Trouble) -> None:
        self.task.internal_data["trouble"] = trouble

    @property
    def flow(self) -> str | None:
        """Id of the sequence flow that brought it; None where none did."""
        flow: str | None = self.task.internal_data.get("flow")
        return flow

    @flow.setter
    def flow(self, flow: str | None) -> None:
        self.task.internal_data["flow"] = flow

    @property
    def memory(self) -> dict[str, Any]:
        """What else it remembers, in JSON's types; see `memory` of the saved form."""
        memory: dict[str, Any] = self.task.internal_data.setdefault("memory", {})
        return memory

    @memory.setter
    def memory(self, memory: dict[str, Any]) -> None:
        self.task.internal_data["memory"] = memory

    @property
    def item(self) -> int | None:
        """Number of the item, from 0, of a token that is one pass of a repeated activity."""
        item: int | None = self.memory.get("i")
        return item

    @property
    def is_body(self) -> bool:
        """True for the token that counts the passes of a repeated activity."""
        return "n" in self.memory

    @property
    def is_inner(self) -> bool:
        """True for the scope of one activity of an ad-hoc subprocess."""
        return "j" in self.memory

    @property
    def subscribed(self) -> bool:
        """True while it waits for events."""
        return "s" in self.memory

    @property
    def interrupted(self) -> bool:
        """True for a scope that an event subprocess has taken over: it catches nothing more."""
        return "x" in self.memory

    @property
    def records(self) -> list[Record]:
        """What was completed in this scope and can be undone, oldest first."""
        records: list[Record] = self.memory.get("r", [])
        return records

    @property
    def is_aside(self) -> bool:
        """True for what sends no token on any more: gone on already, or completed and undone."""
        return "g" in self.memory or "h" in self.memory

    @property
    def undoer(self) -> int | None:
        """Key of who waits for this compensation handler."""
        key: int | None = self.memory.get("f")
        return key

    def bring(self, results: Variables) -> None:
        """Hand it the results of its work, for the step that leaves the element."""
        self.task.internal_data["results"] = results

    def take_results(self) -> Variables:
        """The results it was handed; none when it leaves on a retry."""
        results: Variables = self.task.internal_data.pop("results", {})
        return results

    def send(self, flows: list[Flow]) -> None:
        """Choose the flows on which it goes on."""
        self.task.internal_data["leaving"] = flows

    def take_flows(self) -> list[Flow]:
        """The flows chosen."""
        flows: list[Flow] = self.task.internal_data.pop("leaving", [])
        return flows

    @property
    def asked(self) -> dict[str, int]:
        """How many writes had been made when its conditions were last asked; of this run alone."""
        asked: dict[str, int] = self.task.internal_data.setdefault("asked", {})
        return asked

    @property
    def joins(self) -> dict[str, Queues]:
        """The tokens in this scope that wait at joins, by the join's id. Made anew on loading."""
        joins: dict[str, Queues] = self.task.internal_data.get("joins", {})
        return joins

    def queue(self) -> None:
        """Wait at its join, behind those that came by the same flow; once."""
        if not self.task.internal_data.get("queued"):
            self.task.internal_data["queued"] = True
            joins = self.task.parent.internal_data.setdefault("joins", {})
            queues = joins.setdefault(self.spec.name, {})
            queues.setdefault(self.flow, deque()).append(self.task)

    def unqueue(self) -> None:
        """Wait at a join no more; nothing where it did not."""
        if not self.task.internal_data.pop("queued", False):
            return
        joins = self.parent.joins
        queues = joins[self.spec.name]
        queues[self.flow].remove(self.task)
        if not queues[self.flow]:
            del queues[self.flow]
        if not queues:
            del joins[self.spec.name]

    @property
    def blocked(self) -> bool:
        """True while an incident holds it."""
        return self.trouble is Trouble.OPEN

    def place(self) -> None:
        """Put SpiffWorkflow's state where phase and trouble say."""
        if self.phase is Phase.JOINING:
            self.queue()
        state = TaskState.ERROR if self.blocked else _STATES.get(self.phase, TaskState.STARTED)
        if state == TaskState.READY:
            self.task._ready()
        else:
            self.task._set_state(state)


_STATES = {
    Phase.ARRIVED: TaskState.READY,
    Phase.LEAVING: TaskState.READY,
    Phase.JOINING: TaskState.WAITING,
}
