"""How a token passes through an element: entered, worked on, left. The rules are ours, not stock.

SpiffWorkflow calls the hooks of this class; what an element does in between is in its subclasses.
"""

from collections.abc import Sequence

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.events import (
    ElementCompleted,
    Failure,
    IncidentType,
    SequenceFlowTaken,
)
from service.domain.values import Variables
from service.engine.mappings import input_values, output_values
from service.engine.names import outcome_variable
from service.engine.process_spec import ElementSpec, Flow
from service.engine.run import TOKEN_LIMIT, ElementFailed, Run
from service.engine.token import Phase, Token


class KernelSpec(ElementSpec):
    """Base of every element that runs."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Begin the element's work; its results when it is done at once, None when it waits.

        Everything that can fail comes before `run.settle` and before the first event.
        """
        run.settle(token)
        return {}

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """The sequence flows on which the token goes on."""
        return list(self.outgoing)

    def _predict(self, my_task: Task, *args: object, **kwargs: object) -> None:
        """Nothing: children are made when a token leaves, so no state holds a guess."""

    def _update_hook(self, my_task: Task) -> bool:
        """A token arrives: it is ready at once. The stock hook would copy the parent's data."""
        return True

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.queue(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        token, run = Token(my_task), my_task.workflow.run
        if token.phase is Phase.ARRIVED:
            run.activate(token)
            run.count(1)
            inputs = input_values(run, token)
            if inputs:
                run.scopes.set(run.activate(token), inputs)
            results = self.enter(token, run)
            if results is None:
                return None
        else:
            results = token.take_results()
        self._leave(token, run, results)
        return True

    def _leave(self, token: Token, run: Run, results: Variables) -> None:
        self._write(token, run, results)
        flows = self.choose(token, run)
        _require_room(token, flows)
        run.settle(token)
        key = run.activate(token)
        run.scopes.drop(key)
        run.emit(ElementCompleted(key, self.name))
        for flow in flows:
            run.emit(SequenceFlowTaken(flow.id))
        token.send(flows)

    def _write(self, token: Token, run: Run, results: Variables) -> None:
        """The results where their names are seen; with output mappings only what those say.

        The outcome of a user task leaves it in any case: it is the service's word, not a result.
        """
        own, *around = run.chain(token)
        if not self.extensions.outputs:
            run.scopes.merge((own, *around), results)
            return
        outcome = outcome_variable(self.name)
        run.scopes.merge(around, {n: value for n, value in results.items() if n == outcome})
        try:
            run.scopes.merge(around, output_values(run, token, results))
        except ElementFailed:
            # Whoever did the work is not asked again: a retry finds the results in its own scope.
            run.scopes.set(own, results)
            token.phase = Phase.LEAVING
            raise

    def _on_complete_hook(self, my_task: Task) -> None:
        for flow in Token(my_task).take_flows():
            child = my_task._add_child(self._wf_spec.task_specs[flow.target], TaskState.FUTURE)
            Token(child).flow = flow.id


def _require_room(token: Token, flows: Sequence[Flow]) -> None:
    if len(flows) > 1 and len(token.task.workflow.tasks) + len(flows) > TOKEN_LIMIT:
        raise ElementFailed(
            Failure(
                IncidentType.UNKNOWN,
                f"同时进行的分支将超过 {TOKEN_LIMIT} 个，已在这一步停下。"
                "请检查并行网关是否在循环中不断分出新的分支。",
            )
        )
