"""What a step is told beside what its engine will say."""

from collections.abc import Collection
from dataclasses import dataclass, field

from service.commands.task_rows import DoneTask
from service.domain.events import Event
from service.store.history import NewEntry


@dataclass(frozen=True, slots=True)
class Called:
    """The instance that a call activity will start: its key is chosen before its row is there."""

    instance_key: int
    definition_key: int
    process_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message that this step brought to its instance, and the subscription that took it."""

    message_key: int
    name: str
    correlation_key: str
    subscription_key: int


@dataclass(slots=True)
class Step:
    """What a step did beside the engine's events.

    `acts` come first in the history, `notes` last. `failed` holds the error text of each service
    task whose first attempt failed, by element instance key; `failed_jobs` the job that used up its
    attempts; `retries` how many attempts a new job has where an operator has said so. `reason` says
    why an instance is cancelled; `title` is its new title, None where it stays. `events` are the
    engine's as far as they were taken already, `called` says by element instance key which instance
    a call activity starts.
    """

    acts: list[NewEntry] = field(default_factory=list)
    notes: list[NewEntry] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    failed_jobs: dict[int, int] = field(default_factory=dict)
    retries: dict[int, int] = field(default_factory=dict)
    done_task: DoneTask | None = None
    reason: str = ""
    title: str | None = None
    stored_scopes: Collection[int] = ()
    events: list[Event] = field(default_factory=list)
    called: dict[int, Called] = field(default_factory=dict)
    delivered: Delivered | None = None
