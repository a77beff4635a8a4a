"""Open tasks that nobody could do: no open account is behind holder or candidates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.organization import is_post_group
from service.domain.user_tasks import is_personal
from service.queries import cursor, ties
from service.queries.groups import faults_of, names_of
from service.queries.inbox import Page
from service.queries.selects import AnyRow
from service.queries.ties import Barred
from service.store.authorization import assignable_tasks, granted_any, visible_instances
from service.store.holders import anybody_behind
from service.store.tables import InboxEntry, ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import EntryState, TaskState

OVERSIGHT = ((ObjectKind.RUNNING, Action.READ), (ObjectKind.TASK, Action.ACT))
"""Either of these rights on a procedure shows its deserted tasks, without any value."""

_ORDER = "deserted-oldest"


@dataclass(frozen=True, slots=True)
class DesertedTask:
    """One task; whom it was meant for: user names, ids of groups, post groups by their names."""

    key: int
    revision: int
    instance_key: int
    name: str
    process_name: str
    version: int
    created_at: datetime
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    vacant: tuple[str, ...]
    """Those of the groups that ask for posts which nobody has now."""
    faults: tuple[str, ...]
    """Why others of them name no group at all."""
    barred: tuple[Barred, ...]
    """Who must keep out of it; empty for who may not assign it."""
    personal: bool
    """It is somebody's own, and assigned to nobody else: the diagram says who comes instead."""
    may_assign: bool
    may_open: bool
    """Whether the actor may open the case."""


def page(
    session: Session, *, actor: Actor, after: str | None = None, limit: int = 20
) -> Page[DesertedTask]:
    """Return a page of the deserted tasks the actor oversees, longest waiting first.

    Read as accounts and groups are now, whatever they were when the tasks arose. Raises BadCursor.
    """
    # By procedure and state: the index of instances leads to the open ones.
    overseen = select(ProcessDefinition.process_id).where(
        granted_any(actor, OVERSIGHT, ProcessDefinition.process_id)
    )
    anybody = (
        select(InboxEntry.task_key)
        .where(
            InboxEntry.task_key == UserTask.key,
            InboxEntry.state == EntryState.OPEN,
            anybody_behind(InboxEntry.holder_kind, InboxEntry.holder, InboxEntry.task_key),
        )
        .exists()
    )
    statement = (
        select(
            UserTask,
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            assignable_tasks(actor).label("may_assign"),
            visible_instances(actor).label("may_open"),
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == UserTask.definition_key)
        .where(
            ProcessInstance.process_id.in_(overseen),
            ProcessInstance.state == InstanceState.ACTIVE,
            UserTask.state == TaskState.CREATED,
            ~anybody,
        )
        .order_by(UserTask.key)
        .limit(limit + 1)
    )
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        statement = statement.where(UserTask.key > last)
    found = session.execute(statement).all()
    asked = {group for row in found for group in row[0].candidate_groups}
    posts = names_of(session, [one for one in asked if is_post_group(one)])
    faults = faults_of(session, asked)
    barred = ties.barred_from(session, [row[0].key for row in found if row.may_assign])
    rows = [_row(row, posts, faults, barred) for row in found]
    following = cursor.write(_ORDER, [rows[limit - 1].key]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), following)


def _row(
    row: AnyRow,
    posts: Mapping[str, str],
    faults: Mapping[str, str],
    barred: Mapping[int, tuple[Barred, ...]],
) -> DesertedTask:
    task: UserTask = row[0]
    groups = task.candidate_groups
    personal = is_personal(task.no_deputy, task.candidate_users, groups)
    return DesertedTask(
        key=task.key,
        revision=task.revision,
        instance_key=task.instance_key,
        name=task.name,
        process_name=row.process_name,
        version=row.version,
        created_at=task.created_at,
        assignee=task.assignee,
        candidate_users=tuple(task.candidate_users),
        candidate_groups=tuple(posts.get(one, one) for one in groups),
        vacant=tuple(posts[one] for one in groups if one in posts),
        faults=tuple(faults[one] for one in groups if one in faults),
        barred=barred.get(task.key, ()),
        personal=personal,
        may_assign=bool(row.may_assign) and not personal,
        may_open=bool(row.may_open),
    )
