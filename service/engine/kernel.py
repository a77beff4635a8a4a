"""How a token passes through an element: entered, worked on, left. The rules are ours, not stock.

SpiffWorkflow calls the hooks of this class; what an element does in between is in its subclasses.
"""

from collections.abc import Sequence

from SpiffWorkflow.task import Task

from service.domain.events import (
    ElementCompleted,
    ElementType,
    Failure,
    IncidentType,
    SequenceFlowTaken,
)
from service.domain.values import Json, Variables
from service.engine import compensation, loops, subscriptions
from service.engine.dialect import Source
from service.engine.mappings import input_values, output_values
from service.engine.names import completer_variable, outcome_variable
from service.engine.process_spec import ElementSpec, Flow
from service.engine.run import TOKEN_LIMIT, ElementFailed, Run, too_many_tokens
from service.engine.token import Phase, Token

_WRITTEN = "w"
"""In the memory of a token: its results are written, only its way on is not chosen."""

_KEPT = "k"
"""In the memory of a token: names of the results that its own scope keeps for a retry."""


class KernelSpec(ElementSpec):
    """Base of every element that runs."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Begin the element's work; its results when it is done at once, None when it waits.

        Everything that can fail comes before `run.settle` and before the first event.
        """
        run.settle(token)
        return {}

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """The sequence flows on which the token goes on.

        A flow without a condition is taken, and one whose condition is true; the default flow where
        no condition is. Source: BPMN 2.0.2, 13.3.1 and 13.4.3. Raises ElementFailed when none is.
        """
        if not any(flow.condition for flow in self.outgoing):
            return list(self.outgoing)
        answers = iter(self.ask(token, run, self.outgoing))
        taken, met = [], False
        for flow in self.outgoing:
            if not flow.is_default and (not flow.condition or next(answers)):
                met = met or bool(flow.condition)
                taken.append(flow)
        taken += [flow for flow in self.outgoing if flow.is_default and not met]
        if not taken:
            raise condition_failed("没有一个出口的条件成立，也没有默认出口")
        return taken

    def ask(self, token: Token, run: Run, flows: Sequence[Flow]) -> list[bool]:
        """The answers of the flows that have a condition, in order. Raises ElementFailed."""
        asked = [flow for flow in flows if flow.condition and not flow.is_default]
        sources = [flow.condition or Source("", False) for flow in asked]
        answers = run.evaluate(token, sources, run.seen(token), IncidentType.CONDITION_ERROR)
        return [require_boolean(f.id, answer) for f, answer in zip(asked, answers, strict=True)]

    def _predict(self, my_task: Task, *args: object, **kwargs: object) -> None:
        """Nothing: children are made when a token leaves, so no state holds a guess."""

    def _update_hook(self, my_task: Task) -> bool:
        """A token arrives: it is ready at once. The stock hook would copy the parent's data."""
        return True

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.queue(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        token, run = Token(my_task), my_task.workflow.run
        results = _take_results(token, run)
        try:
            run.count(1, len(my_task.workflow.tasks))
            if token.phase is Phase.ARRIVED:
                subscriptions.open_level(token, run)
                repeated = self.loop is not None and token.item is None
                begun = loops.begin(token, run) if repeated else self._begin(token, run)
                if begun is None:
                    return None
                results = begun
            self._leave(token, run, results)
        except ElementFailed:
            if _WRITTEN not in token.memory:
                _keep_results(token, run, results)
            raise
        return True

    def _begin(self, token: Token, run: Run) -> Variables | None:
        key = run.activate(token)
        run.scopes.set(key, input_values(run, token))
        # A call that is made again waits already for what is at its border.
        waiting = [] if token.subscribed else subscriptions.of_element(token, run)
        results = self.enter(token, run)
        if results is None:
            subscriptions.tell(token, run, waiting)
        return results

    def _leave(self, token: Token, run: Run, results: Variables) -> None:
        token.phase = Phase.LEAVING
        subscriptions.end(token, run)
        flows = self._written(token, run, results)
        run.settle(token)
        key = run.activate(token)
        if not compensation.record(token, run):
            run.scopes.drop(key)
        run.emit(ElementCompleted(key, self.name))
        for flow in flows:
            if flow.id:
                run.emit(SequenceFlowTaken(key, self.name, flow.id))
        token.send(flows)

    def _written(self, token: Token, run: Run, results: Variables) -> list[Flow]:
        """Write the results once, then see how it goes on: a retry asks only what failed.

        The events of a scope that an event began may name what that event brought.
        """
        if _WRITTEN not in token.memory:
            self._write(token, run, results)
            token.memory[_WRITTEN] = 1
        subscriptions.open_level(token, run)
        compensation.require_room(token)
        if token.item is not None:
            loops.count_passed(token, run)
            return []
        flows = [] if token.undoer is not None else self.choose(token, run)
        _require_room(token, flows)
        return flows

    def _write(self, token: Token, run: Run, results: Variables) -> None:
        """The results where their names are seen; with output mappings only what those say.

        The outcome of a user task leaves it in any case: it is the service's word, not a result.
        The mappings of a pass can write what the pass has by itself (Camunda 8).
        """
        if token.is_body:
            _merge(token, run, results, own=False)
            return
        values = output_values(run, token, results) if self.extensions.outputs else {}
        element = self._output_element(token, run, {**results, **values})
        if not self.extensions.outputs:
            _merge(token, run, self._without_completer(results), own=True)
        else:
            _merge(token, run, self._outcome(results), own=False)
            _merge(token, run, values, own=token.item is not None)
        for value in element:
            loops.collect(token, run, value)

    def _outcome(self, results: Variables) -> Variables:
        if self.element.type is not ElementType.USER_TASK:
            return {}
        name = outcome_variable(self.name)
        return {name: results[name]} if name in results else {}

    def _without_completer(self, results: Variables) -> Variables:
        """The completer's name is for the mappings alone."""
        name = completer_variable(self.name)
        return {one: value for one, value in results.items() if one != name}

    def _output_element(self, token: Token, run: Run, results: Variables) -> list[Json]:
        source = loops.output_element(token)
        if source is None:
            return []
        return [run.evaluate_one(token, source, {**run.seen(token), **results})]

    def _on_complete_hook(self, my_task: Task) -> None:
        token = Token(my_task)
        for flow in token.take_flows():
            my_task.workflow.send(flow, token.parent)


def _take_results(token: Token, run: Run) -> Variables:
    """What the work of this element brought, now or before a retry."""
    if token.is_body:
        return loops.results(token, run)
    brought = token.take_results()
    if _KEPT not in token.memory:
        return brought
    return {**run.scopes.withdraw(run.activate(token), token.memory[_KEPT]), **brought}


def _keep_results(token: Token, run: Run, results: Variables) -> None:
    """Whoever did the work is not asked again: a retry finds the results in its own scope."""
    key = run.activate(token)
    own = run.scopes.own(key)
    names = [name for name in results if name not in own]
    run.scopes.set(key, results)
    if names:
        token.memory[_KEPT] = names


def _merge(token: Token, run: Run, values: Variables, *, own: bool) -> None:
    """Write each where its name is seen, from the own scope on or from the one around it."""
    if not values:
        return
    key, *around = run.chain(token)
    run.scopes.merge((key, *around) if own else around, values, run.home(token))


def require_boolean(flow_id: str, answer: Json) -> bool:
    """A condition's answer. Raises ElementFailed when it is neither true nor false."""
    if not isinstance(answer, bool):
        raise condition_failed(f"出口 {flow_id} 的条件没有得出“是”或“否”")
    return answer


def condition_failed(reason: str) -> ElementFailed:
    """Why no way leads on."""
    message = f"{reason}。请检查各出口的条件和它们用到的变量。"
    return ElementFailed(Failure(IncidentType.CONDITION_ERROR, message))


def _require_room(token: Token, flows: Sequence[Flow]) -> None:
    if len(flows) > 1:
        require_room(token, len(flows))


def require_room(token: Token, more: int) -> None:
    """Raises ElementFailed where the instance would have too many tokens at the same time."""
    if len(token.task.workflow.tasks) + more > TOKEN_LIMIT:
        raise too_many_tokens()
