"""What a person has filled in and not submitted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from service.commands import form_subjects
from service.commands.rooms import Rooms
from service.commands.submissions import cleaned_comment, require_storable, shortened_comment
from service.commands.toolbox import Toolbox
from service.commands.upserts import table, upsert
from service.domain.actors import Actor
from service.domain.errors import Forbidden, JiaoyanError, NotFound
from service.domain.values import Json, Variables
from service.store.tables import Draft, HistoryEntry, HistoryValue, UserTask


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
    StartForbidden, StartFormMissing, FieldsInvalid for the comment,
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


@contextmanager
def kept_if_refused(
    rooms: Rooms,
    subject_key: int,
    *,
    data: Variables,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> Iterator[None]:
    """Keep the submission made in this block as the person's draft when it is refused.

    For entry points: the refusal goes on, with `draft_kept` saying what became of the content.
    """
    try:
        yield
    except JiaoyanError as refusal:
        refusal.draft_kept = not isinstance(refusal, NotFound | Forbidden) and keep(
            rooms, subject_key, data=data, comment=comment, actor=actor, now=now
        )
        raise


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

    False when nothing could be kept: a stranger's subject, a content that no draft can hold, a
    database too busy. Raises nothing for it: the person is to read the refusal, not a second one.
    An opinion that is too long is cut. What the same person has submitted already is no draft.
    """
    try:
        with rooms.write() as tools:
            form_subjects.require_known(tools, subject_key, actor)
            opinion = shortened_comment(comment)
            if not _is_submitted(tools.session, subject_key, data, opinion, actor):
                _write(tools.session, subject_key, data, opinion, actor, now)
    except JiaoyanError:
        return False
    return True


_DRAFTS = table(Draft)
_DISCARD = delete(_DRAFTS).where(
    _DRAFTS.c.subject_key == bindparam("subject"), _DRAFTS.c.username == bindparam("by")
)
_SUBMITTED = (
    select(HistoryValue.value)
    .join(
        HistoryEntry,
        (HistoryEntry.instance_key == HistoryValue.instance_key)
        & (HistoryEntry.number == HistoryValue.number),
    )
    .join(UserTask, UserTask.instance_key == HistoryEntry.instance_key)
    .where(
        UserTask.key == bindparam("subject"),
        HistoryEntry.element_instance_key == UserTask.key,
        HistoryEntry.act == "user-task.completed",
        HistoryEntry.actor == bindparam("by"),
    )
)


def _wait_for_completion(session: Session, task_key: int) -> None:
    session.execute(select(UserTask.key).where(UserTask.key == task_key).with_for_update(read=True))


def _is_submitted(
    session: Session, subject_key: int, data: Variables, comment: str, actor: Actor
) -> bool:
    """Tell whether the actor has completed this task with this very content."""
    value = session.scalar(_SUBMITTED, {"subject": subject_key, "by": actor.username})
    if not isinstance(value, dict) or value.get("comment") != comment:
        return False
    return _is_within(dict(data), value.get("values"))


def _is_within(sent: Json, accepted: Json) -> bool:
    """A form leaves out what was left empty (None), and adds what it only shows."""
    if isinstance(sent, dict) and isinstance(accepted, dict):
        return all(one is None or _is_within(one, accepted.get(name)) for name, one in sent.items())
    if isinstance(sent, list) and isinstance(accepted, list):
        return len(sent) == len(accepted) and all(map(_is_within, sent, accepted))
    return sent == accepted


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
