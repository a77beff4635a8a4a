"""Events that are caught or thrown, and what waits like an event: receive task, event gateway."""

from service.domain.events import (
    Failure,
    IncidentType,
    MessageThrown,
    SignalThrown,
)
from service.domain.values import Json, Variables
from service.engine.dialect import Source
from service.engine.kernel import KernelSpec
from service.engine.mappings import input_values
from service.engine.process_spec import ElementSpec, Flow
from service.engine.run import ElementFailed, Run, Throw
from service.engine.task_specs import JobSpec
from service.engine.timers import seconds
from service.engine.token import Phase, Token
from service.engine.triggers import Trigger, TriggerKind
from service.engine.values import correlation_key, event_name, text

DEFAULT_TIME_TO_LIVE = "PT1H"
"""How long a message that an instance throws is kept for somebody who waits for it later."""

WENT_ON = "g"
"""In the memory of a compensation event that does not wait: its way on has begun."""

_PENDING = "t"
"""In the memory of an event with several definitions: numbers of those not thrown yet, in order."""

_RANKS = (
    TriggerKind.COMPENSATION,
    TriggerKind.ESCALATION,
    TriggerKind.ERROR,
    TriggerKind.CANCEL,
    TriggerKind.TERMINATE,
)
"""What concerns other tokens of the instance, each delivered when the thrower's own step is done.

Compensation that nobody waits for comes behind the escalations: the way on begins with it.
"""

_NO_TARGET = "链接事件在本层没有同名的捕获事件，走不下去。请在流程图中补上它，并部署新版本。"


class StartEventSpec(KernelSpec):
    """A start event; one with a trigger is begun by `TokenGame.trigger`, done at once."""

    def _write(self, token: Token, run: Run, results: Variables) -> None:
        """The first token of an event subprocess works out its inputs: here a failure has a place.

        They see the variables around it, and not yet what the event brought.
        """
        scope = token.parent
        if not scope.is_root and scope.spec.is_event_subprocess:
            run.scopes.set(run.activate(scope), input_values(run, scope))
        super()._write(token, run, results)


class BoundaryEventSpec(KernelSpec):
    """A boundary event: it has a token only when it was triggered."""


class CatchEventSpec(KernelSpec):
    """An intermediate catch event, or a receive task."""

    @property
    def awaited(self) -> list[ElementSpec]:
        """Itself, unless a link leads to it."""
        return [self] if self.subscribing else []

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Wait to be triggered; a link's target is passed at once."""
        run.settle(token)
        if not self.subscribing:
            return {}
        token.phase = Phase.CATCHING
        return None


class EventGatewaySpec(KernelSpec):
    """An event based gateway waits for the first of the events behind it. BPMN 2.0.2, 13.4.4."""

    @property
    def awaited(self) -> list[ElementSpec]:
        """The events behind it."""
        specs = self._wf_spec.task_specs
        return [specs[flow.target] for flow in self.outgoing]

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Wait for one of them."""
        run.settle(token)
        token.phase = Phase.CATCHING
        return None

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """None by itself: who triggers it says which."""
        return []


class ThrowEventSpec(KernelSpec):
    """An intermediate throw event. Of several definitions each is thrown (BPMN 2.0.2, 10.5.4).

    The standard gives no order. Here what leaves the instance goes first, then what must be undone
    before anybody is told, and what ends the scope last, so that nothing said is lost.
    """

    ends = False

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Throw what leaves the instance at once, and one of the rest when this step is done.

        The event is entered again for the next of them; a retry throws what was not thrown yet.
        """
        order = self._order
        pending: list[int] = token.memory.get(_PENDING, order)
        throws = [self._throw(token, run, self.triggers[number]) for number in pending]
        run.settle(token)
        for sent, thrown in enumerate(throws):
            if isinstance(thrown, Throw):
                if len(order) > 1:
                    token.memory[_PENDING] = pending[sent:]
                run.throws.append(thrown)
                token.phase = Phase.THROWING
                return None
            run.emit(thrown)
        return {}

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """The way on, that of links too, unless it went on before its handlers were done.

        Raises ElementFailed where a link leads nowhere: no token may vanish.
        """
        if WENT_ON in token.memory:
            return []
        if not self.outgoing and any(one.kind is TriggerKind.LINK for one in self.triggers):
            raise ElementFailed(Failure(IncidentType.UNKNOWN, _NO_TARGET))
        return super().choose(token, run)

    @property
    def _order(self) -> list[int]:
        """The numbers of the definitions in the order in which they are thrown; no links."""
        numbers = [n for n, one in enumerate(self.triggers) if one.kind is not TriggerKind.LINK]
        return sorted(numbers, key=lambda number: self._rank(self.triggers[number]))

    def _rank(self, trigger: Trigger) -> int:
        if trigger.kind is TriggerKind.COMPENSATION and not self._waits(trigger):
            return _RANKS.index(TriggerKind.ESCALATION) + 1
        return _RANKS.index(trigger.kind) if trigger.kind in _RANKS else -1

    def _waits(self, trigger: Trigger) -> bool:
        """Whether the way on begins when the compensation handlers are done."""
        return self.ends or trigger.waits

    def _throw(
        self, token: Token, run: Run, trigger: Trigger
    ) -> Throw | MessageThrown | SignalThrown:
        match trigger.kind:
            case TriggerKind.MESSAGE:
                return self._message(token, run, trigger)
            case TriggerKind.SIGNAL:
                name = self._text(token, run, trigger.name, "信号名称")
                return SignalThrown(run.activate(token), self.name, name, self._payload(token, run))
            case TriggerKind.COMPENSATION:
                waits = self._waits(trigger)
                return Throw(trigger.kind, token, activity=trigger.activity, waits=waits)
        code = text(run.evaluate_one(token, trigger.name, run.seen(token)), "代码")
        payload = self._payload(token, run) if trigger.name else {}
        return Throw(trigger.kind, token, code or "", variables=payload)

    def _message(self, token: Token, run: Run, trigger: Trigger) -> MessageThrown:
        key = run.evaluate_one(token, trigger.correlation_key, run.seen(token))
        return MessageThrown(
            element_instance_key=run.activate(token),
            element_id=self.name,
            name=self._text(token, run, trigger.name, "消息名称"),
            correlation_key=correlation_key(key) if trigger.correlation_key else "",
            time_to_live=seconds(trigger.time_to_live or DEFAULT_TIME_TO_LIVE),
            variables=self._payload(token, run),
        )

    def _text(self, token: Token, run: Run, source: Source, what: str) -> str:
        [value] = run.evaluate(token, [source], run.seen(token), IncidentType.EXTRACT_VALUE_ERROR)
        return event_name(value, what)

    def _payload(self, token: Token, run: Run) -> dict[str, Json]:
        """What goes with it: what the input mappings made, nothing without any."""
        return dict(run.scopes.own(run.activate(token)))


def delivered(token: Token) -> None:
    """What an event threw has arrived: it throws the next of its definitions, or is left."""
    pending: list[int] = token.memory.pop(_PENDING, [])[1:]
    if pending:
        token.memory[_PENDING] = pending
    token.phase = Phase.ARRIVED if pending else Phase.LEAVING
    token.place()


class EndMixin:
    """An end event: its token ends here."""

    name: str
    scope: str | None

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """No flow; the instance remembers that this end was reached."""
        reach(self.name, self.scope, run)
        return []


def reach(element_id: str, scope: str | None, run: Run) -> None:
    """Remember an end event of the process itself."""
    if scope is None:
        run.reach_end(element_id)


class EndEventSpec(EndMixin, ThrowEventSpec):
    """An end event of any kind."""

    ends = True


class JobThrowSpec(JobSpec):
    """A message throw event whose message a job sends."""


class JobEndSpec(EndMixin, JobSpec):
    """A message end event whose message a job sends."""
