"""What an application asks of its applicant: to supply something, to read the result."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import completion, drafts
from service.commands import documents as documents_command
from service.domain.files import DocumentNotFound
from service.domain.user_tasks import TaskNotFound
from service.domain.values import Json
from service.domain.verification import UPLOADS_PER_PERSON
from service.queries import documents, public_cases, tasks, timeline, values
from service.queries.documents import DocumentFact
from service.queries.tasks import TaskPage
from service.queries.values import DraftPage
from service.web import documents as document_pages
from service.web.api.bodies import read_body
from service.web.catalogue import _
from service.web.desk import now, rooms
from service.web.forms import FormView, form_view, upload
from service.web.public.corrections import say_submitted
from service.web.public.desk import applicant, count
from service.web.tasks import CompletionBody, DraftBody, SubmitOnly
from service.web.texts import clock

pages = Blueprint("public_tasks", __name__)


@pages.get("/public/tasks/<key:key>")
def show(key: int) -> str:
    """The form: to fill in while it waits for me, to read when it was submitted."""
    actor = applicant()
    with rooms().read() as session:
        case_key = public_cases.task_case(session, actor=actor, task_key=key)
        task = tasks.get(session, actor=actor, key=key)
        if not (task.may_complete or task.state == "COMPLETED"):
            raise TaskNotFound
        elements = rooms().models.process(session, task.definition_key).elements
        element = elements[task.element_id]
        draft = values.task_draft(session, actor=actor, task_key=key) if task.is_open else None
        form = _form(session, task, draft)
        steps = public_cases.steps(session, instance_key=case_key, elements=elements)
    asked = next((step.comment for step in reversed(steps) if step.comment), "")
    return render_template(
        "public/task.html",
        task=task,
        case_key=case_key,
        name=element.public_name or task.name,
        element=element,
        outcomes=element.outcomes or (SubmitOnly(_("提交")),),
        form=form,
        draft=draft,
        asked=asked if task.is_open else "",
        now=now(),
    )


@pages.post("/public/tasks/<key:key>/complete")
def complete(key: int) -> Response:
    """Submit; what is refused is kept as a draft."""
    actor = applicant()
    body = read_body(request, CompletionBody)
    with rooms().read() as session:
        case_key = public_cases.task_case(session, actor=actor, task_key=key)
    with drafts.kept_if_refused(
        rooms(), key, data=body.data, comment=body.comment, actor=actor, now=now()
    ):
        completion.complete(
            rooms(),
            key,
            submission=body.data,
            outcome=body.outcome,
            comment=body.comment,
            revision=body.revision,
            actor=actor,
            now=now(),
        )
    said = _("已提交。办理进展随时在本页查看。")
    return jsonify(location=say_submitted(actor, case_key, said))


@pages.put("/public/tasks/<key:key>/draft")
def save_draft(key: int) -> Response:
    """Keep the form as it is."""
    actor = applicant()
    body = read_body(request, DraftBody)
    with rooms().write() as tools:
        public_cases.task_case(tools.session, actor=actor, task_key=key)
        drafts.save(tools, key, data=body.data, comment=body.comment, actor=actor, now=now())
    return jsonify(savedAt=clock(now()))


@pages.post("/public/tasks/<key:key>/draft/discard")
def discard_draft(key: int) -> AnyResponse:
    """Forget what was filled in and not submitted."""
    actor = applicant()
    with rooms().write() as tools:
        public_cases.task_case(tools.session, actor=actor, task_key=key)
        drafts.discard(tools, key, actor=actor)
    return redirect(url_for("public_tasks.show", key=key))


@pages.post("/public/tasks/<key:key>/documents")
def upload_file(key: int) -> tuple[Response, int]:
    """Keep one file for one field of the form."""
    actor = applicant()
    count(UPLOADS_PER_PERSON, actor)
    return document_pages.kept(actor)


@pages.get("/public/tasks/<key:key>/documents/<key:document_key>")
def download(key: int, document_key: int) -> Response:
    """Send a file that the form shows: the applicant's own, or one that the result names."""
    actor = applicant()
    with rooms().read() as session:
        public_cases.task_case(session, actor=actor, task_key=key)
        task = tasks.get(session, actor=actor, key=key)
        draft = values.task_draft(session, actor=actor, task_key=key)
        shown = _form(session, task, draft).get("files", {})
    if str(document_key) not in shown:
        raise DocumentNotFound
    return document_pages.to_be_saved(
        *documents_command.open_for(rooms(), document_key, actor=actor, now=now())
    )


@pages.delete("/public/tasks/<key:key>/documents/<key:document_key>")
def delete_file(key: int, document_key: int) -> tuple[str, int]:
    """Take back a file that was not submitted yet."""
    actor = applicant()
    with rooms().write() as tools:
        documents_command.delete(tools, document_key, actor=actor)
    return "", HTTPStatus.NO_CONTENT


def _form(session: Session, task: TaskPage, draft: DraftPage | None) -> FormView:
    if task.form_key is None:
        form: FormView = {"schema": None}
        return form | _places(task) if task.may_complete else form
    schema = rooms().models.form(session, task.form_key).schema
    current = values.visible(session, instance_key=task.instance_key, element_instance_key=task.key)
    if not task.is_open:
        sent = timeline.submission(
            session, instance_key=task.instance_key, element_instance_key=task.key
        )
        current = values.overlaid(current, sent or {})
    files = _files(session, task, current)
    over: dict[str, Json] = draft.data if draft else {}
    read_only = not task.may_complete
    view = form_view(session, schema, values.overlaid(current, over), files, read_only=read_only)
    view["files"] = {key: one for key, one in view["files"].items() if _names(view["data"], key)}
    return view | _places(task) if task.may_complete else view


def _files(session: Session, task: TaskPage, current: dict[str, Json]) -> list[DocumentFact]:
    """Return the files that the case's own values name, and those uploaded here and not sent yet.

    Never those that a draft alone names: whoever writes it could name any file of the case.
    """
    actor = applicant()
    pending = documents.of_forms(session, actor=actor, subject_key=task.key, instance_key=None)
    every = documents.of_forms(
        session, actor=actor, subject_key=task.key, instance_key=task.instance_key
    )
    here = {file.key for file in pending}
    return [file for file in every if file.key in here or _names(current, str(file.key))]


def _places(task: TaskPage) -> FormView:
    return {
        "submit": {
            "url": url_for("public_tasks.complete", key=task.key),
            "body": {"revision": task.revision},
        },
        "draft": {"url": url_for("public_tasks.save_draft", key=task.key)},
        "upload": upload(task.key),
    }


def _names(value: Json, key: str) -> bool:
    """Tell whether a document's key stands anywhere in what the form shows."""
    if isinstance(value, dict):
        return any(_names(one, key) for one in value.values())
    if isinstance(value, list):
        return any(_names(one, key) for one in value)
    return value == key
