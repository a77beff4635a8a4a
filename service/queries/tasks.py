"""A user task as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor, Principal
from service.domain.deputies import acting_name
from service.domain.organization import is_post_group
from service.domain.user_tasks import (
    Standing,
    TaskFacts,
    TaskNotFound,
    is_personal,
    standing,
)
from service.queries.groups import PostBehind, group_names, posts_behind
from service.queries.names import display_name
from service.queries.selects import AnyRow
from service.store import task_changes
from service.store.authorization import (
    assignable_tasks,
    overseen_entries,
    urgeable_tasks,
    visible_tasks,
)
from service.store.deputized import principal_of
from service.store.tables import (
    Draft,
    InboxEntry,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import TaskState


class Reason(StrEnum):
    """Why the task is before this person."""

    ASSIGNED = "assigned"
    """It was given to them by name."""
    CLAIMED = "claimed"
    """They hold it and are among its candidates."""
    CANDIDATE = "candidate"
    """They may claim it, by name."""
    GROUP = "group"
    """They may claim it as a member of a group."""
    DEPUTY = "deputy"
    """They stand in for somebody who has it to do or may claim it."""
    SUPERIOR = "superior"
    """Its holder is late, and they were told as somebody above them."""
    ONLOOKER = "onlooker"
    """They may read the case."""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task with its case; names of people are display names."""

    key: int
    name: str
    state: str
    revision: int
    element_id: str
    process_id: str
    process_name: str
    definition_key: int
    form_key: int | None
    instance_key: int
    instance_title: str
    suspended_at: datetime | None
    """Since when its case is suspended: nobody can complete it meanwhile."""
    suspended_by: str | None
    suspension_reason: str | None
    started_by: str
    started_at: datetime
    created_at: datetime
    due_at: datetime | None
    due_provisional: bool
    """It rests on a year whose holidays are not announced yet."""
    assignee: str | None
    held_since: datetime | None
    """When it came to an assignee who is somebody else; None where nobody else has it to do."""
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    reason: Reason
    groups: tuple[str, ...]
    """Names of those candidate groups that this person is in by name."""
    posts: tuple[PostBehind, ...]
    """The posts by which they are in the others; a deputy's are their principal's."""
    principal: str | None
    """Display name of whom this person stands in for here."""
    escalated_at: datetime | None
    """Since when somebody above its holder knows that it is late."""
    urged_at: datetime | None
    """When its holder was urged last."""
    may_urge: bool
    may_assign: bool

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be done."""
        return self.state == "CREATED"

    @property
    def may_complete(self) -> bool:
        """Whether this person holds it now."""
        mine = self.reason in {Reason.ASSIGNED, Reason.CLAIMED}
        return self.is_open and (mine or (self._as_deputy and self.assignee is not None))

    @property
    def may_claim(self) -> bool:
        """Whether it waits for this person or another candidate to take it."""
        mine = self.reason in {Reason.CANDIDATE, Reason.GROUP}
        return self.is_open and (mine or (self._as_deputy and self.assignee is None))

    @property
    def may_release(self) -> bool:
        """Whether this person may give it back to the other candidates."""
        return self.is_open and self.reason is Reason.CLAIMED

    @property
    def _as_deputy(self) -> bool:
        return self.reason is Reason.DEPUTY


def get(session: Session, *, actor: Actor, key: int) -> TaskPage:
    """Return the task; one statement, one more each for groups, posts and another holder.

    Raises TaskNotFound.
    """
    starter, holder, ender, behalf, suspender = (aliased(Person) for _ in range(5))
    row = session.execute(
        select(
            UserTask,
            ProcessInstance.title,
            ProcessInstance.suspended_at,
            func.coalesce(suspender.display_name, ProcessInstance.suspended_by).label("suspender"),
            ProcessInstance.suspension_reason,
            ProcessInstance.started_at,
            ProcessDefinition.name,
            display_name(ProcessInstance.started_by, starter).label("starter"),
            func.coalesce(holder.display_name, UserTask.assignee).label("holder"),
            func.coalesce(ender.display_name, UserTask.ended_by).label("ender"),
            func.coalesce(behalf.display_name, UserTask.on_behalf_of).label("behalf"),
            principal_of(actor, UserTask.key).label("deputy_for"),
            _brought_before(actor).label("superior"),
            urgeable_tasks(actor).label("may_urge"),
            assignable_tasks(actor).label("may_assign"),
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == UserTask.definition_key)
        .outerjoin(starter, starter.username == ProcessInstance.started_by)
        .outerjoin(holder, holder.username == UserTask.assignee)
        .outerjoin(ender, ender.username == UserTask.ended_by)
        .outerjoin(behalf, behalf.username == UserTask.on_behalf_of)
        .outerjoin(suspender, suspender.username == ProcessInstance.suspended_by)
        .where(UserTask.key == key, visible_tasks(actor))
    ).one_or_none()
    if row is None:
        raise TaskNotFound
    task: UserTask = row[0]
    principal = next((p for p in actor.principals if p.username == row.deputy_for), None)
    seat = actor if principal is None else principal
    own = [one for one in task.candidate_groups if one in seat.groups]
    personal = is_personal(task.no_deputy, task.candidate_users, task.candidate_groups)
    return TaskPage(
        key=task.key,
        name=task.name,
        state=task.state,
        revision=task.revision,
        element_id=task.element_id,
        process_id=task.process_id,
        process_name=row.name,
        definition_key=task.definition_key,
        form_key=task.form_key,
        instance_key=task.instance_key,
        instance_title=row.title,
        suspended_at=row.suspended_at,
        suspended_by=row.suspender,
        suspension_reason=row.suspension_reason,
        started_by=row.starter,
        started_at=row.started_at,
        created_at=task.created_at,
        due_at=task.due_at,
        due_provisional=task.due_provisional,
        assignee=row.holder and acting_name(row.holder, row.behalf),
        held_since=_held_since(session, task, actor),
        ended_at=task.ended_at,
        ended_by=row.ender and acting_name(row.ender, row.behalf),
        outcome=task.outcome,
        reason=_reason(task, actor, row.deputy_for, superior=row.superior),
        groups=group_names(session, [one for one in own if not is_post_group(one)]),
        posts=posts_behind(session, username=seat.username, group_ids=own),
        principal=_principal_name(row, principal),
        escalated_at=task.escalated_at,
        urged_at=task.urged_at,
        may_urge=bool(row.may_urge) and task.state == TaskState.CREATED,
        may_assign=bool(row.may_assign) and task.state == TaskState.CREATED and not personal,
    )


@dataclass(frozen=True, slots=True)
class KeptTask:
    """A task that is no longer the actor's, who had begun to fill it in."""

    key: int
    name: str
    state: str
    form_key: int | None
    holder: str | None
    """Who has it to do, or has done it."""
    held_since: datetime | None
    ended_at: datetime | None


def get_kept(session: Session, *, actor: Actor, key: int) -> KeptTask:
    """Return a task of which the actor has a draft, though they may not see it any more.

    What they wrote themselves is theirs to read. Raises TaskNotFound.
    """
    behalf = aliased(Person)
    row = session.execute(
        select(
            UserTask,
            display_name(UserTask.assignee).label("holder"),
            func.coalesce(behalf.display_name, UserTask.on_behalf_of).label("behalf"),
        )
        .join(Draft, (Draft.subject_key == UserTask.key) & (Draft.username == actor.username))
        .outerjoin(Person, Person.username == UserTask.assignee)
        .outerjoin(behalf, behalf.username == UserTask.on_behalf_of)
        .where(UserTask.key == key)
    ).one_or_none()
    if row is None:
        raise TaskNotFound
    task: UserTask = row[0]
    return KeptTask(
        key=task.key,
        name=task.name,
        state=task.state,
        form_key=task.form_key,
        holder=row.holder and acting_name(row.holder, row.behalf),
        held_since=_held_since(session, task, actor),
        ended_at=task.ended_at,
    )


def _held_since(session: Session, task: UserTask, actor: Actor) -> datetime | None:
    return task_changes.since_another_holds(
        session,
        actor,
        instance_key=task.instance_key,
        task_key=task.key,
        state=task.state,
        assignee=task.assignee,
    )


def _principal_name(row: AnyRow, principal: Principal | None) -> str | None:
    """Of whom they may act for, else of whom they hold it for."""
    if principal is not None:
        return principal.display_name
    return None if row.behalf is None else str(row.behalf)


def _brought_before(actor: Actor) -> ColumnElement[bool]:
    late = exists().where(InboxEntry.task_key == UserTask.key, overseen_entries(actor))
    return late.correlate(UserTask)


def _reason(task: UserTask, actor: Actor, deputy_for: str | None, *, superior: bool) -> Reason:
    facts = TaskFacts(
        state=task.state,
        assignee=task.assignee,
        candidate_users=task.candidate_users,
        candidate_groups=task.candidate_groups,
        deputy_for=deputy_for,
    )
    in_group = not actor.groups.isdisjoint(task.candidate_groups)
    match standing(facts, actor):
        case Standing.HOLDER:
            by_name = actor.username in task.candidate_users
            candidate = in_group or by_name or task.on_behalf_of is not None
            return Reason.CLAIMED if candidate else Reason.ASSIGNED
        case Standing.CANDIDATE:
            return Reason.GROUP if in_group else Reason.CANDIDATE
        case Standing.DEPUTY:
            return Reason.DEPUTY
        case _:
            return Reason.SUPERIOR if superior else Reason.ONLOOKER
