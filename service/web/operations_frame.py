"""The frame of the operators' pages: who may open them, and the tabs between them."""

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.errors import Forbidden
from service.queries import overseen, rights
from service.queries.overseen import Process
from service.web.catalogue import _
from service.web.desk import now
from service.web.menu import MenuLine


class OperationsForbidden(Forbidden):
    """运行监控只对运维人员开放。如需开通，请联系管理员。"""

    code = "operations.forbidden"


def require_oversight(session: Session, actor: Actor) -> None:
    """Raise OperationsForbidden for who oversees neither the running nor the tasks of anything."""
    if not rights.oversees(session, actor=actor):
        raise OperationsForbidden


def running_processes(session: Session, actor: Actor) -> tuple[Process, ...]:
    """Return the procedures whose running the actor oversees. Raises OperationsForbidden."""
    found = overseen.processes(session, actor=actor)
    if not found:
        raise OperationsForbidden
    return found


def asked_process(processes: tuple[Process, ...]) -> str:
    """Return the procedure that the request asks for; the empty text for all."""
    asked = request.args.get("process", "")
    return asked if any(one.id == asked for one in processes) else ""


def operations_page(template: str, *, running: bool, **values: object) -> str:
    """Render a page of operations with its tabs; `running`: the actor oversees the running."""
    return render_template(
        template,
        tabs=_tabs(running),
        first="after" not in request.args,
        now=now(),
        **values,
    )


def _tabs(running: bool) -> list[MenuLine]:
    named = [(_("待处理"), url_for("operations.show"))]
    if running:
        named += [
            (_("作业和定时"), url_for("operations_lists.jobs_listed")),
            (_("事项"), url_for("operations_lists.instances_listed")),
        ]
    named.append((_("逾期"), url_for("operations_late.show")))
    if running:
        named.append((_("逾期上报"), url_for("operations_lists.escalations_listed")))
        named.append((_("期限设置"), url_for("deadlines.show")))
    home = url_for("operations.show")
    return [
        MenuLine(label, url, request.path == url if url == home else request.path.startswith(url))
        for label, url in named
    ]
