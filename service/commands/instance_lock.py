"""The lock of an instance: its row, under which everything of it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.instances import InstanceNotFound
from service.domain.values import Json
from service.store import history
from service.store.deadline_settings import SettingStamps, stamps_for
from service.store.history import ChainHead, NewEntry
from service.store.tables import ProcessInstance, UserTask


@dataclass(frozen=True, slots=True)
class LockedInstance:
    """An instance's row, read under its lock."""

    key: int
    definition_key: int
    process_id: str
    state: str
    revision: int
    engine_state: str
    started_by: str
    open_incidents: int
    history_length: int
    history_head: str
    parent_key: int | None = None
    parent_element_instance_key: int | None = None
    root_key: int | None = None
    call_depth: int | None = None
    start_key: str | None = None
    suspended_at: datetime | None = None
    stamps: SettingStamps | None = None
    """Of its deadlines' settings and the calendar, as they were when it was locked."""

    @property
    def begun(self) -> bool:
        """Whether its first step was taken: a job takes that of what a person did not start."""
        return bool(self.engine_state)

    @property
    def chain(self) -> ChainHead:
        """The end of its history."""
        return ChainHead(self.key, self.history_length, self.history_head)


_INSTANCES, _TASKS = table(ProcessInstance), table(UserTask)
_LOCKED = tuple(
    _INSTANCES.c[field.name] for field in fields(LockedInstance) if field.name != "stamps"
)
_STAMPS = stamps_for(_INSTANCES.c.process_id)
_LOCK = select(*_STAMPS, *_LOCKED).where(_INSTANCES.c.key == bindparam("wanted")).with_for_update()
_LOCK_WITH_TASK = (
    select(_TASKS.c.revision, *_STAMPS, *_LOCKED)
    .select_from(_INSTANCES.join(_TASKS, _TASKS.c.instance_key == _INSTANCES.c.key))
    .where(_TASKS.c.key == bindparam("wanted"))
    .with_for_update(of=[_INSTANCES, _TASKS])
)


def lock(session: Session, instance_key: int) -> LockedInstance:
    """Lock the instance until the end of the transaction. Raises InstanceNotFound."""
    row = session.execute(_LOCK, {"wanted": instance_key}).one_or_none()
    if row is None:
        raise InstanceNotFound
    return _read(row[2:], row[:2])


def lock_with_task(session: Session, task_key: int) -> tuple[LockedInstance, int]:
    """Lock the instance of a task and the task; return it with the task's revision.

    Both rows are locked, so that PostgreSQL reads both anew after it had to wait; the instance
    always first, so that nobody waits for each other. Raises InstanceNotFound.
    """
    row = session.execute(_LOCK_WITH_TASK, {"wanted": task_key}).one_or_none()
    if row is None:
        raise InstanceNotFound
    return _read(row[3:], row[1:3]), row[0]


def _read(columns: Sequence[Any], stamps: Sequence[Any]) -> LockedInstance:
    return replace(LockedInstance(*columns), stamps=SettingStamps(*stamps))


def record(
    tools: Toolbox,
    instance: LockedInstance,
    *entries: NewEntry,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Write acts that are no engine step: the instance's revision stays, unless `changes` say so.

    `changes` are written to its row beside the history.
    """
    head = history.append(tools.session, instance.chain, entries, tools.audit_key)
    tools.session.execute(
        update(table(ProcessInstance))
        .where(ProcessInstance.key == instance.key)
        .values({**(changes or {}), "history_length": head.length, "history_head": head.state})
    )


def act(
    act: str,
    *,
    actor: str,
    now: datetime,
    value: Json = None,
    element_id: str | None = None,
    element_instance_key: int | None = None,
) -> NewEntry:
    """Make an entry of the history; docs/commands.md lists the acts and what their values hold."""
    return NewEntry(
        at=now,
        actor=actor,
        act=act,
        element_id=element_id,
        element_instance_key=element_instance_key,
        value=value,
    )
