"""The start form of a process, for the pages of the house and for those of the public."""

from sqlalchemy.orm import Session

from service.commands import drafts
from service.domain.instances import StartFormMissing
from service.queries import documents, form_search, values
from service.queries.definitions import Startable
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


def forget_drafts(process_id: str) -> None:
    """Drop the actor's drafts of the start form, of older versions too, or they would come back."""
    actor = current_actor()
    with rooms().read() as session:
        subjects = values.started_drafts(session, actor=actor, process_id=process_id)
    if subjects:
        with rooms().write() as tools:
            for subject in subjects:
                drafts.discard(tools, subject, actor=actor)
