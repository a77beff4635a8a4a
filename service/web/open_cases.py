"""在办事项: the open cases of each procedure, for who reads its cases."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from service.domain.errors import Forbidden
from service.queries import called_steps, open_cases
from service.queries.open_cases import CaseFilter
from service.web.desk import current_actor, now, rooms

pages = Blueprint("open_cases", __name__, url_prefix="/cases")


class CasesForbidden(Forbidden):
    """在办事项只对有权查看事项的岗位开放。如需开通，请联系管理员。"""

    code = "open-cases.forbidden"


@pages.get("")
def choose() -> str:
    """The procedures whose cases I may read, with how many are open."""
    actor = current_actor()
    with rooms().read() as session:
        found = open_cases.procedures(session, actor=actor)
    if not found:
        raise CasesForbidden
    return render_template("open_cases_procedures.html", procedures=found)


@pages.get("/<process_id>")
def show(process_id: str) -> str:
    """The open cases of one procedure."""
    actor, after = current_actor(), request.args.get("after")
    with rooms().read() as session:
        procedure = open_cases.procedure(session, actor=actor, process_id=process_id)
        below = called_steps.processes_below(
            session, actor=actor, process_id=process_id, calls=_calls
        )
        steps = [
            *((one[0], one[1], CaseFilter(one[0]))
              for one in open_cases.steps(session, actor=actor, process_id=process_id)),
            *((f"{one.process_id}/{one.id}", f"{one.process_name}：{one.name}",
               CaseFilter(one.id, called=one.process_id))
              for one in open_cases.steps_of_called(session, actor=actor, below=below)),
        ]  # fmt: skip
        step = request.args.get("step", "")
        wanted = replace(
            next((one for id, _name, one in steps if id == step), CaseFilter()),
            overdue=request.args.get("overdue") == "1",
        )
        page = open_cases.page(
            session,
            actor=actor,
            process_id=process_id,
            wanted=wanted,
            now=now(),
            names=partial(rooms().models.element_name, session),
            below=below,
            after=after,
        )
    return render_template(
        "open_cases.html",
        procedure=procedure,
        steps=[(id, name) for id, name, _one in steps],
        step=step if wanted.step else "",
        wanted=wanted,
        filtered=bool(wanted.step or wanted.overdue),
        asked={
            "step": step if wanted.step else None,
            "overdue": "1" if wanted.overdue else None,
        },
        page=page,
        first=after is None,
        now=now(),
    )


def _calls(session: Session, definition_key: int) -> set[str]:
    """What a version of a process calls, by ids."""
    elements = rooms().models.process(session, definition_key).elements.values()
    return {one.calls for one in elements if one.calls}
