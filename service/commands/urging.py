"""催办: urging the holder of an open task, by who started the case or oversees it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update

from service.commands import instance_lock, suspension
from service.commands.deadline_plans import layers_of
from service.commands.instance_lock import act
from service.commands.notifications import Concerned, Happening, notify
from service.commands.submissions import cleaned_line, is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import Actor
from service.domain.deadline_settings import BUILT_IN, DeadlineUnfit, merged, read
from service.domain.errors import Conflict
from service.domain.instances import InstanceNotFound
from service.domain.notifications import NotificationKind
from service.domain.urging import (
    LONGEST,
    CaseUrgedJustNow,
    NothingToUrge,
    UrgedJustNow,
    UrgingForbidden,
    require_cooled_down,
)
from service.domain.user_tasks import TaskFacts, TaskNotFound, require_open
from service.domain.values import Json
from service.store.authorization import urgeable_tasks, visible_instances
from service.store.deadline_settings import stored_settings
from service.store.tables import Person, ProcessInstance, UserTask
from service.store.tables.tasks import TaskState

_MOST_TASKS = 100
"""Of one application: more are told with the next one."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Urged:
    """A 催办 that went out, and from when the next one may."""

    task_key: int
    at: datetime
    again_from: datetime


def urge(tools: Toolbox, task_key: int, *, comment: str = "", actor: Actor, now: datetime) -> Urged:
    """Urge whoever holds an open task, else all who may claim it.

    The comment stays in the record, cut to 200 characters; what leaves the house names the step
    alone. Raises TaskNotFound to strangers, UrgingForbidden, TaskAlreadyCompleted, TaskCanceled,
    InstanceSuspended, UrgedJustNow.
    """
    _require_allowed(tools, task_key, actor)
    return _urge(tools, task_key, comment, actor, now)


def urge_application(
    tools: Toolbox, case_key: int, *, actor: Actor, now: datetime
) -> Sequence[Urged]:
    """Urge all who hold a step of an application that the house has to do; by its applicant.

    Steps of called instances are the application's. One that was urged just now is left alone;
    where all were, nobody is told. Whoever holds what is told in words of the house, the applicant
    learns no step and no name. Raises InstanceNotFound, NothingToUrge, CaseUrgedJustNow.
    """
    awaited = _awaited(tools, case_key, actor)
    if not awaited:
        raise NothingToUrge
    first = min(awaited.values())
    if first > now:
        raise CaseUrgedJustNow(first, now)
    urged = []
    for key in (key for key, free in awaited.items() if free <= now):
        with suppress(Conflict, UrgedJustNow):  # somebody was faster
            urged.append(_urge(tools, key, "", actor, now))
    if not urged:
        raise NothingToUrge
    return urged


def application_urgeable_from(tools: Toolbox, case_key: int, *, actor: Actor) -> datetime | None:
    """Return from when `urge_application` is possible; None where nothing waits for the house.

    What was never urged may be at once: then it is a moment long past. Raises InstanceNotFound.
    """
    return min(_awaited(tools, case_key, actor).values(), default=None)


def _awaited(tools: Toolbox, case_key: int, actor: Actor) -> dict[int, datetime]:
    """The open tasks of the application that others hold, with from when they may be urged.

    In the order in which instances are locked: who calls before who is called.
    """
    if not is_key(case_key):
        raise InstanceNotFound
    instance = ProcessInstance
    own = (instance.key == case_key, instance.parent_key.is_(None))
    started = instance.started_by == actor.username
    if tools.session.execute(select(instance.key).where(*own, started)).first() is None:
        raise InstanceNotFound
    rows = tools.session.execute(
        select(
            UserTask.key,
            UserTask.definition_key,
            UserTask.process_id,
            UserTask.element_id,
            UserTask.urged_at,
        )
        .join(instance, instance.key == UserTask.instance_key)
        .where(
            or_(instance.key == case_key, instance.root_key == case_key),
            started,
            instance.suspended_at.is_(None),
            UserTask.state == TaskState.CREATED,
            urgeable_tasks(actor),
        )
        .order_by(instance.key, UserTask.key)
        .limit(_MOST_TASKS)
    )
    return {
        row.key: _LONG_AGO
        if row.urged_at is None
        else row.urged_at + cooldown_of(tools, row.definition_key, row.process_id, row.element_id)
        for row in rows
    }


def _urge(tools: Toolbox, task_key: int, comment: str, actor: Actor, now: datetime) -> Urged:
    session = tools.session
    instance, _revision = instance_lock.lock_with_task(session, task_key)
    task = session.get_one(UserTask, task_key, populate_existing=True)
    require_open(
        TaskFacts(
            state=task.state,
            assignee=task.assignee,
            candidate_users=task.candidate_users,
            candidate_groups=task.candidate_groups,
            ended_at=task.ended_at,
            ended_by_name=_name(tools, task.ended_by) if task.state == TaskState.COMPLETED else "",
        )
    )
    suspension.require_running(session, instance)
    cooldown = cooldown_of(tools, instance.definition_key, task.process_id, task.element_id)
    require_cooled_down(task.urged_at, cooldown, now)
    session.execute(update(table(UserTask)).where(UserTask.key == task_key).values(urged_at=now))
    value: dict[str, Json] = {"name": task.name}
    if said := cleaned_line(comment, LONGEST):
        value["comment"] = said
    entry = act(
        "user-task.urged",
        actor=actor.username,
        now=now,
        element_id=task.element_id,
        element_instance_key=task_key,
        value=value,
    )
    instance_lock.record(tools, instance, entry)
    happening = Happening(
        NotificationKind.URGED,
        _holders(task),
        task_key=task_key,
        # The name of somebody from outside is no colleague's: it must not leave the house.
        facts={"who": "申请人"} if actor.public else {},
        names={} if actor.public else {"who": actor.username},
    )
    notify(tools, happening, now=now)
    return Urged(task_key, now, now + cooldown)


def cooldown_of(tools: Toolbox, definition_key: int, process_id: str, element_id: str) -> timedelta:
    """Return how long a step's holder is left alone after a 催办, as it is set now."""
    stored = stored_settings(tools.session, process_id)
    model = tools.models.process(tools.session, definition_key)
    try:
        return read(merged(layers_of(model, element_id, stored))).cooldown
    except DeadlineUnfit:  # of a diagram that was not checked
        return read(BUILT_IN).cooldown


def _holders(task: UserTask) -> Concerned:
    if task.assignee is not None:
        return Concerned(people=(task.assignee,))
    return Concerned(people=task.candidate_users, groups=task.candidate_groups)


def _require_allowed(tools: Toolbox, task_key: int, actor: Actor) -> None:
    if not is_key(task_key):
        raise TaskNotFound
    row = tools.session.execute(
        select(visible_instances(actor).label("visible"), urgeable_tasks(actor).label("allowed"))
        .select_from(UserTask)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .where(UserTask.key == task_key)
    ).one_or_none()
    if row is None or not (row.visible or row.allowed):
        raise TaskNotFound
    if not row.allowed:
        raise UrgingForbidden


def _name(tools: Toolbox, username: str | None) -> str:
    name = tools.session.scalar(
        select(Person.display_name).where(Person.username == (username or ""))
    )
    return name or username or ""
