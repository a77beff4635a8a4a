"""What is late: by step, person and office as charts with their tables, and task by task."""

from typing import Any

from flask import Blueprint, request, url_for

from service.domain.values import Json
from service.queries import lateness, overseen
from service.queries.lateness import LateFilter, LateLine
from service.web import operations_texts
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.operations_frame import asked_process, operations_page, require_oversight

pages = Blueprint("operations_late", __name__, url_prefix="/operations/late")


@pages.get("")
def show() -> str:
    """The sums."""
    actor = current_actor()
    with rooms().read() as session:
        require_oversight(session, actor)
        processes = overseen.processes(session, actor=actor, late=True)
        process_id = asked_process(processes)
        late = lateness.summary(session, actor=actor, process_id=process_id, now=now())
        running = overseen.oversees(session, actor=actor)
    return operations_page(
        "operations/late.html",
        running=running,
        late=late,
        parts=[
            _part("step", _("按步骤"), _("步骤"), late.steps),
            _part("person", _("按办理人"), _("办理人"), late.people),
            _part("office", _("按机构"), _("机构"), late.offices),
        ],
        bands=operations_texts.late_bands(),
        process_id=process_id,
        processes=processes,
        most=lateness.MOST,
        shown=lateness.SHOWN,
    )


@pages.get("/tasks")
def tasks_listed() -> str:
    """The late tasks behind one of the sums, or all."""
    actor = current_actor()
    wanted = LateFilter(
        process_id=request.args.get("process", ""),
        step=request.args.get("step", ""),
        person=request.args.get("person", ""),
        office=request.args.get("office", ""),
    )
    with rooms().read() as session:
        require_oversight(session, actor)
        page = lateness.tasks(
            session, actor=actor, wanted=wanted, now=now(), after=request.args.get("after")
        )
        running = overseen.oversees(session, actor=actor)
    return operations_page("operations/late_tasks.html", running=running, page=page, asked=_asked())


def _asked() -> dict[str, str]:
    """What was asked for, for the links of the page."""
    names = ("process", "step", "person", "office")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _part(asks: str, title: str, column: str, lines: tuple[LateLine, ...]) -> dict[str, object]:
    """One table with its chart; `asks` is the filter by which a line's tasks are listed."""
    process_id = request.args.get("process") or None

    def listed(line_id: str) -> str:
        asked: dict[str, Any] = {"process": process_id, asks: line_id}
        return url_for("operations_late.tasks_listed", **asked)

    rows = [
        {
            "name": operations_texts.late_name(one.id, one.name, office=asks == "office"),
            "beside": one.beside,
            "counts": one.counts,
            "total": one.total,
            "oldest": one.oldest,
            "url": listed(one.id),
        }
        for one in lines
    ]
    bars: list[Json] = [
        {"label": str(row["name"]), "values": list(one.counts), "url": str(row["url"])}
        for row, one in zip(rows, lines, strict=True)
    ]
    chart: dict[str, Json] = {"bars": bars, "series": list(operations_texts.late_bands())}
    return {"asks": asks, "title": title, "column": column, "rows": rows, "chart": chart}
