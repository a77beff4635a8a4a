"""What a person has filled in and not submitted."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from service.commands import form_subjects
from service.commands.rooms import Rooms
from service.commands.submissions import cleaned_comment, require_storable, shortened_comment
from service.commands.toolbox import Toolbox
from service.commands.upserts import table, upsert
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.values import Variables
from service.store.tables import Draft, UserTask


def save(
    tools: Toolbox,
    subject_key: int,
    *,
    data: Variables,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the form of an open task, or a start form, as it is; the last save wins.

    `subject_key` is a user task's key, or a process definition's for a start form. Raises
    TaskNotFound, TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskHeldByOther,
    ProcessNotFound, StartForbidden, StartFormMissing, FieldsInvalid for the comment,
    Invalid for what no variable can hold.
    """
    session = tools.session
    if form_subjects.require_open(tools, subject_key, actor).is_task:
        # A completion may be under way: its draft is deleted there, and must not come back here.
        _wait_for_completion(session, subject_key)
        form_subjects.require_open(tools, subject_key, actor)
    _write(session, subject_key, data, cleaned_comment(comment), actor, now)


def discard(tools: Toolbox, subject_key: int, *, actor: Actor) -> None:
    """Forget one's own draft; none is no mistake."""
    tools.session.execute(_DISCARD, {"subject": subject_key, "by": actor.username})


def keep(
    rooms: Rooms,
    subject_key: int,
    *,
    data: Variables,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> bool:
    """Keep a refused submission as the person's draft, in a transaction of its own.

    To be called by the entry point after a refusal, whatever the refusal was. False when nothing
    could be kept: a stranger's subject, or a content that no draft can hold. Raises nothing for it:
    the person is to read the refusal, not a second one. An opinion that is too long is cut.
    """
    try:
        with rooms.write() as tools:
            form_subjects.require_known(tools, subject_key, actor)
            _write(tools.session, subject_key, data, shortened_comment(comment), actor, now)
    except JiaoyanError:
        return False
    return True


_DRAFTS = table(Draft)
_DISCARD = delete(_DRAFTS).where(
    _DRAFTS.c.subject_key == bindparam("subject"), _DRAFTS.c.username == bindparam("by")
)


def _wait_for_completion(session: Session, task_key: int) -> None:
    session.execute(select(UserTask.key).where(UserTask.key == task_key).with_for_update(read=True))


def _write(
    session: Session, subject_key: int, data: Variables, comment: str, actor: Actor, now: datetime
) -> None:
    require_storable(data)
    row: dict[str, object] = {
        "subject_key": subject_key,
        "username": actor.username,
        "data": dict(data),
        "comment": comment,
        "saved_at": now,
    }
    upsert(session, Draft, [row], ("data", "comment", "saved_at"))
