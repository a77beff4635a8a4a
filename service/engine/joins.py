"""Joins that count tokens: a waiting node is one token that knows the flow it came by."""

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.kernel import KernelSpec
from service.engine.token import Phase, Token


class ParallelGatewaySpec(KernelSpec):
    """A parallel gateway takes one token from each incoming flow and gives one to each outgoing.

    Source: BPMN 2.0, 13.4.1 (table 13.1). Further tokens on a flow stay where they are and count
    for the next time. Neither the past of a token nor its guessed future is looked at, so finished
    nodes may go and a join inside a loop needs no special case.
    """

    def _update_hook(self, my_task: Task) -> bool:
        token = Token(my_task)
        waiting = self._oldest_by_flow(my_task)
        if token.flow in waiting or len(waiting) + 1 < len(self.incoming):
            token.phase = Phase.JOINING
            my_task._set_state(TaskState.WAITING)
            return False
        for other in waiting.values():
            my_task.workflow.consume(other)
        return True

    def _oldest_by_flow(self, my_task: Task) -> dict[str | None, Task]:
        oldest: dict[str | None, Task] = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.state == TaskState.WAITING:
                oldest.setdefault(Token(task).flow, task)
        return oldest
