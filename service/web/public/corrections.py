"""Applications that come straight back to be put right, before anybody took them up."""

from collections.abc import Sequence

from flask import flash, url_for

from service.domain.actors import Actor
from service.engine import ProcessModel
from service.queries import public_cases
from service.queries.public_cases import Case, OwnTask, PublicStep
from service.web.catalogue import _
from service.web.desk import rooms


def correction(case: Case, steps: Sequence[PublicStep], model: ProcessModel) -> OwnTask | None:
    """Return the open task that asks for the form of the application again at once.

    None where there is none, or where somebody of the house has taken up the application since:
    then it was sent back by a person, whose opinion says why.
    """
    if model.start_form_id is None:
        return None
    applying = {one.id: one for one in model.elements.values() if one.form_id == model.start_form_id}
    if {step.name for step in steps} - {one.public_name for one in applying.values()}:
        return None
    waiting = (task for task in case.tasks if task.ended_at is None)
    return next((task for task in waiting if task.element_id in applying), None)


def say_submitted(actor: Actor, case_key: int, said: str) -> str:
    """Say `said`, or that the application has to be put right; return the page that goes on."""
    with rooms().read() as session:
        case = public_cases.get(session, actor=actor, key=case_key)
        model = rooms().models.process(session, case.definition_key)
        steps = public_cases.steps(session, instance_key=case_key, elements=model.elements)
    task = correction(case, steps, model)
    if task is None:
        flash(said)
        return url_for("public_applications.show", key=case_key)
    flash(
        _(
            "还没有受理，请按下面的原因改正后重新提交；已填的内容都在，编号 %(number)s。",
            number=case.row.number,
        ),
        "warning",
    )
    return url_for("public_tasks.show", key=task.key)
