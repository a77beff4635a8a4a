"""Taking a deployed file out of use."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, or_, select, update
from sqlalchemy.orm import Session

from service.commands import closing, start_events, versions
from service.commands.access_log import record
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.commands.versions import Definition, id_column
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.deployments import DeploymentForbidden, ResourceInUse, ResourceNotFound
from service.store.authorization import holds
from service.store.tables import (
    DecisionDefinition,
    FormDefinition,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState

_KINDS: tuple[Definition, ...] = (ProcessDefinition, DecisionDefinition, FormDefinition)


def delete_resource(tools: Toolbox, resource_key: int, *, actor: Actor, now: datetime) -> None:
    """Take a file out of use: nothing new starts with it, what happened with it stays readable.

    Where it holds the newest version of something, the version before counts again, its start
    events too. Needs
    DEPLOYMENT act on everything in it. Raises ResourceNotFound, DeploymentForbidden,
    ResourceInUse.
    """
    if not is_key(resource_key):
        raise ResourceNotFound
    session = tools.session
    name = _lock(session, resource_key)
    ids = {kind: _ids(session, kind, resource_key) for kind in _KINDS}
    _require_rights(session, actor, [one for found in ids.values() for one in found])
    if _running(session, resource_key):
        raise ResourceInUse(name=name, reason="还有没有办完的流程实例在用它")
    if _filled_in(session, resource_key):
        raise ResourceInUse(name=name, reason="还有没有办完的任务在用这张表单")
    for kind in (DecisionDefinition, FormDefinition):
        for one in ids[kind]:
            if _last(session, kind, one, resource_key) and (user := _named_by(session, one)):
                raise ResourceInUse(name=name, reason=f"流程「{user}」引用了它，而它没有别的版本")
    session.execute(
        update(table(Resource)).where(Resource.key == resource_key).values(deleted_at=now)
    )
    start_events.renew(tools, ids[ProcessDefinition], now)
    closing.close_again(tools, ids[ProcessDefinition], actor=actor, now=now)
    record(
        tools,
        AccessKind.RESOURCE_DELETED,
        actor=actor,
        subject=name,
        reference=f"resource/{resource_key}",
        now=now,
    )


def _lock(session: Session, resource_key: int) -> str:
    statement = select(Resource.name).where(
        Resource.key == resource_key, Resource.deleted_at.is_(None)
    )
    name = session.scalar(statement.with_for_update())
    if name is None:
        raise ResourceNotFound
    return name


def _ids(session: Session, kind: Definition, resource_key: int) -> list[str]:
    return list(session.scalars(select(id_column(kind)).where(kind.resource_key == resource_key)))


def _require_rights(session: Session, actor: Actor, ids: list[str]) -> None:
    for one in ids:
        if not holds(session, actor, ObjectKind.DEPLOYMENT, Action.ACT, one):
            if holds(session, actor, ObjectKind.DEPLOYMENT, Action.READ, one):
                raise DeploymentForbidden(process=one)
            raise ResourceNotFound


def _running(session: Session, resource_key: int) -> bool:
    return _any(
        session,
        ProcessInstance.state == InstanceState.ACTIVE,
        ProcessInstance.definition_key.in_(
            select(ProcessDefinition.key).where(ProcessDefinition.resource_key == resource_key)
        ),
    )


def _filled_in(session: Session, resource_key: int) -> bool:
    return _any(
        session,
        UserTask.state == TaskState.CREATED,
        UserTask.form_key.in_(
            select(FormDefinition.key).where(FormDefinition.resource_key == resource_key)
        ),
    )


def _any(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.execute(select(literal(1)).where(*conditions).limit(1)).first() is not None


def _last(session: Session, kind: Definition, one: str, resource_key: int) -> bool:
    """Tell whether no other version would take its place."""
    others = [
        version
        for version in versions.find(session, kind, [one]).all
        if not version.deleted and version.resource_key != resource_key
    ]
    return not others


def _named_by(session: Session, one: str) -> str | None:
    """Return a process whose diagram names the form or decision.

    A process counts in its newest version, and in older ones that still run. The id is looked for
    in the diagram's text, as an attribute's value: that may find too much, never too little.
    """
    newest = (
        select(func.max(ProcessDefinition.key))
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(Resource.deleted_at.is_(None))
        .group_by(ProcessDefinition.process_id)
    )
    content = Resource.content
    named = or_(*(content.contains(q + one + q, autoescape=True) for q in ('"', "'")))
    running = select(ProcessInstance.definition_key).where(
        ProcessInstance.state == InstanceState.ACTIVE
    )
    return session.scalar(
        select(ProcessDefinition.name)
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(
            Resource.deleted_at.is_(None),
            or_(ProcessDefinition.key.in_(newest), ProcessDefinition.key.in_(running)),
            named,
        )
        .limit(1)
    )
