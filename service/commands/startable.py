"""The version of a process that a person wants to start."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.form_binding import deadline
from service.commands.models import FormModel
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.instances import (
    ProcessNotFound,
    ProcessOnlyCalled,
    StartForbidden,
    StartFormMissing,
)
from service.domain.strict_json import is_readable
from service.engine import ProcessModel
from service.store.authorization import may_start, only_called, visible_definitions
from service.store.form_versions import newest_form
from service.store.tables import ProcessDefinition, Resource


@dataclass(frozen=True, slots=True)
class StartableVersion:
    """A version that the actor may start."""

    key: int
    process_id: str
    version: int
    name: str


def find(
    session: Session,
    actor: Actor,
    *,
    process_id: str | None = None,
    version: int | None = None,
    definition_key: int | None = None,
) -> StartableVersion:
    """Return the version with this key, or this version of the process (None: the latest).

    Raises ProcessNotFound, ProcessOnlyCalled, StartForbidden.
    """
    statement = (
        select(
            ProcessDefinition.key,
            ProcessDefinition.process_id,
            ProcessDefinition.version,
            ProcessDefinition.name,
            visible_definitions(actor).label("visible"),
            may_start(actor).label("may_start"),
            only_called().label("only_called"),
        )
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(Resource.deleted_at.is_(None))
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    if definition_key is not None:
        statement = statement.where(ProcessDefinition.key == definition_key)
    else:
        statement = statement.where(ProcessDefinition.process_id == process_id)
        if version is not None:
            statement = statement.where(ProcessDefinition.version == version)
    asked = all(is_key(number) for number in (definition_key, version) if number is not None)
    asked = asked and is_readable(process_id or "")
    row = session.execute(statement).one_or_none() if asked else None
    if row is None or not (row.visible or row.may_start):
        raise ProcessNotFound(process=(process_id or str(definition_key))[:100])
    if row.only_called and not row.may_start:
        raise ProcessOnlyCalled(process=row.name)
    if not row.may_start:
        raise StartForbidden(process=row.name)
    return StartableVersion(row.key, row.process_id, row.version, row.name)


def form_of(tools: Toolbox, found: StartableVersion, model: ProcessModel) -> FormModel | None:
    """Return the version of the start form that counts now. Raises StartFormMissing."""
    if model.start_form_id is None:
        return None
    until = deadline(tools.session, model.start_form_binding, found.key)
    form_key = tools.session.scalar(newest_form(model.start_form_id, until))
    if form_key is None:
        raise StartFormMissing(process=found.name, form_id=model.start_form_id)
    return tools.models.form(tools.session, form_key)
