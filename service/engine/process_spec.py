"""The specification of one process: what instances share and nobody changes after parsing."""

from dataclasses import dataclass

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from service.engine.dialect import Extensions, Source
from service.engine.elements import Element

_ROOT = "(root)"
"""Name of the tree's root: parentheses keep it apart from any id of a diagram."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow out of an element."""

    id: str
    target: str
    condition: Source | None = None
    is_default: bool = False


class RootSpec(BpmnTaskSpec):
    """The root of an instance's tree: it is always complete, tokens are its children."""

    def test(self) -> None:
        """Nothing enters the root, so there is nothing to test."""


class KernelProcessSpec(BpmnProcessSpec):
    """A process without SpiffWorkflow's own start and end nodes.

    Those nodes hold the stock rules of ending, and claim the ids `Start` and `End`.
    """

    def __init__(self, process_id: str, *, description: str) -> None:
        super().__init__(name=process_id, description=description)
        self.task_specs.clear()
        self.start = RootSpec(self, _ROOT)
        self.end = self.start
        self.entry = ""
        """Id of the none start event."""


class ElementSpec(BpmnSpecMixin):
    """A flow node; what it does is in the subclasses of `task_specs` and `joins`."""

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

    def add_flow(self, flow: Flow, target: "ElementSpec") -> None:
        """Connect by a sequence flow; while parsing only."""
        self.connect(target)
        self.outgoing.append(flow)
        target.incoming.append(flow.id)
