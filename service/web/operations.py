"""What waits for an operator: incidents to try again, tasks that nobody can do to hand out."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import incidents as incident_commands
from service.commands import outbox, provisional_dates, user_tasks
from service.domain.actors import Actor
from service.domain.errors import Conflict, NotFound
from service.domain.outgoing import Channel
from service.domain.recusal import RecusalRequired
from service.domain.user_tasks import AssigneeUnknown, TaskNotYours
from service.queries import (
    deserted_tasks,
    escalations,
    flagged_dates,
    incidents,
    jobs,
    lateness,
    outgoing,
    overseen,
    people_search,
    running,
)
from service.queries.incidents import IncidentFilter
from service.queries.running import RunningState
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key
from service.web.operations_frame import operations_page, require_oversight
from service.web.operations_retrying import retry_class

pages = Blueprint("operations", __name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """How much there is of something, and where it is listed."""

    label: str
    count: int
    url: str
    alarming: bool = False


@pages.get("/operations")
def show() -> str:
    """The open incidents, and the tasks that nobody can do, of the procedures I oversee."""
    actor = current_actor()
    wanted = _wanted()
    with rooms().read() as session:
        page = incidents.open_page(
            session, actor=actor, wanted=wanted, after=request.args.get("after")
        )
        classes = incidents.classes(session, actor=actor)
        if not page.rows and not classes:
            require_oversight(session, actor)
        oversees = overseen.oversees(session, actor=actor)
        deserted = deserted_tasks.page(session, actor=actor, after=request.args.get("after_task"))
        unsent = outgoing.unsent(session, actor=actor)
        may_resend = bool(unsent) and outgoing.may_retry(session, actor=actor)
        flagged = flagged_dates.listed(session, actor=actor)
        people = people_search.visible(session, actor=actor) if deserted.rows else ()
        figures = _figures(session, actor) if oversees else []
    return operations_page(
        "operations/waiting.html",
        running=oversees,
        page=page,
        wanted=wanted,
        classes=[one for one in classes if one.count > 1],
        figures=figures,
        deserted=deserted,
        flagged=flagged,
        first_deserted="after_task" not in request.args,
        unsent=unsent,
        may_resend=may_resend,
        people=[one for one in people if one.username != actor.username],
    )


def _wanted() -> IncidentFilter:
    return IncidentFilter(*(request.args.get(name, "") for name in ("process", "element", "type")))


def _figures(session: Session, actor: Actor) -> list[Figure]:
    """What an operator looks at first: each leads to its list."""
    processes = overseen.processes(session, actor=actor)
    due = jobs.count_late(session, actor=actor, now=now())
    standing = running.counts(session, processes=processes)
    late = lateness.count(session, actor=actor, now=now())
    raised = escalations.count(session, actor=actor, now=now())

    def instances(state: RunningState) -> str:
        return url_for("operations_lists.instances_listed", state=state.value)

    stopped, suspended = RunningState.STOPPED, RunningState.SUSPENDED
    return [
        Figure(_("事项停在异常上"), standing[stopped], instances(stopped), alarming=True),
        Figure(_("作业到期未办"), due, url_for("operations_lists.jobs_listed"), alarming=True),
        Figure(_("任务逾期"), late, url_for("operations_late.show"), alarming=True),
        Figure(_("本周上报"), raised, url_for("operations_lists.escalations_listed")),
        Figure(_("事项已挂起"), standing[suspended], instances(suspended)),
        Figure(_("事项运行中"), standing[RunningState.ACTIVE], instances(RunningState.ACTIVE)),
    ]


pages.post("/operations/incidents/retry")(retry_class)


@pages.post("/operations/incidents/<key:key>/retry")
def retry(key: int) -> AnyResponse:
    """重试."""
    with rooms().write() as tools:
        retried = incident_commands.retry(tools, key, actor=current_actor(), now=now())
    if not retried.instance_key:
        flash(_("已安排马上再试一次。若仍不成功，会再列在下面。"))
    elif retried.resolved:
        flash(_("重试成功，流程已继续。"))
    else:
        flash(_("已重试，问题还在；新的原因见下方列表。"), "warning")
    return redirect(url_for("operations.show"))


@pages.post("/operations/tasks/<key:key>/assign")
def assign(key: int) -> AnyResponse:
    """指定办理人."""
    actor, assignee = current_actor(), request.form.get("assignee", "").strip()
    try:
        with rooms().write() as tools:
            user_tasks.assign(
                tools,
                key,
                assignee=assignee,
                actor=actor,
                now=now(),
                revision=parse_key(request.form.get("revision", "")),
            )
    except (AssigneeUnknown, RecusalRequired) as refusal:
        flash(refusal.message, "warning")
    except TaskNotYours:
        if assignee != actor.username:
            raise
        flash(_("不能把任务指定给自己，任务没有改动。请填写另一位办理人的用户名。"), "warning")
    else:
        flash(_("已指定办理人，任务已到对方的待办。"))
    return redirect(url_for("operations.show", _anchor="deserted"))


@pages.post("/operations/messages/<name>/resend")
def resend(name: str) -> AnyResponse:
    """重新发送."""
    if name not in set(Channel):
        raise NotFound
    with rooms().write() as tools:
        count = outbox.retry_failed(tools, Channel(name), actor=current_actor(), now=now())
    flash(_("已重新发送 %(count)s 条，结果稍后刷新本页可见。", count=count))
    return redirect(url_for("operations.show", _anchor="messages"))


@pages.post("/operations/dates/<key:key>/decide")
def decide_date(key: int) -> AnyResponse:
    """Move a flagged date, or leave it where it is."""
    moves = bool(request.form.get("move"))
    try:
        with rooms().write() as tools:
            provisional_dates.decide(tools, key, move=moves, actor=current_actor(), now=now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
    else:
        flash(_("日期已调整。") if moves else _("日期保持不变。"))
    return redirect(url_for("operations.show"))
