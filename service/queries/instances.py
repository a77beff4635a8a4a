"""A case as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.deputies import acting_name
from service.domain.instances import InstanceNotFound
from service.domain.irreversible import PassedStep
from service.queries.case_state import STATE, SUSPENDED
from service.queries.groups import group_names
from service.queries.names import display_name
from service.store import irreversible
from service.store.authorization import (
    granted,
    own_entries,
    readable_values,
    urgeable_tasks,
    visible_instances,
    visible_tasks,
)
from service.store.tables import (
    InboxEntry,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import EntryState, TaskState


@dataclass(frozen=True, slots=True)
class InstancePage:
    """One case. `may_read_values`: variables, opinions and files may be shown to this actor.

    Whoever may not read them gets the process's name for a title: the case's is made of values.
    """

    key: int
    title: str
    process_id: str
    process_name: str
    version: int
    definition_key: int
    start_form_id: str | None
    state: str
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    end_event: str | None
    open_incidents: int
    may_read_values: bool
    suspended_at: datetime | None
    suspended_by: str | None
    """Display name."""
    suspension_reason: str | None
    may_suspend: bool
    """Whether the actor may let it stand still, or go on."""
    may_cancel: bool
    """One that another called ends with its caller, never alone."""
    parent_key: int | None
    """The calling instance, for who may see it."""
    root_key: int
    """The outermost caller; itself where nobody called."""
    is_own: bool
    """Whether the actor started it."""

    @property
    def is_active(self) -> bool:
        """Whether it still runs, suspended or not."""
        return self.state in {"ACTIVE", SUSPENDED}


@dataclass(frozen=True, slots=True)
class Step:
    """A task the case waits at; `holder` is a display name, `groups` those who may claim it."""

    task_key: int
    name: str
    holder: str | None
    groups: tuple[str, ...]
    created_at: datetime
    due_at: datetime | None
    due_provisional: bool
    openable: bool
    """Whether the actor may open it."""
    mine: bool
    """Whether it waits for the actor: in their 待办 or 待签收."""
    element_id: str
    may_urge: bool
    urged_at: datetime | None
    escalated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A finished task whose form the actor may read again."""

    task_key: int
    name: str
    form_key: int
    ended_by: str
    ended_at: datetime


_PARENT = aliased(ProcessInstance)
_BEHALF, _SUSPENDER = aliased(Person), aliased(Person)


def get(session: Session, *, actor: Actor, key: int) -> InstancePage:
    """Return the case; one statement. Raises InstanceNotFound."""
    row = session.execute(
        select(
            ProcessInstance.key,
            ProcessInstance.title,
            ProcessInstance.process_id,
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            ProcessInstance.definition_key,
            ProcessDefinition.start_form_id,
            STATE.label("state"),
            ProcessInstance.suspended_at,
            func.coalesce(_SUSPENDER.display_name, ProcessInstance.suspended_by).label(
                "suspended_by"
            ),
            ProcessInstance.suspension_reason,
            display_name(ProcessInstance.started_by).label("started_by"),
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            ProcessInstance.end_event,
            ProcessInstance.open_incidents,
            readable_values(actor).label("may_read_values"),
            granted(actor, ObjectKind.RUNNING, Action.ACT, ProcessInstance.process_id).label(
                "may_cancel"
            ),
            ProcessInstance.parent_key.is_not(None).label("called"),
            case((visible_instances(actor, _PARENT), _PARENT.key)).label("parent_key"),
            func.coalesce(ProcessInstance.root_key, ProcessInstance.key).label("root_key"),
            (ProcessInstance.started_by == actor.username).label("is_own"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(_PARENT, _PARENT.key == ProcessInstance.parent_key)
        .outerjoin(Person, Person.username == ProcessInstance.started_by)
        .outerjoin(_SUSPENDER, _SUSPENDER.username == ProcessInstance.suspended_by)
        .where(ProcessInstance.key == key, visible_instances(actor))
    ).one_or_none()
    if row is None:
        raise InstanceNotFound
    fields = dict(row._mapping)
    called = fields.pop("called")
    running = fields["state"] in {"ACTIVE", SUSPENDED}
    fields["may_suspend"] = bool(fields["may_cancel"]) and running
    fields["may_cancel"] = fields["may_suspend"] and not called
    fields["may_read_values"] = bool(fields["may_read_values"])
    fields["is_own"] = bool(fields["is_own"])
    if not fields["may_read_values"]:
        fields["title"] = fields["process_name"]
        if not fields["may_suspend"]:
            fields["suspension_reason"] = None
    return InstancePage(**fields)


def open_steps(session: Session, *, actor: Actor, instance_key: int) -> tuple[Step, ...]:
    """Return what a visible case waits at, in the order it arose."""
    rows = session.execute(
        select(
            UserTask.key,
            UserTask.name,
            display_name(UserTask.assignee).label("holder"),
            _BEHALF.display_name.label("behalf"),
            UserTask.candidate_groups,
            UserTask.created_at,
            UserTask.due_at,
            UserTask.due_provisional,
            visible_tasks(actor).label("openable"),
            _in_inbox(actor).label("mine"),
            UserTask.element_id,
            urgeable_tasks(actor).label("may_urge"),
            UserTask.urged_at,
            UserTask.escalated_at,
        )
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .outerjoin(Person, Person.username == UserTask.assignee)
        .outerjoin(_BEHALF, _BEHALF.username == UserTask.on_behalf_of)
        .where(UserTask.instance_key == instance_key, UserTask.state == TaskState.CREATED)
        .order_by(UserTask.key)
    ).all()
    return tuple(
        Step(
            task_key=row.key,
            name=row.name,
            holder=row.holder and acting_name(row.holder, row.behalf),
            groups=group_names(session, row.candidate_groups),
            created_at=row.created_at,
            due_at=row.due_at,
            due_provisional=row.due_provisional,
            openable=bool(row.openable),
            mine=bool(row.mine),
            element_id=row.element_id,
            may_urge=bool(row.may_urge),
            urged_at=row.urged_at,
            escalated_at=row.escalated_at,
        )
        for row in rows
    )


def _in_inbox(actor: Actor) -> ColumnElement[bool]:
    """Condition on UserTask: it is in the actor's 待办 or 待签收."""
    return exists().where(
        InboxEntry.task_key == UserTask.key,
        InboxEntry.state == EntryState.OPEN,
        own_entries(actor),
    )


def submitted(session: Session, *, actor: Actor, instance_key: int) -> tuple[Submitted, ...]:
    """Return the finished tasks of a case that had a form and that the actor may open."""
    rows = session.execute(
        select(
            UserTask.key.label("task_key"),
            UserTask.name,
            UserTask.form_key,
            display_name(UserTask.ended_by).label("ended_by"),
            _BEHALF.display_name.label("behalf"),
            UserTask.ended_at,
        )
        .outerjoin(Person, Person.username == UserTask.ended_by)
        .outerjoin(_BEHALF, _BEHALF.username == UserTask.on_behalf_of)
        .where(
            UserTask.instance_key == instance_key,
            UserTask.state == TaskState.COMPLETED,
            UserTask.form_key.is_not(None),
            visible_tasks(actor),
        )
        .order_by(UserTask.key)
    )
    return tuple(
        Submitted(
            task_key=row.task_key,
            name=row.name,
            form_key=row.form_key,
            ended_by=acting_name(row.ended_by, row.behalf),
            ended_at=row.ended_at,
        )
        for row in rows
    )


def irreversible_steps(
    session: Session, key: int, remedies_of: irreversible.RemediesOf
) -> list[PassedStep]:
    """Return the irreversible steps behind a case that the caller has found already."""
    return irreversible.passed_steps(session, irreversible.family(session, key), remedies_of)
