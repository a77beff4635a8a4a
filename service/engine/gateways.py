"""Gateways. Joins count tokens: a waiting node is one token that knows the flow it came by.

Neither the past of a token nor a guess about its future is looked at, so finished nodes may go and
a join inside a loop needs no special case.
"""

from functools import cached_property

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.values import Variables
from service.engine.kernel import KernelSpec, condition_failed
from service.engine.process_spec import ElementSpec, Flow
from service.engine.run import ElementFailed, Run
from service.engine.token import Phase, Token


class GatewaySpec(KernelSpec):
    """A gateway does nothing itself."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Nothing to do here: its incident is over when a flow is chosen."""
        return {}


class JoinSpec(GatewaySpec):
    """A gateway at which tokens wait for each other."""

    def _update_hook(self, my_task: Task) -> bool:
        if len(self.incoming) < 2 or self._fires_with(my_task):
            return True
        Token(my_task).phase = Phase.JOINING
        my_task._set_state(TaskState.WAITING)
        return False

    def _fires_with(self, my_task: Task) -> bool:
        """Whether this token was the last one missing; those that waited are used up then."""
        raise NotImplementedError

    def waiting(self, scope: Token) -> dict[str | None, Token]:
        """The oldest token that waits here in this scope, by the flow it came by."""
        oldest: dict[str | None, Token] = {}
        for token in scope.children:
            if token.spec is self and token.phase is Phase.JOINING:
                oldest.setdefault(token.flow, token)
        return oldest


class ParallelGatewaySpec(JoinSpec):
    """A parallel gateway takes one token from each incoming flow and gives one to each outgoing.

    Source: BPMN 2.0, 13.4.1 (table 13.1). Further tokens on a flow stay where they are and count
    for the next time.
    """

    def _fires_with(self, my_task: Task) -> bool:
        token = Token(my_task)
        waiting = self.waiting(token.parent)
        if token.flow in waiting or len(waiting) + 1 < len(self.incoming):
            return False
        for other in waiting.values():
            my_task.workflow.remove(other)
        return True


class InclusiveGatewaySpec(JoinSpec):
    """An inclusive gateway waits for every token that could still come by a flow without one.

    Source: BPMN 2.0, 13.4.3 (table 13.3). Whether it fires depends on tokens elsewhere, so it is
    asked when nothing else can move.
    """

    def _fires_with(self, my_task: Task) -> bool:
        return False

    def fire(self, scope: Token) -> bool:
        """Use up one token of each flow that has one, if no other can still come."""
        waiting = self.waiting(scope)
        missing = [flow for flow in self.incoming if flow not in waiting]
        for token in scope.children:
            if token.is_aside:
                continue
            before = self.upstream.get(token.spec.name, frozenset())
            if before.intersection(missing) and not before.intersection(waiting):
                return False
        first, *others = waiting.values()
        for other in others:
            first.task.workflow.remove(other)
        first.phase = Phase.ARRIVED
        first.place()
        return True

    @cached_property
    def upstream(self) -> dict[str, frozenset[str]]:
        """For each element, the incoming flows that a token at it can reach, not passing here."""
        specs = [s for s in self._wf_spec.task_specs.values() if isinstance(s, ElementSpec)]
        around = [spec for spec in specs if spec.scope == self.scope]
        sources: dict[str, list[str]] = {}
        for spec in around:
            for target in _onward(spec):
                sources.setdefault(target, []).append(spec.name)
        reached: dict[str, set[str]] = {}
        for spec in around:
            for flow in spec.outgoing:
                if flow.target == self.name:
                    self._mark(spec.name, flow.id, sources, reached)
        return {name: frozenset(flows) for name, flows in reached.items()}

    def _mark(
        self, last: str, flow_id: str, sources: dict[str, list[str]], reached: dict[str, set[str]]
    ) -> None:
        todo = [last]
        while todo:
            name = todo.pop()
            flows = reached.setdefault(name, set())
            if name != self.name and flow_id not in flows:
                flows.add(flow_id)
                todo += sources.get(name, [])


class ExclusiveGatewaySpec(GatewaySpec):
    """An exclusive gateway takes the first flow whose condition is true, else the default."""

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """One flow. Raises ElementFailed when no condition is true and there is no default."""
        if len(self.outgoing) == 1 and not self.outgoing[0].condition:
            return list(self.outgoing)
        taken = self._first_true(token, run)
        taken = taken or next((flow for flow in self.outgoing if flow.is_default), None)
        if taken is None:
            raise condition_failed("没有一个出口的条件成立，也没有默认出口")
        return [taken]

    def _first_true(self, token: Token, run: Run) -> Flow | None:
        asked = [flow for flow in self.outgoing if flow.condition and not flow.is_default]
        try:
            answers = self.ask(token, run, asked)
        except ElementFailed:
            # One of them failed, perhaps behind the first true one: BPMN asks them in order.
            return next((flow for flow in asked if self.ask(token, run, [flow])[0]), None)
        return next((f for f, answer in zip(asked, answers, strict=True) if answer), None)


def _onward(spec: ElementSpec) -> list[str]:
    """Where a token at an element can go: along its flows, and by the events at its border."""
    return [flow.target for flow in spec.outgoing] + [event.name for event in spec.boundaries]
