"""What an engine step means for the service's tables: the only writer of them after a step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from service.commands import decision_notes, step_rows
from service.commands.form_binding import deadline
from service.commands.instance_lock import LockedInstance, act
from service.commands.resuming import Resumed
from service.commands.rooms import JOB_DUE
from service.commands.step_rows import StepRows
from service.commands.task_rows import DoneTask
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.actors import SYSTEM, Actor
from service.domain.events import (
    DecisionEvaluated,
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Event,
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
from service.domain.values import Json
from service.engine import DEFAULT_BACKOFF, Binding, ProcessModel
from service.store import history
from service.store.history import NewEntry
from service.store.tables.instances import ElementState, InstanceState
from service.store.tables.work import JobState


@dataclass(slots=True)
class Step:
    """What a step did beside the engine's events.

    `acts` come first in the history, `notes` last. `failed` holds the error text of each service
    task whose first attempt failed, by element instance key; `failed_jobs` the job that used up its
    attempts; `reason` why an instance is cancelled.
    """

    acts: list[NewEntry] = field(default_factory=list)
    notes: list[NewEntry] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    failed_jobs: dict[int, int] = field(default_factory=dict)
    done_task: DoneTask | None = None
    reason: str = ""
    stored_scopes: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What the step came to; `incidents` are the elements that now wait for an operator."""

    created: tuple[UserTaskCreated, ...]
    incidents: frozenset[int]
    state: InstanceState


def apply(
    tools: Toolbox,
    instance: LockedInstance,
    resumed: Resumed,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
) -> Applied:
    """Write what the step did: rows first, then the history, the instance itself last."""
    reader = _Reader(tools, instance, resumed.model, step, actor, now)
    for event in resumed.execution.take_events():
        reader.take(event)
    rows = reader.rows
    rows.done_task = step.done_task
    written = step_rows.write(tools, instance, rows, actor=actor, now=now)
    entries = [*step.acts, *reader.entries, *reader.nobody(written.deserted), *step.notes]
    ended = reader.state is not InstanceState.ACTIVE
    step_rows.write_instance(
        tools.session,
        instance,
        {
            "state": reader.state,
            "engine_state": resumed.execution.save(),
            "ended_at": now if ended else None,
            "end_event": reader.end_event,
            "open_incidents": written.open_incidents,
        },
        history.append(tools.session, instance.chain, entries, tools.audit_key),
    )
    for row in rows.jobs:
        if row["kind"] == "handler":
            announce_job(tools, cast(datetime, row["due_at"]))
    return Applied(tuple(rows.tasks.values()), frozenset(rows.incidents), reader.state)


def job_due(now: datetime, backoff: tuple[int, ...], attempts: int) -> datetime:
    """Return when to try again after so many attempts; the last pause repeats."""
    pauses = backoff or DEFAULT_BACKOFF
    return now + timedelta(seconds=pauses[min(attempts, len(pauses)) - 1])


def announce_job(tools: Toolbox, due_at: datetime) -> None:
    """Leave word of a job for whoever commits: the job runner may be in this process."""
    known = tools.session.info.get(JOB_DUE)
    tools.session.info[JOB_DUE] = due_at if known is None else min(known, due_at)


@dataclass(slots=True)
class _Reader:
    """One pass over the events of a step."""

    tools: Toolbox
    instance: LockedInstance
    model: ProcessModel
    step: Step
    actor: Actor
    now: datetime
    rows: StepRows = field(default_factory=StepRows)
    entries: list[NewEntry] = field(default_factory=list)
    state: InstanceState = InstanceState.ACTIVE
    end_event: str | None = None

    def take(self, event: Event) -> None:  # noqa: C901 - one branch an event is the clearest form
        rows = self.rows
        match event:
            case ElementActivated():
                self._activate(event)
            case ElementCompleted():
                self._leave(event.element_instance_key, event.element_id, ElementState.COMPLETED)
            case ElementTerminated():
                self._terminate(event)
            case UserTaskCreated():
                self._create_task(event)
            case UserTaskEnded(cancelled=True):
                rows.canceled_tasks.append(event.element_instance_key)
            case UserTaskEnded():
                pass  # `done_task` says by whom and how
            case JobNeeded():
                rows.jobs.append(self._job(event))
            case JobOver():
                rows.jobs_over.append(event.element_instance_key)
            case VariableSet():
                rows.variables[event.scope_key, event.name] = event.value
            case ScopeDropped():
                self._drop_scope(event.scope_key)
            case DecisionEvaluated():
                self._note_decision(event)
            case IncidentRaised():
                self._raise_incident(event)
            case IncidentResolved():
                rows.resolved.append(event.element_instance_key)
                self._note("incident.resolved", key=event.element_instance_key, by=self.actor)
            case InstanceCompleted():
                self._complete(event)
            case InstanceTerminated():
                self._cancel()
            case SequenceFlowTaken():
                pass  # no table holds flows: what was passed is told by the elements

    def nobody(self, deserted: frozenset[int]) -> list[NewEntry]:
        """Entries for new tasks that nobody could do: they stay open, an operator assigns them."""
        return [
            self._entry("user-task.nobody", key, task.element_id, _holders(task))
            for key, task in self.rows.tasks.items()
            if key in deserted
        ]

    def _activate(self, event: ElementActivated) -> None:
        self.rows.elements[event.element_instance_key] = self._element_row(
            event.element_instance_key, event.element_id, event.scope_key
        )

    def _leave(self, key: int, element_id: str, state: ElementState) -> None:
        # An element of an earlier step has its row: only state and end are written over it.
        row = self.rows.elements.setdefault(
            key, self._element_row(key, element_id, self.instance.key)
        )
        row["state"], row["ended_at"] = state, self.now

    def _terminate(self, event: ElementTerminated) -> None:
        key = event.element_instance_key
        self._leave(key, event.element_id, ElementState.TERMINATED)
        if key in self.rows.canceled_tasks:
            self._note("user-task.canceled", key=key, element_id=event.element_id)

    def _element_row(self, key: int, element_id: str, scope_key: int) -> Row:
        element = self.model.elements[element_id]
        return {
            "key": key,
            "instance_key": self.instance.key,
            "scope_key": scope_key,
            "element_id": element_id,
            "element_name": element.name,
            "type": element.type,
            "state": ElementState.ACTIVE,
            "started_at": self.now,
            "ended_at": None,
        }

    def _create_task(self, event: UserTaskCreated) -> None:
        key, binding = (
            event.element_instance_key,
            self.model.elements[event.element_id].form_binding,
        )
        self.rows.tasks[key] = event
        if event.form_id is not None and binding is Binding.DEPLOYMENT:
            definition_key = self.instance.definition_key
            self.rows.until[key] = deadline(self.tools.session, binding, definition_key)
        self._note(
            "user-task.created",
            key=key,
            element_id=event.element_id,
            value=_holders(event),
        )

    def _job(self, event: JobNeeded) -> Row:
        error = self.step.failed.get(event.element_instance_key)
        attempts = 0 if error is None else 1
        ours = event.task_type in self.tools.handlers.task_types
        return {
            "key": self.tools.keys.next(),
            "kind": "handler" if ours else "outside",
            "type": event.task_type,
            "state": JobState.WAITING,
            "instance_key": self.instance.key,
            "element_instance_key": event.element_instance_key,
            "element_id": event.element_id,
            "due_at": job_due(self.now, event.backoff, attempts) if attempts else self.now,
            "attempts": attempts,
            "retries": event.retries - attempts,
            "backoff": list(event.backoff),
            "headers": dict(event.headers),
            "lock_owner": None,
            "lock_expires_at": None,
            "fencing": 0,
            "last_error": error,
            "created_at": self.now,
            "ended_at": None,
        }

    def _drop_scope(self, scope_key: int) -> None:
        self.rows.variables = {
            place: value for place, value in self.rows.variables.items() if place[0] != scope_key
        }
        if scope_key in self.step.stored_scopes:
            self.rows.dropped_scopes.append(scope_key)

    def _note_decision(self, event: DecisionEvaluated) -> None:
        self._note(
            "decision.evaluated",
            key=event.element_instance_key,
            element_id=event.element_id,
            value=decision_notes.note(event),
        )

    def _raise_incident(self, event: IncidentRaised) -> None:
        key = event.element_instance_key
        incident_key = self.tools.keys.next()
        self.rows.incidents[key] = {
            "key": incident_key,
            "instance_key": self.instance.key,
            "definition_key": self.instance.definition_key,
            "process_id": self.instance.process_id,
            "element_id": event.element_id,
            "element_instance_key": key,
            "job_key": self.step.failed_jobs.get(key),
            "type": event.failure.type,
            "message": event.failure.message,
            "state": "ACTIVE",
            "created_at": self.now,
            "resolved_at": None,
            "resolved_by": None,
        }
        self._note(
            "incident.raised",
            key=key,
            element_id=event.element_id,
            value={
                "incident_key": str(incident_key),
                "type": event.failure.type,
                "message": event.failure.message,
            },
        )

    def _complete(self, event: InstanceCompleted) -> None:
        self.state = InstanceState.COMPLETED
        names = [
            self.model.elements[element_id].name or element_id for element_id in event.end_events
        ]
        self.end_event = "、".join(names) or None
        self._note("instance.completed", value={"end_events": list(names)})

    def _cancel(self) -> None:
        self.state = InstanceState.TERMINATED
        self.end_event = self.step.reason
        self._note("instance.cancelled", value={"reason": self.step.reason}, by=self.actor)

    def _note(
        self,
        name: str,
        *,
        key: int | None = None,
        element_id: str | None = None,
        value: Json = None,
        by: Actor = SYSTEM,
    ) -> None:
        self.entries.append(self._entry(name, key, element_id, value, by))

    def _entry(
        self, name: str, key: int | None, element_id: str | None, value: Json, by: Actor = SYSTEM
    ) -> NewEntry:
        if element_id is not None:
            named: dict[str, Json] = {"name": self.model.elements[element_id].name or element_id}
            value = {**named, **value} if isinstance(value, dict) else named
        return act(
            name,
            actor=by.username,
            now=self.now,
            element_id=element_id,
            element_instance_key=key,
            value=value,
        )


def _holders(task: UserTaskCreated) -> dict[str, Json]:
    return {
        "assignee": task.assignee,
        "candidate_users": list(task.candidate_users),
        "candidate_groups": list(task.candidate_groups),
    }
