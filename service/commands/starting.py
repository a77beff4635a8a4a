"""Starting an instance at the entry point: the form in a reading transaction, then the start."""

from datetime import datetime

from service.commands import beginning
from service.commands.beginning import Beginning, Started
from service.commands.retrying import again_after_conflict
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.values import Variables


def start(
    rooms: Rooms,
    *,
    process_id: str | None = None,
    version: int | None = None,
    definition_key: int | None = None,
    variables: Variables,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
    through_form: bool,
) -> Started:
    """Start an instance of a process, committed when this returns.

    The version is named by `definition_key`, or by `process_id` with `version` (None: the latest).
    `through_form` (pages): the start form takes what it declares and drops the rest. Otherwise
    (`/v2`) a variable that the start form does not declare is refused, and a process without a
    start form takes any. The same `request_id` sent twice by one person starts one instance.

    Raises, in this order: ProcessNotFound, StartForbidden, StartFormMissing, VariablesReserved,
    VariablesUndeclared, FieldsInvalid; and Invalid for what no variable can hold, Busy and
    FeelUnavailable. After any of them `drafts.keep` keeps what was sent.
    """
    wanted = Beginning(
        process_id, version, definition_key, variables, request_id, through_form, actor, now
    )

    def attempt() -> Started:
        prepared = beginning.prepare(rooms.reading, wanted)
        if isinstance(prepared, Started):
            return prepared
        with rooms.write() as tools:
            return beginning.apply(tools, prepared, wanted)

    return again_after_conflict(attempt)
