"""A user task as a command finds it: with its instance, its people, and what the actor may do."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from service.commands.deadline_jobs import Deadline
from service.commands.submissions import is_key
from service.commands.upserts import table
from service.domain.actors import Actor
from service.domain.deputies import acting_name
from service.domain.user_tasks import TaskChanged, TaskFacts, TaskNotFound, is_personal
from service.domain.values import Json
from service.store import task_changes
from service.store.authorization import assignable_tasks, own_entries, visible_tasks
from service.store.deputized import principal_of
from service.store.recusal import not_barred
from service.store.tables import InboxEntry, Person, ProcessInstance, UserTask

_Assignee = aliased(Person)
_Ender = aliased(Person)
_Principal = aliased(Person)


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task that the actor may know of. `revision` is the task's, `instance_…` its instance's."""

    key: int
    instance_key: int
    definition_key: int
    process_id: str
    element_id: str
    name: str
    form_key: int | None
    revision: int
    due_at: datetime | None
    instance_revision: int
    engine_state: str
    started_by: str
    suspended_at: datetime | None
    facts: TaskFacts
    may_assign: bool
    deadline: Deadline | None
    """How its holder is reminded of it; None without a due date."""
    no_deputy: bool
    """The step forbids that anybody acts in somebody's stead."""
    on_behalf_of: str | None
    """For whom its assignee holds it, as their deputy."""

    @property
    def principal(self) -> str | None:
        """For whom the actor would act on it: user name, None where for themselves."""
        return self.facts.deputy_for or self.on_behalf_of


def find(session: Session, task_key: int, actor: Actor) -> TaskRecord:
    """Return the task if the actor may see it, may assign it or once had it: one statement.

    A second one tells since when somebody else holds it. Who once had it is told what became of
    it, not shown it. Raises TaskNotFound.
    """
    if not is_key(task_key):
        raise TaskNotFound
    row = session.execute(_found(actor), {"wanted": task_key}).one_or_none()
    if row is None:
        raise TaskNotFound
    visible, may_assign, held = row.visible, row.may_assign, row.held
    if not (visible or may_assign or held):
        raise TaskNotFound
    personal = is_personal(row.no_deputy, row.candidate_users, row.candidate_groups)
    meant_for = meant_for_name = None
    if personal:
        meant_for, meant_for_name = task_changes.meant_for(
            session, instance_key=row.instance_key, task_key=row.key
        )
    return TaskRecord(
        key=row.key,
        instance_key=row.instance_key,
        definition_key=row.definition_key,
        process_id=row.process_id,
        element_id=row.element_id,
        name=row.name,
        form_key=row.form_key,
        revision=row.revision,
        due_at=row.due_at,
        instance_revision=row.instance_revision,
        engine_state=row.engine_state,
        started_by=row.started_by,
        suspended_at=row.suspended_at,
        may_assign=may_assign,
        deadline=Deadline.from_written(row.deadline),
        no_deputy=row.no_deputy,
        on_behalf_of=row.on_behalf_of,
        facts=TaskFacts(
            state=row.state,
            assignee=row.assignee,
            candidate_users=row.candidate_users,
            candidate_groups=row.candidate_groups,
            ended_at=row.ended_at,
            ended_by_name=acting_name(row.ended_by_name or row.ended_by or "", row.principal_name),
            assignee_name=row.assignee_name or row.assignee or "",
            held_since=task_changes.since_another_holds(
                session,
                actor,
                instance_key=row.instance_key,
                task_key=row.key,
                state=row.state,
                assignee=row.assignee,
            ),
            held_before=held,
            deputy_for=row.deputy_for,
            barred=row.barred,
            personal=personal,
            meant_for=meant_for,
            meant_for_name=meant_for_name or "",
        ),
    )


def require_revision(session: Session, task: TaskRecord, revision: int | None) -> None:
    """Raise TaskChanged, with who and when, unless the page showed the task as it is.

    None: the caller does not say what it saw (the API of Camunda 8 has no such field).
    """
    if revision is None or revision == task.revision:
        return
    change = task_changes.latest(session, instance_key=task.instance_key, task_key=task.key)
    raise TaskChanged(who=change.who, when=change.at)


def changed_at(session: Session, task: TaskRecord) -> datetime:
    """Return when the task came to whom it belongs now."""
    return task_changes.latest(session, instance_key=task.instance_key, task_key=task.key).at


def groups_through(task: TaskRecord, actor: Actor) -> list[Json]:
    """Return the candidate groups that let the actor claim the task, for the record.

    A deputy claims through those of their principal.
    """
    groups = actor.groups
    if (principal := task.facts.deputy_for) is not None:
        groups = next(one.groups for one in actor.principals if one.username == principal)
    return [group for group in task.facts.candidate_groups if group in groups]


@lru_cache(maxsize=512)
def _found(actor: Actor) -> Select[*tuple[object, ...]]:
    """Made once a person and set of groups: making it costs as much as running it."""
    held = (
        select(InboxEntry.task_key)
        .where(InboxEntry.task_key == UserTask.key, own_entries(actor, since_over=True))
        .exists()
    )
    return (
        select(
            *table(UserTask).columns,
            ProcessInstance.revision.label("instance_revision"),
            ProcessInstance.engine_state,
            ProcessInstance.started_by,
            ProcessInstance.suspended_at,
            _Assignee.display_name.label("assignee_name"),
            _Ender.display_name.label("ended_by_name"),
            _Principal.display_name.label("principal_name"),
            principal_of(actor, UserTask.key).label("deputy_for"),
            visible_tasks(actor).label("visible"),
            assignable_tasks(actor).label("may_assign"),
            held.label("held"),
            (~not_barred(actor.username, UserTask.key)).label("barred"),
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .outerjoin(_Assignee, _Assignee.username == UserTask.assignee)
        .outerjoin(_Ender, _Ender.username == UserTask.ended_by)
        .outerjoin(_Principal, _Principal.username == UserTask.on_behalf_of)
        .where(UserTask.key == bindparam("wanted"))
    )
