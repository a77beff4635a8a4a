"""在办事项: the open cases of each procedure, for who reads its cases."""

from functools import partial

from flask import Blueprint, render_template, request

from service.domain.errors import Forbidden
from service.queries import open_cases
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
        steps = open_cases.steps(session, actor=actor, process_id=process_id)
        wanted = _wanted(dict(steps))
        page = open_cases.page(
            session,
            actor=actor,
            process_id=process_id,
            wanted=wanted,
            now=now(),
            names=partial(rooms().models.element_name, session),
            after=after,
        )
    return render_template(
        "open_cases.html",
        procedure=procedure,
        steps=steps,
        wanted=wanted,
        filtered=bool(wanted.step or wanted.overdue),
        asked={"step": wanted.step or None, "overdue": "1" if wanted.overdue else None},
        page=page,
        first=after is None,
        now=now(),
    )


def _wanted(steps: dict[str, str]) -> CaseFilter:
    """Read the filter; a step at which nothing waits any more counts as not asked."""
    step = request.args.get("step", "")
    return CaseFilter(step if step in steps else "", request.args.get("overdue") == "1")
