"""The engine's door: start or resume an instance, and advance it from wait state to wait state."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.events import Event, Subscribed
from service.domain.keys import KeySource
from service.domain.values import Variables
from service.engine import conditions, subscriptions
from service.engine.errors import StartUnclear
from service.engine.execution import Execution
from service.engine.model import ProcessModel
from service.engine.run import Caller, ElementFailed, Run
from service.engine.scopes import Scopes
from service.engine.timers import Due as TimerDue
from service.engine.timers import next_due
from service.feel import FeelPool, require_plain_names

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Zone of moments that are written without one."""


class Engine:
    """Runs models. One a process of the program; threads share it."""

    def __init__(self, feel: FeelPool, *, timezone: ZoneInfo = SHANGHAI) -> None:
        self._feel = feel
        self._timezone = timezone

    def start(
        self,
        model: ProcessModel,
        *,
        instance_key: int,
        variables: Variables,
        keys: KeySource,
        now: datetime,
        start_event: str | None = None,
        caller: Caller | None = None,
    ) -> Execution:
        """A new instance, its token before the start event; `variables` become root variables.

        `start_event` is the event with a trigger that began it: `variables` are what that brought,
        written through its output mappings. `caller` is there for an instance that was called.
        Raises NameNotPlain, and NoSuchStart for an event that cannot begin an instance.
        """
        require_plain_names(dict(variables))
        execution = Execution(self._run(model, instance_key, {}, keys, now, caller), model)
        execution.begin(variables, start_event)
        return execution

    def resume(
        self,
        model: ProcessModel,
        *,
        instance_key: int,
        state: str,
        scopes: Mapping[int, Variables],
        keys: KeySource,
        now: datetime,
        caller: Caller | None = None,
    ) -> Execution:
        """An instance as `save` left it, with its variables by scope key.

        Raises StateUnreadable when the state is of a version or a diagram that is not this one's.
        """
        execution = Execution(self._run(model, instance_key, scopes, keys, now, caller), model)
        execution.restore(state)
        return execution

    def starts(self, model: ProcessModel, *, keys: KeySource, now: datetime) -> list[Subscribed]:
        """The events that begin instances of a process, as it waits for them from `now` on.

        Their owner is 0, and a message has no correlation key: an instance gets that of the message
        that comes. Raises StartUnclear, FeelUnavailable.
        """
        try:
            run = self._run(model, 0, {}, keys, now, None)
            return subscriptions.of_starts(model.spec.triggered_starts, run)
        except ElementFailed as failed:
            raise StartUnclear(failed.failure.message) from failed

    def start_condition_holds(
        self,
        model: ProcessModel,
        element_id: str,
        number: int,
        variables: Variables,
        *,
        keys: KeySource,
        now: datetime,
    ) -> bool:
        """Whether the condition of this start event is true of these variables.

        False where one of the variables it names is not among them. Raises StartUnclear for a
        condition that has no answer, FeelUnavailable, NameNotPlain.
        """
        require_plain_names(dict(variables))
        spec = next(one for one in model.spec.triggered_starts if one.name == element_id)
        run = self._run(model, 0, {}, keys, now, None)
        try:
            return conditions.holds(spec, spec.triggers[number], variables, run)
        except ElementFailed as failed:
            raise StartUnclear(failed.failure.message) from failed

    def due_again(
        self, model: ProcessModel, element_id: str, number: int, fired: TimerDue, *, now: datetime
    ) -> TimerDue | None:
        """When the timer of a start event is due again; None when it was the last time."""
        spec = next(one for one in model.spec.triggered_starts if one.name == element_id)
        all_missed = spec.triggers[number].all_missed
        return next_due(fired, now=now, zone=self._timezone, all_missed=all_missed)

    def _run(
        self,
        model: ProcessModel,
        instance_key: int,
        scopes: Mapping[int, Variables],
        keys: KeySource,
        now: datetime,
        caller: Caller | None,
    ) -> Run:
        events: list[Event] = []
        return Run(
            process_id=model.process_id,
            instance_key=instance_key,
            scopes=Scopes(scopes, events.append),
            keys=keys,
            now=now,
            feel=self._feel,
            timezone=self._timezone,
            caller=caller,
            events=events,
        )
