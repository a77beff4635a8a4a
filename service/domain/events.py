"""What an engine step did, in order; `commands/outcome.py` alone turns it into rows.

Times are not in the events: all of one step happen at the step's `now`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from service.domain.values import Json


class ElementType(StrEnum):
    """Flow nodes by their BPMN 2.0 name, in the spelling of the Camunda 8 API."""

    PROCESS = "PROCESS"
    START_EVENT = "START_EVENT"
    END_EVENT = "END_EVENT"
    USER_TASK = "USER_TASK"
    SERVICE_TASK = "SERVICE_TASK"
    BUSINESS_RULE_TASK = "BUSINESS_RULE_TASK"
    SCRIPT_TASK = "SCRIPT_TASK"
    EXCLUSIVE_GATEWAY = "EXCLUSIVE_GATEWAY"
    PARALLEL_GATEWAY = "PARALLEL_GATEWAY"


class IncidentType(StrEnum):
    """Kinds of incident, in the spelling of the Camunda 8 API."""

    EXTRACT_VALUE_ERROR = "EXTRACT_VALUE_ERROR"
    CONDITION_ERROR = "CONDITION_ERROR"
    IO_MAPPING_ERROR = "IO_MAPPING_ERROR"
    CALLED_DECISION_ERROR = "CALLED_DECISION_ERROR"
    DECISION_EVALUATION_ERROR = "DECISION_EVALUATION_ERROR"
    FORM_NOT_FOUND = "FORM_NOT_FOUND"
    JOB_NO_RETRIES = "JOB_NO_RETRIES"
    UNHANDLED_ERROR_EVENT = "UNHANDLED_ERROR_EVENT"
    UNKNOWN = "UNKNOWN"


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
    """A token took this sequence flow."""

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
class DecisionEvaluated:
    """A business rule task asked a decision."""

    element_instance_key: int
    element_id: str
    decision_id: str
    output: Json
    matched_rules: tuple[str, ...]


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
    | IncidentRaised
    | IncidentResolved
    | InstanceCompleted
    | InstanceTerminated
)
