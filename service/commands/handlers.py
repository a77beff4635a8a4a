"""The handlers of service tasks: what they are given, and where the commands find them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.guards import Guard
from service.domain.values import Json, Variables


class BpmnError(Exception):
    """A failure the diagram may provide for: `code` is what an error event catches.

    `variables` go with it to the event that catches it. The message may reach an operator, in which
    values of the case are masked.
    """

    def __init__(self, code: str, message: str = "", variables: Variables | None = None) -> None:
        self.code = code
        self.message = message
        self.variables: Variables = dict(variables or {})
        super().__init__(message or code)


class TaskContext:
    """What a handler gets of the step it runs in.

    `element_instance_key` is new at each activation and kept over retries: a handler that writes
    uses it to write once. `variables` are those the task sees, `headers` those of the diagram.
    `actor` is who caused the step (the system, when a job runs it), `started_by` the user name of
    who started the instance; `now` is aware, in UTC.
    """

    def __init__(
        self,
        *,
        session: Session | Callable[[], Session],
        instance_key: int,
        element_instance_key: int,
        element_id: str,
        process_id: str,
        headers: Mapping[str, str],
        variables: Variables,
        now: datetime,
        actor: Actor,
        started_by: str,
    ) -> None:
        self._session = session
        self.instance_key = instance_key
        self.element_instance_key = element_instance_key
        self.element_id = element_id
        self.process_id = process_id
        self.headers: Mapping[str, str] = MappingProxyType(dict(headers))
        self.variables: Mapping[str, Json] = MappingProxyType(dict(variables))
        self.now = now
        self.actor = actor
        self.started_by = started_by
        self.notes: list[str] = []

    @property
    def session(self) -> Session:
        """The session of the step: what is written here is kept or lost with the step.

        The first use opens a savepoint; a handler that fails loses what it wrote, not more.
        """
        return self._session if isinstance(self._session, Session) else self._session()

    def log(self, text: str) -> None:
        """Leave a line in the instance's history; no personal data belongs in it."""
        self.notes.append(text)


Handler: TypeAlias = Callable[[TaskContext], Variables | None]
"""Does a service task; what it returns becomes variables. May raise BpmnError."""


@dataclass(frozen=True, slots=True)
class RegisteredHandler:
    """A handler, and whether it always runs as a job after the step."""

    function: Handler
    asynchronous: bool = False


class HandlerRegistry:
    """Handlers by the task type of the diagram; filled by the composition root, then only read."""

    def __init__(self) -> None:
        self._handlers: dict[str, RegisteredHandler] = {}
        self.guards: tuple[Guard, ...] = ()
        """The decisions that diagrams look at again before each irreversible step."""

    def register(self, task_type: str, function: Handler, *, asynchronous: bool = False) -> None:
        """Make `function` do the service tasks of this type; a second one is a mistake."""
        if task_type in self._handlers:
            raise ValueError(f"two handlers of {task_type}")
        self._handlers[task_type] = RegisteredHandler(function, asynchronous)

    def get(self, task_type: str) -> RegisteredHandler | None:
        """Return the handler, or None where an outside worker must do the task."""
        return self._handlers.get(task_type)

    def __iter__(self) -> Iterator[str]:
        return iter(self._handlers)

    @property
    def task_types(self) -> frozenset[str]:
        """The types that have a handler here."""
        return frozenset(self._handlers)
