"""The rows of user tasks and of the inbox, which is made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from sqlalchemy import (
    ColumnElement,
    Insert,
    bindparam,
    insert,
    literal_column,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from service.commands.recusal import write_bars
from service.commands.upserts import Qualified, Row, dialect_of, table, upserting
from service.domain.events import UserTaskCreated
from service.domain.recusal import Bar
from service.domain.values import Json
from service.store.form_versions import ALWAYS, newest_form
from service.store.holders import anybody_behind
from service.store.tables import InboxEntry, UserTask
from service.store.tables.tasks import EntryState, HolderKind, TaskState

LIVE = (EntryState.OPEN, EntryState.TAKEN)


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A user task that a person completed.

    `principal`: for whom they did it, whose list of what is done shows it too. `assignee`,
    `candidate_users` and `candidate_groups` are those it had before: their entries are over.
    """

    key: int
    by: str
    outcome: str | None
    principal: str | None = None
    assignee: str | None = None
    candidate_users: Collection[str] = ()
    candidate_groups: Collection[str] = ()
    dated: bool = False
    """It had a due date."""
    superiors: Collection[str] = ()
    """Who was told that it was late; they see it no more."""


class NewTasks(Protocol):
    """What is known of tasks that arise, by their keys.

    `until`: up to which deployment a version of the form counts; without it the newest does.
    `bars`: who keeps out, by user name. `deadlines`: what is kept of them.
    """

    @property
    def until(self) -> Mapping[int, datetime]: ...
    @property
    def bars(self) -> Mapping[int, Mapping[str, Bar]]: ...
    @property
    def deadlines(self) -> Mapping[int, Json]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where tasks arise: their instance."""

    instance_key: int
    definition_key: int
    process_id: str
    now: datetime


def complete_task(session: Session, done: DoneTask, now: datetime) -> None:
    """Write that a person completed the task; `create_tasks` writes its inbox entries."""
    values = {
        "wanted": done.key,
        "by": done.by,
        "at": now,
        "chosen": done.outcome,
        "principal": done.principal,
    }
    session.execute(_COMPLETE, values)


def cancel_tasks(session: Session, keys: Sequence[int], now: datetime) -> None:
    """Write that these tasks ended with their scope."""
    session.execute(
        update(table(UserTask))
        .where(UserTask.key.in_(keys), UserTask.state == TaskState.CREATED)
        .values(state=TaskState.CANCELED, revision=UserTask.revision + 1, ended_at=now)
    )
    session.execute(
        update(table(InboxEntry))
        .where(InboxEntry.task_key.in_(keys), InboxEntry.state.in_(LIVE))
        .values(state=EntryState.CLOSED, ended_at=now)
    )


def create_tasks(
    session: Session,
    place: Place,
    tasks: Sequence[UserTaskCreated],
    done: DoneTask | None,
    known: NewTasks,
) -> frozenset[int]:
    """Insert tasks with their inbox entries; return the keys of those that nobody could do.

    The entries of the task that was completed are written by the same statement: done for whoever
    did it, closed for all others.
    """
    if tasks:
        session.execute(_insert_tasks(), [_task_row(place, task, known) for task in tasks])
        write_bars(session, tasks, known.bars)
    entries = [row for task in tasks for row in _entry_rows(place, task)]
    if done is not None:
        entries += _done_rows(place, done)
    return frozenset(t.element_instance_key for t in tasks) - write_entries(session, entries)


def write_entries(session: Session, entries: Sequence[Row]) -> frozenset[int]:
    """Write entries; return the keys of the tasks that a person can do or claim by them."""
    if not entries:
        return frozenset()
    written = session.execute(_write_entries(dialect_of(session)), entries)
    return frozenset(key for key, state, anybody in written if anybody and state == EntryState.OPEN)


def entry_row(
    place: Place,
    task_key: int,
    kind: HolderKind,
    holder: str,
    state: EntryState,
    ended_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Row:
    """Make one row of the inbox."""
    return {
        "task_key": task_key,
        "holder_kind": kind,
        "holder": holder,
        "state": state,
        "instance_key": place.instance_key,
        "process_id": place.process_id,
        "due_at": due_at,
        "created_at": place.now,
        "ended_at": ended_at,
    }


def _done_rows(place: Place, done: DoneTask) -> Iterable[Row]:
    """Who did it has it done, with or without an entry before; so has their principal."""
    people = {done.by: EntryState.DONE}
    if done.principal is not None:
        people[done.principal] = EntryState.DONE
    if done.assignee is not None:
        people.setdefault(done.assignee, EntryState.CLOSED)
    for person, state in people.items():
        yield entry_row(place, done.key, HolderKind.PERSON, person, state, place.now)
    for kind, holders in (
        (HolderKind.CANDIDATE, done.candidate_users),
        (HolderKind.GROUP, done.candidate_groups),
        (HolderKind.SUPERIOR, done.superiors),
    ):
        for holder in dict.fromkeys(holders):
            yield entry_row(place, done.key, kind, holder, EntryState.CLOSED, place.now)


def _entry_rows(place: Place, task: UserTaskCreated) -> Iterable[Row]:
    key, due_at = task.element_instance_key, task.due_date
    claimable = EntryState.OPEN if task.assignee is None else EntryState.TAKEN
    if task.assignee is not None:
        kind = HolderKind.PERSON
        yield entry_row(place, key, kind, task.assignee, EntryState.OPEN, due_at=due_at)
    for user in dict.fromkeys(task.candidate_users):
        yield entry_row(place, key, HolderKind.CANDIDATE, user, claimable, due_at=due_at)
    for group in dict.fromkeys(task.candidate_groups):
        yield entry_row(place, key, HolderKind.GROUP, group, claimable, due_at=due_at)


def _task_row(place: Place, task: UserTaskCreated, known: NewTasks) -> Row:
    return {
        "key": task.element_instance_key,
        "instance_key": place.instance_key,
        "definition_key": place.definition_key,
        "process_id": place.process_id,
        "element_id": task.element_id,
        "name": task.name,
        "state": TaskState.CREATED,
        "revision": 1,
        "assignee": task.assignee,
        "candidate_users": list(task.candidate_users),
        "candidate_groups": list(task.candidate_groups),
        "wanted_form": task.form_id,
        "wanted_until": known.until.get(task.element_instance_key, ALWAYS),
        "priority": task.priority,
        "due_at": task.due_date,
        "follow_up_at": task.follow_up_date,
        "due_provisional": False,
        "deadline": known.deadlines.get(task.element_instance_key),
        "escalated_at": None,
        "urged_at": None,
        "created_at": place.now,
        "ended_at": None,
        "ended_by": None,
        "outcome": None,
        "no_deputy": task.no_deputy,
        "on_behalf_of": None,
    }


_TASKS = table(UserTask)
_COMPLETE = (
    update(_TASKS)
    .where(_TASKS.c.key == bindparam("wanted"))
    .values(
        state=TaskState.COMPLETED,
        revision=_TASKS.c.revision + 1,
        assignee=bindparam("by"),
        ended_at=bindparam("at"),
        ended_by=bindparam("by"),
        outcome=bindparam("chosen"),
        on_behalf_of=bindparam("principal"),
    )
)


@cache
def _insert_tasks() -> Insert:
    """Each task is bound to a version of its form as it arises; no form, no version."""
    form_key = newest_form(bindparam("wanted_form"), bindparam("wanted_until")).scalar_subquery()
    columns = [c.name for c in table(UserTask).columns if c.name != "form_key"]
    values = {name: bindparam(name, type_=table(UserTask).c[name].type) for name in columns}
    return insert(table(UserTask)).values(form_key=form_key, **values)


@cache
def _write_entries(dialect: str) -> ReturningInsert[int, str, bool]:
    """Write entries and tell of each whether there is a person behind it."""
    entries = table(InboxEntry)
    # By its text: a query behind RETURNING has no enclosing FROM to correlate with.
    holder: ColumnElement[str] = literal_column("inbox_entry.holder")
    task_key: ColumnElement[int] = literal_column("inbox_entry.task_key")
    anybody = anybody_behind(entries.c.holder_kind, holder, task_key)
    statement = upserting(dialect, InboxEntry, ("state", "ended_at"))
    return statement.returning(entries.c.task_key, entries.c.state, Qualified(anybody))
