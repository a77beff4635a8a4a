"""A user task: its form and its buttons, claiming, releasing, the draft, the submission."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from pydantic import Field, JsonValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import completion, drafts, urging, user_tasks
from service.domain.recusal import RecusalRequired
from service.domain.urging import UrgedJustNow
from service.domain.user_tasks import AssigneeUnknown, TaskNotFound, TaskNotYours
from service.domain.values import Json
from service.queries import documents, organization, picture, tasks, timeline, values
from service.queries.tasks import KeptTask, TaskPage
from service.queries.timeline import TimelineEntry
from service.queries.values import DraftPage
from service.web.api.bodies import Body, read_body
from service.web.catalogue import _
from service.web.desk import case_is_read, current_actor, now, rooms
from service.web.forms import FormView, form_view, upload
from service.web.limits import parse_key
from service.web.reasons import reason_text
from service.web.submitted import SUBMITTED, Submitted
from service.web.texts import clock, moment
from service.web.web_settings import TaskReading, web_settings

pages = Blueprint("tasks", __name__)


class _Outcome(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SubmitOnly:
    """The one button of a step that offers no choice."""

    label: str
    name: str = ""
    comment_required: bool = False


class CompletionBody(Body):
    """What the form's script sends."""

    revision: int
    outcome: str | None = Field(default=None, max_length=200)
    comment: str = ""
    data: dict[str, JsonValue]


class DraftBody(Body):
    """A form that is being filled in."""

    data: dict[str, JsonValue]
    comment: str = ""


@pages.get("/tasks/<key:key>")
def show(key: int) -> str:
    """The task: to fill in where it is mine, to read where it is done or not claimed yet."""
    actor = current_actor()
    with rooms().read() as session:
        try:
            task = tasks.get(session, actor=actor, key=key)
        except TaskNotFound:
            return _kept(session, tasks.get_kept(session, actor=actor, key=key))
        element = rooms().models.process(session, task.definition_key).elements[task.element_id]
        draft = values.task_draft(session, actor=actor, task_key=key)
        form, unsent = _forms(session, task, draft)
        steps = picture.passages(session, instance_key=task.instance_key)
        entries = timeline.of_instance(
            session, instance_key=task.instance_key, with_values=True, reader=actor
        )
        people = organization.colleagues(session, actor=actor) if _hands_on(task) else ()
        reading = _reading(session, task) if task.may_complete else None
    case_is_read(task.instance_key)
    if task.may_complete:
        form = form | _desk(task)
    return render_template(
        "task.html",
        task=task,
        element=element,
        outcomes=element.outcomes or (SubmitOnly(_("提交")),),
        outcome=_outcome_label(task, element.outcomes),
        form=form,
        unsent=unsent,
        draft=draft,
        steps=steps,
        entries=entries,
        now=now(),
        reason=reason_text(task),
        latest=_latest_opinion(entries) if task.is_open else None,
        urged=_latest_urge(entries, task),
        again_from=_again_from(task),
        people=people,
        reading=reading,
    )


@pages.post("/tasks/<key:key>/complete")
def complete(key: int) -> Response:
    """Submit the task; what is refused is kept as a draft."""
    body = read_body(request, CompletionBody)
    actor = current_actor()
    with drafts.kept_if_refused(
        rooms(), key, data=body.data, comment=body.comment, actor=actor, now=now()
    ):
        completed = completion.complete(
            rooms(),
            key,
            submission=body.data,
            outcome=body.outcome,
            comment=body.comment,
            revision=body.revision,
            actor=actor,
            now=now(),
        )
    # The next page asks what to say: the submission itself is to take no statement more.
    flash(Submitted(key, next(iter(completed.next_tasks_for_actor), None)).kept(), SUBMITTED)
    return jsonify(location=url_for("inbox.home"))


@pages.put("/tasks/<key:key>/draft")
def save_draft(key: int) -> Response:
    """Keep the form as it is."""
    body = read_body(request, DraftBody)
    with rooms().write() as tools:
        drafts.save(
            tools, key, data=body.data, comment=body.comment, actor=current_actor(), now=now()
        )
    return jsonify(savedAt=clock(now()))


@pages.post("/tasks/<key:key>/draft/discard")
def discard_draft(key: int) -> AnyResponse:
    """Forget what I filled in and did not submit; nobody else's."""
    actor = current_actor()
    with rooms().read() as session:
        seen = _is_visible(session, key)
        if not seen:
            tasks.get_kept(session, actor=actor, key=key)
    with rooms().write() as tools:
        drafts.discard(tools, key, actor=actor)
    flash(_("已删除你填写的内容。"))
    return redirect(url_for("tasks.show", key=key) if seen else url_for("inbox.home"))


@pages.post("/tasks/<key:key>/claim")
def claim(key: int) -> AnyResponse:
    """签收."""
    with rooms().write() as tools:
        user_tasks.claim(tools, key, actor=current_actor(), now=now())
    flash(_("已签收，现在由你办理。"))
    return redirect(url_for("tasks.show", key=key))


@pages.post("/tasks/<key:key>/release")
def release(key: int) -> AnyResponse:
    """放回."""
    with rooms().write() as tools:
        user_tasks.release(tools, key, actor=current_actor(), now=now())
    flash(_("已放回，同组的其他人可以签收。"))
    return redirect(url_for("inbox.show", name="claimable"))


@pages.post("/tasks/<key:key>/urge")
def urge(key: int) -> AnyResponse:
    """催办."""
    case = parse_key(request.form.get("case", ""))
    try:
        with rooms().write() as tools:
            urged = urging.urge(
                tools,
                key,
                comment=request.form.get("comment", ""),
                actor=current_actor(),
                now=now(),
            )
    except UrgedJustNow as refusal:
        flash(refusal.message, "warning")
    else:
        when = moment(urged.again_from)
        flash(_("已催办，办理人会收到提醒。%(when)s以后可以再催。", when=when))
    if case is None:
        return redirect(url_for("tasks.show", key=key))
    return redirect(url_for("instances.show", key=case))


@pages.post("/tasks/<key:key>/assign")
def assign(key: int) -> AnyResponse:
    """改派, by who was told that it is late or hands out tasks."""
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
        flash(_("不能把任务改派给自己，任务没有改动。请填写另一位办理人的用户名。"), "warning")
    else:
        flash(_("已改派，任务已到对方的待办。"))
    return redirect(url_for("tasks.show", key=key))


def _reading(session: Session, task: TaskPage) -> TaskReading | None:
    """Return what the procedure gives its worker to read; whoever else sees the task, nothing."""
    step = (task.process_id, task.element_id)
    return web_settings().task_reading(session, current_actor(), step, task.instance_key)


def _hands_on(task: TaskPage) -> bool:
    return task.may_assign and not task.may_complete


def _again_from(task: TaskPage) -> datetime | None:
    """Return from when its holder may be urged again; None where nobody has, or may."""
    if task.urged_at is None or not task.may_urge:
        return None
    with rooms().reading() as tools:
        return task.urged_at + urging.cooldown_of(
            tools, task.definition_key, task.process_id, task.element_id
        )


def _latest_urge(entries: Iterable[TimelineEntry], task: TaskPage) -> TimelineEntry | None:
    """Return the last 催办 of this task, for its holder to read."""
    if task.urged_at is None:
        return None
    urged = [
        entry for entry in entries if entry.act == "user-task.urged" and entry.at == task.urged_at
    ]
    return urged[-1] if urged else None


def _is_visible(session: Session, key: int) -> bool:
    try:
        tasks.get(session, actor=current_actor(), key=key)
    except TaskNotFound:
        return False
    return True


def _kept(session: Session, task: KeptTask) -> str:
    """Show what I had filled in before somebody else was faster; nothing else of the task."""
    actor = current_actor()
    draft = values.task_draft(session, actor=actor, task_key=task.key)
    if draft is None:
        raise TaskNotFound
    unsent: FormView = {"schema": None}
    if task.form_key is not None:
        schema = rooms().models.form(session, task.form_key).schema
        files = documents.of_forms(session, actor=actor, subject_key=task.key, instance_key=None)
        unsent = form_view(session, schema, draft.data, files, read_only=True)
    return render_template("task_kept.html", task=task, unsent=unsent, draft=draft)


def _forms(
    session: Session, task: TaskPage, draft: DraftPage | None
) -> tuple[FormView, FormView | None]:
    """Return the task's form, and the form as I filled it in where it cannot become that any more.

    The first shows what was submitted where the task is done, and my draft where I may go on.
    """
    mine = draft.data if draft else {}
    goes_on = task.may_complete or task.may_claim
    unsent = mine if draft and not goes_on else None
    if task.form_key is None:
        nothing: FormView = {"schema": None}
        return nothing, None if unsent is None else nothing
    schema = rooms().models.form(session, task.form_key).schema
    sent = None
    if not task.is_open:
        sent = timeline.submission(
            session, instance_key=task.instance_key, element_instance_key=task.key
        )
    current = values.visible(session, instance_key=task.instance_key, element_instance_key=task.key)
    files = documents.of_forms(
        session, actor=current_actor(), subject_key=task.key, instance_key=task.instance_key
    )

    def view(over: dict[str, Json], *, read_only: bool) -> FormView:
        filled = values.overlaid(current, over)
        return form_view(session, schema, filled, files, read_only=read_only)

    shown = view(sent or (mine if goes_on else {}), read_only=not task.may_complete)
    return shown, None if unsent is None else view(unsent, read_only=True)


def _desk(task: TaskPage) -> FormView:
    """Return where the form of my own task goes."""
    return {
        "submit": {
            "url": url_for("tasks.complete", key=task.key),
            "body": {"revision": task.revision},
        },
        "draft": {"url": url_for("tasks.save_draft", key=task.key)},
        "upload": upload(task.key),
    }


def _latest_opinion(entries: Iterable[TimelineEntry]) -> TimelineEntry | None:
    """Return the last submission where it has an opinion: why the task is here now."""
    submitted = [entry for entry in entries if entry.act == "user-task.completed"]
    return submitted[-1] if submitted and submitted[-1].comment else None


def _outcome_label(task: TaskPage, outcomes: Iterable[_Outcome]) -> str:
    return next((one.label for one in outcomes if one.name == task.outcome), "")
