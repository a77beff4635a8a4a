"""Starting a procedure: which ones I may start, and the start form."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from pydantic import Field, JsonValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import drafts, starting
from service.commands.offers import Offer, require_offered
from service.commands.process_instances import Started
from service.domain.instances import ProcessNotFound
from service.domain.notices import ChoiceMissing, ChoiceNotOffered, NotOffered
from service.domain.openings import Opening
from service.domain.values import Json
from service.queries import definitions, notices, open_cases, values
from service.queries.definitions import Startable
from service.queries.values import DraftPage
from service.web.api.bodies import Body, read_body
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key
from service.web.start_forms import (
    forget_drafts,
    given_by,
    opening_of,
    start_form,
    wanted_choice,
    with_given,
)
from service.web.texts import clock
from service.web.web_settings import web_settings

pages = Blueprint("start", __name__)


class StartBody(Body):
    """What the start form sends."""

    definition_key: str
    request_id: str = Field(min_length=8, max_length=64)
    data: dict[str, JsonValue]
    outcome: None = None
    comment: str = ""


class StartDraftBody(Body):
    """A start form that is being filled in."""

    data: dict[str, JsonValue]
    comment: str = ""


@pages.get("/start")
def choose() -> str:
    """The procedures that I may start."""
    with rooms().read() as session:
        startable = definitions.startable(session, actor=current_actor())
        described = [
            (one, rooms().models.process(session, one.key).documentation) for one in startable
        ]
        drafts_saved = values.start_drafts(session, actor=current_actor())
        readable = open_cases.readable(session, actor=current_actor())
    return render_template(
        "start.html", procedures=described, drafts=drafts_saved, readable=readable
    )


@pages.get("/start/<process_id>")
def show(process_id: str) -> AnyResponse:
    """The start form of a procedure, or a plain button where it has none.

    Where an open notice offers it with choices, one of them is chosen first, as outside; where its
    procedure says what the form holds (`Procedure.openings`), that is filled in.
    """
    actor = current_actor()
    with rooms().read() as session:
        definition = definitions.to_start(session, actor=actor, process_id=process_id)
        draft = values.start_draft(session, actor=actor, process_id=process_id)
        try:
            choice, opening = _opened(session, definition, draft)
        except (ChoiceMissing, ChoiceNotOffered) as refusal:
            return _choose(session, definition, refusal)
        model = rooms().models.process(session, definition.key)
        form = start_form(session, definition)
        if form is not None:
            form["data"] = opening.begun(values.overlaid({}, draft.data if draft else {}))
            form = with_given(form, opening.given, opening.beneath)
    text = render_template(
        "start_form.html",
        definition=definition,
        documentation=model.documentation,
        start_label=model.start_label,
        form=form,
        choice=choice,
        opening=opening,
        draft=draft,
        request_id=secrets.token_hex(16),
    )
    return make_response(text)


@pages.post("/start/<process_id>")
def begin(process_id: str) -> AnyResponse:
    """Start an instance: by the form's script, or by the plain button."""
    actor = current_actor()
    if not request.is_json:
        started = starting.start(
            rooms(),
            process_id=process_id,
            variables={},
            actor=actor,
            now=now(),
            request_id=request.form.get("request_id", "")[:64] or None,
            through_form=True,
        )
        _say_started(started)
        return redirect(url_for("instances.show", key=started.instance_key))
    body = read_body(request, StartBody)
    definition_key = parse_key(body.definition_key)
    if definition_key is None:
        raise ProcessNotFound(process=process_id)
    with drafts.kept_if_refused(rooms(), definition_key, data=body.data, actor=actor, now=now()):
        started = starting.start(
            rooms(),
            definition_key=definition_key,
            variables={**body.data, **_given(process_id)},
            actor=actor,
            now=now(),
            request_id=body.request_id,
            through_form=True,
        )
    forget_drafts(process_id)
    _say_started(started)
    return jsonify(location=url_for("instances.show", key=started.instance_key))


@pages.put("/start/<process_id>/draft")
def save_draft(process_id: str) -> Response:
    """Keep the start form as it is."""
    body = read_body(request, StartDraftBody)
    actor = current_actor()
    with rooms().read() as session:
        definition = definitions.to_start(session, actor=actor, process_id=process_id)
    with rooms().write() as tools:
        drafts.save(tools, definition.key, data=body.data, actor=actor, now=now())
    return jsonify(savedAt=clock(now()))


@pages.post("/start/<process_id>/draft/discard")
def discard_draft(process_id: str) -> AnyResponse:
    """Begin anew."""
    forget_drafts(process_id)
    return redirect(url_for("start.show", process_id=process_id), HTTPStatus.SEE_OTHER)


def _offer(session: Session, definition: Startable) -> Offer:
    """What open notices offer of it; who works here may start it without one."""
    try:
        return require_offered(session, definition.process_id, name=definition.name, now=now())
    except NotOffered:
        return Offer(definition.name, (), freely=True)


def _opened(
    session: Session, definition: Startable, draft: DraftPage | None
) -> tuple[str, Opening]:
    """What the form is opened for: its choice, empty for none, and what the form then holds.

    Raises ChoiceMissing, ChoiceNotOffered, or what the procedure refuses.
    """
    wanted = request.args.get("choice", "")
    if opener := web_settings().openers.get(definition.process_id):
        return wanted, opener(session, now(), wanted) or Opening()
    offer = _offer(session, definition)
    chosen = offer.chosen(wanted_choice(offer, draft))
    return ("", Opening()) if chosen is None else (chosen.value, opening_of(chosen))


def _given(process_id: str) -> Mapping[str, Json]:
    """What the form was opened with and counts whatever is sent. Raises as `_opened`."""
    wanted = request.args.get("choice", "")
    opener = web_settings().openers.get(process_id)
    if not wanted and opener is None:
        return {}
    with rooms().read() as session:
        definition = definitions.to_start(session, actor=current_actor(), process_id=process_id)
        if opener is None:
            return given_by(_offer(session, definition).chosen(wanted))
        opening = opener(session, now(), wanted)
    return {} if opening is None else opening.given


def _choose(
    session: Session, definition: Startable, refusal: ChoiceMissing | ChoiceNotOffered
) -> AnyResponse:
    offered = notices.offered(session, now=now())
    missing = isinstance(refusal, ChoiceMissing)
    text = render_template(
        "start_choose.html",
        definition=definition,
        offered=[one for one in offered if one.process_id == definition.process_id and one.choices],
        refusal=None if missing else refusal,
    )
    return make_response(text, HTTPStatus.OK if missing else HTTPStatus.CONFLICT)


def _say_started(started: Started) -> None:
    flash(_("已提交「%(title)s」。办理进展可以在“我发起的”里随时查看。", title=started.title))
