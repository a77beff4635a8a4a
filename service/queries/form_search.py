"""Forms: that of a task, that of a start, each in the version that counts there."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.engine import Binding
from service.store.authorization import visible_definitions, visible_tasks
from service.store.tables import FormDefinition, ProcessDefinition, Resource, UserTask


@dataclass(frozen=True, slots=True)
class FormRow:
    """One version of a form; `schema` is the file's JSON text."""

    key: int
    form_id: str
    version: int
    schema: str


def task_form(session: Session, *, actor: Actor, key: int) -> FormRow | None:
    """Return the version that was bound when the task arose, None without one.

    Raises NotFound for a task that the actor may not open.
    """
    task = select(UserTask.form_key).where(UserTask.key == key, visible_tasks(actor))
    if (row := session.execute(task).one_or_none()) is None:
        raise NotFound
    if row.form_key is None:
        return None
    return _one(session, _FORM.where(FormDefinition.key == row.form_key))


def start_form(session: Session, *, actor: Actor, key: int, binding: Binding) -> FormRow | None:
    """Return the form that a start of this definition goes through, None without one.

    By `Binding.DEPLOYMENT` the newest version when the process was deployed: unchanged files make
    no new one. Raises NotFound for a definition that the actor may not see.
    """
    definition = select(ProcessDefinition.start_form_id, ProcessDefinition.deployed_at).where(
        ProcessDefinition.key == key, visible_definitions(actor)
    )
    if (row := session.execute(definition).one_or_none()) is None:
        raise NotFound
    versions = _FORM.where(
        FormDefinition.form_id == row.start_form_id, Resource.deleted_at.is_(None)
    )
    if binding is Binding.DEPLOYMENT:
        versions = versions.where(FormDefinition.deployed_at <= row.deployed_at)
    newest = versions.order_by(FormDefinition.version.desc()).limit(1)
    return _one(session, newest) if row.start_form_id else None


_FORM = select(
    FormDefinition.key, FormDefinition.form_id, FormDefinition.version, Resource.content
).join(Resource, Resource.key == FormDefinition.resource_key)


def _one(session: Session, statement: Select[int, str, int, str]) -> FormRow | None:
    row = session.execute(statement).one_or_none()
    return None if row is None else FormRow(*row)
