"""Completing a task by the API: a refused submission stays as the person's draft."""

from service.commands import completion, drafts
from service.commands.user_tasks import Completed
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
    """Complete a task; what is refused is kept as a draft."""
    with drafts.kept_if_refused(
        call.rooms, task_key, data=variables, comment=comment, actor=call.actor, now=call.now
    ):
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
