"""What waits for an operator: incidents, and trying again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import incidents as incident_commands
from service.domain.errors import Forbidden
from service.queries import incidents, rights
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms

pages = Blueprint("operations", __name__)


class OperationsForbidden(Forbidden):
    """运行监控只对运维人员开放。如需开通，请联系管理员。"""

    code = "operations.forbidden"


@pages.get("/operations")
def show() -> str:
    """The open incidents of the procedures I oversee."""
    actor = current_actor()
    with rooms().read() as session:
        page = incidents.open_page(session, actor=actor, after=request.args.get("after"))
        if not page.rows and not rights.oversees(session, actor=actor):
            raise OperationsForbidden
    return render_template("operations.html", page=page, first="after" not in request.args)


@pages.post("/operations/incidents/<key:key>/retry")
def retry(key: int) -> AnyResponse:
    """重试."""
    with rooms().write() as tools:
        retried = incident_commands.retry(tools, key, actor=current_actor(), now=now())
    if retried.resolved:
        flash(_("重试成功，流程已继续。"))
    else:
        flash(_("已重试，问题还在；新的原因见下方列表。"), "warning")
    return redirect(url_for("operations.show"))
