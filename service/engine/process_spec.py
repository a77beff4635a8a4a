"""The specification of one process: what instances share and nobody changes after parsing."""

from dataclasses import dataclass, field

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from service.engine.dialect import Extensions, Source
from service.engine.elements import Element
from service.engine.loop_settings import MultiInstance, StandardLoop
from service.engine.triggers import SUBSCRIBING, Trigger

_ROOT = "(root)"
"""Name of the tree's root: parentheses keep it apart from any id of a diagram."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow out of an element; the way from a link to its target has no id."""

    id: str
    target: str
    condition: Source | None = None
    is_default: bool = False


@dataclass(slots=True)
class Level:
    """What lies directly in a process or subprocess.

    `entries` are the elements where a token starts by itself: the none start event, or without any
    start event every element that no flow enters (BPMN 2.0.2, 10.5.2). `starts` are the start
    events of its event subprocesses.
    """

    entries: list[str] = field(default_factory=list)
    starts: list["ElementSpec"] = field(default_factory=list)


class RootSpec(BpmnTaskSpec):
    """The root of an instance's tree: it is always complete, tokens are its children."""

    level: Level

    def test(self) -> None:
        """Nothing enters the root, so there is nothing to test."""


class KernelProcessSpec(BpmnProcessSpec):
    """A process without SpiffWorkflow's own start and end nodes.

    Those nodes hold the stock rules of ending, and claim the ids `Start` and `End`. The elements of
    subprocesses are among `task_specs` too: ids are unique in a file, scopes are in the tree.
    """

    def __init__(self, process_id: str, *, description: str) -> None:
        super().__init__(name=process_id, description=description)
        self.task_specs.clear()
        self.start = RootSpec(self, _ROOT)
        self.end = self.start
        self.start.level = Level()
        self.triggered_starts: list[ElementSpec] = []
        """Start events with a trigger, and the targets of an event gateway that instantiates."""
        self.has_conditions = False
        """Whether any conditional event is in it."""
        self.has_joins = False
        """Whether tokens can wait for each other in it, and at inclusive gateways."""
        self.has_inclusive_joins = False

        self._ways: dict[str | None, Ways] = {}

    @property
    def level(self) -> Level:
        """What lies directly in the process."""
        level: Level = self.start.level
        return level

    def ways(self, scope: str | None) -> "Ways":
        """The ways through a subprocess, or through the process; once it is all parsed."""
        if scope not in self._ways:
            specs = [one for one in self.task_specs.values() if isinstance(one, ElementSpec)]
            self._ways[scope] = Ways([one for one in specs if one.scope == scope])
        return self._ways[scope]


class ElementSpec(BpmnSpecMixin):
    """A flow node; what it does is in the subclasses of `kernel`."""

    def __init__(
        self,
        process_spec: KernelProcessSpec,
        element: Element,
        extensions: Extensions,
        *,
        lane: str | None,
    ) -> None:
        super().__init__(process_spec, element.id, lane=lane, bpmn_name=element.name)
        self.element = element
        self.extensions = extensions
        self.outgoing: list[Flow] = []
        self.incoming: list[str] = []
        """Ids of the sequence flows, not of their sources: two may come from one gateway."""
        self.scope: str | None = None
        """Id of the subprocess that holds it; None for the process."""
        self.triggers: tuple[Trigger, ...] = ()
        self.loop: MultiInstance | StandardLoop | None = None
        self.host: ElementSpec | None = None
        """The activity that a boundary event is attached to."""
        self.interrupting = True
        self.boundaries: list[ElementSpec] = []
        """Those of an activity, without its compensation event."""
        self.undo: ElementSpec | None = None
        """The boundary event behind which the compensation handler lies."""
        self.handler: ElementSpec | None = None
        """On a compensation boundary event: the activity it is associated with."""
        self.for_compensation = False
        self.is_event_subprocess = False
        self.level: Level | None = None
        """What lies in it, where something can."""

    def test(self) -> None:
        """Nothing: the stock test wants a flow into every element; the deploy check knows more."""

    def add_flow(self, flow: Flow, target: "ElementSpec") -> None:
        """Connect by a sequence flow; while parsing only."""
        self.connect(target)
        self.outgoing.append(flow)
        target.incoming.append(flow.id)

    @property
    def awaited(self) -> list["ElementSpec"]:
        """The events that it waits for itself, beside those at its border."""
        return []

    @property
    def subscribing(self) -> list[tuple[int, Trigger]]:
        """The triggers that come from outside, with their numbers."""
        return [(n, one) for n, one in enumerate(self.triggers) if one.kind in SUBSCRIBING]


class Ways:
    """Where tokens can go within one scope: along its flows, and by the events at a border."""

    def __init__(self, specs: list[ElementSpec]) -> None:
        self.positions = {spec.name: number for number, spec in enumerate(specs)}
        self.sources = {flow.id: spec.name for spec in specs for flow in spec.outgoing}
        """The element that each sequence flow leaves."""
        self._behind: list[list[int]] = [[] for _ in specs]
        for number, spec in enumerate(specs):
            onward = [flow.target for flow in spec.outgoing]
            for target in (*onward, *(event.name for event in spec.boundaries)):
                self._behind[self.positions[target]].append(number)

    def before(self, last: str, stop: str) -> bytearray:
        """1 for `last` and each element from which a token can come to it without passing `stop`.

        A byte an element: a diagram may have thousands of joins among thousands of elements.
        """
        found, barred = bytearray(len(self._behind)), self.positions[stop]
        todo = [self.positions[last]]
        while todo:
            number = todo.pop()
            if not found[number] and number != barred:
                found[number] = 1
                todo += self._behind[number]
        return found
