"""What is said after an application was submitted, and which page goes on."""

from flask import flash, url_for

from service.domain.actors import Actor
from service.queries import public_cases
from service.queries.public_corrections import correction
from service.web.catalogue import _
from service.web.desk import rooms


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
