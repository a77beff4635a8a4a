"""What is set of the deadlines of procedures, for who oversees their running."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.deadline_settings import Texts
from service.domain.errors import NotFound
from service.queries.names import display_name
from service.store.authorization import granted, granted_any
from service.store.deadline_settings import StoredSettings, stored_settings, texts_from
from service.store.tables import DeadlineSetting, Person, ProcessDefinition, Resource

_OVERSIGHT = ((ObjectKind.RUNNING, Action.READ), (ObjectKind.RUNNING, Action.ACT))


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure: its newest version, and how many versions of settings there are."""

    process_id: str
    name: str
    definition_key: int
    version: int
    changes: int


@dataclass(frozen=True, slots=True)
class Change:
    """One version of what was set."""

    element_id: str
    version: int
    texts: Texts
    reason: str
    changed_at: datetime
    changed_by: str
    """Display name."""


@dataclass(frozen=True, slots=True)
class ProcedureSettings:
    """All that is set for a procedure."""

    row: ProcedureRow
    stored: StoredSettings
    changes: tuple[Change, ...]
    """Newest first."""
    may_change: bool


def procedures(
    session: Session, *, actor: Actor, process_id: str | None = None
) -> tuple[ProcedureRow, ...]:
    """Return the procedures whose running the actor oversees, by name; one statement."""
    other, file = aliased(ProcessDefinition), aliased(Resource)
    latest = (
        select(func.max(other.version))
        .join(file, file.key == other.resource_key)
        .where(other.process_id == ProcessDefinition.process_id, file.deleted_at.is_(None))
        .scalar_subquery()
    )
    changes = (
        select(func.count(DeadlineSetting.key))
        .where(DeadlineSetting.process_id == ProcessDefinition.process_id)
        .scalar_subquery()
    )
    statement = select(
        ProcessDefinition.process_id,
        ProcessDefinition.name,
        ProcessDefinition.key,
        ProcessDefinition.version,
        changes,
    ).where(
        ProcessDefinition.version == latest,
        granted_any(actor, _OVERSIGHT, ProcessDefinition.process_id),
    )
    if process_id is not None:
        statement = statement.where(ProcessDefinition.process_id == process_id)
    rows = session.execute(statement.order_by(ProcessDefinition.name, ProcessDefinition.process_id))
    return tuple(ProcedureRow(*row) for row in rows)


def procedure(session: Session, *, actor: Actor, process_id: str) -> ProcedureSettings:
    """Return what is set for one procedure. Raises NotFound to who does not oversee it."""
    found = procedures(session, actor=actor, process_id=process_id)
    if not found:
        raise NotFound
    setting = DeadlineSetting
    rows = session.execute(
        select(setting, display_name(setting.changed_by).label("who"))
        .outerjoin(Person, Person.username == setting.changed_by)
        .where(setting.process_id == process_id)
        .order_by(setting.key.desc())
        .limit(100)
    )
    may_act = granted(actor, ObjectKind.RUNNING, Action.ACT, literal(process_id))
    return ProcedureSettings(
        row=found[0],
        stored=stored_settings(session, process_id),
        changes=tuple(
            Change(
                row[0].element_id,
                row[0].version,
                texts_from(row[0].texts),
                row[0].reason,
                row[0].changed_at,
                row.who,
            )
            for row in rows
        ),
        may_change=bool(session.scalar(select(may_act))),
    )
