"""Applications that come straight back to be put right, before anybody took them up. Pure."""

from collections.abc import Sequence

from service.engine import ProcessModel
from service.queries.public_cases import Case, OwnTask, PublicStep


def correction(case: Case, steps: Sequence[PublicStep], model: ProcessModel) -> OwnTask | None:
    """Return the open task that asks for the form of the application again at once.

    None where there is none, or where somebody of the house has taken up the application since:
    then it was sent back by a person, whose opinion says why.
    """
    form = model.start_form_id
    if form is None:
        return None
    applying = {one.id: one for one in model.elements.values() if one.form_id == form}
    if {step.name for step in steps} - {one.public_name for one in applying.values()}:
        return None
    waiting = (task for task in case.tasks if task.ended_at is None)
    return next((task for task in waiting if task.element_id in applying), None)
