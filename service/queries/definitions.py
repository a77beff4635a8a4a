"""Processes that a person may start, and versions as their pages show them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.instances import ProcessNotFound, ProcessOnlyCalled, StartForbidden
from service.queries.selects import AnySelect
from service.store.authorization import may_start, only_called, visible_definitions
from service.store.tables import ProcessDefinition, Resource


@dataclass(frozen=True, slots=True)
class Startable:
    """The newest version of a process that the actor may start."""

    key: int
    process_id: str
    name: str
    version: int
    start_form_id: str | None


def startable(session: Session, *, actor: Actor) -> tuple[Startable, ...]:
    """Return what the actor may start, in the order of the process ids; one statement."""
    rows = session.execute(_newest().where(may_start(actor)).order_by(ProcessDefinition.process_id))
    return tuple(Startable(*row) for row in rows)


def to_start(session: Session, *, actor: Actor, process_id: str) -> Startable:
    """Return the newest version of this process. Raises as `startable.find`."""
    newest = _newest().where(ProcessDefinition.process_id == process_id)
    row = session.execute(newest.where(may_start(actor))).one_or_none()
    if row is not None:
        return Startable(*row)
    seen = session.execute(
        newest.add_columns(only_called()).where(visible_definitions(actor))
    ).first()
    if seen is None:
        raise ProcessNotFound(process=process_id)
    if seen[-1]:
        raise ProcessOnlyCalled(process=seen.name)
    raise StartForbidden(process=process_id)


def is_version_of(session: Session, process_id: str, definition_key: int) -> bool:
    """Tell whether this key is that of a version of the process, of whichever."""
    statement = select(ProcessDefinition.key).where(
        ProcessDefinition.key == definition_key, ProcessDefinition.process_id == process_id
    )
    return session.execute(statement).first() is not None


def _newest() -> AnySelect:
    other = aliased(ProcessDefinition)
    other_file = aliased(Resource)
    latest = (
        select(func.max(other.version))
        .join(other_file, other_file.key == other.resource_key)
        .where(other.process_id == ProcessDefinition.process_id, other_file.deleted_at.is_(None))
        .scalar_subquery()
    )
    return select(
        ProcessDefinition.key,
        ProcessDefinition.process_id,
        ProcessDefinition.name,
        ProcessDefinition.version,
        ProcessDefinition.start_form_id,
    ).where(ProcessDefinition.version == latest)
