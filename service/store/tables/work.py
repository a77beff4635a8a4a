"""Work that waits for the runner, and work that waits for an operator."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, cast, false, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import Base, JsonText


class JobState(StrEnum):
    """WAITING until due; DONE, FAILED (an incident holds it) or CANCELLED for good.

    SUSPENDED while its instance is.
    """

    WAITING = "waiting"
    SUSPENDED = "suspended"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    """What a job does: see `commands.work`."""

    HANDLER = "handler"
    """Runs a service task's handler."""
    OUTSIDE = "outside"
    """Waits for an outside worker."""
    TIMER = "timer"
    """A timer that an instance waits for is due."""
    START = "start"
    """A timer start event is due; the job belongs to no instance."""
    MESSAGE = "message"
    """Brings a message to an instance."""
    SIGNAL = "signal"
    """Brings a signal to an instance."""
    BEGIN = "begin"
    """Begins an instance that was called, or that an event has started."""
    CALL = "call"
    """Tells the calling instance what became of the called one."""
    SEND = "send"
    """Sends a message to somebody outside; it belongs to no instance, and its runner sends it
    outside any transaction."""
    NOTIFY = "notify"
    """Tells people what happened; it belongs to no instance."""
    DEADLINE = "deadline"
    """Reminds of a task, or tells who is above its holder: the next act of its plan."""
    PAUSE = "pause"
    """Goes on with a long row of items."""
    CALENDAR = "calendar"
    """Done by the calendar for the whole service; its row stays, with the next time."""


NO_INSTANCE = 0
"""Instance of what has none: the job of a start event's timer, its incident, calendar work."""


class IncidentState(StrEnum):
    """States of an incident, in the spelling of the Camunda 8 API."""

    ACTIVE = "ACTIVE"
    RESOLVED = "RESOLVED"


class Job(Base):
    """Something due at a time, run once by whoever holds its lock."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "kind", "state", "due_at", "key"),
        Index("ix_job_element_instance_key", "element_instance_key"),
        Index(
            "ix_job_outside",
            "type",
            "due_at",
            "key",
            sqlite_where=text("kind = 'outside' AND state = 'waiting'"),
            postgresql_where=text("kind = 'outside' AND state = 'waiting'"),
        ),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    """One of JobKind."""
    type: Mapped[str]
    """The service task's type, or the name of calendar work; empty for other kinds."""
    state: Mapped[str]
    instance_key: Mapped[int] = mapped_column(index=True)
    """NO_INSTANCE of a start event and of calendar work."""
    element_instance_key: Mapped[int]
    """Who waits; of a START job the start subscription."""
    element_id: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    retries: Mapped[int]
    """Attempts that are left."""
    backoff: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """Seconds before each further attempt."""
    headers: Mapped[Json] = mapped_column(JsonText, nullable=False)
    details: Mapped[Json] = mapped_column(JsonText, nullable=True)
    """What its kind needs: see `commands.job_rows`. Gone when the job is done."""
    lock_owner: Mapped[str | None]
    lock_expires_at: Mapped[datetime | None]
    fencing: Mapped[int]
    """Grows with each locking: who holds an older number may write nothing."""
    leased: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An outside worker took it with a lease: it answers with the token of that lease, or not."""
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


HAS_DETAILS = cast(Job.details, Text) != "null"
"""Condition on Job: its details are there; those that were taken away are JSON's null."""


class Incident(Base):
    """A token that waits before an element until somebody retries it, or a job that was given up.

    That of a start event's timer has no instance, and as `element_instance_key` the start
    subscription.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_state", "state", "key"),
        Index("ix_incident_instance_key", "instance_key", "key"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_key: Mapped[int]
    definition_key: Mapped[int]
    process_id: Mapped[str]
    element_id: Mapped[str]
    element_instance_key: Mapped[int]
    job_key: Mapped[int | None]
    type: Mapped[str]
    message: Mapped[str]
    """Names variables, never their values."""
    state: Mapped[str]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
