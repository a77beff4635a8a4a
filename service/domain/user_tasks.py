"""The life of a user task: who may do what with it in which state, and how it is refused.

The checks come in one order everywhere: it exists, the actor may see it, the actor may do it, it
is in the right state, it is the revision the actor saw, the form is in order. The first three
answer "not found" to a stranger, so nobody learns of what they may not see.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.actors import Actor
from service.domain.dates import shown
from service.domain.errors import Conflict, FieldsInvalid, Forbidden, Invalid, NotFound

_SOMEBODY = "他人"


class TaskNotFound(NotFound):
    """没有找到这项任务，或者你没有查看的权限。"""

    code = "user-task.not-found"


class TaskNotYours(Forbidden):
    """这项任务不由你办理，你只能查看，任务没有改动。"""

    code = "user-task.not-yours"


class AssignmentForbidden(TaskNotYours):
    """你没有把这项任务交给别人办理的权限，任务没有改动。"""

    code = "user-task.assignment-forbidden"


class TaskAlreadyCompleted(Conflict):
    """这项任务已由{who}于 {when} 办理，流程没有改动。请刷新后查看结果。"""

    code = "user-task.already-completed"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class TaskCanceled(Conflict):
    """这项任务已于 {when} 随流程终止，不再需要办理。"""

    code = "user-task.canceled"

    def __init__(self, *, when: datetime) -> None:
        self.when = when
        super().__init__(when=shown(when))


class TaskChanged(Conflict):
    """你打开页面之后，{who}于 {when} 改动了这项任务。请刷新后再提交。"""

    code = "user-task.changed"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class TaskHeldByOther(Conflict):
    """这项任务自 {when} 起由{who}办理，没有改动。如需办理，请联系{who}放回，或请有权的人改派。"""

    code = "user-task.held-by-other"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class TaskWithoutCandidates(Conflict):
    """这项任务直接指派给个人，没有候选人，退签后将无人办理，因此没有退签。如需换人，请由有改派权限的人员改派。"""

    code = "user-task.without-candidates"


class TaskIsPersonal(Conflict):
    """这项任务只能由{who}本人办理，不能交给别人，没有改动。本人不能办理的，按流程图上的办法换人（例如补选、委托、变更，或者期限届满后另行安排）。"""

    code = "user-task.personal"


class TaskFormMissing(Conflict):
    """这项任务的表单「{form_id}」找不到，暂时不能办理；任务没有改动，请联系管理员重新部署表单。"""

    code = "user-task.form-missing"


class AssigneeUnknown(Invalid):
    """没有名为「{assignee}」的在用账号，任务没有改派。请检查后再试。"""

    code = "user-task.assignee-unknown"


class OutcomeUnknown(Invalid):
    """「{outcome}」不是这一步可选的结论，可选：{choices}。任务没有提交。"""

    code = "user-task.outcome-unknown"


class CommentRequired(FieldsInvalid):
    """选择这个结论须填写意见，请填写后再提交。"""

    code = "user-task.comment-required"

    def __init__(self) -> None:
        super().__init__({"comment": ["请填写意见。"]})


class Standing(StrEnum):
    """What an actor is to an open task."""

    HOLDER = "holder"
    """It is assigned to the actor."""
    CANDIDATE = "candidate"
    """Nobody holds it and the actor may claim it."""
    DEPUTY = "deputy"
    """Somebody who is away has it to do, or could claim it, and the actor stands in for them."""
    OUTRUN = "outrun"
    """The actor could have claimed it, but somebody else holds it."""
    ONLOOKER = "onlooker"
    """The actor may see it at most."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the rules need to know of a task."""

    state: str
    assignee: str | None
    candidate_users: Collection[str]
    candidate_groups: Collection[str]
    ended_at: datetime | None = None
    ended_by_name: str = ""
    """Display name of who completed it."""
    assignee_name: str = ""
    held_since: datetime | None = None
    """When it came to its assignee."""
    held_before: bool = False
    """It once was the actor's to do or to claim, and was given to somebody else."""
    deputy_for: str | None = None
    """For whom the actor may act on it now: see `service.store.deputized`."""
    personal: bool = False
    """The step forbids that anybody acts in the stead of whom the diagram gave it to by name."""
    meant_for: str | None = None
    """Whom the diagram gave a personal task to; None also where they had to keep out of it."""
    meant_for_name: str = ""
    barred: bool = False
    """The actor must keep out of it: see `service.domain.recusal`."""


def standing(facts: TaskFacts, actor: Actor) -> Standing:
    """Say what the actor is to the task, by assignment, candidates and recusal alone."""
    if facts.barred:
        return Standing.ONLOOKER
    if facts.assignee == actor.username:
        return Standing.HOLDER
    candidate = actor.username in facts.candidate_users or not actor.groups.isdisjoint(
        facts.candidate_groups
    )
    if candidate and facts.assignee is None:
        return Standing.CANDIDATE
    if facts.deputy_for is not None:
        return Standing.DEPUTY
    return Standing.OUTRUN if candidate or facts.held_before else Standing.ONLOOKER


def is_personal(
    no_deputy: bool, candidate_users: Collection[str], candidate_groups: Collection[str]
) -> bool:
    """Say whether a task is somebody's own: named by the diagram, and nobody may stand in."""
    return no_deputy and not candidate_users and not candidate_groups


def require_open(facts: TaskFacts) -> None:
    """Raise TaskAlreadyCompleted or TaskCanceled unless the task waits to be done."""
    if facts.state == "COMPLETED":
        raise TaskAlreadyCompleted(who=facts.ended_by_name or _SOMEBODY, when=_ended(facts))
    if facts.state == "CANCELED":
        raise TaskCanceled(when=_ended(facts))


def require_completable(facts: TaskFacts, actor: Actor) -> Standing:
    """Raise unless this actor may complete the task; return what the actor is to it.

    A candidate may complete an unclaimed task: that claims it in passing. A deputy completes what
    their principal has to do, as if it were given to both.
    Raises TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskHeldByOther, TaskIsPersonal.
    """
    place = standing(facts, actor)
    if place is Standing.ONLOOKER:
        raise TaskNotYours
    require_open(facts)
    if place is Standing.OUTRUN:
        raise _held_by_other(facts)
    require_own(facts, actor.username)
    return place


def require_own(facts: TaskFacts, username: str) -> None:
    """Raise TaskIsPersonal where the task is somebody's own, and not this person's.

    A vote, a mark, a signature: whoever may hand out tasks gives none of them to another, and what
    somebody else came to hold all the same counts for nobody.
    """
    if facts.personal and username != facts.meant_for:
        raise TaskIsPersonal(who=facts.meant_for_name or facts.meant_for or "流程图指定的人")


def require_claimable(facts: TaskFacts, actor: Actor) -> Standing:
    """Raise unless this actor may take the task; return what the actor is to it.

    What their principal holds a deputy completes, but never takes away from them. Raises as
    `require_completable`.
    """
    place = require_completable(facts, actor)
    if place is Standing.DEPUTY and facts.assignee is not None:
        raise _held_by_other(facts)
    return place


def require_releasable(facts: TaskFacts, actor: Actor, *, may_assign: bool) -> None:
    """Raise unless this actor may give the task back to its candidates.

    Raises TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskWithoutCandidates.
    """
    if not may_assign and standing(facts, actor) is not Standing.HOLDER:
        raise TaskNotYours
    require_open(facts)
    if not facts.candidate_users and not facts.candidate_groups:
        raise TaskWithoutCandidates


def require_assignable(
    facts: TaskFacts, actor: Actor, *, assignee: str, may_assign: bool, allow_override: bool
) -> None:
    """Raise unless this actor may give the task to this person.

    A candidate gives an unclaimed task to oneself. Who may assign gives it to others, never to
    oneself: the right to hand out tasks must not become the right to read and decide them.
    Raises TaskNotYours (to others: AssignmentForbidden), TaskAlreadyCompleted, TaskCanceled,
    TaskIsPersonal, TaskHeldByOther.
    """
    place = standing(facts, actor)
    to_oneself = assignee == actor.username
    if to_oneself and place is Standing.ONLOOKER:
        raise TaskNotYours
    if not to_oneself and not may_assign:
        raise AssignmentForbidden
    require_open(facts)
    require_own(facts, assignee)
    taken = facts.assignee is not None and facts.assignee != assignee
    if taken and not (may_assign and allow_override):
        raise _held_by_other(facts)


def require_outcome(choices: Mapping[str, bool], outcome: str | None, comment: str) -> None:
    """Raise unless the outcome is one of the step's and has the opinion it needs.

    `choices` gives for each outcome whether an opinion is required; a step without any has one
    way to finish and no outcome. Raises OutcomeUnknown, CommentRequired.
    """
    if not choices and outcome is None:
        return
    if outcome is None or outcome not in choices:
        raise OutcomeUnknown(
            outcome=(outcome or "未选择")[:60], choices="、".join(choices) or "无（直接提交）"
        )
    if choices[outcome] and not comment.strip():
        raise CommentRequired


def _held_by_other(facts: TaskFacts) -> TaskHeldByOther:
    if facts.held_since is None:
        raise ValueError("since when somebody holds a task is in its history")
    return TaskHeldByOther(who=facts.assignee_name or _SOMEBODY, when=facts.held_since)


def _ended(facts: TaskFacts) -> datetime:
    if facts.ended_at is None:
        raise ValueError("an ended task has its moment in the store")
    return facts.ended_at
