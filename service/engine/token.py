"""A token: one live node of an instance's tree, with typed access to what it remembers."""

from enum import IntEnum, StrEnum

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.values import Variables
from service.engine.process_spec import ElementSpec, Flow


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
    LEAVING = "l"
    """Done; the results are there, the output mappings are not."""


class Trouble(IntEnum):
    """The incident of a token. The numbers are part of the saved form."""

    NONE = 0
    OPEN = 1
    """An incident holds the token."""
    RETRIED = 2
    """Somebody retries; the incident stays open until the token is past it."""


ACTIVE = frozenset({Phase.PERSON, Phase.DUE, Phase.PARKED})


class Token:
    """A view of a task of SpiffWorkflow; it holds nothing itself."""

    __slots__ = ("task",)

    def __init__(self, task: Task) -> None:
        self.task = task

    @property
    def spec(self) -> ElementSpec:
        """The element it stands at."""
        spec: ElementSpec = self.task.task_spec
        return spec

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
        """Id of the sequence flow that brought it; None at the start event."""
        flow: str | None = self.task.internal_data.get("flow")
        return flow

    @flow.setter
    def flow(self, flow: str | None) -> None:
        self.task.internal_data["flow"] = flow

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
    def blocked(self) -> bool:
        """True while an incident holds it."""
        return self.trouble is Trouble.OPEN

    def place(self) -> None:
        """Put SpiffWorkflow's state where phase and trouble say."""
        state = TaskState.ERROR if self.blocked else _STATES[self.phase]
        if state == TaskState.READY:
            self.task._ready()
        else:
            self.task._set_state(state)


_STATES = {
    Phase.ARRIVED: TaskState.READY,
    Phase.LEAVING: TaskState.READY,
    Phase.JOINING: TaskState.WAITING,
    Phase.PERSON: TaskState.STARTED,
    Phase.DUE: TaskState.STARTED,
    Phase.PARKED: TaskState.STARTED,
}
