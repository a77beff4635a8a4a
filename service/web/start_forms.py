"""The start form of a process, for the pages of the house and for those of the public."""

from collections.abc import Container, Mapping

from flask import request
from sqlalchemy.orm import Session

from service.commands import drafts
from service.commands.offers import Offer
from service.domain.instances import StartFormMissing
from service.domain.notices import Choice
from service.domain.openings import Opening
from service.domain.values import Json
from service.queries import documents, form_search, values
from service.queries.definitions import Startable
from service.queries.values import DraftPage
from service.web.desk import current_actor, rooms
from service.web.forms import FormView, form_view, upload


def start_form(session: Session, definition: Startable) -> FormView | None:
    """Return the start form that counts now, empty; None where the process has none.

    Raises StartFormMissing.
    """
    if definition.start_form_id is None:
        return None
    model = rooms().models.process(session, definition.key)
    form_key = form_search.form_key(
        session,
        definition_key=definition.key,
        form_id=definition.start_form_id,
        binding=model.start_form_binding,
    )
    if form_key is None:
        raise StartFormMissing(process=definition.name, form_id=definition.start_form_id)
    schema = rooms().models.form(session, form_key).schema
    files = documents.of_forms(
        session, actor=current_actor(), subject_key=definition.key, instance_key=None
    )
    view = form_view(session, schema, {}, files, read_only=False)
    return view | {"upload": upload(definition.key)}


def wanted_choice(offer: Offer, draft: DraftPage | None) -> str:
    """Return what the address names, or what was chosen when the draft was written."""
    asked = request.args.get("choice", "")
    if asked or draft is None or offer.freely:
        return asked
    kept = draft.data.get(offer.choices[0].field)
    return kept if isinstance(kept, str) else ""


def given_by(choice: Choice | None) -> dict[str, Json]:
    """Return the values of a start form that a choice gives."""
    return {} if choice is None else {choice.field: choice.value}


def opening_of(choice: Choice) -> Opening:
    """Return what a start form holds that is opened for a choice."""
    return Opening(choice.label, given_by(choice), beneath=choice.label)


def with_given(form: FormView, given: Mapping[str, Json], said: str = "") -> FormView:
    """Return a form with these values, and their fields read-only; beneath them what is `said`."""
    if not given:
        return form
    data = {**form["data"], **given}
    return {**form, "data": data, "schema": _read_only(form["schema"], given, said)}


def _read_only(schema: Json, names: Container[str], said: str) -> Json:
    if not isinstance(schema, dict):
        return schema
    changed = dict(schema)
    if schema.get("key") in names:
        # What the field asks, and says of how to fill it in, is meant for who has to.
        changed |= {"readonly": True, "description": said, "validate": {}}
    inside = schema.get("components")
    if isinstance(inside, list):
        changed["components"] = [_read_only(one, names, said) for one in inside]
    return changed


def forget_drafts(process_id: str) -> None:
    """Drop the actor's drafts of the start form, of older versions too, or they would come back."""
    actor = current_actor()
    with rooms().read() as session:
        subjects = values.started_drafts(session, actor=actor, process_id=process_id)
    if subjects:
        with rooms().write() as tools:
            for subject in subjects:
                drafts.discard(tools, subject, actor=actor)
