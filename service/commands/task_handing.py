"""Writing whose a user task is: the task, the inbox entries of all it concerns, the history.

Nothing is asked here: who may hand a task to whom is for the commands that do.
"""

from datetime import datetime

from sqlalchemy import select, update

from service.commands import instance_lock, task_rows
from service.commands.instance_lock import LockedInstance, act
from service.commands.task_records import TaskRecord
from service.commands.task_rows import Place, entry_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.strict_json import is_readable
from service.domain.user_tasks import AssigneeUnknown
from service.domain.values import Json
from service.store.tables import Person, UserTask
from service.store.tables.tasks import EntryState, HolderKind


def require_open_account(tools: Toolbox, assignee: str, instance: LockedInstance) -> None:
    """Raise AssigneeUnknown unless somebody who can act here has this user name.

    A member of staff with an open account; from outside only whoever started the case, for they
    see no other.
    """
    fit = [Person.username == assignee, Person.active]
    if assignee != instance.started_by:
        fit.append(Person.kind == PersonKind.STAFF)
    statement = select(Person.username).where(*fit)
    if not is_readable(assignee) or tools.session.execute(statement).first() is None:
        raise AssigneeUnknown(assignee=assignee[:60])


def hand(
    tools: Toolbox,
    instance: LockedInstance,
    task: TaskRecord,
    assignee: str | None,
    now: datetime,
    on_behalf_of: str | None = None,
) -> None:
    """Write whose the task is; the candidates' entries wait while a person holds it.

    `on_behalf_of`: for whom the assignee holds it, as their deputy.
    """
    tools.session.execute(
        update(table(UserTask))
        .where(UserTask.key == task.key)
        .values(assignee=assignee, on_behalf_of=on_behalf_of, revision=task.revision + 1)
    )
    place = Place(instance.key, instance.definition_key, instance.process_id, now)
    waiting = EntryState.OPEN if assignee is None else EntryState.TAKEN
    entries: dict[tuple[HolderKind, str], Row] = {}
    for kind, holder, state, ended_at in (
        (HolderKind.PERSON, task.facts.assignee, EntryState.CLOSED, now),
        (HolderKind.PERSON, assignee, EntryState.OPEN, None),
        *((HolderKind.CANDIDATE, user, waiting, None) for user in task.facts.candidate_users),
        *((HolderKind.GROUP, group, waiting, None) for group in task.facts.candidate_groups),
    ):
        if holder is not None:
            entries[kind, holder] = entry_row(
                place, task.key, kind, holder, state, ended_at, task.due_at
            )
    task_rows.write_entries(tools.session, list(entries.values()))


def note(
    tools: Toolbox,
    instance: LockedInstance,
    task: TaskRecord,
    name: str,
    actor: Actor,
    now: datetime,
    value: Json,
) -> None:
    """Write an act on the task into the history of its instance."""
    entry = act(
        name,
        actor=actor.username,
        now=now,
        element_id=task.element_id,
        element_instance_key=task.key,
        value=value,
    )
    instance_lock.record(tools, instance, entry)
