"""The form a person has open: of a user task, or the start form of a process."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands import startable, task_records
from service.commands.models import FormModel
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.instances import ProcessNotFound
from service.domain.user_tasks import TaskNotFound, require_completable
from service.store.tables import UserTask


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that the actor may fill in now; `is_task` tells which of both it is."""

    subject_key: int
    is_task: bool
    form: FormModel | None


def is_task(session: Session, key: int) -> bool:
    """Tell whether this is a user task's key; keys of all kinds are different from each other."""
    statement = select(UserTask.key).where(UserTask.key == key)
    return is_key(key) and session.scalar(statement) is not None


def require_open(tools: Toolbox, subject_key: int, actor: Actor) -> OpenForm:
    """Return the form if the actor may fill it in.

    Raises TaskNotFound, TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskHeldByOther,
    StartForbidden, StartFormMissing.
    """
    session = tools.session
    if not is_task(session, subject_key):
        found = _to_start(session, subject_key, actor)
        model = tools.models.process(session, found.key)
        return OpenForm(subject_key, False, startable.form_of(tools, found, model))
    task = task_records.find(session, subject_key, actor)
    require_completable(task.facts, actor)
    form = None if task.form_key is None else tools.models.form(session, task.form_key)
    return OpenForm(subject_key, True, form)


def require_known(tools: Toolbox, subject_key: int, actor: Actor) -> None:
    """Raise unless the actor may know of the task or start the process, in whatever state."""
    if is_task(tools.session, subject_key):
        task_records.find(tools.session, subject_key, actor)
    else:
        _to_start(tools.session, subject_key, actor)


def _to_start(session: Session, key: int, actor: Actor) -> startable.StartableVersion:
    """Return what the actor may start; a key that means nothing to them reads as a hidden task's.

    Or the answer would tell that there is a task of that key.
    """
    try:
        return startable.find(session, actor, definition_key=key)
    except ProcessNotFound:
        raise TaskNotFound from None
