"""The versions of a design: who published each, why, and how much still runs on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.designs import DesignKind, DesignNotFound
from service.queries.designs import KINDS, display_names
from service.store.authorization import designable
from service.store.tables import (
    Deployment,
    FormDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState

MOST = 500
"""Versions listed; older ones are opened by their number."""


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """One version. `running`: instances of a process, open tasks of a form, None of a decision."""

    version: int
    name: str
    deployed_at: datetime
    deployed_by: str
    note: str | None
    deleted: bool
    running: int | None


@dataclass(frozen=True, slots=True)
class VersionContent:
    """One version as it is opened, to be read only."""

    name: str
    file_name: str
    content: str


def listed(
    session: Session, *, actor: Actor, kind: DesignKind, resource_id: str
) -> tuple[DesignVersion, ...]:
    """Return the versions, newest first; three statements.

    Empty for what has none, and for who may not design it.
    """
    where = KINDS[kind]
    rows = session.execute(
        select(
            where.entity.version,
            where.name,
            where.entity.deployed_at,
            Deployment.deployed_by,
            Deployment.note,
            Resource.deleted_at.is_not(None),
            where.entity.key,
        )
        .join(Resource, Resource.key == where.entity.resource_key)
        .join(Deployment, Deployment.key == Resource.deployment_key)
        .where(where.id == resource_id, designable(actor, where.id))
        .order_by(where.entity.version.desc())
        .limit(MOST)
    ).all()
    names = display_names(session, (row[3] for row in rows))
    running = _running(session, kind, resource_id) if rows else {}
    counted = kind is not DesignKind.DECISION
    return tuple(
        DesignVersion(
            *row[:3], names[row[3]], *row[4:6], running.get(row[6], 0) if counted else None
        )
        for row in rows
    )


def content(
    session: Session, *, actor: Actor, kind: DesignKind, resource_id: str, version: int
) -> VersionContent:
    """Return one version's file. Raises DesignNotFound."""
    where = KINDS[kind]
    row = session.execute(
        select(where.name, Resource.name, Resource.content)
        .join(Resource, Resource.key == where.entity.resource_key)
        .where(
            where.id == resource_id,
            where.entity.version == version,
            designable(actor, where.id),
        )
    ).one_or_none()
    if row is None:
        raise DesignNotFound
    return VersionContent(*row)


def _running(session: Session, kind: DesignKind, resource_id: str) -> dict[int, int]:
    """Count by the version's key what is not ended."""
    if kind is DesignKind.DECISION:
        return {}
    instances = (
        select(ProcessInstance.definition_key, func.count())
        .where(
            ProcessInstance.process_id == resource_id,
            ProcessInstance.state == InstanceState.ACTIVE,
        )
        .group_by(ProcessInstance.definition_key)
    )
    tasks = (
        select(FormDefinition.key, func.count())
        .join(UserTask, UserTask.form_key == FormDefinition.key)
        .where(FormDefinition.form_id == resource_id, UserTask.state == TaskState.CREATED)
        .group_by(FormDefinition.key)
    )
    counted = instances if kind is DesignKind.PROCESS else tasks
    return {key: count for key, count in session.execute(counted)}
