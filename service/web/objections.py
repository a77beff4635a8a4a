"""公示异议: the objections to public disclosures, read and answered by who has the right."""

from datetime import date
from http import HTTPStatus
from secrets import token_urlsafe
from typing import BinaryIO, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from service.commands import objection_answers, paper_objections, public_files
from service.commands.objection_answers import Sender
from service.commands.public_files import Sent
from service.domain.access_events import bureau_day
from service.domain.disclosures import (
    OBJECTION_LIMIT,
    OBJECTION_PREFIX,
    RECORD_LIMIT,
    DisclosureNotFound,
    ObjectionNotFound,
    ObjectionState,
    ObjectionText,
)
from service.domain.errors import FieldsInvalid, Invalid
from service.domain.receipts import receipt_number
from service.queries import disclosures
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.documents import to_be_saved

pages = Blueprint("objections", __name__)


@pages.get("/objections")
def listing() -> str:
    """Those to answer, and those that were."""
    actor = current_actor()
    answered = request.args.get("answered") == "1"
    with rooms().read() as session:
        if not disclosures.reads_objections(session, actor=actor):
            raise ObjectionNotFound
        rows = disclosures.objections(session, actor=actor, unresolved=not answered)
        registers = disclosures.answers_objections(session, actor=actor)
    return render_template("objections.html", rows=rows, answered=answered, registers=registers)


@pages.get("/objections/register")
def registration() -> Response:
    """The form to enter what came on paper."""
    return _registration(HTTPStatus.OK)


@pages.post("/objections/register")
def register() -> Response:
    """Enter it, and show the receipt for who handed it in; what is refused comes back."""
    _require_registering()
    chosen = request.form.get("disclosure", "")
    written = ObjectionText(
        request.form.get("text", ""), request.form.get("name", ""), request.form.get("contact", "")
    )
    try:
        receipt = paper_objections.register(
            rooms(),
            int(chosen) if chosen.isascii() and chosen.isdigit() else 0,
            written,
            received_on=_day(request.form.get("received_on", "")),
            form=request.form.get("form", "")[:100] or token_urlsafe(16),
            files=_files(),
            actor=current_actor(),
            now=now(),
        )
    except DisclosureNotFound:
        told = {"disclosure": [_("请选择这件异议针对的公示。")]}
        return _registration(HTTPStatus.UNPROCESSABLE_ENTITY, errors=told)
    except (FieldsInvalid, Invalid) as refusal:
        errors = refusal.errors if isinstance(refusal, FieldsInvalid) else {"files": [str(refusal)]}
        return _registration(HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
    return make_response(render_template("objection_registered.html", receipt=receipt))


@pages.get("/objections/<key:key>")
def show(key: int) -> str:
    """One of them."""
    return _page(key)


@pages.post("/objections/<key:key>/answer")
def answer(key: int) -> AnyResponse:
    """Write how the check ended."""
    state = request.form.get("state", "")
    record, text = request.form.get("record", ""), request.form.get("answer", "")
    try:
        with rooms().write() as tools:
            objection_answers.answer(
                tools,
                key,
                state=_state(state),
                record=record,
                text=text,
                actor=current_actor(),
                now=now(),
            )
    except FieldsInvalid as refusal:
        page = _page(key, errors=refusal.errors, text=text, record=record, chosen=state)
        return Response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("已答复，提出人凭回执编号和查询码可以看到。"))
    return redirect(url_for("objections.show", key=key), HTTPStatus.SEE_OTHER)


@pages.post("/objections/<key:key>/sender")
def reveal_sender(key: int) -> AnyResponse:
    """Show who wrote it; the reading is recorded with its reason."""
    reason = request.form.get("reason", "")
    try:
        with rooms().write() as tools:
            sender = objection_answers.reveal_sender(
                tools, key, reason=reason, actor=current_actor(), now=now()
            )
    except FieldsInvalid as refusal:
        return Response(_page(key, errors=refusal.errors), HTTPStatus.UNPROCESSABLE_ENTITY)
    return Response(_page(key, sender=sender))


@pages.get("/objections/<key:key>/files/<key:document_key>")
def file(key: int, document_key: int) -> Response:
    """A file of an objection."""
    actor = current_actor()
    with rooms().read() as session:
        disclosures.objection(session, actor=actor, key=key)
    found = public_files.open_of_objection(rooms(), key, document_key, actor=actor, now=now())
    return to_be_saved(*found)


def _require_registering() -> None:
    with rooms().read() as session:
        if not disclosures.answers_objections(session, actor=current_actor()):
            raise ObjectionNotFound


def _registration(status: HTTPStatus, *, errors: dict[str, list[str]] | None = None) -> Response:
    _require_registering()
    today = bureau_day(now())
    with rooms().read() as session:
        rows = disclosures.registrable(session, actor=current_actor(), today=today)
    page = render_template(
        "objection_register.html",
        rows=rows,
        today=today,
        errors=errors or {},
        given=request.form,
        form=request.form.get("form", "")[:100] or token_urlsafe(16),
        limit=OBJECTION_LIMIT,
    )
    return make_response(page, status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _files() -> list[Sent]:
    return [
        Sent(file.filename, cast(BinaryIO, file.stream))
        for file in request.files.getlist("files")
        if file.filename
    ]


def _state(text: str) -> ObjectionState:
    """OPEN for what is none: the command asks for one then."""
    return ObjectionState(text) if text in set(ObjectionState) else ObjectionState.OPEN


def _page(
    key: int,
    *,
    errors: dict[str, list[str]] | None = None,
    text: str = "",
    record: str = "",
    chosen: str = "",
    sender: Sender | None = None,
) -> str:
    with rooms().read() as session:
        objection = disclosures.objection(session, actor=current_actor(), key=key)
    return render_template(
        "objection.html",
        objection=objection,
        number=receipt_number(OBJECTION_PREFIX, key),
        errors=errors or {},
        text=text,
        record=record,
        chosen=chosen,
        sender=sender,
        limit=OBJECTION_LIMIT,
        record_limit=RECORD_LIMIT,
    )
