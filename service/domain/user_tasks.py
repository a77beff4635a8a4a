"""The life of a user task: who may do what with it in which state, and how it is refused.

The checks come in one order everywhere: it exists, the actor may see it, the actor may do it, it
is in the right state, it is the revision the actor saw, the form is in order. The first three
answer "not found" to a stranger, so nobody learns of what they may not see.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.actors import Actor
from service.domain.errors import Conflict, FieldsInvalid, Forbidden, Invalid, NotFound

_SHOWN_ZONE = ZoneInfo("Asia/Shanghai")


class TaskNotFound(NotFound):
    """没有找到这项任务，或者你没有查看的权限。"""

    code = "user-task.not-found"


class TaskNotYours(Forbidden):
    """这项任务不由你办理，你只能查看；已填内容已保留。"""

    code = "user-task.not-yours"


class TaskAlreadyCompleted(Conflict):
    """这项任务已由{who}于 {when} 办理，流程没有改动；你填写的内容已保留为草稿。请刷新后查看结果。"""

    code = "user-task.already-completed"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class TaskCanceled(Conflict):
    """这项任务已于 {when} 随流程终止，不再需要办理；你填写的内容已保留为草稿。"""

    code = "user-task.canceled"

    def __init__(self, *, when: datetime) -> None:
        self.when = when
        super().__init__(when=shown(when))


class TaskChanged(Conflict):
    """你打开页面之后，{who}于 {when} 改动了这项任务；你填写的内容已保留为草稿。请刷新后再提交。"""

    code = "user-task.changed"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class TaskHeldByOther(Conflict):
    """这项任务已由{who}签收，正在由其办理；你填写的内容已保留为草稿。如需办理，请联系{who}退签或由管理员改派。"""

    code = "user-task.held-by-other"

    def __init__(self, *, who: str) -> None:
        self.who = who
        super().__init__(who=who)


class TaskWithoutGroup(Conflict):
    """这项任务直接指派给个人，没有候选人，退签后将无人办理，因此没有退签。如需换人，请由管理员改派。"""

    code = "user-task.without-candidates"


class TaskFormMissing(Conflict):
    """这项任务的表单「{form_id}」找不到，暂时不能办理；任务没有改动，请联系管理员重新部署表单。"""

    code = "user-task.form-missing"


class AssigneeUnknown(Invalid):
    """没有名为「{assignee}」的在用账号，任务没有改派。请检查后再试。"""

    code = "user-task.assignee-unknown"


class OutcomeUnknown(Invalid):
    """「{outcome}」不是这一步可选的结论，可选：{choices}。任务没有提交，已填内容已保留。"""

    code = "user-task.outcome-unknown"


class CommentRequired(FieldsInvalid):
    """选择这个结论须填写意见，请填写后再提交；已填内容已保留。"""

    code = "user-task.comment-required"

    def __init__(self) -> None:
        super().__init__({"comment": ["请填写意见。"]})


class Standing(StrEnum):
    """What an actor is to an open task."""

    HOLDER = "holder"
    """It is assigned to the actor."""
    CANDIDATE = "candidate"
    """Nobody holds it and the actor may claim it."""
    OUTRUN = "outrun"
    """The actor could have claimed it, but somebody else holds it."""
    ONLOOKER = "onlooker"
    """The actor may see it at most."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the rules need to know of a task."""

    state: str
    revision: int
    assignee: str | None
    candidate_users: Collection[str]
    candidate_groups: Collection[str]
    ended_at: datetime | None = None
    ended_by_name: str = ""
    """Display name of who completed it."""
    assignee_name: str = ""
    changed_at: datetime | None = None
    changed_by_name: str = ""
    """Who changed it last, and when; for a stale page."""


def standing(facts: TaskFacts, actor: Actor) -> Standing:
    """Say what the actor is to the task, by assignment and candidates alone."""
    if facts.assignee == actor.username:
        return Standing.HOLDER
    candidate = actor.username in facts.candidate_users or not actor.groups.isdisjoint(
        facts.candidate_groups
    )
    if not candidate:
        return Standing.ONLOOKER
    return Standing.CANDIDATE if facts.assignee is None else Standing.OUTRUN


def require_open(facts: TaskFacts) -> None:
    """Raise TaskAlreadyCompleted or TaskCanceled unless the task waits to be done."""
    if facts.state == "COMPLETED":
        raise TaskAlreadyCompleted(who=facts.ended_by_name or "他人", when=_known(facts.ended_at))
    if facts.state == "CANCELED":
        raise TaskCanceled(when=_known(facts.ended_at))


def require_completable(facts: TaskFacts, actor: Actor, revision: int | None) -> None:
    """Raise unless this actor may complete the task as the page showed it.

    A candidate may complete an unclaimed task: that claims it in passing. `revision` None means
    that the caller does not say what it saw (the API of Camunda 8 has no such field).
    Raises TaskNotYours, TaskAlreadyCompleted, TaskCanceled, TaskHeldByOther, TaskChanged.
    """
    place = standing(facts, actor)
    if place is Standing.ONLOOKER and facts.state == "CREATED":
        raise TaskNotYours
    require_open(facts)
    if place is Standing.OUTRUN:
        raise TaskHeldByOther(who=facts.assignee_name or "他人")
    require_revision(facts, revision)


def require_revision(facts: TaskFacts, revision: int | None) -> None:
    """Raise TaskChanged when the page is older than the task."""
    if revision is not None and revision != facts.revision:
        raise TaskChanged(who=facts.changed_by_name or "他人", when=_known(facts.changed_at))


def shown(moment: datetime) -> str:
    """Return a moment as people here read it: Beijing time, to the minute."""
    return moment.astimezone(_SHOWN_ZONE).strftime("%Y年%m月%d日 %H:%M")


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("an ended task has its moment in the store")
    return moment
