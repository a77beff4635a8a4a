"""Calling the handler of a service task, so that its failure costs nothing but itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session, SessionTransaction

from service.commands.handlers import BpmnError, Handler, TaskContext
from service.commands.instance_lock import LockedInstance, act
from service.commands.scrubbing import safe_text
from service.commands.submissions import cleaned_line, require_storable
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.values import Variables
from service.engine import HandlerDue
from service.store.history import NewEntry


@dataclass(frozen=True, slots=True)
class CallDone:
    """What the handler gave: variables, and lines for the history."""

    variables: Variables
    notes: Sequence[NewEntry]


@dataclass(frozen=True, slots=True)
class CallFailed:
    """Why it failed, without values; `code` and `variables` are those of a BpmnError."""

    text: str
    code: str | None = None
    variables: Variables = field(default_factory=dict)


class _Savepoint:
    """Opened when the handler first asks for the session: not all do, and it costs two trips."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nested: SessionTransaction | None = None

    def open(self) -> Session:
        if self._nested is None:
            self._nested = self._session.begin_nested()
        return self._session

    def keep(self) -> None:
        if self._nested is not None:
            self._nested.commit()

    def undo(self) -> None:
        if self._nested is not None:
            self._nested.rollback()


def call(
    tools: Toolbox,
    function: Handler,
    instance: LockedInstance,
    due: HandlerDue,
    *,
    actor: Actor,
    now: datetime,
) -> CallDone | CallFailed:
    """Call the handler; what it wrote is kept if it succeeds and undone if it does not."""
    savepoint = _Savepoint(tools.session)
    context = TaskContext(
        session=savepoint.open,
        instance_key=instance.key,
        element_instance_key=due.element_instance_key,
        element_id=due.element_id,
        process_id=instance.process_id,
        headers=dict(due.headers),
        variables=due.variables,
        now=now,
        actor=actor,
        started_by=instance.started_by,
    )
    try:
        variables = _checked(function(context))
        savepoint.keep()
    except BpmnError as error:
        savepoint.undo()
        return _bpmn_error(error, due)
    except Exception as error:  # noqa: BLE001 - a handler may fail in any way, the submission stands
        savepoint.undo()
        return CallFailed(safe_text(error, due.variables))
    return CallDone(variables, _notes(context, due, now))


def _bpmn_error(error: BpmnError, due: HandlerDue) -> CallFailed:
    """What it carries is checked as a result is: an error that cannot be kept is a failure."""
    try:
        variables = _checked(error.variables)
    except JiaoyanError as refusal:
        return CallFailed(safe_text(refusal, due.variables))
    return CallFailed(safe_text(error, due.variables), error.code, variables)


def _checked(result: Variables | None) -> Variables:
    variables = dict(result or {})
    require_storable(variables)
    return variables


def _notes(context: TaskContext, due: HandlerDue, now: datetime) -> list[NewEntry]:
    return [
        act(
            "service-task.note",
            actor=context.actor.username,
            now=now,
            element_id=due.element_id,
            element_instance_key=due.element_instance_key,
            value={"text": cleaned_line(text, 1000)},
        )
        for text in context.notes
    ]
