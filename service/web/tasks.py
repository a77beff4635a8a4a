"""A user task: its form and its buttons, claiming, releasing, the draft, the submission."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from pydantic import Field, JsonValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import completion, drafts, user_tasks
from service.domain.errors import Conflict, Invalid, Unavailable
from service.domain.user_tasks import TaskNotFound
from service.domain.values import Json
from service.queries import documents, picture, tasks, timeline, values
from service.queries.tasks import KeptTask, Reason, TaskPage
from service.web.api.bodies import Body, read_body
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.forms import FormView, form_view, upload
from service.web.submitted import SUBMITTED, Submitted
from service.web.texts import clock

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
        form = _form(session, task, draft.data if draft else {})
        steps = picture.passages(session, instance_key=task.instance_key)
        entries = timeline.of_instance(session, instance_key=task.instance_key, with_values=True)
    if task.may_complete:
        form = form | _desk(task)
    return render_template(
        "task.html",
        task=task,
        element=element,
        outcomes=element.outcomes or (SubmitOnly(_("提交")),),
        outcome=_outcome_label(task, element.outcomes),
        form=form,
        draft=draft,
        steps=steps,
        entries=entries,
        now=now(),
        reason=_reason_text(task),
    )


@pages.post("/tasks/<key:key>/complete")
def complete(key: int) -> Response:
    """Submit the task; what is refused is kept as a draft."""
    body = read_body(request, CompletionBody)
    actor = current_actor()
    try:
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
    except (Conflict, Invalid, Unavailable):
        drafts.keep(rooms(), key, data=body.data, comment=body.comment, actor=actor, now=now())
        raise
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


def _kept(session: Session, task: KeptTask) -> str:
    """Show what I had filled in before somebody else was faster; nothing else of the task."""
    draft = values.task_draft(session, actor=current_actor(), task_key=task.key)
    form: FormView = {"schema": None}
    if task.form_key is not None and draft is not None:
        schema = rooms().models.form(session, task.form_key).schema
        form = form_view(schema, draft.data, (), read_only=True)
    return render_template("task_kept.html", task=task, form=form, draft=draft)


def _form(session: Session, task: TaskPage, draft: dict[str, Json]) -> FormView:
    """Return the form's data: as it was submitted where the task is done."""
    if task.form_key is None:
        return {"schema": None}
    schema = rooms().models.form(session, task.form_key).schema
    seen = None
    if not task.is_open:
        seen = timeline.submission(
            session, instance_key=task.instance_key, element_instance_key=task.key
        )
    current = values.visible(session, instance_key=task.instance_key, element_instance_key=task.key)
    files = documents.of_forms(
        session, actor=current_actor(), subject_key=task.key, instance_key=task.instance_key
    )
    shown = values.overlaid(current, seen or draft)
    return form_view(schema, shown, files, read_only=not task.may_complete)


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


def _outcome_label(task: TaskPage, outcomes: Iterable[_Outcome]) -> str:
    return next((one.label for one in outcomes if one.name == task.outcome), "")


def _reason_text(task: TaskPage) -> str:
    groups = "、".join(task.groups)
    match task.reason:
        case Reason.ASSIGNED:
            return _("指定由你办理")
        case Reason.CLAIMED:
            return _("你已签收")
        case Reason.CANDIDATE:
            return _("你是候选办理人，可以签收")
        case Reason.GROUP:
            return _("你所在的“%(groups)s”可以签收", groups=groups)
        case _ if task.assignee:
            return _("由%(who)s办理，你可以查看", who=task.assignee)
        case _:
            return _("你可以查看")
