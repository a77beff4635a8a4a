"""User tasks, the inbox made of them, and what people left unfinished."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import KEYED_BY_ITSELF, Base, JsonText


class TaskState(StrEnum):
    """States of a user task, in the spelling of the Camunda 8 API."""

    CREATED = "CREATED"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


class HolderKind(StrEnum):
    """PERSON has it to do; CANDIDATE and GROUP may claim it.

    SUPERIOR was told that it is late: they see it, urge and hand it on, and never do it.
    """

    PERSON = "person"
    CANDIDATE = "candidate"
    GROUP = "group"
    SUPERIOR = "superior"


class EntryState(StrEnum):
    """OPEN is listed; TAKEN was claimed by somebody; DONE by this holder; CLOSED by another way."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CLOSED = "closed"


def _task_index(name: str, state: TaskState, *columns: str) -> Index:
    """An index of the tasks in one state alone; see `_index`."""
    where = text(f"state = '{state}'")
    return Index(f"ix_user_task_{name}", *columns, sqlite_where=where, postgresql_where=where)


class UserTask(Base):
    """One task for a person."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_instance_key", "instance_key", "key"),
        _task_index("open", TaskState.CREATED, "due_at", "key"),
        _task_index("step", TaskState.CREATED, "process_id", "element_id", "instance_key"),
        _task_index("process_due", TaskState.CREATED, "process_id", "due_at", "key"),
        _task_index("completed", TaskState.COMPLETED, "ended_at"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The element instance's key as well: one task an activation."""
    instance_key: Mapped[int] = mapped_column(ForeignKey("process_instance.key"))
    definition_key: Mapped[int]
    process_id: Mapped[str]
    element_id: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int]
    """Grows with each change of the task; the page sends it back."""
    assignee: Mapped[str | None]
    candidate_users: Mapped[list[str]] = mapped_column(JsonText)
    candidate_groups: Mapped[list[str]] = mapped_column(JsonText)
    form_key: Mapped[int | None]
    """Key of the form's version, bound when the task arose."""
    priority: Mapped[int]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The due date rests on a year that is not announced yet."""
    deadline: Mapped[Json] = mapped_column(JsonText, nullable=True)
    """How the holder is reminded and who is told: see `commands.deadline_plans`; null without a
    due date."""
    escalated_at: Mapped[datetime | None]
    """Since when somebody above the holder knows that it is late."""
    urged_at: Mapped[datetime | None]
    """When the holder was urged last (催办)."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    outcome: Mapped[str | None]
    no_deputy: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The step forbids that a deputy acts."""
    on_behalf_of: Mapped[str | None]
    """For whom the assignee holds it, or has done it, as their deputy."""


def _index(name: str, state: EntryState, *columns: str) -> Index:
    """An index of the entries of a holder in one state alone: the others cost it nothing.

    A statement is served by it that names the state in its text, not as a parameter.
    """
    where = text(f"state = '{state}'")
    return Index(
        f"ix_inbox_entry_{name}",
        "holder",
        "holder_kind",
        *columns,
        sqlite_where=where,
        postgresql_where=where,
    )


class InboxEntry(Base):
    """One row a holder and task: the lists are read from here alone."""

    __tablename__ = "inbox_entry"
    __table_args__ = (
        Index("ix_inbox_entry_list", "holder", "holder_kind", "state", "task_key"),
        _index("due", EntryState.OPEN, "due_at", "task_key"),
        _index("process", EntryState.OPEN, "process_id", "task_key"),
        _index("process_due", EntryState.OPEN, "process_id", "due_at", "task_key"),
        _index("done", EntryState.DONE, "ended_at", "task_key"),
        _index("done_process", EntryState.DONE, "process_id", "ended_at", "task_key"),
        Index("ix_inbox_entry_instance_key", "instance_key"),
        KEYED_BY_ITSELF,
    )

    task_key: Mapped[int] = mapped_column(ForeignKey("user_task.key"), primary_key=True)
    holder_kind: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    """A user name, or a group's id."""
    state: Mapped[str]
    instance_key: Mapped[int]
    process_id: Mapped[str]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Draft(Base):
    """What a person has filled in and not submitted: of a task, or of a start form."""

    __tablename__ = "draft"

    subject_key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The user task's key, or the process definition's for a start form."""
    username: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[Json] = mapped_column(JsonText, nullable=False)
    comment: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
