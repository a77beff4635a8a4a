"""Cases as those who applied from outside follow them: their own, in the words made for them.

What is shown of a case are the steps that have a public name, the opinions that the diagram makes
public, and the tasks that are the applicant's. Nothing else of it leaves the house: no name of a
member of staff, no other step, no other opinion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.instances import InstanceNotFound
from service.domain.irreversible import PAGE_ACT_FOR_GOOD
from service.domain.receipts import case_number
from service.domain.user_tasks import TaskNotFound
from service.domain.values import Json
from service.engine import Element
from service.queries.selects import AnyRow, AnySelect
from service.store.tables import (
    ElementInstance,
    HistoryEntry,
    HistoryValue,
    InboxEntry,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.instances import ElementState, InstanceState
from service.store.tables.tasks import EntryState, HolderKind

PAGE = 20
_MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One application in its applicant's list."""

    key: int
    title: str
    process_name: str
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    waiting: int
    """Tasks that wait for the applicant."""
    suspended: bool = False
    """Nobody can go on with it for a while."""

    @property
    def number(self) -> str:
        """What the applicant quotes."""
        return case_number(self.key)


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of applications, newest first; `older_than` asks for the next."""

    rows: tuple[CaseRow, ...]
    older_than: int | None


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task of the applicant's. `ended_at` None while it is to be done."""

    key: int
    element_id: str
    name: str
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    has_form: bool


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A step by its public name, with the opinion that it left for the applicant."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    state: ElementState
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LaterAct:
    """What was decided about an application beside its steps, in the words for its applicant."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """An application with what its applicant may know."""

    row: CaseRow
    definition_key: int
    tasks: tuple[OwnTask, ...]


def own(session: Session, *, actor: Actor, older_than: int | None = None) -> CaseList:
    """Return what the actor applied for, newest first; two statements."""
    statement = _cases(actor).order_by(ProcessInstance.key.desc()).limit(PAGE + 1)
    if older_than is not None:
        statement = statement.where(ProcessInstance.key < older_than)
    found = session.execute(statement).all()
    waiting = _waiting(session, actor)
    rows = [_row(row, waiting) for row in found[:PAGE]]
    return CaseList(tuple(rows), rows[-1].key if len(found) > PAGE else None)


def get(session: Session, *, actor: Actor, key: int) -> Case:
    """Return one of the actor's applications; two statements. Raises InstanceNotFound."""
    row = session.execute(_cases(actor).where(ProcessInstance.key == key)).one_or_none()
    if row is None:
        raise InstanceNotFound
    tasks = _tasks(session, actor, key)
    waiting = {key: sum(task.ended_at is None for task in tasks)}
    return Case(_row(row, waiting), row.definition_key, tasks)


def task_case(session: Session, *, actor: Actor, task_key: int) -> int:
    """Return which of the actor's applications this task of theirs belongs to.

    A step of an instance that the application has called is the application's. Raises TaskNotFound.
    """
    key = session.scalar(
        select(_case_key)
        .join(UserTask, UserTask.instance_key == ProcessInstance.key)
        .where(
            UserTask.key == task_key,
            UserTask.assignee == actor.username,
            ProcessInstance.started_by == actor.username,
        )
    )
    if key is None:
        raise TaskNotFound
    return key


def steps(
    session: Session, *, instance_key: int, elements: Mapping[str, Element]
) -> tuple[PublicStep, ...]:
    """Return the public steps of a case that the actor may see, oldest first; two statements.

    Passes of the same name that follow each other are one step.
    """
    named = {one.id: one.public_name for one in elements.values() if one.public_name}
    rows = session.execute(
        select(
            ElementInstance.key,
            ElementInstance.element_id,
            ElementInstance.started_at,
            ElementInstance.ended_at,
            ElementInstance.state,
        )
        .where(
            ElementInstance.instance_key == instance_key,
            ElementInstance.element_id.in_(sorted(named)),
        )
        .order_by(ElementInstance.key.desc())
        .limit(_MOST_STEPS)
    ).all()
    comments = _comments(session, instance_key, elements)
    passed = [
        PublicStep(
            name=named[row.element_id],
            started_at=row.started_at,
            ended_at=row.ended_at,
            state=ElementState(row.state),
            comment=comments.get(row.key, ""),
        )
        for row in reversed(rows)
    ]
    return tuple(_merged(passed))


def later_acts(session: Session, *, instance_key: int) -> tuple[LaterAct, ...]:
    """Return what pages of the procedure told the applicant, oldest first; one statement.

    Of the application and of what it called. The caller has made sure that it is the actor's.
    """
    rows = session.execute(
        select(HistoryValue.value, HistoryEntry.at)
        .join(
            HistoryEntry,
            (HistoryValue.instance_key == HistoryEntry.instance_key)
            & (HistoryValue.number == HistoryEntry.number),
        )
        .join(ProcessInstance, ProcessInstance.key == HistoryEntry.instance_key)
        .where(_case_key == instance_key, HistoryEntry.act.in_(("page.acted", PAGE_ACT_FOR_GOOD)))
        .order_by(HistoryEntry.at, HistoryEntry.number)
        .limit(_MOST_STEPS)
    )
    told = [LaterAct(_text(row.value, "public"), row.at) for row in rows]
    return tuple(one for one in told if one.text)


_case_key = func.coalesce(ProcessInstance.root_key, ProcessInstance.key)
"""The application that an instance belongs to: itself, or the outermost one that called it."""


def _cases(actor: Actor) -> AnySelect:
    return (
        select(
            ProcessInstance.key,
            ProcessInstance.title,
            ProcessDefinition.name,
            ProcessInstance.state,
            ProcessInstance.suspended_at,
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            ProcessInstance.definition_key,
        )
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .where(ProcessInstance.started_by == actor.username, ProcessInstance.parent_key.is_(None))
    )


def _row(row: AnyRow, waiting: Mapping[int, int]) -> CaseRow:
    return CaseRow(
        key=row.key,
        title=row.title,
        process_name=row.name,
        state=InstanceState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        waiting=waiting.get(row.key, 0),
        suspended=row.suspended_at is not None,
    )


def _waiting(session: Session, actor: Actor) -> dict[int, int]:
    """Return how many tasks wait for the actor, by application; walks their own inbox."""
    rows = session.execute(
        select(_case_key, func.count())
        .join(InboxEntry, InboxEntry.instance_key == ProcessInstance.key)
        .where(_held(actor), InboxEntry.state == EntryState.OPEN)
        .group_by(_case_key)
    )
    return {case: count for case, count in rows}


def _tasks(session: Session, actor: Actor, instance_key: int) -> tuple[OwnTask, ...]:
    """Open ones first, then what was done, the newest of each first."""
    rows = session.execute(
        select(
            UserTask.key,
            UserTask.element_id,
            UserTask.name,
            UserTask.due_at,
            UserTask.created_at,
            UserTask.ended_at,
            UserTask.form_key.is_not(None),
        )
        .join(InboxEntry, InboxEntry.task_key == UserTask.key)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .where(
            _held(actor),
            InboxEntry.state.in_((EntryState.OPEN, EntryState.DONE)),
            _case_key == instance_key,
        )
        .order_by(UserTask.ended_at.is_not(None), UserTask.key.desc())
        .limit(200)
    )
    return tuple(OwnTask(*row) for row in rows)


def _held(actor: Actor) -> ColumnElement[bool]:
    return (InboxEntry.holder == actor.username) & (InboxEntry.holder_kind == HolderKind.PERSON)


def _comments(
    session: Session, instance_key: int, elements: Mapping[str, Element]
) -> dict[int, str]:
    """Return the opinions that the diagram makes public, by element instance; one statement."""
    public = {
        one.id: {outcome.name for outcome in one.outcomes if outcome.comment_public}
        for one in elements.values()
        if one.public_name and any(outcome.comment_public for outcome in one.outcomes)
    }
    if not public:
        return {}
    rows = session.execute(
        select(HistoryEntry.element_instance_key, HistoryEntry.element_id, HistoryValue.value)
        .join(
            HistoryValue,
            (HistoryValue.instance_key == HistoryEntry.instance_key)
            & (HistoryValue.number == HistoryEntry.number),
        )
        .where(
            HistoryEntry.instance_key == instance_key,
            HistoryEntry.act == "user-task.completed",
            HistoryEntry.element_id.in_(sorted(public)),
        )
    )
    return {
        row.element_instance_key: _text(row.value, "comment")
        for row in rows
        if _text(row.value, "outcome") in public[row.element_id]
    }


def _merged(steps: Sequence[PublicStep]) -> list[PublicStep]:
    merged: list[PublicStep] = []
    for step in steps:
        last = merged[-1] if merged else None
        if last is not None and last.name == step.name and not last.comment:
            merged[-1] = PublicStep(
                step.name, last.started_at, step.ended_at, step.state, step.comment
            )
        else:
            merged.append(step)
    return merged


def _text(value: Json, name: str) -> str:
    said = value.get(name) if isinstance(value, dict) else None
    return said if isinstance(said, str) else ""
