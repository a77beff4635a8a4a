"""Completing a task at the entry point: checks and form in a reading transaction, then the rest."""

from datetime import datetime

from service.commands import completing
from service.commands.completing import Completion
from service.commands.retrying import again_after_conflict
from service.commands.rooms import Rooms
from service.commands.user_tasks import Completed, completed
from service.domain.actors import Actor
from service.domain.values import Variables


def complete(
    rooms: Rooms,
    task_key: int,
    *,
    submission: Variables,
    outcome: str | None,
    comment: str = "",
    revision: int | None = None,
    strict: bool = False,
    actor: Actor,
    now: datetime,
) -> Completed:
    """Complete a task, committed when this returns.

    `submission` holds the form's fields; a file field holds a list of document keys as decimal
    strings. `outcome` is one of the element's outcomes, None where it has none. `revision` is that
    of the task as the page showed it, None where the caller cannot say. `strict` (`/v2`): a
    variable that the form does not declare is refused instead of dropped.
    A candidate may complete an unclaimed task; that claims it in passing.

    Raises, in this order: TaskNotFound, TaskNotYours, TaskAlreadyCompleted, TaskCanceled,
    TaskHeldByOther, TaskChanged, OutcomeUnknown, CommentRequired, TaskFormMissing,
    VariablesReserved, VariablesUndeclared, FieldsInvalid; and Invalid for what no variable can
    hold, Busy and FeelUnavailable. After any of them `drafts.keep` keeps what was sent.
    """
    wanted = Completion(task_key, submission, outcome, comment, revision, strict, actor, now)

    def attempt() -> Completed:
        prepared = completing.prepare(rooms.reading, wanted)
        with rooms.write() as tools:
            return completed(prepared, completing.apply(tools, prepared, wanted), actor)

    return again_after_conflict(attempt)
