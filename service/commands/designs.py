"""What a design is in the store: the versions of one process, decision or form, and its file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.commands import versions
from service.commands.deployment_check import Contents, Upload, contents_of
from service.commands.versions import Definition
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.designs import ENDINGS, NAME_LIMIT, SIZE_LIMIT, DesignKind, DesignNotFound
from service.store.authorization import holds
from service.store.tables import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    Person,
    ProcessDefinition,
    Resource,
    WorkingCopy,
)

DEFINITIONS: dict[DesignKind, Definition] = {
    DesignKind.PROCESS: ProcessDefinition,
    DesignKind.DECISION: DecisionDefinition,
    DesignKind.FORM: FormDefinition,
}


@dataclass(frozen=True, slots=True)
class VersionFile:
    """One version of a design with its file."""

    version: int
    file_name: str
    content: str
    who: str
    when: datetime


def require_design(session: Session, actor: Actor, resource_id: str) -> None:
    """Raise DesignNotFound unless the actor may read and deploy this id."""
    for action in (Action.READ, Action.ACT):
        if not holds(session, actor, ObjectKind.DEPLOYMENT, action, resource_id):
            raise DesignNotFound


def version_file(
    session: Session, kind: DesignKind, resource_id: str, version: int | None = None
) -> VersionFile | None:
    """Return one version, or the newest that is in use; None where there is none."""
    definition = DEFINITIONS[kind]
    statement = (
        select(
            definition.version,
            Resource.name,
            Resource.content,
            Person.display_name,
            Deployment.deployed_by,
            definition.deployed_at,
        )
        .join(Resource, Resource.key == definition.resource_key)
        .join(Deployment, Deployment.key == Resource.deployment_key)
        .outerjoin(Person, Person.username == Deployment.deployed_by)
        .where(versions.id_column(definition) == resource_id)
        .order_by(definition.version.desc())
        .limit(1)
    )
    if version is None:
        statement = statement.where(Resource.deleted_at.is_(None))
    else:
        statement = statement.where(definition.version == version)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return VersionFile(row[0], row[1], row[2], row[3] or row[4], row[5])


def file_name(kind: DesignKind, resource_id: str, newest: VersionFile | None) -> str:
    """Return the name of a design's file: that of its newest version, or one made of its id."""
    ending = f".{ENDINGS[kind]}"
    if newest is not None and newest.file_name.lower().endswith(ending):
        return newest.file_name
    return resource_id[: 200 - len(ending)] + ending


def working_copy(
    session: Session, kind: DesignKind, resource_id: str, *, lock: bool = False
) -> WorkingCopy | None:
    """Return the working copy of a design, locked until the transaction ends where wanted."""
    statement = select(WorkingCopy).where(
        WorkingCopy.kind == kind, WorkingCopy.resource_id == resource_id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.execute(statement).scalar_one_or_none()


def person_name(session: Session, username: str) -> str:
    """Return what to call somebody in a refusal."""
    column: InstrumentedAttribute[str] = Person.display_name
    name = session.scalar(select(column).where(Person.username == username))
    return name or username


def contents(name: str, content: str) -> Contents:
    """Read what a design defines, as far as it can be read and is not too large to try."""
    upload = Upload(name, content.encode())
    return Contents(upload) if len(upload.content) > SIZE_LIMIT else contents_of(upload)


def name_in(found: Contents, otherwise: str) -> str:
    """Return what people call the first thing a file defines."""
    named = [one.name for one in found.processes] + [one.name for one in found.decisions]
    if found.form is not None:
        named.append(found.form.name)
    return next((name for name in named if name.strip()), otherwise)[:NAME_LIMIT]
