"""Plays an instance as the service does: every step is saved, loaded and kept by its events."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.domain.events import (
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
    ScopeDropped,
    SequenceFlowTaken,
    UserTaskCreated,
    UserTaskEnded,
    VariableSet,
)
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.engine import DecisionDue, Due, Engine, Execution, HandlerDue, ProcessModel
from service.engine.workflow import KernelWorkflow
from service.feel import FeelPool

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Half past nine on a Monday in Shanghai."""

ROOT = 1
"""Key of the instance."""

Work = Callable[[HandlerDue], Variables | Failure | None]
"""A handler: its results, why it failed, or None to park the job."""


class Player:
    """One instance, its stored state and variables, and what the events made of it."""

    def __init__(
        self,
        model: ProcessModel,
        feel: FeelPool,
        *,
        work: Work = lambda due: None,
        now: datetime = NOW,
        **variables: Json,
    ) -> None:
        self.model, self.work, self.now = model, work, now
        self.engine, self.keys = Engine(feel), KeySource()
        self.scopes: dict[int, dict[str, Json]] = {ROOT: {}}
        self.open: dict[int, ElementActivated] = {}
        self.tasks: dict[int, UserTaskCreated] = {}
        self.jobs: dict[int, JobNeeded] = {}
        self.incidents: dict[int, IncidentRaised] = {}
        self.events: list[Event] = []
        self.decisions: list[DecisionDue] = []
        self.ending: InstanceCompleted | InstanceTerminated | None = None
        execution = self.engine.start(
            model, instance_key=ROOT, variables=variables, keys=self.keys, now=now
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
        return min(key for key, place in places.items() if place == element_id)

    @property
    def waiting(self) -> list[str]:
        """Elements with an open task or job, in alphabetical order."""
        tasks = [task.element_id for task in self.tasks.values()]
        return sorted(tasks + [job.element_id for job in self.jobs.values()])

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
                self.incidents[key] = event
            case IncidentResolved(key):
                del self.incidents[key]
            case InstanceCompleted() | InstanceTerminated():
                assert not self.open
                assert self.ending is None
                self.ending = event
            case _:
                self._keep_element(event)

    def _keep_element(self, event: Event) -> None:
        match event:
            case ElementActivated(key):
                assert key not in self.open
                self.open[key] = event
            case ElementCompleted(key, element_id) | ElementTerminated(key, element_id):
                assert self.open.pop(key).element_id == element_id
                left = (self.tasks, self.jobs, self.incidents, self.scopes)
                assert not any(key in holder for holder in left)
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
                pass
