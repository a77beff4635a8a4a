"""Completing a task by the API: a refused submission stays as the person's draft."""

from service.commands import completion, drafts
from service.commands.user_tasks import Completed
from service.domain.errors import Conflict, Invalid, Unavailable
from service.domain.values import Variables
from service.web.api.operations import Call


def complete_and_keep(
    call: Call,
    task_key: int,
    *,
    variables: Variables,
    outcome: str | None,
    strict: bool,
    comment: str = "",
    revision: int | None = None,
) -> Completed:
    """Complete a task; what is refused for its content or its moment is kept as a draft."""
    try:
        return completion.complete(
            call.rooms,
            task_key,
            submission=variables,
            outcome=outcome,
            comment=comment,
            revision=revision,
            strict=strict,
            actor=call.actor,
            now=call.now,
        )
    except (Conflict, Invalid, Unavailable):
        drafts.keep(
            call.rooms, task_key, data=variables, comment=comment, actor=call.actor, now=call.now
        )
        raise
