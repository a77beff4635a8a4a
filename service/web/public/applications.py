"""Applying from outside, and following what one has applied for."""

import secrets
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
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import documents, drafts, starting, urging
from service.commands.offers import Offer, require_offered
from service.commands.process_instances import Started
from service.domain.instances import ProcessNotFound
from service.domain.notices import ChoiceMissing, ChoiceNotOffered
from service.domain.urging import NothingToUrge, UrgedJustNow
from service.domain.verification import APPLICATIONS_PER_PERSON, UPLOADS_PER_PERSON
from service.queries import definitions, notices, public_cases, values
from service.queries.definitions import Startable
from service.queries.public_corrections import correction
from service.web import documents as document_pages
from service.web.api.bodies import read_body
from service.web.catalogue import _
from service.web.desk import now, rooms
from service.web.limits import parse_key
from service.web.public.corrections import say_submitted
from service.web.public.desk import applicant, count, older_than
from service.web.start import StartBody, StartDraftBody
from service.web.start_forms import forget_drafts, given_by, start_form, wanted_choice, with_given
from service.web.texts import clock, moment

pages = Blueprint("public_applications", __name__)


@pages.get("/public/applications")
def listing() -> str:
    """What I have applied for, and where it waits for me."""
    actor = applicant()
    with rooms().read() as session:
        page = public_cases.own(session, actor=actor, older_than=older_than())
        saved = values.start_drafts(session, actor=actor)
        startable = {one.process_id: one for one in definitions.startable(session, actor=actor)}
    begun = [(startable[name], at) for name, at in saved.items() if name in startable]
    return render_template("public/applications.html", page=page, drafts=begun)


@pages.get("/public/applications/<key:key>")
def show(key: int) -> str:
    """How far an application is, in the words made for its applicant."""
    actor = applicant()
    with rooms().read() as session:
        case = public_cases.get(session, actor=actor, key=key)
        model = rooms().models.process(session, case.definition_key)
        steps = public_cases.steps(session, instance_key=key, elements=model.elements)
        later_acts = public_cases.later_acts(session, instance_key=key)
    with rooms().reading() as tools:
        urgeable_from = urging.application_urgeable_from(tools, key, actor=actor)
    names = {one.id: one.public_name or one.name for one in model.elements.values()}
    return render_template(
        "public/application.html",
        case=case,
        steps=steps,
        correction=correction(case, steps, model),
        later_acts=later_acts,
        names=names,
        urgeable_from=urgeable_from,
        now=now(),
    )


@pages.post("/public/applications/<key:key>/urge")
def urge(key: int) -> AnyResponse:
    """催办: whoever has a step of it to do is told."""
    actor = applicant()
    try:
        with rooms().write() as tools:
            urged = urging.urge_application(tools, key, actor=actor, now=now())
    except (UrgedJustNow, NothingToUrge) as refusal:
        flash(refusal.message, "warning")
    else:
        when = moment(min(one.again_from for one in urged))
        flash(_("已催办，办理人会收到提醒。%(when)s以后可以再催。", when=when))
    return redirect(url_for("public_applications.show", key=key), HTTPStatus.SEE_OTHER)


@pages.get("/public/apply/<process_id>")
def form(process_id: str) -> AnyResponse:
    """The form to apply by, with what was filled in before; `?choice=` says for which of several.

    Where that has still to be chosen, or is not offered any more, what there is to choose.
    """
    actor = applicant()
    definition, offer = _offered(process_id)
    with rooms().read() as session:
        draft = values.start_draft(session, actor=actor, process_id=process_id)
        try:
            chosen = offer.chosen(wanted_choice(offer, draft))
        except (ChoiceMissing, ChoiceNotOffered) as refusal:
            return _choose(session, definition, offer, refusal)
        model = rooms().models.process(session, definition.key)
        shown = start_form(session, definition)
        if shown is not None:
            shown["data"] = values.overlaid({}, draft.data if draft else {})
            shown = with_given(shown, given_by(chosen), chosen.label if chosen else "")
    text = render_template(
        "public/apply.html",
        definition=definition,
        documentation=model.documentation,
        start_label=model.start_label,
        form=shown,
        chosen=chosen,
        others=len(offer.choices) > 1,
        draft=draft,
        request_id=secrets.token_hex(16),
    )
    return make_response(text)


@pages.post("/public/apply/<process_id>")
def begin(process_id: str) -> AnyResponse:
    """Submit an application; what is refused is kept as a draft."""
    actor = applicant()
    _definition, offer = _offered(process_id)
    count(APPLICATIONS_PER_PERSON, actor)
    wanted = request.args.get("choice", "")
    if not request.is_json:
        started = starting.start(
            rooms(),
            process_id=process_id,
            variables=given_by(offer.chosen(wanted)),
            actor=actor,
            now=now(),
            request_id=request.form.get("request_id", "")[:64] or None,
            through_form=True,
        )
        return redirect(_say_started(started), HTTPStatus.SEE_OTHER)
    body = read_body(request, StartBody)
    definition_key = parse_key(body.definition_key)
    if definition_key is None:
        raise ProcessNotFound(process=process_id)
    with drafts.kept_if_refused(rooms(), definition_key, data=body.data, actor=actor, now=now()):
        _require_version_of(process_id, definition_key)
        started = starting.start(
            rooms(),
            definition_key=definition_key,
            variables={**body.data, **given_by(offer.chosen(wanted))},
            actor=actor,
            now=now(),
            request_id=body.request_id,
            through_form=True,
        )
    forget_drafts(process_id)
    return jsonify(location=_say_started(started))


@pages.put("/public/apply/<process_id>/draft")
def save_draft(process_id: str) -> Response:
    """Keep the form as it is."""
    actor = applicant()
    definition, _offer = _offered(process_id)
    body = read_body(request, StartDraftBody)
    with rooms().write() as tools:
        drafts.save(tools, definition.key, data=body.data, actor=actor, now=now())
    return jsonify(savedAt=clock(now()))


@pages.post("/public/apply/<process_id>/draft/discard")
def discard_draft(process_id: str) -> AnyResponse:
    """Begin anew."""
    applicant()
    forget_drafts(process_id)
    return redirect(url_for("public_applications.listing"), HTTPStatus.SEE_OTHER)


@pages.post("/public/documents")
def upload() -> tuple[Response, int]:
    """Keep one file for one field of a task's or a start form."""
    actor = applicant()
    count(UPLOADS_PER_PERSON, actor)
    return document_pages.kept(actor)


@pages.get("/public/documents/<key:key>")
def download(key: int) -> Response:
    """Send a file that the applicant uploaded."""
    found = documents.open_own(rooms(), key, actor=applicant(), now=now())
    return document_pages.to_be_saved(*found)


@pages.delete("/public/documents/<key:key>")
def delete(key: int) -> tuple[str, int]:
    """Take back a file that was not submitted yet."""
    actor = applicant()
    with rooms().write() as tools:
        documents.delete(tools, key, actor=actor)
    return "", HTTPStatus.NO_CONTENT


def _offered(process_id: str) -> tuple[Startable, Offer]:
    """Return what may be applied for now by a notice. Raises ProcessNotFound, NotOffered."""
    actor = applicant()
    with rooms().read() as session:
        definition = definitions.to_start(session, actor=actor, process_id=process_id)
        offer = require_offered(session, process_id, name=definition.name, now=now())
    return definition, offer


def _choose(
    session: Session,
    definition: Startable,
    offer: Offer,
    refusal: ChoiceMissing | ChoiceNotOffered,
) -> AnyResponse:
    offered = notices.offered(session, now=now())
    text = render_template(
        "public/choose.html",
        definition=definition,
        offered=[one for one in offered if one.process_id == definition.process_id and one.choices],
        freely=offer.freely,
        refusal=refusal if isinstance(refusal, ChoiceNotOffered) else None,
    )
    missing = isinstance(refusal, ChoiceMissing)
    return make_response(text, HTTPStatus.OK if missing else HTTPStatus.CONFLICT)


def _require_version_of(process_id: str, definition_key: int) -> None:
    """The page's own version, and of no other process than the notice offers."""
    with rooms().read() as session:
        if not definitions.is_version_of(session, process_id, definition_key):
            raise ProcessNotFound(process=process_id[:100])


def _say_started(started: Started) -> str:
    said = _("已提交，请记下受理编号。办理进展和需要你办理的，随时在本页查看。")
    return say_submitted(applicant(), started.instance_key, said)
