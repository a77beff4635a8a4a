"""A node of SpiffWorkflow's tree, made for being loaded by the thousand."""

from SpiffWorkflow.task import Task
from SpiffWorkflow.workflow import Workflow

from service.engine.process_spec import ElementSpec


class Node(Task):
    """A task whose id is a number of its instance, and whose states are not logged.

    The stock makes a random id and a line of a log for each change of state, which nobody reads and
    which together are half of what it costs to load an instance.
    """

    def __init__(
        self, workflow: Workflow, spec: ElementSpec, parent: "Node | None", state: int, number: int
    ) -> None:
        super().__init__(workflow, spec, parent, state=state, id=number)

    def _set_state(self, value: int) -> None:
        self._state = value
