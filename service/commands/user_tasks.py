"""What people do with user tasks: complete, claim, release, assign."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import literal

from service.commands import completing, instance_lock
from service.commands.access_log import record
from service.commands.completing import Completion, Prepared
from service.commands.instance_lock import LockedInstance
from service.commands.notifications import Concerned, Happening, notify
from service.commands.outcome import Applied
from service.commands.recusal import require_unbarred
from service.commands.task_handing import hand, note, require_open_account
from service.commands.task_records import (
    TaskRecord,
    changed_at,
    find,
    groups_through,
    require_revision,
)
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.notifications import NotificationKind
from service.domain.user_tasks import (
    Standing,
    TaskIsPersonal,
    require_assignable,
    require_claimable,
    require_releasable,
    standing,
)
from service.domain.values import Json, Variables
from service.store.membership import groups_of


@dataclass(frozen=True, slots=True)
class Completed:
    """A completion that is accepted.

    `next_tasks_for_actor`: tasks that arose in the same step and wait for the same person,
    assigned ones before those to claim. `incident`: something behind the task could not go on; the
    completion stands all the same.
    """

    task_key: int
    instance_key: int
    next_tasks_for_actor: tuple[int, ...] = ()
    incident: bool = False


def complete(
    tools: Toolbox,
    task_key: int,
    *,
    submission: Variables,
    outcome: str | None,
    comment: str = "",
    revision: int | None = None,
    strict: bool = False,
    actor: Actor,
    now: datetime,
) -> Completed:
    """Complete a task within the caller's transaction; pages and API use `completion.complete`.

    Takes and raises what that does.
    """
    wanted = Completion(task_key, submission, outcome, comment, revision, strict, actor, now)
    prepared = completing.prepare(lambda: nullcontext(tools), wanted)
    return completed(prepared, completing.apply(tools, prepared, wanted), actor)


def completed(prepared: Prepared, applied: Applied, actor: Actor) -> Completed:
    """Return what the person is told of a completion."""
    assigned = [t for t in applied.created if t.assignee == actor.username]
    claimable = [
        t
        for t in applied.created
        if t.assignee is None
        and (actor.username in t.candidate_users or not actor.groups.isdisjoint(t.candidate_groups))
    ]
    return Completed(
        task_key=prepared.task.key,
        instance_key=prepared.task.instance_key,
        next_tasks_for_actor=tuple(t.element_instance_key for t in (*assigned, *claimable)),
        incident=bool(applied.incidents),
    )


def claim(
    tools: Toolbox, task_key: int, *, actor: Actor, now: datetime, revision: int | None = None
) -> None:
    """Take a task that one is a candidate of; claiming one's own task changes nothing.

    Raises TaskNotFound, TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskHeldByOther,
    TaskChanged.
    """
    instance, task = _locked(tools, task_key, actor)
    if require_claimable(task.facts, actor) is Standing.HOLDER:
        return
    require_revision(tools.session, task, revision)
    principal = task.facts.deputy_for
    value: dict[str, Json] = {"name": task.name, "groups": groups_through(task, actor)}
    if principal is not None:
        value["principal"] = principal
    hand(tools, instance, task, actor.username, now, principal)
    note(tools, instance, task, "user-task.claimed", actor, now, value)


def release(
    tools: Toolbox, task_key: int, *, actor: Actor, now: datetime, revision: int | None = None
) -> None:
    """Give a claimed task back to its candidates: by who holds it, or by who may assign.

    A task that nobody holds stays as it is. Raises TaskNotFound, TaskNotYours,
    TaskAlreadyCompleted, TaskCanceled, TaskWithoutCandidates, TaskChanged.
    """
    instance, task = _locked(tools, task_key, actor)
    if standing(task.facts, actor) is Standing.CANDIDATE:
        return
    require_releasable(task.facts, actor, may_assign=task.may_assign)
    if task.facts.assignee is None:
        return
    require_revision(tools.session, task, revision)
    value: Json = {"name": task.name, "previous": task.facts.assignee}
    hand(tools, instance, task, None, now)
    note(tools, instance, task, "user-task.released", actor, now, value)
    _tell(tools, task, NotificationKind.TASK_RELEASED, task.facts.assignee, actor, now)


def assign(
    tools: Toolbox,
    task_key: int,
    *,
    assignee: str,
    allow_override: bool = True,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> None:
    """Give a task to a person: by who has TASK act on the process, or to oneself by a candidate.

    What is somebody's own (`jiaoyan.no-deputy`) is given to nobody else. Raises TaskNotFound,
    TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskIsPersonal, AssigneeUnknown, TaskChanged,
    and TaskHeldByOther when somebody else holds it and `allow_override` is False.
    """
    instance, task = _locked(tools, task_key, actor)
    facts = task.facts
    if facts.assignee == actor.username and not allow_override:
        facts = replace(facts, held_since=changed_at(tools.session, task))
    require_assignable(
        facts,
        actor,
        assignee=assignee,
        may_assign=task.may_assign,
        allow_override=allow_override,
    )
    require_revision(tools.session, task, revision)
    if task.facts.assignee == assignee:
        return
    require_open_account(tools, assignee, instance)
    require_unbarred(tools.session, task_key, assignee)
    _require_meant(tools, task, assignee)
    value: dict[str, Json] = {
        "name": task.name,
        "assignee": assignee,
        "previous": task.facts.assignee,
    }
    principal = task.facts.deputy_for if assignee == actor.username else None
    if principal is not None:
        value["principal"] = principal
    hand(tools, instance, task, assignee, now, principal)
    note(tools, instance, task, "user-task.assigned", actor, now, value)
    _tell(tools, task, NotificationKind.TASK_TAKEN, task.facts.assignee, actor, now, to=assignee)
    if assignee != actor.username:
        _tell(tools, task, NotificationKind.TASK_ASSIGNED, assignee, actor, now)
        record(
            tools,
            AccessKind.TASK_ASSIGNED,
            actor=actor,
            subject=assignee,
            reference=f"instance/{instance.key}",
            details={"process": instance.process_id, "element": task.element_id},
            now=now,
        )


def _require_meant(tools: Toolbox, task: TaskRecord, assignee: str) -> None:
    """Where no deputy may act, only who could have taken it is given it. Raises TaskIsPersonal."""
    if not task.no_deputy or task.facts.personal or assignee in task.facts.candidate_users:
        return
    groups = tools.session.scalars(groups_of(literal(assignee)))
    if set(groups).isdisjoint(task.facts.candidate_groups):
        raise TaskIsPersonal(who="候选人")


def _tell(
    tools: Toolbox,
    task: TaskRecord,
    kind: NotificationKind,
    username: str | None,
    actor: Actor,
    now: datetime,
    **names: str,
) -> None:
    """Tell somebody what the actor has done with their task, unless they did it themselves."""
    if username is None or username == actor.username:
        return
    to = Concerned(people=(username,))
    named = {"who": actor.username, **names}
    notify(tools, Happening(kind, to, task_key=task.key, names=named), now=now)


def _locked(tools: Toolbox, task_key: int, actor: Actor) -> tuple[LockedInstance, TaskRecord]:
    """Lock, then read: who only looks for a task that is none of theirs waits for nobody long."""
    found = find(tools.session, task_key, actor)
    instance, task_revision = instance_lock.lock_with_task(tools.session, task_key)
    if task_revision != found.revision:
        found = find(tools.session, task_key, actor)
    return instance, found
