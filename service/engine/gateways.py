"""Gateways. Joins count tokens: a waiting node is one token that knows the flow it came by.

Neither the past of a token nor a guess about its future is looked at, so finished nodes may go and
a join inside a loop needs no special case.
"""

from collections.abc import Collection
from functools import cached_property

from SpiffWorkflow.task import Task

from service.domain.values import Variables
from service.engine.kernel import KernelSpec, condition_failed
from service.engine.process_spec import Flow
from service.engine.run import ElementFailed, Run
from service.engine.token import Phase, Queues, Token


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
        token = Token(my_task)
        token.phase = Phase.JOINING
        token.place()
        return False

    def _fires_with(self, my_task: Task) -> bool:
        """Whether this token was the last one missing; those that waited are used up then."""
        raise NotImplementedError

    def waiting(self, scope: Token) -> Queues:
        """The tokens that wait here in this scope, by the flow they came by."""
        return scope.joins.get(self.name, {})


class ParallelGatewaySpec(JoinSpec):
    """A parallel gateway takes one token from each incoming flow and gives one to each outgoing.

    Source: BPMN 2.0.2, 13.4.1 (table 13.1). Further tokens on a flow stay where they are and count
    for the next time.
    """

    def _fires_with(self, my_task: Task) -> bool:
        token = Token(my_task)
        waiting = self.waiting(token.parent)
        if token.flow in waiting or len(waiting) + 1 < len(self.incoming):
            return False
        for queue in list(waiting.values()):
            my_task.workflow.use_up(Token(queue[0]))
        return True


class InclusiveGatewaySpec(JoinSpec):
    """An inclusive gateway waits for every token that could still come by a flow without one.

    Source: BPMN 2.0.2, 13.4.3 (table 13.3). Whether it fires depends on tokens elsewhere, so it is
    asked when nothing else can move.
    """

    def _fires_with(self, my_task: Task) -> bool:
        return False

    def fire(self, scope: Token, places: Collection[str]) -> bool:
        """Use up one token of each flow that has one, if no other can still come.

        `places` are the elements at which this scope has tokens.
        """
        waiting = self.waiting(scope)
        missing = [flow for flow in self.incoming if flow not in waiting]
        if missing and self._can_come(places, missing, waiting):
            return False
        first, *others = [Token(queue[0]) for queue in waiting.values()]
        for other in others:
            first.task.workflow.use_up(other)
        first.unqueue()
        first.phase = Phase.ARRIVED
        first.place()
        return True

    def _can_come(
        self, places: Collection[str], missing: Collection[str], waiting: Collection[str | None]
    ) -> bool:
        """Whether a token elsewhere can reach a missing flow, and none that has a token."""
        return any(
            any(self._is_before(place, flow) for flow in missing)
            and not any(self._is_before(place, flow) for flow in waiting if flow is not None)
            for place in places
            if place != self.name
        )

    def _is_before(self, place: str, flow: str) -> bool:
        """Whether a token at an element can come along this incoming flow, not passing here."""
        ways = self._wf_spec.ways(self.scope)
        if flow not in self.upstream:
            self.upstream[flow] = ways.before(ways.sources[flow], self.name)
        return place in ways.positions and bool(self.upstream[flow][ways.positions[place]])

    @cached_property
    def upstream(self) -> dict[str, bytearray]:
        """For each incoming flow that was asked for: 1 for each element before it."""
        return {}


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
