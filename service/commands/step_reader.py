"""One pass over the events of a step: which rows and which lines of the history they mean."""

from dataclasses import dataclass, field
from datetime import datetime

from service.commands import decision_notes, step_news
from service.commands.form_binding import deadline
from service.commands.instance_lock import LockedInstance, act
from service.commands.job_rows import pause_row, work_row
from service.commands.onward import Onward
from service.commands.recusal import KeptOut
from service.commands.step_input import Step
from service.commands.step_rows import StepRows
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.actors import SYSTEM, Actor
from service.domain.events import (
    CallNeeded,
    CallOver,
    ConditionUnclear,
    DecisionEvaluated,
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ElementType,
    EscalationUncaught,
    Escaped,
    Event,
    EventCaught,
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
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.engine import Binding, ProcessModel
from service.store.history import NewEntry
from service.store.post_groups import Resolved
from service.store.tables.instances import ElementState, InstanceState


@dataclass(slots=True)
class StepReader:
    """Reads the events of a step in their order; gives rows, entries and what goes onward."""

    tools: Toolbox
    instance: LockedInstance
    model: ProcessModel
    step: Step
    actor: Actor
    now: datetime
    groups: Resolved
    """The post groups of the tasks that arise; tasks hold their ids already."""
    kept_out: KeptOut
    """Who must keep out of them; a barred holder has been taken away already."""
    rows: StepRows = field(default_factory=StepRows)
    entries: list[NewEntry] = field(default_factory=list)
    onward: Onward = field(default_factory=Onward)
    state: InstanceState = InstanceState.ACTIVE
    end_event: str | None = None
    _new: set[int] = field(default_factory=set)
    """Element instances that began in this step."""

    def take(self, event: Event) -> None:  # noqa: C901 - one branch an event is the clearest form
        """Read one event."""
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
                rows.canceled_tasks[event.element_instance_key] = None
            case UserTaskEnded():
                pass  # `done_task` says by whom and how
            case JobNeeded():
                rows.jobs.append(self._work(event))
            case JobOver():
                rows.jobs_over.append(event.element_instance_key)
            case VariableSet():
                rows.variables.setdefault(event.scope_key, {})[event.name] = event.value
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
                self._take_flow(event)
            case Subscribed() | MessageThrown() | SignalThrown():
                self._wait_or_throw(event)
            case Unsubscribed():
                self.onward.unsubscribe(event, stored=event.element_instance_key not in self._new)
            case CallNeeded() | CallOver() | Escaped():
                self._call(event)
            case EventCaught() | EscalationUncaught() | ConditionUnclear():
                self._note_event(event)
            case PauseNeeded():
                key = event.element_instance_key
                rows.jobs.append(pause_row(self.tools, self.instance.key, key, self.now))

    def nobody(self, deserted: frozenset[int]) -> list[NewEntry]:
        """Entries for new tasks that nobody could do: they stay open, an operator assigns them."""
        return [
            self._entry("user-task.nobody", key, task.element_id, self._holders(task))
            for key, task in self.rows.tasks.items()
            if key in deserted
        ]

    def _work(self, event: JobNeeded) -> Row:
        key = event.element_instance_key
        row = work_row(self.tools, self.instance.key, event, self.step.failed.get(key), self.now)
        if key in self.step.retries:
            row["retries"] = self.step.retries[key]
        return row

    def _activate(self, event: ElementActivated) -> None:
        key = event.element_instance_key
        self._new.add(key)
        self.rows.elements[key] = self._element_row(
            key, event.element_id, event.scope_key, event.type
        )

    def _leave(self, key: int, element_id: str, state: ElementState) -> None:
        row = self._known(key, element_id)
        row["state"], row["ended_at"] = state, self.now

    def _take_flow(self, event: SequenceFlowTaken) -> None:
        row = self._known(event.element_instance_key, event.element_id)
        taken = row["flows_taken"]
        row["flows_taken"] = event.flow_id if taken is None else f"{taken} {event.flow_id}"

    def _known(self, key: int, element_id: str) -> Row:
        """An element of an earlier step has its row: only state, end and flows are written."""
        row = self.rows.elements.get(key)
        if row is None:
            kind = self.model.elements[element_id].type
            row = self._element_row(key, element_id, self.instance.key, kind)
            self.rows.elements[key] = row
        return row

    def _terminate(self, event: ElementTerminated) -> None:
        key = event.element_instance_key
        self._leave(key, event.element_id, ElementState.TERMINATED)
        if key in self.rows.canceled_tasks:
            self._note("user-task.canceled", key=key, element_id=event.element_id)

    def _element_row(self, key: int, element_id: str, scope_key: int, kind: ElementType) -> Row:
        return {
            "key": key,
            "instance_key": self.instance.key,
            "scope_key": scope_key,
            "element_id": element_id,
            "element_name": self.model.elements[element_id].name,
            "type": kind,
            "state": ElementState.ACTIVE,
            "started_at": self.now,
            "ended_at": None,
            "flows_taken": None,
        }

    def _create_task(self, event: UserTaskCreated) -> None:
        key = event.element_instance_key
        binding = self.model.elements[event.element_id].form_binding
        self.rows.tasks[key] = event
        if event.form_id is not None and binding is Binding.DEPLOYMENT:
            definition_key = self.instance.definition_key
            self.rows.until[key] = deadline(self.tools.session, binding, definition_key)
        self._note(
            "user-task.created",
            key=key,
            element_id=event.element_id,
            value=self._holders(event),
        )
        if (person := self.kept_out.refused.get(key)) is not None:
            value: Json = {"person": person}
            self._note("user-task.recused", key=key, element_id=event.element_id, value=value)
        self.rows.jobs.extend(step_news.of_task(self.tools, event, actor=self.actor, now=self.now))

    def _drop_scope(self, scope_key: int) -> None:
        self.rows.variables.pop(scope_key, None)
        if scope_key in self.step.stored_scopes:
            self.rows.dropped_scopes.append(scope_key)

    def _note_decision(self, event: DecisionEvaluated) -> None:
        self._note(
            "decision.evaluated",
            key=event.element_instance_key,
            element_id=event.element_id,
            value=decision_notes.note(event),
        )

    def _wait_or_throw(self, event: Subscribed | MessageThrown | SignalThrown) -> None:
        self.onward.add(event)
        if isinstance(event, Subscribed):
            return
        kind = "message" if isinstance(event, MessageThrown) else "signal"
        self._note(
            f"{kind}.sent",
            key=event.element_instance_key,
            element_id=event.element_id,
            value={kind: event.name},
        )

    def _call(self, event: CallNeeded | CallOver | Escaped) -> None:
        if isinstance(event, Escaped):
            self.onward.escapes.append(event)
            return
        key = event.element_instance_key
        if isinstance(event, CallOver):
            self.onward.end_call(key)
            return
        called = self.step.called.get(key)
        if called is None:  # refused: an incident follows
            return
        self.onward.calls[key] = event
        value: Json = {"instance_key": str(called.instance_key), "process": called.name}
        self._note("call.started", key=key, element_id=event.element_id, value=value)

    def _note_event(self, event: EventCaught | EscalationUncaught | ConditionUnclear) -> None:
        key, element_id = event.element_instance_key, event.element_id
        # Who caught it may be the process itself, which is no element instance.
        at = None if key == self.instance.key else key
        if isinstance(event, ConditionUnclear):
            value: Json = {"message": event.message}
            self._note("condition.unclear", key=at, element_id=element_id, value=value)
            return
        name = "event.caught" if isinstance(event, EventCaught) else "escalation.uncaught"
        self._note(name, key=at, element_id=element_id, value={"code": event.code})

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
        name = self.model.elements[event.element_id].name or event.element_id
        self.rows.jobs.append(
            step_news.of_incident(
                self.tools,
                self.instance.process_id,
                name,
                instance_key=self.instance.key,
                now=self.now,
            )
        )

    def _complete(self, event: InstanceCompleted) -> None:
        self.state = InstanceState.COMPLETED
        names = [
            self.model.elements[element_id].name or element_id for element_id in event.end_events
        ]
        self.end_event = "、".join(names) or None
        self._note("instance.completed", value={"end_events": list(names)})
        self._tell_initiator(NotificationKind.CASE_COMPLETED)

    def _cancel(self) -> None:
        self.state = InstanceState.TERMINATED
        self.end_event = self.step.reason
        self._note("instance.cancelled", value={"reason": self.step.reason}, by=self.actor)
        self._tell_initiator(NotificationKind.CASE_TERMINATED)

    def _tell_initiator(self, kind: NotificationKind) -> None:
        self.rows.jobs.extend(
            step_news.of_end(self.tools, self.instance, kind, actor=self.actor, now=self.now)
        )

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

    def _holders(self, task: UserTaskCreated) -> dict[str, Json]:
        holders: dict[str, Json] = {
            "assignee": task.assignee,
            "candidate_users": list(task.candidate_users),
            "candidate_groups": list(task.candidate_groups),
        }
        if faults := self.groups.faults_of(task.candidate_groups):
            holders["faults"] = list(faults)
        return holders
