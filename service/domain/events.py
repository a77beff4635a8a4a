"""What an engine step did, in order; `commands/outcome.py` alone turns it into rows.

Times are not in the events: all of one step happen at the step's `now`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from service.domain.element_types import ElementType as ElementType
from service.domain.incident_types import IncidentType as IncidentType
from service.domain.values import Json
from service.domain.working_days import CalendarLook


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an element could not go on; the message names variables, never their values."""

    type: IncidentType
    message: str


@dataclass(frozen=True, slots=True)
class ElementActivated:
    """A token entered a node (a multi-input join: once, when it fires)."""

    element_instance_key: int
    element_id: str
    element_name: str
    type: ElementType
    scope_key: int


@dataclass(frozen=True, slots=True)
class ElementCompleted:
    """A node was left."""

    element_instance_key: int
    element_id: str


@dataclass(frozen=True, slots=True)
class ElementTerminated:
    """A node was ended from outside before it was done."""

    element_instance_key: int
    element_id: str


@dataclass(frozen=True, slots=True)
class SequenceFlowTaken:
    """A token took this sequence flow out of an element."""

    element_instance_key: int
    element_id: str
    flow_id: str


@dataclass(frozen=True, slots=True)
class UserTaskCreated:
    """A user task waits for a person; the expressions of its extensions are evaluated."""

    element_instance_key: int
    element_id: str
    name: str
    form_id: str | None
    assignee: str | None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_date: datetime | None = None
    follow_up_date: datetime | None = None
    priority: int = 50
    no_deputy: bool = False
    """Only who it is meant for may do it, nobody in their stead."""
    due_working_days: int | None = None
    """Where the due date is to be counted instead of being given."""
    recuse_from: tuple[str, ...] = ()
    """User names of whom the task is about: see `service.domain.recusal`."""
    look: CalendarLook = field(default_factory=CalendarLook)
    """What the expressions of its dates asked the calendar."""


@dataclass(frozen=True, slots=True)
class UserTaskEnded:
    """A user task is over: completed by a person, or cancelled with its scope."""

    element_instance_key: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class JobNeeded:
    """A service task waits for a job row: its handler is asynchronous, failed, or is not ours."""

    element_instance_key: int
    element_id: str
    task_type: str
    retries: int
    backoff: tuple[int, ...] = ()
    """Seconds to wait before each further attempt; the last one repeats."""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class JobOver:
    """The job of this element instance is no longer wanted: completed or cancelled."""

    element_instance_key: int


@dataclass(frozen=True, slots=True)
class VariableSet:
    """A variable got a new value in the scope of this key."""

    scope_key: int
    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class ScopeDropped:
    """A local scope ended; its variables go."""

    scope_key: int


@dataclass(frozen=True, slots=True)
class RequiredDecision:
    """A decision that another one rests on; ids of the rules that make up its output."""

    decision_id: str
    output: Json
    matched_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionEvaluated:
    """A business rule task asked a decision; `required` were evaluated for it, in this order."""

    element_instance_key: int
    element_id: str
    decision_id: str
    output: Json
    matched_rules: tuple[str, ...]
    required: tuple[RequiredDecision, ...] = ()


class EventKind(StrEnum):
    """What an instance may wait for besides people and jobs."""

    MESSAGE = "MESSAGE"
    SIGNAL = "SIGNAL"
    TIMER = "TIMER"
    CONDITION = "CONDITION"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """An element waits for an event, or an event at its border or within it.

    `element_instance_key` is who waits: the catching element, the activity that a boundary event is
    attached to, the scope of an event subprocess (the instance's key for the process), or the event
    based gateway. `element_id` is the catching event and `number` counts its definitions from 0.
    `name` is that of a message or signal, `correlation_key` only a message's. A timer is due at
    `due_at`; `cycle` is the ISO 8601 repetition or cron text behind it and `left` how often it will
    fire yet, None without end. A condition is watched by the
    engine itself, and told only of a start event of a process.
    """

    element_instance_key: int
    element_id: str
    number: int
    kind: EventKind
    interrupting: bool
    name: str = ""
    correlation_key: str = ""
    due_at: datetime | None = None
    cycle: str = ""
    left: int | None = 1
    look: CalendarLook = field(default_factory=CalendarLook)
    """What the expression of a timer asked the calendar."""


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """This element instance no longer waits for these events; without ids, for none at all."""

    element_instance_key: int
    element_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message goes out, to whichever instance waits for it; `time_to_live` in seconds."""

    element_instance_key: int
    element_id: str
    name: str
    correlation_key: str
    time_to_live: int
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal goes out, to every instance that waits for it, this one too."""

    element_instance_key: int
    element_id: str
    name: str
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class EventCaught:
    """An error, escalation or cancellation was caught by this event; `code` is empty for cancel."""

    element_instance_key: int
    element_id: str
    code: str


@dataclass(frozen=True, slots=True)
class EscalationUncaught:
    """Nobody catches this escalation, here or in the calling instance: it went by."""

    element_instance_key: int
    element_id: str
    code: str


@dataclass(frozen=True, slots=True)
class ConditionUnclear:
    """The condition of this event could not be asked: it counts as false until the next time."""

    element_instance_key: int
    element_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Escaped:
    """An error or escalation leaves this instance for the call activity that called it.

    An error ends the instance: InstanceTerminated follows.
    """

    is_error: bool
    code: str
    message: str
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class CallNeeded:
    """A call activity starts an instance of its own; `variables` become its root variables."""

    element_instance_key: int
    element_id: str
    process_id: str
    binding: str
    version_tag: str
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class CallOver:
    """The called instance is no longer wanted: it ends with the call activity."""

    element_instance_key: int


@dataclass(frozen=True, slots=True)
class PauseNeeded:
    """A long row of items goes on in a transaction of its own: `Execution.go_on`."""

    element_instance_key: int


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """The token waits before this element until somebody retries it."""

    element_instance_key: int
    element_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    """A retry got past the incident of this element instance."""

    element_instance_key: int


@dataclass(frozen=True, slots=True)
class InstanceCompleted:
    """The last token is gone by itself."""

    end_events: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class InstanceTerminated:
    """The instance was cancelled."""


Event: TypeAlias = (
    ElementActivated
    | ElementCompleted
    | ElementTerminated
    | SequenceFlowTaken
    | UserTaskCreated
    | UserTaskEnded
    | JobNeeded
    | JobOver
    | VariableSet
    | ScopeDropped
    | DecisionEvaluated
    | Subscribed
    | Unsubscribed
    | MessageThrown
    | SignalThrown
    | EventCaught
    | EscalationUncaught
    | ConditionUnclear
    | Escaped
    | CallNeeded
    | CallOver
    | PauseNeeded
    | IncidentRaised
    | IncidentResolved
    | InstanceCompleted
    | InstanceTerminated
)
