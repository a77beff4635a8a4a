"""Rows of new instances, whoever starts them, and their titles."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.commands.instance_lock import LockedInstance
from service.commands.job_rows import job_row
from service.commands.submissions import cleaned_line
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, dialect_of, table
from service.domain.values import Json, Variables
from service.engine import ProcessModel
from service.feel import Expression, FeelError, FeelPool, FeelUnavailable
from service.store.tables import Job, ProcessInstance
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind


@dataclass(frozen=True, slots=True)
class Arising:
    """An instance that no person starts: it was called, or an event starts it.

    A job takes its first step; `details` are what that needs, see `deliveries.begin`.
    """

    instance: LockedInstance
    name: str
    details: dict[str, Json]


def new_instance(
    key: int, *, definition_key: int, process_id: str, started_by: str
) -> LockedInstance:
    """Return an instance as it is before its first step; who inserts its row holds its lock."""
    return LockedInstance(
        key=key,
        definition_key=definition_key,
        process_id=process_id,
        state=InstanceState.ACTIVE,
        revision=0,
        engine_state="",
        started_by=started_by,
        open_incidents=0,
        history_length=0,
        history_head="",
    )


def insert_instances(
    session: Session,
    instances: Sequence[tuple[LockedInstance, str]],
    now: datetime,
    request_id: str | None = None,
) -> frozenset[int]:
    """Insert instances with their titles; return the keys of those that were not there yet.

    There already is what the same request has started, or a message with the same key.
    """
    dialect = postgresql if dialect_of(session) == "postgresql" else sqlite
    rows: list[Row] = [
        {
            **asdict(instance),
            "title": title,
            "started_at": now,
            "ended_at": None,
            "end_event": None,
            "request_id": request_id,
        }
        for instance, title in instances
    ]
    statement = dialect.insert(table(ProcessInstance)).on_conflict_do_nothing()
    inserted = session.execute(statement.returning(ProcessInstance.key), rows)
    return frozenset(key for (key,) in inserted)


def insert_arising(tools: Toolbox, arising: Sequence[Arising], now: datetime) -> frozenset[int]:
    """Insert instances, each with the job that begins it; return as `insert_instances` does."""
    if not arising:
        return frozenset()
    named = [(one.instance, one.name) for one in arising]
    keys = insert_instances(tools.session, named, now)
    jobs = [
        job_row(
            tools,
            JobKind.BEGIN,
            instance_key=one.instance.key,
            element_instance_key=one.instance.key,
            element_id="",
            now=now,
            details=one.details,
        )
        for one in arising
        if one.instance.key in keys
    ]
    if jobs:
        tools.session.execute(insert(table(Job)), jobs)
    return keys


def title_of(feel: FeelPool, model: ProcessModel, variables: Variables, now: datetime) -> str:
    """A title that cannot be worked out stops nothing: the process's name serves."""
    return worked_out(feel, model, variables, now) or model.name


def worked_out(feel: FeelPool, model: ProcessModel, variables: Variables, now: datetime) -> str:
    """Return what the diagram's title comes to, empty where it has none or it cannot be told.

    Raises FeelUnavailable.
    """
    if not model.title:
        return ""
    origin = f"{model.process_id}/title"
    try:
        [title] = feel.evaluate([Expression(model.title)], variables, now=now, origin=origin)
    except FeelUnavailable:
        raise
    except FeelError:
        return ""
    return cleaned_line(title) if isinstance(title, str) else ""
