"""Forms: that of a task, that of a start, each in the version that counts there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.engine import Binding
from service.store.authorization import visible_definitions, visible_tasks
from service.store.form_versions import ALWAYS, Moment, deployment_of, newest_form
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

    Raises NotFound for a definition that the actor may not see.
    """
    definition = select(ProcessDefinition.start_form_id).where(
        ProcessDefinition.key == key, visible_definitions(actor)
    )
    if (row := session.execute(definition).one_or_none()) is None:
        raise NotFound
    if not row.start_form_id:
        return None
    bound = _bound(key, row.start_form_id, binding, None).scalar_subquery()
    return _one(session, _FORM.where(FormDefinition.key == bound))


def form_key(
    session: Session,
    *,
    definition_key: int,
    form_id: str,
    binding: Binding,
    started_at: datetime | None = None,
) -> int | None:
    """Return the key of the version of a form that an element of this process version means.

    The newest one, or by `Binding.DEPLOYMENT` the newest when the process was deployed; None where
    there is none. With `started_at` as it was when a case started.
    """
    bound = _bound(definition_key, form_id, binding, started_at)
    return session.execute(bound).scalar_one_or_none()


def _bound(
    definition_key: int, form_id: str, binding: Binding, started_at: datetime | None
) -> Select[int]:
    until: Moment = ALWAYS if started_at is None else started_at
    if binding is Binding.DEPLOYMENT:
        until = deployment_of(definition_key).scalar_subquery()
    return newest_form(form_id, until, in_use_at=started_at)


_FORM = select(
    FormDefinition.key, FormDefinition.form_id, FormDefinition.version, Resource.content
).join(Resource, Resource.key == FormDefinition.resource_key)


def _one(session: Session, statement: Select[int, str, int, str]) -> FormRow | None:
    row = session.execute(statement).one_or_none()
    return None if row is None else FormRow(*row)
