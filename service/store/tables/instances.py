"""Running and finished instances, their elements and their variables."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import Base, JsonText


class InstanceState(StrEnum):
    """States of a process instance, in the spelling of the Camunda 8 API."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


class ElementState(StrEnum):
    """States of an element instance."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


def _own(name: str, condition: str, *columns: str) -> Index:
    """An index of some of what a person has started."""
    return Index(
        f"ix_process_instance_own_{name}",
        "started_by",
        *columns,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )


class ProcessInstance(Base):
    """One case. Its row is the lock under which everything of it is written."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_started_by", "started_by", "key", "parent_key"),
        _own("process", "parent_key IS NULL", "process_id", "key"),
        _own("state", "parent_key IS NULL", "state", "key"),
        _own("suspended", "suspended_at IS NOT NULL", "key", "parent_key"),
        Index("ix_process_instance_process_id", "process_id", "state", "key"),
        Index("ix_process_instance_parent", "parent_element_instance_key"),
        Index(
            "ix_process_instance_suspended",
            "key",
            sqlite_where=text("suspended_at IS NOT NULL"),
            postgresql_where=text("suspended_at IS NOT NULL"),
        ),
        Index(
            "ix_process_instance_start_key",
            "process_id",
            "start_key",
            unique=True,
            sqlite_where=text("state = 'ACTIVE'"),
            postgresql_where=text("state = 'ACTIVE'"),
        ),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition_key: Mapped[int] = mapped_column(ForeignKey("process_definition.key"), index=True)
    process_id: Mapped[str]
    """Repeated from the definition: every list filters by it."""
    title: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int]
    engine_state: Mapped[str]
    """The engine's opaque, versioned text; empty until the instance has begun."""
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_event: Mapped[str | None]
    """Name (or else id) of the end event reached; the reason when it was cancelled."""
    request_id: Mapped[str | None] = mapped_column(unique=True)
    """Given by the start page once a form: the same form sent twice starts one instance."""
    open_incidents: Mapped[int] = mapped_column(default=0)
    history_length: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[str] = mapped_column(default="")
    """Keyed hash of the newest history entry."""
    parent_key: Mapped[int | None]
    """The instance that called this one; None for one that was started."""
    parent_element_instance_key: Mapped[int | None]
    """The call activity of the parent that waits for this one."""
    root_key: Mapped[int | None]
    """The outermost caller; None where nobody called."""
    call_depth: Mapped[int | None]
    """How many callers are above it; None where nobody called."""
    suspended_at: Mapped[datetime | None]
    """Since when it takes no steps; None while it runs. It is ACTIVE all the same."""
    suspended_by: Mapped[str | None]
    suspension_reason: Mapped[str | None]
    start_key: Mapped[str | None]
    """Correlation key of the message that started it: while it runs, none with the same key starts
    another instance of this process."""


class ElementInstance(Base):
    """One passage of a token through one node: what the picture and later a return need."""

    __tablename__ = "element_instance"
    __table_args__ = (Index("ix_element_instance_instance_key", "instance_key", "key"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_key: Mapped[int] = mapped_column(ForeignKey("process_instance.key"))
    scope_key: Mapped[int]
    element_id: Mapped[str]
    element_name: Mapped[str]
    type: Mapped[str]
    state: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    flows_taken: Mapped[str | None]
    """Ids of the sequence flows on which tokens left it, with a space between."""


class Variable(Base):
    """One variable in one scope; the root scope's key is the instance's."""

    __tablename__ = "variable"
    __table_args__ = (UniqueConstraint("scope_key", "name"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_key: Mapped[int] = mapped_column(ForeignKey("process_instance.key"), index=True)
    scope_key: Mapped[int]
    name: Mapped[str]
    value: Mapped[Json] = mapped_column(JsonText, nullable=False)
