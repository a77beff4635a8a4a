"""Plays an instance as the service does: every step is saved, loaded and kept by its events."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.domain.events import (
    CallNeeded,
    CallOver,
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Event,
    Failure,
    IncidentRaised,
    IncidentResolved,
    InstanceCompleted,
    InstanceTerminated,
    JobNeeded,
    JobOver,
    MessageThrown,
    PauseNeeded,
    ScopeDropped,
    SequenceFlowTaken,
    SignalThrown,
    Subscribed,
    Unsubscribed,
    UserTaskCreated,
    UserTaskEnded,
    VariableSet,
)
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.engine import DecisionDue, Due, Engine, Execution, HandlerDue, ProcessModel
from service.engine.run import Caller
from service.engine.timers import Due as TimerDue
from service.engine.workflow import KernelWorkflow
from service.feel import FeelPool

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Half past nine on a Monday in Shanghai."""

ROOT = 1
"""Key of the instance."""

Work = Callable[[HandlerDue], Variables | Failure | None]
"""A handler: its results, why it failed, or None to park the job."""


class Catches:
    """A calling instance that catches these codes."""

    def __init__(self, *codes: str) -> None:
        self.codes = codes

    def catches(self, code: str, *, is_error: bool) -> bool:
        """Whether this code is among them."""
        return code in self.codes


class Player:
    """One instance, its stored state and variables, and what the events made of it."""

    def __init__(
        self,
        model: ProcessModel,
        feel: FeelPool,
        *,
        work: Work = lambda due: None,
        now: datetime = NOW,
        start_event: str | None = None,
        caller: Caller | None = None,
        **variables: Json,
    ) -> None:
        self.model, self.work, self.now, self.caller = model, work, now, caller
        self.engine, self.keys = Engine(feel), KeySource()
        self.scopes: dict[int, dict[str, Json]] = {ROOT: {}}
        self.open: dict[int, ElementActivated] = {}
        self.known = {ROOT}
        self.tasks: dict[int, UserTaskCreated] = {}
        self.jobs: dict[int, JobNeeded] = {}
        self.incidents: dict[int, IncidentRaised] = {}
        self.subscriptions: dict[tuple[int, str, int], Subscribed] = {}
        self.calls: dict[int, CallNeeded] = {}
        self.pauses: list[int] = []
        self.events: list[Event] = []
        self.decisions: list[DecisionDue] = []
        self.ending: InstanceCompleted | InstanceTerminated | None = None
        execution = self.engine.start(
            model,
            instance_key=ROOT,
            variables=variables,
            keys=self.keys,
            now=now,
            start_event=start_event,
            caller=caller,
        )
        self.state = execution.save()
        self.play(execution)

    @property
    def variables(self) -> dict[str, Json]:
        """The root variables as stored."""
        return self.scopes[ROOT]

    def resume(self) -> Execution:
        """The instance from its stored state."""
        return self.engine.resume(
            self.model,
            instance_key=ROOT,
            state=self.state,
            scopes=self.scopes,
            keys=self.keys,
            now=self.now,
            caller=self.caller,
        )

    def play(self, execution: Execution) -> None:
        """Advance until every branch waits, then keep what happened."""
        while (due := execution.advance()) is not None:
            self._answer(execution, due)
        workflow: KernelWorkflow = execution._workflow
        assert not any(task.data for task in workflow.tasks.values()), "task data stays empty"
        self.state = execution.save()
        for event in execution.take_events():
            self.events.append(event)
            self._keep(event)

    def _answer(self, execution: Execution, due: Due) -> None:
        if isinstance(due, DecisionDue):
            self.decisions.append(due)
            execution.complete(due.element_instance_key, {due.result_variable: due.decision_id})
            return
        results = self.work(due)
        if results is None:
            execution.park(due.element_instance_key)
        elif isinstance(results, Failure):
            execution.fail(due.element_instance_key, results)
        else:
            execution.complete(due.element_instance_key, results)

    def trigger(self, element_id: str, number: int = 0, **variables: Json) -> None:
        """The oldest subscription of this event is met; a timer as it was due."""
        found = [s for s in self.subscriptions.values() if s.element_id == element_id]
        one = next(s for s in found if s.number == number)
        fired = None
        if one.due_at is not None:
            self.now = max(self.now, one.due_at)
            fired = TimerDue(one.due_at, one.cycle, one.left)
            del self.subscriptions[one.element_instance_key, element_id, number]
        execution = self.resume()
        execution.trigger(
            one.element_instance_key, element_id, variables, number=number, fired=fired
        )
        self.play(execution)

    def deliver(self) -> None:
        """The newest signal that was thrown reaches everybody here who waits for it."""
        signal = next(e for e in reversed(self.events) if isinstance(e, SignalThrown))
        for one in list(self.subscriptions.values()):
            if one.name == signal.name and one in self.subscriptions.values():
                execution = self.resume()
                execution.trigger(one.element_instance_key, one.element_id, signal.variables)
                self.play(execution)

    def throw_error(self, element_id: str, code: str, **variables: Json) -> None:
        """The oldest job or call at this element ends in a BPMN error."""
        execution = self.resume()
        execution.throw_error(self.key_of(element_id), code, "说明", variables)
        self.play(execution)

    def go_on(self) -> None:
        """Go on with the oldest row of items that was paused."""
        execution = self.resume()
        execution.go_on(self.pauses.pop(0))
        self.play(execution)

    def set(self, element_id: str = "", **variables: Json) -> None:
        """Write variables from outside, at the oldest open instance of this element."""
        keys = [key for key, one in self.open.items() if one.element_id == element_id]
        execution = self.resume()
        execution.set_variables(min(keys, default=ROOT), variables, local=not element_id)
        self.play(execution)

    def terminate(self, element_id: str) -> None:
        """End the oldest open instance of this element from outside."""
        execution = self.resume()
        execution.terminate(self.open_at(element_id))
        self.play(execution)

    def open_at(self, element_id: str) -> int:
        """Key of the oldest open instance of this element."""
        return min(key for key, one in self.open.items() if one.element_id == element_id)

    def complete(self, element_id: str, **variables: Json) -> None:
        """Do the oldest open task or job at this element."""
        execution = self.resume()
        execution.complete(self.key_of(element_id), variables)
        self.play(execution)

    def retry(self, element_id: str) -> None:
        """Retry the incident at this element."""
        execution = self.resume()
        [key] = [k for k, i in self.incidents.items() if i.element_id == element_id]
        execution.retry(key)
        self.play(execution)

    def cancel(self) -> None:
        """End the instance from outside."""
        execution = self.resume()
        execution.cancel()
        self.play(execution)

    def key_of(self, element_id: str) -> int:
        """Key of the oldest task or job at this element."""
        places = {key: task.element_id for key, task in self.tasks.items()}
        places |= {key: job.element_id for key, job in self.jobs.items()}
        places |= {key: call.element_id for key, call in self.calls.items()}
        return min(key for key, place in places.items() if place == element_id)

    @property
    def waiting(self) -> list[str]:
        """Elements with an open task or job, in alphabetical order."""
        tasks = [task.element_id for task in self.tasks.values()]
        return sorted(tasks + [job.element_id for job in self.jobs.values()])

    @property
    def awaited(self) -> list[str]:
        """Events that are subscribed to, in alphabetical order."""
        return sorted(one.element_id for one in self.subscriptions.values())

    @property
    def sent(self) -> list[MessageThrown | SignalThrown]:
        """Messages and signals that went out, in order."""
        return [e for e in self.events if isinstance(e, MessageThrown | SignalThrown)]

    @property
    def terminated(self) -> list[str]:
        """Elements ended from outside, in order."""
        return [e.element_id for e in self.events if isinstance(e, ElementTerminated)]

    @property
    def stuck(self) -> list[str]:
        """Elements with an incident, in alphabetical order."""
        return sorted(incident.element_id for incident in self.incidents.values())

    @property
    def done(self) -> list[str]:
        """Elements completed, in order."""
        return [e.element_id for e in self.events if isinstance(e, ElementCompleted)]

    @property
    def taken(self) -> list[str]:
        """Sequence flows taken, in order."""
        return [e.flow_id for e in self.events if isinstance(e, SequenceFlowTaken)]

    def _keep(self, event: Event) -> None:
        """What the store would make of an event; a contradiction is a KeyError or an assertion."""
        match event:
            case VariableSet(scope, name, value):
                self.scopes.setdefault(scope, {})[name] = value
            case ScopeDropped(scope):
                assert scope != ROOT
                del self.scopes[scope]
            case IncidentRaised(key):
                assert key in self.open
                self.jobs.pop(key, None)
                self.calls.pop(key, None)
                self.incidents[key] = event
            case IncidentResolved(key):
                del self.incidents[key]
            case InstanceCompleted() | InstanceTerminated():
                assert not self.open
                assert not self.subscriptions
                assert not self.calls
                assert set(self.scopes) == {ROOT}
                assert self.ending is None
                self.ending = event
            case _:
                self._keep_element(event)

    def _keep_element(self, event: Event) -> None:
        match event:
            case ElementActivated(key):
                assert key not in self.open
                assert event.scope_key in self.known, "a scope begins before what is in it"
                self.known.add(key)
                self.open[key] = event
            case ElementCompleted(key, element_id) | ElementTerminated(key, element_id):
                assert self.open.pop(key).element_id == element_id
                inside = [one.element_id for one in self.open.values() if one.scope_key == key]
                assert not inside, "a scope ends after what is in it"
                self.calls.pop(key, None)
                left = (self.tasks, self.jobs, self.incidents, self.calls)
                assert not any(key in holder for holder in left)
                assert not any(key == owner for owner, _, _ in self.subscriptions)
            case UserTaskCreated(key):
                assert self.open[key].element_id == event.element_id
                self.tasks[key] = event
            case UserTaskEnded(key):
                del self.tasks[key]
            case JobNeeded(key):
                self.jobs[key] = event
            case JobOver(key):
                del self.jobs[key]
            case _:
                self._keep_wait(event)

    def _keep_wait(self, event: Event) -> None:
        match event:
            case CallNeeded(key):
                self.calls[key] = event
            case CallOver(key):
                del self.calls[key]
            case Subscribed(key, element_id, number):
                assert (key, element_id, number) not in self.subscriptions
                self.subscriptions[key, element_id, number] = event
            case Unsubscribed(key, element_ids):
                for one in list(self.subscriptions.values()):
                    chosen = not element_ids or one.element_id in element_ids
                    if one.element_instance_key == key and chosen:
                        del self.subscriptions[key, one.element_id, one.number]
            case PauseNeeded(key):
                self.pauses.append(key)
            case _:
                pass
