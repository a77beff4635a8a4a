"""User tasks as the API lists them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.filter_search import TENANT, Predicate, compare, related
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.selects import AnyRow
from service.queries.variable_search import has_variable
from service.store.authorization import visible_tasks
from service.store.tables import InboxEntry, ProcessDefinition, UserTask
from service.store.tables.tasks import HolderKind


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One user task with the name and version of its process."""

    key: int
    instance_key: int
    definition_key: int
    process_id: str
    process_name: str
    version: int
    element_id: str
    name: str
    state: str
    revision: int
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    form_key: int | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


def search(session: Session, *, actor: Actor, search: Search) -> Found[TaskRow]:
    """Search the tasks that the actor may open."""
    statement = _STATEMENT.where(visible_tasks(actor, throughout=True))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> TaskRow:
    """Return one task. Raises NotFound."""
    one = _STATEMENT.where(UserTask.key == key, visible_tasks(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


_STATEMENT = select(
    UserTask.key,
    UserTask.instance_key,
    UserTask.definition_key,
    UserTask.process_id,
    ProcessDefinition.name.label("process_name"),
    ProcessDefinition.version,
    UserTask.element_id,
    UserTask.name,
    UserTask.state,
    UserTask.revision,
    UserTask.assignee,
    UserTask.candidate_users,
    UserTask.candidate_groups,
    UserTask.form_key,
    UserTask.priority,
    UserTask.due_at,
    UserTask.follow_up_at,
    UserTask.created_at,
    UserTask.ended_at,
).join(ProcessDefinition, ProcessDefinition.key == UserTask.definition_key)


def _candidates(kind: HolderKind) -> Predicate:
    # The inbox keeps a row a candidate and task, whatever became of the task.
    def exists(matching: ColumnElement[bool]) -> ColumnElement[bool]:
        among = select(InboxEntry.task_key).where(
            InboxEntry.task_key == UserTask.key, InboxEntry.holder_kind == kind, matching
        )
        return among.exists()

    return related(InboxEntry.holder, exists)


_TABLE = SearchTable(
    key=UserTask.key,
    filters={
        "userTaskKey": compare(UserTask.key),
        "elementInstanceKey": compare(UserTask.key),
        "processInstanceKey": compare(UserTask.instance_key),
        "processDefinitionKey": compare(UserTask.definition_key),
        "processDefinitionId": compare(UserTask.process_id),
        "elementId": compare(UserTask.element_id),
        "name": compare(UserTask.name),
        "state": compare(UserTask.state),
        "assignee": compare(UserTask.assignee),
        "candidateUser": _candidates(HolderKind.CANDIDATE),
        "candidateGroup": _candidates(HolderKind.GROUP),
        "priority": compare(UserTask.priority),
        "dueDate": compare(UserTask.due_at),
        "followUpDate": compare(UserTask.follow_up_at),
        "creationDate": compare(UserTask.created_at),
        "completionDate": compare(UserTask.ended_at),
        # Whoever may open a task may read its instance's values.
        "processInstanceVariables": has_variable(UserTask.instance_key, true()),
        "localVariables": has_variable(UserTask.key, true()),
        "tenantId": TENANT,
    },
    sorts={
        "name": brief(UserTask.name),
        "priority": UserTask.priority,
        "dueDate": UserTask.due_at,
        "followUpDate": UserTask.follow_up_at,
        "creationDate": UserTask.created_at,
        "completionDate": UserTask.ended_at,
    },
)


def _row(row: AnyRow) -> TaskRow:
    return TaskRow(
        key=row.key,
        instance_key=row.instance_key,
        definition_key=row.definition_key,
        process_id=row.process_id,
        process_name=row.process_name,
        version=row.version,
        element_id=row.element_id,
        name=row.name,
        state=row.state,
        revision=row.revision,
        assignee=row.assignee,
        candidate_users=tuple(row.candidate_users),
        candidate_groups=tuple(row.candidate_groups),
        form_key=row.form_key,
        priority=row.priority,
        due_at=row.due_at,
        follow_up_at=row.follow_up_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
